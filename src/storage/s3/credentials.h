// Where AWS credentials come from besides settings: the environment (AWS_ACCESS_KEY_ID …) and the shared profile files
// (~/.aws/credentials, ~/.aws/config). Reading only; thread-safe. What is read here is never logged.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/s3/sigv4.h"

namespace deltic::storage::s3 {

// A variable of the environment; nullopt when unset or empty.
using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment ProcessEnvironment();

std::optional<Credentials> CredentialsFromEnvironment(const Environment& environment);
// Of `profile` (empty: AWS_PROFILE, else "default") in AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials.
std::optional<Credentials> CredentialsFromProfile(const Environment& environment, std::string_view profile);
// The profile's region from AWS_CONFIG_FILE or ~/.aws/config.
std::optional<std::string> RegionFromProfile(const Environment& environment, std::string_view profile);

// Value of `key` in section [section] of an INI text.
std::optional<std::string> IniValue(std::string_view text, std::string_view section, std::string_view key);

}  // namespace deltic::storage::s3

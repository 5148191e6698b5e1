#include "storage/s3/credentials.h"

#include <cstdlib>
#include <fstream>

namespace deltic::storage::s3 {
namespace {

constexpr std::streamsize kMaxFileBytes = 1 << 20;

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string ReadSmallFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  std::string out(static_cast<size_t>(kMaxFileBytes), '\0');
  in.read(out.data(), kMaxFileBytes);
  out.resize(static_cast<size_t>(in.gcount()));
  return out;
}

std::string FileText(const Environment& environment, const char* variable, const char* name) {
  if (const auto file = environment(variable)) return ReadSmallFile(*file);
  const auto home = environment("HOME");
  return home ? ReadSmallFile(*home + "/.aws/" + name) : std::string();
}

std::string ProfileName(const Environment& environment, std::string_view profile) {
  return profile.empty() ? environment("AWS_PROFILE").value_or("default") : std::string(profile);
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

std::optional<std::string> IniValue(std::string_view text, std::string_view section, std::string_view key) {
  bool inside = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      inside = Trim(line.substr(1, line.size() - 2)) == section;
      continue;
    }
    const size_t equals = line.find('=');
    if (!inside || equals == std::string_view::npos || Trim(line.substr(0, equals)) != key) continue;
    return std::string(Trim(line.substr(equals + 1)));
  }
  return std::nullopt;
}

std::optional<Credentials> CredentialsFromEnvironment(const Environment& environment) {
  const auto access = environment("AWS_ACCESS_KEY_ID");
  const auto secret = environment("AWS_SECRET_ACCESS_KEY");
  if (!access || !secret) return std::nullopt;
  return Credentials{*access, *secret, environment("AWS_SESSION_TOKEN").value_or("")};
}

std::optional<Credentials> CredentialsFromProfile(const Environment& environment, std::string_view profile) {
  const std::string text = FileText(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
  const std::string name = ProfileName(environment, profile);
  const auto access = IniValue(text, name, "aws_access_key_id");
  const auto secret = IniValue(text, name, "aws_secret_access_key");
  if (!access || !secret || access->empty() || secret->empty()) return std::nullopt;
  return Credentials{*access, *secret, IniValue(text, name, "aws_session_token").value_or("")};
}

std::optional<std::string> RegionFromProfile(const Environment& environment, std::string_view profile) {
  const std::string text = FileText(environment, "AWS_CONFIG_FILE", "config");
  const std::string name = ProfileName(environment, profile);
  return IniValue(text, name == "default" ? name : "profile " + name, "region");
}

}  // namespace deltic::storage::s3

// The _last_checkpoint file: a hint where to start, with a checksum of itself (PROTOCOL.md › Last Checkpoint File, JSON
// checksum). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"

namespace deltic::delta {

struct LastCheckpoint {
  int64_t version = 0;
  int64_t size = 0;  // actions
  int64_t size_bytes = 0;
  int64_t add_files = 0;
  // Of a V2 checkpoint with a name of its own.
  struct V2 {
    std::string file_name;
    int64_t size_bytes = 0;
    int64_t modified_ms = 0;
    std::vector<Action> actions;  // those that are not files
    std::vector<Sidecar> sidecars;
  };
  std::optional<V2> v2;
};

// The file's text, with its checksum.
std::string LastCheckpointText(const LastCheckpoint& last);
// Version the hint names; nullopt when it is not understood or its checksum is wrong.
std::optional<int64_t> LastCheckpointVersion(std::string_view text);

// Canonical form of a JSON object for its checksum, without the top-level key "checksum"; nullopt when it is not valid
// or has a key twice.
std::optional<std::string> CanonicalJson(std::string_view json);
// 32 hex digits.
std::string Md5Hex(std::string_view bytes);

}  // namespace deltic::delta

#include "spark/connect/artifacts.h"

#include <array>

namespace deltic::spark::connect {
namespace {

// CRC-32 (IEEE), as java.util.zip.CRC32.
uint32_t Crc32(std::string_view bytes) {
  static const auto kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
      table[i] = value;
    }
    return table;
  }();
  uint32_t crc = 0xFFFFFFFFU;
  for (char c : bytes) crc = kTable[(crc ^ static_cast<uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

bool CrcMatches(const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
  return static_cast<int64_t>(Crc32(chunk.data())) == chunk.crc();
}

Status Invalid(const std::string& name, std::string reason) {
  return Error("INVALID_ARTIFACT", {{"name", name}, {"reason", std::move(reason)}});
}

}  // namespace

Status ArtifactReceiver::CheckName(const std::string& name) const {
  if (name.empty() || name.size() > 1024 || name[0] == '/')
    return Invalid(name.substr(0, 100), "its name is not a relative path");
  for (size_t at = 0; at <= name.size();) {
    size_t end = std::min(name.find('/', at), name.size());
    if (name.compare(at, end - at, "..") == 0) return Invalid(name, "its name leaves the session's directory");
    at = end + 1;
  }
  // Only data for cached local relations has a use without a JVM or Python workers.
  if (name.starts_with("cache/")) return Status::Ok();
  for (const char* kind : {"jars/", "classes/", "pyfiles/", "archives/", "files/", "forward_to_fs/"}) {
    if (name.starts_with(kind)) return Unsupported("artifacts in " + std::string(kind) + " (" + name + ")");
  }
  return Invalid(name, "its kind is unknown");
}

Status ArtifactReceiver::CheckRoom(const std::string& name, int64_t bytes) const {
  if (bytes < 0 || bytes > kMaxSessionBytes - session_->artifact_bytes()) {
    return Invalid(name, "the session's artifacts would exceed " + std::to_string(kMaxSessionBytes) + " bytes");
  }
  return Status::Ok();
}

Status ArtifactReceiver::Store(const std::string& name, std::string bytes, bool crc_ok) {
  auto* summary = out_->add_artifacts();
  summary->set_name(name);
  summary->set_is_crc_successful(crc_ok);
  if (crc_ok) session_->PutArtifact(name, std::make_shared<const std::string>(std::move(bytes)));
  return Status::Ok();
}

Status ArtifactReceiver::Add(const proto::AddArtifactsRequest& request) {
  switch (request.payload_case()) {
    case proto::AddArtifactsRequest::kBatch:
      if (open_) return Invalid(name_, "its chunks are not complete");
      for (const auto& artifact : request.batch().artifacts()) {
        RETURN_IF_ERROR(CheckName(artifact.name()));
        RETURN_IF_ERROR(CheckRoom(artifact.name(), static_cast<int64_t>(artifact.data().data().size())));
        RETURN_IF_ERROR(Store(artifact.name(), artifact.data().data(), CrcMatches(artifact.data())));
      }
      return Status::Ok();
    case proto::AddArtifactsRequest::kBeginChunk: return Begin(request.begin_chunk());
    case proto::AddArtifactsRequest::kChunk: return Continue(request.chunk());
    case proto::AddArtifactsRequest::PAYLOAD_NOT_SET: break;
  }
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "AddArtifactsRequest"}, {"field", "payload"}});
}

Status ArtifactReceiver::Begin(const proto::AddArtifactsRequest::BeginChunkedArtifact& message) {
  if (open_) return Invalid(name_, "its chunks are not complete");
  RETURN_IF_ERROR(CheckName(message.name()));
  RETURN_IF_ERROR(CheckRoom(message.name(), message.total_bytes()));
  if (message.num_chunks() < 1) return Invalid(message.name(), "it has no chunks");
  open_ = true;
  name_ = message.name();
  bytes_.clear();
  total_bytes_ = message.total_bytes();
  chunks_left_ = message.num_chunks();
  crc_ok_ = true;
  return Continue(message.initial_chunk());
}

Status ArtifactReceiver::Continue(const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
  if (!open_) return Invalid("(chunk)", "a chunk came before its artifact");
  crc_ok_ &= CrcMatches(chunk);
  bytes_ += chunk.data();
  if (static_cast<int64_t>(bytes_.size()) > total_bytes_) return Invalid(name_, "it is longer than announced");
  if (--chunks_left_ > 0) return Status::Ok();
  open_ = false;
  if (static_cast<int64_t>(bytes_.size()) != total_bytes_) return Invalid(name_, "it is shorter than announced");
  return Store(name_, std::move(bytes_), crc_ok_);
}

Status ArtifactReceiver::Finish() {
  if (open_) return Invalid(name_, "its chunks are not complete");
  return Status::Ok();
}

}  // namespace deltic::spark::connect

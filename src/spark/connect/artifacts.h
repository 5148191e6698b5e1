// AddArtifacts: blobs a client uploads into its session, in batches or chunks with checksums. Not thread-safe; one
// receiver per call.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "spark/connect/base.pb.h"
#include "spark/session/session.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

class ArtifactReceiver {
 public:
  static constexpr int64_t kMaxSessionBytes = int64_t{4} << 30;

  ArtifactReceiver(session::Session* session, proto::AddArtifactsResponse* out) : session_(session), out_(out) {}
  Status Add(const proto::AddArtifactsRequest& request);
  // After the last message: a chunked artifact must be complete.
  Status Finish();

 private:
  Status Begin(const proto::AddArtifactsRequest::BeginChunkedArtifact& message);
  Status Continue(const proto::AddArtifactsRequest::ArtifactChunk& chunk);
  Status Store(const std::string& name, std::string bytes, bool crc_ok);
  Status CheckName(const std::string& name) const;
  Status CheckRoom(const std::string& name, int64_t bytes) const;

  session::Session* session_;
  proto::AddArtifactsResponse* out_;
  bool open_ = false;  // a chunked artifact is being received
  std::string name_;
  std::string bytes_;
  int64_t total_bytes_ = 0;
  int64_t chunks_left_ = 0;
  bool crc_ok_ = true;
};

}  // namespace deltic::spark::connect

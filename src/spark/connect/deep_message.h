// Deep<M>: a request message that is parsed with a higher nesting limit than protobuf's 100, since each level of a plan
// is two or three levels of messages. What is nested deeper still, or malformed, ends the call with a Spark error
// before any handler sees it. Parsing recurses on gRPC's thread: about 300 bytes of stack a level.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <limits>

#include "spark/connect/error_reply.h"

namespace deltic::spark::connect {

inline constexpr int kMaxMessageDepth = 3 * 1024;

template <typename M>
struct Deep {
  M message;
};

}  // namespace deltic::spark::connect

namespace grpc {

template <typename M>
class SerializationTraits<deltic::spark::connect::Deep<M>, void> {
 public:
  static Status Deserialize(ByteBuffer* buffer, deltic::spark::connect::Deep<M>* out) {
    bool ok = false;
    {
      ProtoBufferReader reader(buffer);
      if (!reader.status().ok()) return reader.status();
      google::protobuf::io::CodedInputStream decoder(&reader);
      decoder.SetTotalBytesLimit(std::numeric_limits<int>::max());
      decoder.SetRecursionLimit(deltic::spark::connect::kMaxMessageDepth);
      ok = out->message.ParseFromCodedStream(&decoder) && decoder.ConsumedEntireMessage();
    }
    buffer->Clear();
    if (ok) return Status::OK;
    return deltic::spark::connect::ToGrpcStatus(
        deltic::Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                      {{"errorMsg", "the message is malformed, or nested deeper than " +
                                        std::to_string(deltic::spark::connect::kMaxMessageDepth) + " levels"}}),
        nullptr);
  }
};

}  // namespace grpc

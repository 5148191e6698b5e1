#include "spark/connect/error_reply.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <exception>
#include <new>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/random.h"
#include "spark/errors/conditions.h"

namespace deltic::spark::connect {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kMaxMessage = 2048;
constexpr size_t kMaxDetails = 4096;       // google.rpc.Status, before base64
constexpr size_t kMaxEncodedTotal = 7600;  // message percent-encoded + details in base64

// Appends field `number` holding `bytes` (wire type 2).
void AppendBytes(std::string* out, int number, std::string_view bytes) {
  google::protobuf::io::StringOutputStream stream(out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteTag(static_cast<uint32_t>(number) << 3 | 2);
  coded.WriteVarint32(static_cast<uint32_t>(bytes.size()));
  coded.WriteRaw(bytes.data(), static_cast<int>(bytes.size()));
}

// google.rpc.ErrorInfo { reason = 1; domain = 2; map<string, string> metadata = 3 }
std::string ErrorInfo(const std::string& reason, const Fields& metadata) {
  std::string out;
  AppendBytes(&out, 1, reason);
  AppendBytes(&out, 2, "org.apache.spark");
  for (const auto& [key, value] : metadata) {
    std::string entry;
    AppendBytes(&entry, 1, key);
    AppendBytes(&entry, 2, value);
    AppendBytes(&out, 3, entry);
  }
  return out;
}

// google.rpc.Status { code = 1; message = 2; repeated google.protobuf.Any details = 3 }
std::string RpcStatus(int code, const std::string& message, const std::string& error_info) {
  std::string any;
  AppendBytes(&any, 1, "type.googleapis.com/google.rpc.ErrorInfo");
  AppendBytes(&any, 2, error_info);
  std::string out;
  out += '\x08';
  out += static_cast<char>(code);  // codes are below 128: one varint byte
  AppendBytes(&out, 2, message);
  AppendBytes(&out, 3, any);
  return out;
}

size_t PercentEncodedSize(const std::string& text) {
  size_t size = 0;
  for (unsigned char c : text) size += c >= 0x20 && c <= 0x7E && c != '%' ? 1 : 3;
  return size;
}

std::string ClassesJson(const std::vector<std::string>& classes) {
  JsonWriter json;
  json.BeginArray();
  for (const std::string& name : classes) json.String(name);
  json.EndArray();
  return json.Take();
}

std::string ParamsJson(const ErrorParams& params) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [key, value] : params) json.Key(key).String(value);
  json.EndObject();
  return json.Take();
}

// The class that users see first in ErrorInfo.reason.
std::string Reason(const errors::RenderedError& rendered) {
  return rendered.classes.empty() ? "org.apache.spark.SparkException" : rendered.classes.front();
}

// Byte offset of character `index`; the text's size when there are fewer.
size_t ByteOffset(const std::string& text, int index) {
  size_t at = 0;
  for (int count = 0; at < text.size(); at++) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && count++ == index) break;
  }
  return at;
}

void AddContext(const Status& status, const std::string& sql_text,
                proto::FetchErrorDetailsResponse::SparkThrowable* out) {
  if (status.start_index() < 0 || sql_text.empty()) return;
  const int stop = std::max(status.start_index(), status.stop_index());
  const size_t from = ByteOffset(sql_text, status.start_index());
  const size_t to = ByteOffset(sql_text, stop + 1);
  if (from >= sql_text.size()) return;
  auto* context = out->add_query_contexts();
  context->set_context_type(proto::FetchErrorDetailsResponse::QueryContext::SQL);
  context->set_start_index(status.start_index());
  context->set_stop_index(stop);
  context->set_fragment(sql_text.substr(from, to - from));
}

// Spark ends the text of an analysis error in SQL text with its place: "; line 1 pos 14".
std::string MessageWithPlace(const Status& status, const errors::RenderedError& rendered, const std::string& sql_text) {
  const bool analysis =
      !rendered.classes.empty() && rendered.classes.front() == "org.apache.spark.sql.AnalysisException";
  if (!analysis || status.start_index() < 0 || sql_text.empty()) return rendered.message;
  const size_t at = ByteOffset(sql_text, status.start_index());
  const auto line = std::count(sql_text.begin(), sql_text.begin() + static_cast<ptrdiff_t>(at), '\n') + 1;
  const size_t line_start = at == 0 ? std::string::npos : sql_text.rfind('\n', at - 1);
  int pos = 0;
  for (size_t i = line_start == std::string::npos ? 0 : line_start + 1; i < at; i++) {
    pos += (static_cast<unsigned char>(sql_text[i]) & 0xC0) != 0x80;
  }
  return rendered.message + "; line " + std::to_string(line) + " pos " + std::to_string(pos);
}

}  // namespace

Status Contained(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Error("OUT_OF_MEMORY", {}, "The server ran out of memory.");
  } catch (const std::exception& e) {
    Log(LogLevel::kError, "unexpected_exception", {{"what", e.what()}});
    return InternalError(e.what());
  }
}

std::string Abbreviate(const std::string& text, size_t limit) {
  if (text.size() <= limit) return text;
  static constexpr std::string_view kGap = " … ";
  const size_t tail = limit / 4;
  size_t head_end = limit - tail - kGap.size();
  while (head_end > 0 && (static_cast<unsigned char>(text[head_end]) & 0xC0) == 0x80) head_end--;
  size_t tail_start = text.size() - tail;
  while (tail_start < text.size() && (static_cast<unsigned char>(text[tail_start]) & 0xC0) == 0x80) tail_start++;
  return text.substr(0, head_end) + std::string(kGap) + text.substr(tail_start);
}

std::string ErrorLog::Add(const Status& status, std::string sql_text) {
  std::string id = Random::System()->Uuid();
  std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxErrors) entries_.pop_front();
  entries_.push_back({id, status, std::move(sql_text)});
  return id;
}

bool ErrorLog::Fill(const std::string& id, proto::FetchErrorDetailsResponse* out) {
  std::lock_guard lock(mutex_);
  auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
  if (it == entries_.end()) return false;
  const errors::RenderedError rendered = errors::Render(it->status);
  out->set_root_error_idx(0);
  auto* error = out->add_errors();
  for (const std::string& name : rendered.classes) error->add_error_type_hierarchy(name);
  error->set_message(MessageWithPlace(it->status, rendered, it->sql_text));
  auto* throwable = error->mutable_spark_throwable();
  if (!rendered.condition.empty()) throwable->set_error_class(rendered.condition);
  if (!rendered.sql_state.empty()) throwable->set_sql_state(rendered.sql_state);
  for (const auto& [key, value] : it->status.params()) (*throwable->mutable_message_parameters())[key] = value;
  AddContext(it->status, it->sql_text, throwable);
  return true;
}

grpc::Status ToGrpcStatus(const Status& status, ErrorLog* log, const std::string& sql_text) {
  if (status.ok()) return grpc::Status::OK;
  errors::RenderedError rendered = errors::Render(status);
  rendered.message = MessageWithPlace(status, rendered, sql_text);
  const grpc::StatusCode code = status.Is("AUTHENTICATION_FAILED") ? grpc::StatusCode::UNAUTHENTICATED
                                : status.Is("SERVER_STOPPING")     ? grpc::StatusCode::UNAVAILABLE
                                : status.Is("SERVER_BUSY")         ? grpc::StatusCode::RESOURCE_EXHAUSTED
                                                                   : grpc::StatusCode::INTERNAL;
  Fields metadata = {{"classes", ClassesJson(rendered.classes)}};
  if (!rendered.condition.empty()) metadata.emplace_back("errorClass", rendered.condition);
  if (!rendered.sql_state.empty()) metadata.emplace_back("sqlState", rendered.sql_state);
  if (log != nullptr) metadata.emplace_back("errorId", log->Add(status, sql_text));
  const std::string params = ParamsJson(status.params());
  const bool with_params = params.size() <= 1024;
  if (with_params) metadata.emplace_back("messageParameters", params);
  // The message stands twice in the reply: as text and inside the details.
  for (size_t limit = kMaxMessage;; limit = limit * 2 / 3) {
    std::string message = Abbreviate(rendered.message, limit);
    std::string details = RpcStatus(code, message, ErrorInfo(Reason(rendered), metadata));
    if (limit < 128 ||
        (details.size() <= kMaxDetails && PercentEncodedSize(message) + details.size() * 4 / 3 <= kMaxEncodedTotal)) {
      return grpc::Status(code, message, details);
    }
  }
}

}  // namespace deltic::spark::connect

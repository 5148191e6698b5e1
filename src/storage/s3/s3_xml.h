// The XML of S3 answers (docs.aws.amazon.com › S3 API reference): listings, multipart uploads, errors. A small strict
// reader: no DTD, no external entity, bounded depth and number of elements; anything else is an error, never a crash.
// Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace deltic::storage::s3 {

struct XmlNode {
  std::string name;  // without namespace prefix
  std::string text;  // of the node itself, entities resolved
  std::vector<XmlNode> children;

  // First child of that name, or null.
  const XmlNode* Child(std::string_view child) const;
  // Text of the first child of that name; empty when absent.
  std::string_view ChildText(std::string_view child) const;
};
Result<XmlNode> ParseXml(std::string_view text);
void AppendXmlText(std::string* out, std::string_view text);

struct ListPage {
  struct Object {
    std::string key;
    int64_t size_bytes = 0;
    int64_t modified_ms = 0;
  };
  std::vector<Object> objects;
  std::vector<std::string> prefixes;  // CommonPrefixes
  std::string next_token;             // empty: the last page
};
Result<ListPage> ParseListPage(std::string_view text);

// <Error> of an answer, or of one key in a multi-object delete.
struct S3Error {
  std::string code;
  std::string message;
  std::string key;
  std::string region;    // where the bucket is, when the server says so
  std::string endpoint;  // which endpoint serves the bucket, when the server says so
};
// An unreadable body gives an error with empty code.
S3Error ParseError(std::string_view text);
Result<std::string> ParseUploadId(std::string_view text);
// The errors of a multi-object delete.
Result<std::vector<S3Error>> ParseDeleteErrors(std::string_view text);
// Body of CompleteMultipartUpload: etags in part order.
std::string CompleteUploadBody(const std::vector<std::string>& etags);
std::string DeleteObjectsBody(const std::vector<std::string>& keys);

// "2024-05-01T12:00:00.000Z" → milliseconds; "Wed, 01 May 2024 12:00:00 GMT" too. 0 when neither.
int64_t ParseTimeMs(std::string_view text);

}  // namespace deltic::storage::s3

#include "storage/s3/s3_xml.h"

#include <charconv>
#include <cstring>
#include <ctime>

namespace deltic::storage::s3 {
namespace {

constexpr int kMaxDepth = 16;
constexpr size_t kMaxNodes = 200'000;

Status Malformed(std::string_view why) {
  return Error("IO_ERROR", {}, "The S3 server's answer is not the XML expected: " + std::string(why));
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void AppendCodePoint(std::string* out, uint32_t code) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0 | (code >> 6));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xE0 | (code >> 12));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out += static_cast<char>(0xF0 | (code >> 18));
    *out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<XmlNode> Document() {
    RETURN_IF_ERROR(SkipMisc());
    XmlNode root;
    RETURN_IF_ERROR(Element(&root, 0));
    RETURN_IF_ERROR(SkipMisc());
    if (at_ != text_.size()) return Malformed("text after the end");
    return root;
  }

 private:
  bool At(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  // Declarations, comments and blanks between elements; a DTD is refused.
  Status SkipMisc() {
    while (at_ < text_.size()) {
      if (IsSpace(text_[at_])) {
        at_++;
      } else if (At("\xEF\xBB\xBF")) {
        at_ += 3;
      } else if (At("<?")) {
        RETURN_IF_ERROR(SkipPast("?>"));
      } else if (At("<!--")) {
        RETURN_IF_ERROR(SkipPast("-->"));
      } else if (At("<!")) {
        return Malformed("a document type");
      } else {
        break;
      }
    }
    return Status::Ok();
  }

  Status SkipPast(std::string_view end) {
    const size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return Malformed("it ends early");
    at_ = found + end.size();
    return Status::Ok();
  }

  Status Element(XmlNode* node, int depth) {
    if (depth > kMaxDepth) return Malformed("nested too deep");
    if (++nodes_ > kMaxNodes) return Malformed("too many elements");
    if (at_ >= text_.size() || text_[at_] != '<') return Malformed("an element is missing");
    at_++;
    const size_t start = at_;
    while (at_ < text_.size() && !IsSpace(text_[at_]) && text_[at_] != '>' && text_[at_] != '/') at_++;
    const std::string_view full = text_.substr(start, at_ - start);
    if (full.empty()) return Malformed("an element without a name");
    const size_t colon = full.rfind(':');
    node->name = colon == std::string_view::npos ? full : full.substr(colon + 1);
    bool empty = false;
    RETURN_IF_ERROR(Attributes(&empty));
    if (empty) return Status::Ok();
    return Content(node, full, depth);
  }

  // Attributes are not needed; they end the tag.
  Status Attributes(bool* empty) {
    char quote = 0;
    for (; at_ < text_.size(); at_++) {
      const char c = text_[at_];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        *empty = text_[at_ - 1] == '/';
        at_++;
        return Status::Ok();
      }
    }
    return Malformed("it ends early");
  }

  Status Content(XmlNode* node, std::string_view name, int depth) {
    while (at_ < text_.size()) {
      if (At("</")) {
        at_ += 2;
        if (!At(name)) return Malformed("a closing tag that does not fit");
        at_ += name.size();
        while (at_ < text_.size() && IsSpace(text_[at_])) at_++;
        if (at_ >= text_.size() || text_[at_] != '>') return Malformed("a closing tag that does not end");
        at_++;
        return Status::Ok();
      }
      if (At("<!--")) {
        RETURN_IF_ERROR(SkipPast("-->"));
      } else if (At("<![CDATA[")) {
        at_ += 9;
        const size_t end = text_.find("]]>", at_);
        if (end == std::string_view::npos) return Malformed("it ends early");
        node->text += text_.substr(at_, end - at_);
        at_ = end + 3;
      } else if (text_[at_] == '<') {
        node->children.emplace_back();
        RETURN_IF_ERROR(Element(&node->children.back(), depth + 1));
      } else if (text_[at_] == '&') {
        RETURN_IF_ERROR(Entity(&node->text));
      } else {
        const size_t end = std::min(text_.find_first_of("<&", at_), text_.size());
        node->text += text_.substr(at_, end - at_);
        at_ = end;
      }
    }
    return Malformed("it ends early");
  }

  Status Entity(std::string* out) {
    const size_t end = text_.find(';', at_);
    if (end == std::string_view::npos || end - at_ > 12) return Malformed("a stray &");
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    static constexpr std::pair<std::string_view, char> kNamed[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [known, c] : kNamed) {
      if (name == known) {
        *out += c;
        return Status::Ok();
      }
    }
    if (!name.starts_with('#')) return Malformed("an unknown entity");
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hex ? 2 : 1);
    uint32_t code = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || code > 0x10FFFF) {
      return Malformed("a character that does not exist");
    }
    AppendCodePoint(out, code);
    return Status::Ok();
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t nodes_ = 0;
};

int64_t ToInt(std::string_view text) {
  int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// encoding-type=url: percent encoding, and '+' for a blank.
std::string DecodeKey(std::string_view text, bool encoded) {
  if (!encoded) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 && HexValue(text[i + 2]) >= 0) {
      out += static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

S3Error ErrorOf(const XmlNode& node) {
  S3Error out;
  out.code = node.ChildText("Code");
  out.message = node.ChildText("Message");
  out.key = node.ChildText("Key");
  out.region = node.ChildText("Region");
  out.endpoint = node.ChildText("Endpoint");
  return out;
}

}  // namespace

const XmlNode* XmlNode::Child(std::string_view child) const {
  for (const auto& node : children) {
    if (node.name == child) return &node;
  }
  return nullptr;
}

std::string_view XmlNode::ChildText(std::string_view child) const {
  const XmlNode* node = Child(child);
  return node == nullptr ? std::string_view() : std::string_view(node->text);
}

Result<XmlNode> ParseXml(std::string_view text) { return Reader(text).Document(); }

void AppendXmlText(std::string* out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': *out += "&amp;"; break;
      case '<': *out += "&lt;"; break;
      case '>': *out += "&gt;"; break;
      case '"': *out += "&quot;"; break;
      case '\'': *out += "&apos;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *out += "&#" + std::to_string(static_cast<int>(c)) + ";";
        } else {
          *out += c;
        }
    }
  }
}

Result<ListPage> ParseListPage(std::string_view text) {
  ASSIGN_OR_RETURN(const XmlNode root, ParseXml(text));
  if (root.name != "ListBucketResult") return Malformed("a " + root.name + " in place of a listing");
  const bool encoded = root.ChildText("EncodingType") == "url";
  ListPage page;
  for (const auto& node : root.children) {
    if (node.name == "Contents") {
      page.objects.push_back({DecodeKey(node.ChildText("Key"), encoded), ToInt(node.ChildText("Size")),
                              ParseTimeMs(node.ChildText("LastModified"))});
    } else if (node.name == "CommonPrefixes") {
      page.prefixes.push_back(DecodeKey(node.ChildText("Prefix"), encoded));
    }
  }
  if (root.ChildText("IsTruncated") == "true") {
    page.next_token = root.ChildText("NextContinuationToken");
    if (page.next_token.empty()) return Malformed("a cut listing without its continuation");
  }
  return page;
}

S3Error ParseError(std::string_view text) {
  const auto root = ParseXml(text);
  if (!root.ok() || root->name != "Error") return {};
  return ErrorOf(*root);
}

Result<std::string> ParseUploadId(std::string_view text) {
  ASSIGN_OR_RETURN(const XmlNode root, ParseXml(text));
  std::string id(root.ChildText("UploadId"));
  if (root.name != "InitiateMultipartUploadResult" || id.empty()) return Malformed("no upload id");
  return id;
}

Result<std::vector<S3Error>> ParseDeleteErrors(std::string_view text) {
  ASSIGN_OR_RETURN(const XmlNode root, ParseXml(text));
  if (root.name != "DeleteResult") return Malformed("a " + root.name + " in place of a DeleteResult");
  std::vector<S3Error> out;
  for (const auto& node : root.children) {
    if (node.name == "Error") out.push_back(ErrorOf(node));
  }
  return out;
}

std::string CompleteUploadBody(const std::vector<std::string>& etags) {
  std::string out = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (size_t i = 0; i < etags.size(); i++) {
    out += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>";
    AppendXmlText(&out, etags[i]);
    out += "</ETag></Part>";
  }
  return out + "</CompleteMultipartUpload>";
}

std::string DeleteObjectsBody(const std::vector<std::string>& keys) {
  std::string out = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>";
  for (const auto& key : keys) {
    out += "<Object><Key>";
    AppendXmlText(&out, key);
    out += "</Key></Object>";
  }
  return out + "</Delete>";
}

int64_t ParseTimeMs(std::string_view text) {
  const std::string copy(text);
  struct tm utc = {};
  const char* rest = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr) {
    utc = {};
    rest = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return rest == nullptr ? 0 : static_cast<int64_t>(timegm(&utc)) * 1000;
  }
  int64_t millis = 0;
  if (*rest == '.') {
    int64_t scale = 100;
    for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10) millis += (*rest - '0') * scale;
  }
  return static_cast<int64_t>(timegm(&utc)) * 1000 + millis;
}

}  // namespace deltic::storage::s3

// XPath 1.0 over one XML text, as Java's javax.xml.xpath answers it: the string, number, boolean or text nodes of an
// expression. libxml2 is loaded at the first use. Documents are read without network, DTD files or entity expansion
// beyond libxml2's limits. Thread-safe: every call has its own document.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::xml {

// What is wrong with the input; `detail` is the parser's word.
struct XPathFailure {
  enum class Kind : uint8_t { kNoLibrary, kBadDocument, kBadPath, kNotNodes } kind;
  std::string detail;
};

struct XPathValue {
  std::optional<XPathFailure> failure;
  std::string text;
  double number = 0;
  bool truth = false;
  std::vector<std::optional<std::string>> nodes;  // values of text, attribute and comment nodes; none of elements
};

enum class XPathResult : uint8_t { kText, kNumber, kTruth, kNodes };

// The value asked for is set in the answer.
XPathValue EvaluateXPath(std::string_view document, const std::string& path, XPathResult wanted);

}  // namespace deltic::xml

#include "xml/xpath.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>

#include <charconv>
#include <limits>
#include <memory>
#include <system_error>

#include "base/dynamic_library.h"

namespace deltic::xml {
namespace {

struct Library {
  decltype(&xmlReadMemory) read_memory = nullptr;
  decltype(&xmlFreeDoc) free_doc = nullptr;
  decltype(&xmlXPathNewContext) new_context = nullptr;
  decltype(&xmlXPathFreeContext) free_context = nullptr;
  decltype(&xmlXPathCompile) compile = nullptr;
  decltype(&xmlXPathFreeCompExpr) free_path = nullptr;
  decltype(&xmlXPathCompiledEval) evaluate = nullptr;
  decltype(&xmlXPathFreeObject) free_object = nullptr;
  decltype(&xmlXPathCastToString) to_string = nullptr;
  decltype(&xmlXPathCastToNumber) to_number = nullptr;
  decltype(&xmlXPathCastToBoolean) to_boolean = nullptr;
  decltype(&xmlXPathCastNodeToString) node_string = nullptr;
  decltype(&xmlSetStructuredErrorFunc) set_errors = nullptr;
  decltype(&xmlInitParser) init = nullptr;
  decltype(&xmlSetExternalEntityLoader) set_loader = nullptr;
  void (*free_string)(void*) = nullptr;
};

// A document never reads files or addresses.
xmlParserInputPtr RefuseEntity(const char*, const char*, xmlParserCtxtPtr) { return nullptr; }

const Library* Load() {
  void* handle = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return nullptr;
  static Library xml;
  void (**xml_free)(void*) = nullptr;  // a variable that holds the function
  const bool complete =
      FindSymbol(handle, "xmlReadMemory", &xml.read_memory) && FindSymbol(handle, "xmlFreeDoc", &xml.free_doc) &&
      FindSymbol(handle, "xmlXPathNewContext", &xml.new_context) &&
      FindSymbol(handle, "xmlXPathFreeContext", &xml.free_context) &&
      FindSymbol(handle, "xmlXPathCompile", &xml.compile) &&
      FindSymbol(handle, "xmlXPathFreeCompExpr", &xml.free_path) &&
      FindSymbol(handle, "xmlXPathCompiledEval", &xml.evaluate) &&
      FindSymbol(handle, "xmlXPathFreeObject", &xml.free_object) &&
      FindSymbol(handle, "xmlXPathCastToString", &xml.to_string) &&
      FindSymbol(handle, "xmlXPathCastToNumber", &xml.to_number) &&
      FindSymbol(handle, "xmlXPathCastToBoolean", &xml.to_boolean) &&
      FindSymbol(handle, "xmlXPathCastNodeToString", &xml.node_string) &&
      FindSymbol(handle, "xmlSetStructuredErrorFunc", &xml.set_errors) &&
      FindSymbol(handle, "xmlInitParser", &xml.init) &&
      FindSymbol(handle, "xmlSetExternalEntityLoader", &xml.set_loader) && FindSymbol(handle, "xmlFree", &xml_free);
  if (!complete) return nullptr;
  xml.free_string = *xml_free;
  xml.init();
  xml.set_loader(RefuseEntity);
  return &xml;
}

const Library* Xml() {
  static const Library* const kLibrary = Load();
  return kLibrary;
}

XPathValue Fail(XPathFailure::Kind kind, std::string detail) {
  XPathValue out;
  while (!detail.empty() && detail.back() == '\n') detail.pop_back();
  out.failure = XPathFailure{kind, std::move(detail)};
  return out;
}

// The first message of libxml2 on this thread; nothing goes to stderr.
void Collect(void* into, xmlErrorPtr error) {
  auto* text = static_cast<std::string*>(into);
  if (text->empty() && error != nullptr && error->message != nullptr) *text = error->message;
}

std::string Take(const Library& xml, xmlChar* text) {
  std::string out = text == nullptr ? "" : reinterpret_cast<const char*>(text);
  if (text != nullptr) xml.free_string(text);
  return out;
}

bool IsText(const xmlNode* node) {
  return node != nullptr && (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE);
}

void ReadNodes(const Library& xml, const xmlXPathObject& object, XPathValue* out) {
  const xmlNodeSet* set = object.nodesetval;
  for (int i = 0; set != nullptr && i < set->nodeNr; i++) {
    xmlNode* node = set->nodeTab[i];
    if (IsText(node) && IsText(node->prev)) continue;  // Java's text node is the first of a run
    const bool valued =
        IsText(node) || node->type == XML_ATTRIBUTE_NODE || node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE;
    out->nodes.push_back(valued ? std::optional(Take(xml, xml.node_string(node))) : std::nullopt);
  }
}

// XPath's number(): digits with an optional sign and point. libxml2 would take exponents too.
double NumberOf(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) return std::numeric_limits<double>::quiet_NaN();
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool plain = digits.find_first_not_of("0123456789.") == digits.npos &&
                     digits.find_first_of("0123456789") != digits.npos && digits.find('.') == digits.rfind('.');
  double value = 0;
  if (!plain || std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return value;
}

XPathValue Evaluate(const Library& xml, std::string_view document, const std::string& path, XPathResult wanted,
                    std::string* message) {
  // Java compiles the path first.
  std::unique_ptr<xmlXPathCompExpr, decltype(xml.free_path)> compiled(
      xml.compile(reinterpret_cast<const xmlChar*>(path.c_str())), xml.free_path);
  if (compiled == nullptr) return Fail(XPathFailure::Kind::kBadPath, *message);
  constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOWARNING;
  std::unique_ptr<xmlDoc, decltype(xml.free_doc)> doc(
      xml.read_memory(document.data(), static_cast<int>(document.size()), nullptr, "UTF-8", kOptions), xml.free_doc);
  if (doc == nullptr) return Fail(XPathFailure::Kind::kBadDocument, *message);
  std::unique_ptr<xmlXPathContext, decltype(xml.free_context)> context(xml.new_context(doc.get()), xml.free_context);
  if (context == nullptr) return Fail(XPathFailure::Kind::kBadDocument, "out of memory");
  context->node = reinterpret_cast<xmlNodePtr>(doc.get());  // relative paths start at the document
  std::unique_ptr<xmlXPathObject, decltype(xml.free_object)> object(xml.evaluate(compiled.get(), context.get()),
                                                                    xml.free_object);
  if (object == nullptr) return Fail(XPathFailure::Kind::kBadPath, *message);
  XPathValue out;
  switch (wanted) {
    case XPathResult::kText: out.text = Take(xml, xml.to_string(object.get())); break;
    case XPathResult::kNumber:
      out.number = object->type == XPATH_NUMBER || object->type == XPATH_BOOLEAN
                       ? xml.to_number(object.get())
                       : NumberOf(Take(xml, xml.to_string(object.get())));
      break;
    case XPathResult::kTruth: out.truth = xml.to_boolean(object.get()) != 0; break;
    case XPathResult::kNodes:
      if (object->type != XPATH_NODESET) {
        const char* type = object->type == XPATH_NUMBER   ? "#NUMBER"
                           : object->type == XPATH_STRING ? "#STRING"
                                                          : "#BOOLEAN";
        return Fail(XPathFailure::Kind::kNotNodes, std::string("Can not convert ") + type + " to a NodeList!");
      }
      ReadNodes(xml, *object, &out);
      break;
  }
  return out;
}

// xmlns="…" makes libxml2 look for qualified names, where Java's reader, which knows no namespaces, takes names as
// written. Attributes of that name are hidden from the parser by another spelling of equal length.
std::string WithoutDefaultNamespaces(std::string_view document) {
  std::string text(document);
  bool in_tag = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (!in_tag) {
      if (c == '<' && i + 1 < text.size() && text[i + 1] != '!' && text[i + 1] != '?') in_tag = true;
      if (text.compare(i, 4, "<!--") == 0) {
        const size_t end = text.find("-->", i);
        i = end == std::string::npos ? text.size() : end + 2;
      } else if (text.compare(i, 9, "<![CDATA[") == 0) {
        const size_t end = text.find("]]>", i);
        i = end == std::string::npos ? text.size() : end + 2;
      }
      continue;
    }
    if (c == '>') in_tag = false;
    if (c == '"' || c == '\'') quote = c;
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (space && text.compare(i + 1, 5, "xmlns") == 0 && i + 6 < text.size() &&
        (text[i + 6] == '=' || text[i + 6] == ' ')) {
      text.replace(i + 1, 5, "xmlNS");
    }
  }
  return text;
}

}  // namespace

XPathValue EvaluateXPath(std::string_view document, const std::string& path, XPathResult wanted) {
  const Library* xml = Xml();
  if (xml == nullptr) return Fail(XPathFailure::Kind::kNoLibrary, "libxml2.so.2 is not installed");
  std::string message;
  xml->set_errors(&message, Collect);
  const bool namespaces = document.find("xmlns") != std::string_view::npos;
  XPathValue out = namespaces ? Evaluate(*xml, WithoutDefaultNamespaces(document), path, wanted, &message)
                              : Evaluate(*xml, document, path, wanted, &message);
  xml->set_errors(nullptr, nullptr);
  return out;
}

}  // namespace deltic::xml

// xpath and its typed forms over xml/xpath.h.
#include <cmath>
#include <limits>

#include "engine/functions/kernel.h"
#include "engine/functions/string_list.h"
#include "engine/functions/throw.h"
#include "xml/xpath.h"

namespace deltic::engine::functions {

void RegisterXmlKernels(KernelSink& sink);

namespace {

using std::string;
using std::string_view;
using xml::XPathFailure;
using xml::XPathResult;
using xml::XPathValue;

Status Failure(string message) { return Error("INVALID_XML_PATH", {}, std::move(message)); }

// The value, or nullopt for an empty document or path.
std::optional<XPathValue> Evaluate(string_view document, string_view path, XPathResult wanted) {
  if (document.empty() || path.empty()) return std::nullopt;
  XPathValue value = xml::EvaluateXPath(document, string(path), wanted);
  if (!value.failure.has_value()) return value;
  const string& detail = value.failure->detail;
  switch (value.failure->kind) {
    case XPathFailure::Kind::kNoLibrary: ThrowStatus(Unsupported("xpath functions without libxml2: " + detail));
    case XPathFailure::Kind::kBadPath: ThrowStatus(Failure("Invalid XPath '" + string(path) + "'" + detail));
    case XPathFailure::Kind::kNotNodes:
      ThrowStatus(Failure("Invalid XML document: " + detail + "\n" + string(document)));
    case XPathFailure::Kind::kBadDocument: break;
  }
  ThrowStatus(Failure("Error loading expression '" + string(path) + "': " + detail));
}

// Java's narrowing of a double to an integer: NaN is 0, what is too large the nearest.
template <typename T>
T JavaInteger(double value) {
  if (std::isnan(value)) return 0;
  if (value >= static_cast<double>(std::numeric_limits<T>::max())) return std::numeric_limits<T>::max();
  if (value <= static_cast<double>(std::numeric_limits<T>::min())) return std::numeric_limits<T>::min();
  return static_cast<T>(value);
}

template <typename T, typename F>
void AddNumber(KernelSink& sink, const char* name, F convert) {
  Add(sink, name, [convert](string_view document, string_view path) -> std::optional<T> {
    const auto value = Evaluate(document, path, XPathResult::kNumber);
    return value.has_value() ? std::optional<T>(convert(value->number)) : std::nullopt;
  });
}

void NodeLists(duckdb::DataChunk& args, duckdb::Vector& result) {
  duckdb::UnifiedVectorFormat documents, paths;
  args.data[0].ToUnifiedFormat(args.size(), documents);
  args.data[1].ToUnifiedFormat(args.size(), paths);
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  StringListWriter out(result);
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    const auto document = ReadArgument<std::optional<string_view>>(documents, row);
    const auto path = ReadArgument<std::optional<string_view>>(paths, row);
    std::optional<XPathValue> value;
    if (document.has_value() && path.has_value()) value = Evaluate(*document, *path, XPathResult::kNodes);
    entries[row] = {out.size(), 0};
    if (!value.has_value()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    for (const auto& node : value->nodes) {
      if (node.has_value()) {
        out.Push(*node);
      } else {
        out.PushNull();
      }
    }
    entries[row].length = value->nodes.size();
  }
  out.Finish();
}

}  // namespace

void RegisterXmlKernels(KernelSink& sink) {
  Add(sink, "spark_xpath_string", [](string_view document, string_view path) -> std::optional<string> {
    auto value = Evaluate(document, path, XPathResult::kText);
    return value.has_value() ? std::optional<string>(std::move(value->text)) : std::nullopt;
  });
  Add(sink, "spark_xpath_boolean", [](string_view document, string_view path) -> std::optional<bool> {
    const auto value = Evaluate(document, path, XPathResult::kTruth);
    return value.has_value() ? std::optional<bool>(value->truth) : std::nullopt;
  });
  AddNumber<double>(sink, "spark_xpath_double", [](double v) { return v; });
  AddNumber<float>(sink, "spark_xpath_float", [](double v) { return static_cast<float>(v); });
  AddNumber<int32_t>(sink, "spark_xpath_int", JavaInteger<int32_t>);
  AddNumber<int64_t>(sink, "spark_xpath_long", JavaInteger<int64_t>);
  AddNumber<int16_t>(sink, "spark_xpath_short", [](double v) { return static_cast<int16_t>(JavaInteger<int32_t>(v)); });
  AddGeneric(
      sink, "spark_xpath", 2, [](const auto&) { return duckdb::LogicalType::LIST(duckdb::LogicalType::VARCHAR); },
      NodeLists);
}

}  // namespace deltic::engine::functions

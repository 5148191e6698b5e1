#include "engine/functions/json_path.h"

#include <charconv>
#include <span>

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;
using Kind = JsonValue::Kind;

struct Step {
  enum class What { kNamed, kAnyField, kIndex, kAnyIndex } what;
  string name;
  size_t index = 0;
};
using Steps = std::span<const Step>;

std::optional<std::vector<Step>> ParsePath(string_view path) {
  if (path.empty() || path[0] != '$') return std::nullopt;
  std::vector<Step> steps;
  for (size_t i = 1; i < path.size();) {
    if (path[i] == '.') {
      const size_t end = std::min(path.find_first_of(".[", i + 1), path.size());
      const string_view name = path.substr(i + 1, end - i - 1);
      if (name.empty()) return std::nullopt;
      steps.push_back(name == "*" ? Step{Step::What::kAnyField, {}} : Step{Step::What::kNamed, string(name)});
      i = end;
    } else if (path[i] == '[') {
      const size_t close = path.find(']', i);
      if (close == string_view::npos) return std::nullopt;
      const string_view inside = path.substr(i + 1, close - i - 1);
      i = close + 1;
      if (inside == "*") {
        steps.push_back({Step::What::kAnyIndex, {}});
      } else if (inside.size() >= 3 && inside.front() == '\'' && inside.back() == '\'') {
        const string_view name = inside.substr(1, inside.size() - 2);
        steps.push_back(name == "*" ? Step{Step::What::kAnyField, {}} : Step{Step::What::kNamed, string(name)});
      } else {
        size_t index = 0;
        const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
        if (error != std::errc() || end != inside.data() + inside.size()) return std::nullopt;
        steps.push_back({Step::What::kIndex, {}, index});
      }
    } else {
      return std::nullopt;
    }
  }
  return steps;
}

enum class Style { kRaw, kQuoted, kFlatten };

// Writes values one after another; inside an array, with commas.
class Generator {
 public:
  explicit Generator(string* out) : out_(out) {}
  void Separate() {
    if (wrote_) out_->push_back(array_ ? ',' : ' ');
    wrote_ = true;
  }
  string* out() { return out_; }
  Generator BeginArray() {
    Separate();
    out_->push_back('[');
    Generator inner(out_);
    inner.array_ = true;
    return inner;
  }
  void EndArray() { out_->push_back(']'); }

 private:
  string* out_;
  bool wrote_ = false;
  bool array_ = false;
};

bool Evaluate(const JsonValue& value, Steps path, Style style, Generator* g);

bool EvaluateArray(const JsonValue& value, Steps path, Style style, Generator* g) {
  const Step& step = path[0];
  if (step.what == Step::What::kIndex) {
    if (step.index >= value.items.size()) return false;
    const bool wild = path.size() > 1 && path[1].what == Step::What::kAnyIndex;
    return Evaluate(value.items[step.index], path.subspan(1), wild ? Style::kQuoted : style, g);
  }
  if (path.size() > 1 && path[1].what == Step::What::kAnyIndex) {  // [*][*] flattens
    Generator inner = g->BeginArray();
    bool any = false;
    for (const auto& item : value.items) any = Evaluate(item, path.subspan(2), Style::kFlatten, &inner) || any;
    g->EndArray();
    return any;
  }
  if (style == Style::kQuoted) {
    Generator inner = g->BeginArray();
    bool any = false;
    for (const auto& item : value.items) any = Evaluate(item, path.subspan(1), Style::kQuoted, &inner) || any;
    g->EndArray();
    return any;
  }
  // One match stands alone, several become an array.
  string buffer;
  Generator buffered(&buffer);
  int matches = 0;
  {
    Generator inner = buffered.BeginArray();
    const Style next = style == Style::kRaw ? Style::kQuoted : Style::kFlatten;
    for (const auto& item : value.items) matches += Evaluate(item, path.subspan(1), next, &inner) ? 1 : 0;
    buffered.EndArray();
  }
  if (matches == 0) return false;
  g->Separate();
  *g->out() += matches > 1 ? buffer : buffer.substr(1, buffer.size() - 2);
  return true;
}

bool Evaluate(const JsonValue& value, Steps path, Style style, Generator* g) {
  if (path.empty()) {
    if (value.Is(Kind::kString) && style == Style::kRaw) {
      *g->out() += value.text;
      return true;
    }
    if (value.Is(Kind::kArray) && style == Style::kFlatten) {
      bool any = false;
      for (const auto& item : value.items) any = Evaluate(item, path, style, g) || any;
      return any;
    }
    g->Separate();
    WriteJson(value, g->out());
    return true;
  }
  const Step& step = path[0];
  const bool of_array = step.what == Step::What::kIndex || step.what == Step::What::kAnyIndex;
  if (value.Is(Kind::kArray) && of_array) return EvaluateArray(value, path, style, g);
  if (!value.Is(Kind::kObject) || of_array) return false;
  for (const auto& [name, member] : value.members) {
    // Spark's own evaluator never matches .* on an object.
    if (step.what != Step::What::kNamed || name != step.name || member.Is(Kind::kNull)) continue;
    if (Evaluate(member, path.subspan(1), style, g)) return true;
  }
  return false;
}

}  // namespace

std::optional<string> EvaluateJsonPath(const JsonValue& root, string_view path) {
  thread_local string last_path;
  thread_local std::optional<std::vector<Step>> steps;
  if (last_path != path) {
    steps = ParsePath(path);
    last_path = string(path);
  }
  if (!steps.has_value()) return std::nullopt;
  string out;
  Generator generator(&out);
  return Evaluate(root, *steps, Style::kRaw, &generator) ? std::optional(out) : std::nullopt;
}

}  // namespace deltic::engine::functions

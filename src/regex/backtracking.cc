#include "regex/backtracking.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/dynamic_library.h"

namespace deltic::regex {
namespace {

struct Library {
  decltype(&pcre2_compile) compile = nullptr;
  decltype(&pcre2_code_free) code_free = nullptr;
  decltype(&pcre2_match_data_create_from_pattern) match_data_create = nullptr;
  decltype(&pcre2_match_data_free) match_data_free = nullptr;
  decltype(&pcre2_match) match = nullptr;
  decltype(&pcre2_get_ovector_pointer) ovector = nullptr;
  decltype(&pcre2_pattern_info) info = nullptr;
  decltype(&pcre2_substring_number_from_name) number_of = nullptr;
  decltype(&pcre2_compile_context_create) context_create = nullptr;
  decltype(&pcre2_set_newline) set_newline = nullptr;
};

const Library* Load() {
  void* handle = dlopen("libpcre2-8.so.0", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return nullptr;
  static Library pcre;
  const bool complete = FindSymbol(handle, "pcre2_compile_8", &pcre.compile) &&
                        FindSymbol(handle, "pcre2_code_free_8", &pcre.code_free) &&
                        FindSymbol(handle, "pcre2_match_data_create_from_pattern_8", &pcre.match_data_create) &&
                        FindSymbol(handle, "pcre2_match_data_free_8", &pcre.match_data_free) &&
                        FindSymbol(handle, "pcre2_match_8", &pcre.match) &&
                        FindSymbol(handle, "pcre2_get_ovector_pointer_8", &pcre.ovector) &&
                        FindSymbol(handle, "pcre2_pattern_info_8", &pcre.info) &&
                        FindSymbol(handle, "pcre2_substring_number_from_name_8", &pcre.number_of) &&
                        FindSymbol(handle, "pcre2_compile_context_create_8", &pcre.context_create) &&
                        FindSymbol(handle, "pcre2_set_newline_8", &pcre.set_newline);
  return complete ? &pcre : nullptr;
}

const Library* Pcre() {
  static const Library* const kLibrary = Load();
  return kLibrary;
}

// The ends of lines that $ knows: one context for the process.
pcre2_compile_context* Lines(const Library& pcre) {
  static pcre2_compile_context* const kContext = [&] {
    pcre2_compile_context* context = pcre.context_create(nullptr);
    if (context != nullptr) pcre.set_newline(context, PCRE2_NEWLINE_ANYCRLF);
    return context;
  }();
  return kContext;
}

PCRE2_SPTR Raw(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

bool BacktrackingRegex::Available() { return Pcre() != nullptr; }

std::unique_ptr<const BacktrackingRegex> BacktrackingRegex::Compile(const std::string& pattern) {
  const Library* pcre = Pcre();
  if (pcre == nullptr) return nullptr;
  int error = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* code = pcre->compile(Raw(pattern), pattern.size(), PCRE2_UTF, &error, &at, Lines(*pcre));
  if (code == nullptr) return nullptr;
  std::unique_ptr<BacktrackingRegex> regex(new BacktrackingRegex(code));
  uint32_t groups = 0;
  pcre->info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
  regex->group_count_ = static_cast<int>(groups);
  return regex;
}

BacktrackingRegex::~BacktrackingRegex() { Pcre()->code_free(static_cast<pcre2_code*>(code_)); }

BacktrackingRegex::Outcome BacktrackingRegex::Find(std::string_view text, size_t from,
                                                   std::vector<std::pair<size_t, size_t>>* groups) const {
  const Library& pcre = *Pcre();
  const auto* code = static_cast<const pcre2_code*>(code_);
  std::unique_ptr<pcre2_match_data, decltype(pcre.match_data_free)> data(pcre.match_data_create(code, nullptr),
                                                                         pcre.match_data_free);
  if (data == nullptr) return Outcome::kTooComplex;
  // A text is checked once, when its first match is looked for.
  const uint32_t options = from > 0 ? PCRE2_NO_UTF_CHECK : 0;
  const int found = pcre.match(code, Raw(text), text.size(), from, options, data.get(), nullptr);
  if (found == PCRE2_ERROR_NOMATCH) return Outcome::kNoMatch;
  if (found < 0) return Outcome::kTooComplex;
  if (groups != nullptr) {
    const PCRE2_SIZE* offsets = pcre.ovector(data.get());
    groups->clear();
    for (int i = 0; i <= group_count_; i++) {
      const bool set = i < found && offsets[2 * i] != PCRE2_UNSET;
      groups->emplace_back(set ? offsets[2 * i] : std::string_view::npos,
                           set ? offsets[2 * i + 1] : std::string_view::npos);
    }
  }
  return Outcome::kMatch;
}

int BacktrackingRegex::GroupOf(const std::string& name) const {
  const int number = Pcre()->number_of(static_cast<const pcre2_code*>(code_), Raw(name));
  return number > 0 ? number : -1;
}

}  // namespace deltic::regex

#include "spark/session/runtime_conf.h"

#include <charconv>
#include <filesystem>

#include "spark/session/config_rows.h"
#include "types/data_type.h"

namespace deltic::spark::session {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Status WrongType(std::string_view key, std::string_view value, std::string_view type) {
  return Error("INVALID_CONF_VALUE.TYPE_MISMATCH",
               {{"confName", std::string(key)}, {"confValue", std::string(value)}, {"confType", std::string(type)}});
}

std::optional<int64_t> ParseInt(std::string_view text) {
  int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

struct Unit {
  std::string_view name;
  int64_t factor;
};

// A number followed by one of `units`; without a unit the number counts in `plain`.
std::optional<int64_t> ParseWithUnit(std::string_view text, std::span<const Unit> units, int64_t plain) {
  const std::string lower = types::ToLower(Trim(text));
  size_t digits = lower.find_first_not_of("+-0123456789");
  std::optional<int64_t> number = ParseInt(std::string_view(lower).substr(0, digits));
  if (!number) return std::nullopt;
  int64_t factor = plain;
  if (digits != lower.npos) {
    std::string_view suffix = Trim(std::string_view(lower).substr(digits));
    factor = 0;
    for (const Unit& unit : units) {
      if (unit.name == suffix) factor = unit.factor;
    }
    if (factor == 0) return std::nullopt;
  }
  int64_t out = 0;
  if (__builtin_mul_overflow(*number, factor, &out)) return std::nullopt;
  return out;
}

constexpr int64_t kKiB = 1024;
constexpr Unit kByteUnits[] = {
    {"b", 1},
    {"k", kKiB},
    {"kb", kKiB},
    {"m", kKiB * kKiB},
    {"mb", kKiB * kKiB},
    {"g", kKiB * kKiB * kKiB},
    {"gb", kKiB * kKiB * kKiB},
    {"t", kKiB * kKiB * kKiB * kKiB},
    {"tb", kKiB * kKiB * kKiB * kKiB},
};
constexpr Unit kTimeUnits[] = {
    {"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000},
};

// hh, hh:mm or hh:mm:ss (also without colons) up to 18 hours, after its sign.
bool IsOffset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  std::string digits;
  for (char c : text.substr(1)) {
    if (c == ':') continue;
    if (c < '0' || c > '9') return false;
    digits += c;
  }
  if (digits.size() % 2 == 1) digits.insert(digits.begin(), '0');
  if (digits.empty() || digits.size() > 6) return false;
  int hours = std::stoi(digits.substr(0, 2));
  int minutes = digits.size() >= 4 ? std::stoi(digits.substr(2, 2)) : 0;
  return hours <= 18 && minutes < 60;
}

}  // namespace

std::optional<int64_t> ParseByteSize(std::string_view text) { return ParseWithUnit(text, kByteUnits, 1); }
std::optional<int64_t> ParseDurationMs(std::string_view text) { return ParseWithUnit(text, kTimeUnits, 1); }

bool IsTimeZone(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  if (IsOffset(text) || text == "Z") return true;
  for (std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (text == prefix) return true;
    if (text.starts_with(prefix) && IsOffset(text.substr(prefix.size()))) return true;
  }
  constexpr std::string_view kShortIds[] = {
      "ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT", "CST", "CTT", "EAT", "ECT", "IET",
      "IST", "JST", "MIT", "NET", "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST", "EST", "MST", "HST",
  };
  for (std::string_view id : kShortIds) {
    if (text == id) return true;
  }
  for (char c : text) {
    if (!isalnum(static_cast<unsigned char>(c)) && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  if (text.front() == '/') return false;
  std::error_code error;
  std::filesystem::path file = std::filesystem::path("/usr/share/zoneinfo") / std::string(text);
  return std::filesystem::is_regular_file(file, error);
}

Status CheckConfValue(std::string_view key, std::string_view value) {
  const ConfRow* row = FindConf(key);
  if (row == nullptr) return Status::Ok();
  if (value.empty() && row->default_value.empty()) return Status::Ok();
  switch (row->type) {
    case ConfRow::Type::kBool: {
      const std::string lower = types::ToLower(Trim(value));
      if (lower != "true" && lower != "false") return WrongType(key, value, "boolean");
      break;
    }
    case ConfRow::Type::kInt:
      if (!ParseInt(Trim(value))) return WrongType(key, value, "int");
      break;
    case ConfRow::Type::kBytes:
      if (!ParseByteSize(value)) return WrongType(key, value, "a size in bytes");
      break;
    case ConfRow::Type::kTimeMs:
      if (!ParseDurationMs(value)) return WrongType(key, value, "a duration");
      break;
    case ConfRow::Type::kTimeZone:
      if (!IsTimeZone(value)) {
        return Error("INVALID_CONF_VALUE.TIME_ZONE",
                     {{"confValue", std::string(value)}, {"confName", std::string(key)}});
      }
      break;
    case ConfRow::Type::kString: break;
  }
  RETURN_IF_ERROR(CheckConfLimits(*row, Trim(value)));
  if (IsFixedConf(*row) && !types::EqualsIgnoreCase(Trim(value), row->default_value)) {
    return Unsupported(std::string(key) + " = " + std::string(value) + " (only " + std::string(row->default_value) +
                       ")");
  }
  return Status::Ok();
}

Status RuntimeConf::Set(const std::string& key, const std::string& value) {
  RETURN_IF_ERROR(CheckConfValue(key, value));
  const ConfRow* row = FindConf(key);
  std::lock_guard lock(mutex_);
  if (row != nullptr && row->scope == ConfScope::kStatic && sealed_) {
    auto it = overrides_.find(key);
    // A builder run again on the same session repeats its options: no change, no error.
    if (it == overrides_.end() || it->second != value) {
      return Error("CANNOT_MODIFY_CONFIG", {{"key", Quoted(key)}});
    }
  }
  overrides_[key] = value;
  return Status::Ok();
}

std::optional<std::string> RuntimeConf::Get(std::string_view key) const {
  {
    std::lock_guard lock(mutex_);
    if (auto it = overrides_.find(key); it != overrides_.end()) return it->second;
  }
  if (server_conf_ != nullptr) {
    if (auto it = server_conf_->find(std::string(key)); it != server_conf_->end()) return it->second;
  }
  const ConfRow* row = FindConf(key);
  if (row == nullptr || (row->default_value.empty() && row->type == ConfRow::Type::kString)) return std::nullopt;
  return std::string(row->default_value);
}

void RuntimeConf::Unset(const std::string& key) {
  std::lock_guard lock(mutex_);
  overrides_.erase(key);
}

std::map<std::string, std::string> RuntimeConf::GetAll(std::string_view prefix) const {
  std::map<std::string, std::string> out;
  if (server_conf_ != nullptr) {
    for (const auto& [key, value] : *server_conf_) {
      if (key.starts_with(prefix)) out[key] = value;
    }
  }
  std::lock_guard lock(mutex_);
  for (const auto& [key, value] : overrides_) {
    if (key.starts_with(prefix)) out[key] = value;
  }
  return out;
}

bool RuntimeConf::IsModifiable(std::string_view key) const {
  const ConfRow* row = FindConf(key);
  if (row != nullptr) return row->scope == ConfScope::kRuntime;
  // As Spark: only settings it knows are modifiable.
  return false;
}

void RuntimeConf::Seal() {
  std::lock_guard lock(mutex_);
  sealed_ = true;
}

void RuntimeConf::CopyFrom(const RuntimeConf& other) {
  std::map<std::string, std::string, std::less<>> copy;
  {
    std::lock_guard lock(other.mutex_);
    copy = other.overrides_;
  }
  std::lock_guard lock(mutex_);
  overrides_ = std::move(copy);
}

bool RuntimeConf::GetBool(std::string_view key, bool fallback) const {
  std::optional<std::string> value = Get(key);
  if (!value) return fallback;
  return types::EqualsIgnoreCase(Trim(*value), "true");
}

std::string RuntimeConf::GetString(std::string_view key, std::string_view fallback) const {
  return Get(key).value_or(std::string(fallback));
}

int64_t RuntimeConf::GetInt(std::string_view key, int64_t fallback) const {
  std::optional<std::string> value = Get(key);
  return value ? ParseInt(Trim(*value)).value_or(fallback) : fallback;
}

int64_t RuntimeConf::GetBytes(std::string_view key, int64_t fallback) const {
  std::optional<std::string> value = Get(key);
  return value ? ParseByteSize(*value).value_or(fallback) : fallback;
}

int64_t RuntimeConf::GetDurationMs(std::string_view key, int64_t fallback) const {
  std::optional<std::string> value = Get(key);
  return value ? ParseDurationMs(*value).value_or(fallback) : fallback;
}

}  // namespace deltic::spark::session

#include "delta/spec/row_tracking.h"

#include <simdjson.h>

#include <charconv>

#include "delta/spec/features.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kRowIdProperty = "delta.rowTracking.materializedRowIdColumnName";
constexpr std::string_view kRowVersionProperty = "delta.rowTracking.materializedRowCommitVersionColumnName";

// The integer after `key` in JSON written by a mapper (no spaces), or anywhere with spaces after the colon.
std::optional<int64_t> IntegerAfter(std::string_view json, std::string_view key) {
  size_t at = json.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  at += key.size();
  while (at < json.size() && (json[at] == ' ' || json[at] == ':')) at++;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(json.data() + at, json.data() + json.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

bool RowTrackingSupported(const Protocol& protocol) { return IsFeatureSupported(protocol, "rowTracking"); }

bool RowTrackingEnabled(const Protocol& protocol, const Metadata& metadata) {
  return BoolProperty(metadata, "delta.enableRowTracking") && RowTrackingSupported(protocol);
}

Result<std::optional<MaterializedRowColumns>> MaterializedRowColumnsOf(const Protocol& protocol,
                                                                       const Metadata& metadata) {
  if (!RowTrackingEnabled(protocol, metadata)) return std::optional<MaterializedRowColumns>();
  MaterializedRowColumns names = {PropertyOf(metadata, kRowIdProperty), PropertyOf(metadata, kRowVersionProperty)};
  if (names.row_id.empty() || names.row_commit_version.empty()) {
    return Error("DELTA_MATERIALIZED_ROW_TRACKING_COLUMN_NAME_MISSING",
                 {{"rowTrackingColumn", names.row_id.empty() ? "Row ID" : "Row Commit Version"},
                  {"tableName", metadata.name.value_or(metadata.id)}});
  }
  return std::optional<MaterializedRowColumns>(std::move(names));
}

bool IsRowIdColumn(const Metadata& metadata, std::string_view name) {
  return !name.empty() &&
         (name == PropertyOf(metadata, kRowIdProperty) || name == PropertyOf(metadata, kRowVersionProperty));
}

void AssignMaterializedRowColumns(const Protocol& protocol, const Metadata* before, Metadata* metadata,
                                  Random* random) {
  const bool supported = RowTrackingSupported(protocol);
  for (const auto& [property, prefix] :
       {std::pair(kRowIdProperty, "_row-id-col-"), std::pair(kRowVersionProperty, "_row-commit-version-col-")}) {
    const std::string key(property);
    if (!supported) {
      metadata->configuration.erase(key);
      continue;
    }
    const std::string old = before == nullptr ? "" : PropertyOf(*before, key);
    // The name given at creation by an earlier step of the same transaction stays.
    if (!old.empty()) {
      metadata->configuration[key] = old;
    } else if (!metadata->configuration.contains(key)) {
      metadata->configuration[key] = prefix + random->Uuid();
    }
  }
}

void DropMaterializedRowColumns(Metadata* metadata) {
  for (const auto property : {kRowIdProperty, kRowVersionProperty})
    metadata->configuration.erase(std::string(property));
}

std::optional<int64_t> RowIdHighWaterMarkOf(const DomainMetadata& domain) {
  if (domain.domain != kRowTrackingDomain || domain.removed) return std::nullopt;
  return IntegerAfter(domain.configuration, "\"rowIdHighWaterMark\"");
}

int64_t RowIdHighWaterMark(const std::map<std::string, DomainMetadata>& domains) {
  const auto it = domains.find(std::string(kRowTrackingDomain));
  return it == domains.end() ? -1 : RowIdHighWaterMarkOf(it->second).value_or(-1);
}

DomainMetadata RowIdHighWaterMarkDomain(int64_t mark) {
  return {std::string(kRowTrackingDomain),
          "{\"rowIdHighWaterMark\":" + std::to_string(mark) + ",\"domainName\":\"" + std::string(kRowTrackingDomain) +
              "\"}",
          false};
}

std::optional<int64_t> RecordCountOf(std::string_view stats_json) {
  if (stats_json.empty()) return std::nullopt;
  // Parsed, since a column may be called numRecords too.
  thread_local simdjson::dom::parser parser;
  int64_t count = -1;
  const auto parsed = parser.parse(stats_json.data(), stats_json.size());
  if (parsed["numRecords"].get(count) != simdjson::SUCCESS || count < 0) return std::nullopt;
  return count;
}

}  // namespace deltic::delta

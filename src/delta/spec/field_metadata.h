// Editing the metadata of a schema field, a JSON object kept as text. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace deltic::delta {

// Keys that steer the writers of a table (PROTOCOL.md › Schema Serialization Format).
inline constexpr std::string_view kGenerationExpression = "delta.generationExpression";
inline constexpr std::string_view kInvariants = "delta.invariants";
inline constexpr std::string_view kIdentityStart = "delta.identity.start";
inline constexpr std::string_view kIdentityStep = "delta.identity.step";
inline constexpr std::string_view kIdentityHighWaterMark = "delta.identity.highWaterMark";
inline constexpr std::string_view kIdentityAllowExplicitInsert = "delta.identity.allowExplicitInsert";
inline constexpr std::string_view kCurrentDefault = "CURRENT_DEFAULT";
inline constexpr std::string_view kExistsDefault = "EXISTS_DEFAULT";
inline constexpr std::string_view kCharVarcharType = "__CHAR_VARCHAR_TYPE_STRING";
inline constexpr std::string_view kMappingId = "delta.columnMapping.id";
inline constexpr std::string_view kMappingName = "delta.columnMapping.physicalName";
inline constexpr std::string_view kTypeChanges = "delta.typeChanges";

// The object with `key` set to `json_value` (JSON text): in its place when it is there, else at the end.
std::string WithFieldMetadata(const std::string& metadata, std::string_view key, std::string_view json_value);
std::string WithFieldText(const std::string& metadata, std::string_view key, std::string_view text);
std::string WithFieldNumber(const std::string& metadata, std::string_view key, int64_t value);
// Without the keys for which `dropped` says so.
std::string WithoutFieldMetadata(const std::string& metadata, const std::function<bool(std::string_view)>& dropped);
std::string WithoutFieldKey(const std::string& metadata, std::string_view key);
// JSON text of one value; empty when absent.
std::string FieldMetadataJson(const std::string& metadata, std::string_view key);

}  // namespace deltic::delta

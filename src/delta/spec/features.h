// The one table of Delta table features, and every rule that follows from it: what this engine reads and writes, which
// features a metadata needs, and how a protocol is upgraded and written in its weakest form (delta-spark
// TableFeature.scala, TableFeatureSupport.scala). Pure functions over constant data; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"

namespace deltic::delta {

// The delta-spark release whose behaviour is followed; named in errors about unsupported features.
inline constexpr std::string_view kDeltaVersion = "3.3.2";

enum class WriteSupport : uint8_t {
  kYes,
  kNo,
};

struct Feature {
  std::string_view name;
  bool reader_writer = false;  // false: writer-only
  int min_reader = 0;          // 0: any
  int min_writer = 7;
  bool legacy = false;  // implied by protocol versions below (3, 7)
  bool read = false;    // tables with it can be read
  WriteSupport write = WriteSupport::kNo;
  std::string_view property;  // the table property that needs it; empty: none
  std::string_view property_value;
  bool automatic = false;             // needed by a metadata that uses it
  bool upgrades_existing = false;     // and then added to an existing table without being asked for
  std::string_view requires_feature;  // empty: none
};

const std::vector<Feature>& Features();
// Case-insensitive, as property names are; null when unknown.
const Feature* FindFeature(std::string_view name);

// Explicitly listed or implied by the versions.
bool IsFeatureSupported(const Protocol& protocol, std::string_view feature);
std::vector<std::string> SupportedFeatures(const Protocol& protocol);
// The metadata really uses the feature (property set, or something in the schema).
bool UsesFeature(const Metadata& metadata, std::string_view feature);

// DELTA_UNSUPPORTED_FEATURES_FOR_READ / DELTA_INVALID_PROTOCOL_VERSION naming `table`.
Status CheckReadable(const Protocol& protocol, const std::string& table);
// A protocol that lists features lists all that the metadata uses, and what those on its list require
// (DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH; delta-spark DeltaLog.assertTableFeaturesMatchMetadata).
Status CheckFeaturesListed(const Protocol& protocol, const Metadata& metadata);
Status CheckWritable(const Protocol& protocol, const Metadata& metadata, const std::string& table);

// Protocol of a new table with this metadata; delta.feature.*, delta.minReaderVersion, delta.minWriterVersion and
// delta.ignoreProtocolDefaults are taken out of its configuration.
Result<Protocol> ProtocolForNewTable(Metadata* metadata);
// The protocol after a metadata change of an existing table (the same one when nothing is needed); also strips.
Result<Protocol> UpgradeProtocol(const Protocol& current, Metadata* metadata);
// Weakest form: (3, 7) lists become legacy versions when the features are exactly those of a legacy version.
Protocol NormalizeProtocol(const Protocol& protocol);
// Union of the features of both, normalised.
Protocol MergeProtocols(const Protocol& a, const Protocol& b);
// Without one of its features, normalised.
Protocol WithoutFeature(const Protocol& protocol, std::string_view feature);
// Some feature of `before` is missing in `after`.
bool RemovesFeatures(const Protocol& before, const Protocol& after);

}  // namespace deltic::delta

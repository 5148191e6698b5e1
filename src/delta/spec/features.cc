#include "delta/spec/features.h"

#include <algorithm>
#include <charconv>

#include "delta/spec/column_mapping.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kFeaturePrefix = "delta.feature.";
constexpr std::string_view kMinReader = "delta.minReaderVersion";
constexpr std::string_view kMinWriter = "delta.minWriterVersion";
constexpr std::string_view kIgnoreDefaults = "delta.ignoreProtocolDefaults";

using Names = std::vector<std::string>;

bool Has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void AddName(Names* names, std::string_view name) {
  if (!Has(*names, name)) names->emplace_back(name);
}

// A feature after the ones it requires.
void AddClosure(Names* names, std::string_view name) {
  const Feature* feature = FindFeature(name);
  if (feature != nullptr && !feature->requires_feature.empty()) AddClosure(names, feature->requires_feature);
  AddName(names, name);
}

bool SameSet(Names a, Names b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

std::string JoinNames(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

bool IsImpliedBy(int min_reader, int min_writer, const Feature& feature) {
  const bool reader_ok = min_reader < 3 && feature.min_reader <= min_reader;
  const bool writer_ok = min_writer < 7 && feature.min_writer <= min_writer;
  return feature.legacy && reader_ok && writer_ok;
}

Names ImpliedBy(int min_reader, int min_writer) {
  Names names;
  for (const auto& feature : Features()) {
    if (IsImpliedBy(min_reader, min_writer, feature)) names.emplace_back(feature.name);
  }
  return names;
}

Protocol FromFeatures(const Names& names) {
  int reader = 1;
  int writer = 1;
  for (const auto& name : names) {
    const Feature* feature = FindFeature(name);
    reader = std::max(reader, feature == nullptr ? 1 : feature->min_reader);
    writer = std::max(writer, feature == nullptr ? 7 : feature->min_writer);
  }
  Protocol protocol;
  protocol.min_reader_version = reader;
  protocol.min_writer_version = writer;
  if (writer < 7 && SameSet(ImpliedBy(reader, writer), names)) return protocol;
  protocol.min_writer_version = 7;
  protocol.writer_features = names;
  if (reader >= 3) {
    protocol.reader_features.emplace();
    for (const auto& name : names) {
      const Feature* feature = FindFeature(name);
      if (feature != nullptr && feature->reader_writer) protocol.reader_features->push_back(name);
    }
  }
  return protocol;
}

// What delta.feature.* asks for; the keys are removed.
Status TakeFeatureProperties(std::map<std::string, std::string>* configuration, Names* out) {
  std::string unknown;
  for (auto it = configuration->begin(); it != configuration->end();) {
    if (!types::ToLower(it->first).starts_with(kFeaturePrefix)) {
      ++it;
      continue;
    }
    const std::string name = it->first.substr(kFeaturePrefix.size());
    const std::string value = types::ToLower(it->second);
    if (value != "supported" && value != "enabled") {
      return Error("DELTA_UNSUPPORTED_FEATURE_STATUS", {{"feature", types::ToLower(name)}, {"status", value}});
    }
    const Feature* feature = FindFeature(name);
    if (feature == nullptr) {
      unknown += (unknown.empty() ? "" : ", ") + it->first;
    } else {
      AddClosure(out, feature->name);
    }
    it = configuration->erase(it);
  }
  if (!unknown.empty()) return Error("DELTA_UNSUPPORTED_FEATURES_IN_CONFIG", {{"configs", unknown}});
  return Status::Ok();
}

// An integer property, taken out of the configuration.
Status TakeVersion(std::map<std::string, std::string>* configuration, std::string_view key, int max,
                   std::optional<int>* out) {
  for (auto it = configuration->begin(); it != configuration->end(); ++it) {
    if (!types::EqualsIgnoreCase(it->first, key)) continue;
    int number = 0;
    const auto [end, error] = std::from_chars(it->second.data(), it->second.data() + it->second.size(), number);
    if (error != std::errc() || end != it->second.data() + it->second.size()) {
      return Error("DELTA_PROTOCOL_PROPERTY_NOT_INT", {{"key", std::string(key)}, {"value", it->second}});
    }
    if (number < 1 || number > max) {
      return Error("DELTA_UNSUPPORTED_PROTOCOL_VERSION_IN_CONFIG", {{"key", std::string(key)}, {"value", it->second}},
                   std::string(key) + " needs to be between 1 and " + std::to_string(max) + ".");
    }
    *out = number;
    configuration->erase(it);
    return Status::Ok();
  }
  return Status::Ok();
}

// `present`: features that the table has or gets anyway.
Names UsedFeatures(const Metadata& metadata, const Names& present) {
  Names names;
  for (const auto& feature : Features()) {
    if (!feature.automatic || !UsesFeature(metadata, feature.name)) continue;
    // One of the two names is enough.
    if (feature.name == "typeWidening-preview" && Has(present, "typeWidening")) continue;
    if (feature.name == "variantShredding-preview" && Has(present, "variantShredding")) continue;
    if (feature.name == "variantType" && Has(present, "variantType-preview")) continue;
    AddClosure(&names, feature.name);
  }
  return names;
}

}  // namespace

// Order matters where delta-spark lists several new features of one commit: dependencies, then this order.
const std::vector<Feature>& Features() {
  using enum WriteSupport;
  static const std::vector<Feature> features = {
      {.name = "appendOnly",
       .min_writer = 2,
       .legacy = true,
       .read = true,
       .write = kYes,
       .property = "delta.appendOnly",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "invariants",
       .min_writer = 2,
       .legacy = true,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "checkConstraints",
       .min_writer = 3,
       .legacy = true,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "generatedColumns",
       .min_writer = 4,
       .legacy = true,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "variantShredding-preview",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .property = "delta.enableVariantShredding",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true,
       .requires_feature = "variantType"},
      {.name = "variantType",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "columnMapping",
       .reader_writer = true,
       .min_reader = 2,
       .min_writer = 5,
       .legacy = true,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "inCommitTimestamp",
       .read = true,
       .write = kYes,
       .property = "delta.enableInCommitTimestamps",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "deletionVectors",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .property = "delta.enableDeletionVectors",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "typeWidening-preview",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .property = "delta.enableTypeWidening",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "typeWidening", .reader_writer = true, .min_reader = 3, .read = true, .write = kYes},
      {.name = "changeDataFeed",
       .min_writer = 4,
       .legacy = true,
       .read = true,
       .write = kYes,
       .property = "delta.enableChangeDataFeed",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "identityColumns",
       .min_writer = 6,
       .legacy = true,
       .read = true,
       .write = kYes,
       .automatic = true,
       .upgrades_existing = true},
      {.name = "timestampNtz", .reader_writer = true, .min_reader = 3, .read = true, .write = kYes, .automatic = true},
      {.name = "domainMetadata", .read = true, .write = kYes},
      {.name = "rowTracking",
       .read = true,
       .write = kYes,
       .property = "delta.enableRowTracking",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true,
       .requires_feature = "domainMetadata"},
      {.name = "v2Checkpoint",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .property = "delta.checkpointPolicy",
       .property_value = "v2",
       .automatic = true,
       .upgrades_existing = true},
      {.name = "vacuumProtocolCheck", .reader_writer = true, .min_reader = 3, .read = true, .write = kYes},
      {.name = "clustering", .read = true, .write = kYes, .requires_feature = "domainMetadata"},
      {.name = "allowColumnDefaults", .read = true, .write = kYes},
      {.name = "checkpointProtection", .read = true, .write = kYes},
      {.name = "icebergCompatV1",
       .read = true,
       .write = kNo,
       .property = "delta.enableIcebergCompatV1",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true,
       .requires_feature = "columnMapping"},
      {.name = "icebergCompatV2",
       .read = true,
       .write = kNo,
       .property = "delta.enableIcebergCompatV2",
       .property_value = "true",
       .automatic = true,
       .upgrades_existing = true,
       .requires_feature = "columnMapping"},
      {.name = "variantType-preview", .reader_writer = true, .min_reader = 3, .read = true, .write = kYes},
      // Shredded files are read; what is written here is not shredded, which the feature allows.
      {.name = "variantShredding",
       .reader_writer = true,
       .min_reader = 3,
       .read = true,
       .write = kYes,
       .requires_feature = "variantType"},
      {.name = "catalogManaged", .reader_writer = true, .min_reader = 3},
      {.name = "coordinatedCommits-preview", .read = false},
  };
  return features;
}

const Feature* FindFeature(std::string_view name) {
  for (const auto& feature : Features()) {
    if (types::EqualsIgnoreCase(feature.name, name)) return &feature;
  }
  return nullptr;
}

std::vector<std::string> SupportedFeatures(const Protocol& protocol) {
  Names names = protocol.writer_features.value_or(Names());
  for (const auto& name : protocol.reader_features.value_or(Names())) AddName(&names, name);
  for (const auto& name : ImpliedBy(protocol.min_reader_version, protocol.min_writer_version)) AddName(&names, name);
  return names;
}

bool IsFeatureSupported(const Protocol& protocol, std::string_view feature) {
  if (protocol.HasWriterFeature(feature) || protocol.HasReaderFeature(feature)) return true;
  if (protocol.min_reader_version >= 3 || protocol.min_writer_version >= 7) return false;  // they imply none
  for (const auto& known : Features()) {
    if (known.name == feature) return IsImpliedBy(protocol.min_reader_version, protocol.min_writer_version, known);
  }
  return false;
}

bool UsesFeature(const Metadata& metadata, std::string_view name) {
  const Feature* feature = FindFeature(name);
  if (feature == nullptr) return false;
  if (!feature->property.empty()) {
    return types::ToLower(PropertyOf(metadata, feature->property)) == feature->property_value;
  }
  if (name == "invariants") return HasInvariants(metadata.schema);
  if (name == "checkConstraints") {
    const auto it = metadata.configuration.lower_bound("delta.constraints.");
    return it != metadata.configuration.end() && it->first.starts_with("delta.constraints.");
  }
  if (name == "generatedColumns") return HasColumnMetadata(metadata.schema, "delta.generationExpression");
  if (name == "identityColumns") return HasColumnMetadata(metadata.schema, "delta.identity.start");
  if (name == "allowColumnDefaults") return HasFieldMetadata(metadata.schema, "CURRENT_DEFAULT");
  if (name == "columnMapping") return MappingModeOf(metadata) != ColumnMappingMode::kNone;
  if (name == "timestampNtz") return HasType(metadata.schema, types::TypeId::kTimestampNtz);
  if (name == "variantType") return HasType(metadata.schema, types::TypeId::kVariant);
  return false;
}

Status CheckReadable(const Protocol& protocol, const std::string& table) {
  if (protocol.min_reader_version > 3 || protocol.min_writer_version > 7) {
    return Error("DELTA_INVALID_PROTOCOL_VERSION", {{"tableNameOrPath", table},
                                                    {"readerRequired", std::to_string(protocol.min_reader_version)},
                                                    {"writerRequired", std::to_string(protocol.min_writer_version)},
                                                    {"deltaVersion", std::string(kDeltaVersion)},
                                                    {"supportedReaders", "1, 2, 3"},
                                                    {"supportedWriters", "1, 2, 3, 4, 5, 6, 7"}});
  }
  Names unsupported;
  for (const auto& name : protocol.reader_features.value_or(Names())) {
    const Feature* feature = FindFeature(name);
    if (feature == nullptr || !feature->read) unsupported.push_back(name);
  }
  // Commits of a coordinated table are not in its log alone.
  if (protocol.HasWriterFeature("coordinatedCommits-preview")) unsupported.emplace_back("coordinatedCommits-preview");
  if (unsupported.empty()) return Status::Ok();
  return Error("DELTA_UNSUPPORTED_FEATURES_FOR_READ", {{"tableNameOrPath", table},
                                                       {"deltaVersion", std::string(kDeltaVersion)},
                                                       {"unsupported", JoinNames(unsupported)}});
}

Status CheckFeaturesListed(const Protocol& protocol, const Metadata& metadata) {
  if (protocol.min_reader_version < 3 && protocol.min_writer_version < 7) return Status::Ok();
  RETURN_IF_ERROR(CheckColumnMappingMode(metadata));
  const Names listed = protocol.writer_features.value_or(Names());
  Names active;
  for (const auto& name : listed) AddClosure(&active, name);
  for (const auto& name : UsedFeatures(metadata, listed)) AddName(&active, name);
  std::erase_if(active, [&](const std::string& name) {
    return Has(listed, name) || (name == "variantType" && Has(listed, "variantType-preview"));
  });
  if (active.empty()) return Status::Ok();
  return Error("DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH", {{"features", JoinNames(active)}});
}

Status CheckWritable(const Protocol& protocol, const Metadata& metadata, const std::string& table) {
  RETURN_IF_ERROR(CheckReadable(protocol, table));
  Names unsupported;
  for (const auto& name : SupportedFeatures(protocol)) {
    const Feature* feature = FindFeature(name);
    if (feature == nullptr || feature->write == WriteSupport::kNo) unsupported.push_back(name);
  }
  // What the metadata uses without the protocol saying so is no more writable.
  for (const auto& feature : Features()) {
    if (feature.write == WriteSupport::kYes || !feature.automatic || !UsesFeature(metadata, feature.name)) continue;
    AddName(&unsupported, feature.name);
  }
  if (unsupported.empty()) return Status::Ok();
  return Error("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", {{"tableNameOrPath", table},
                                                        {"deltaVersion", std::string(kDeltaVersion)},
                                                        {"unsupported", JoinNames(unsupported)}});
}

Protocol NormalizeProtocol(const Protocol& protocol) { return FromFeatures(SupportedFeatures(protocol)); }

Protocol MergeProtocols(const Protocol& a, const Protocol& b) {
  Names names = SupportedFeatures(a);
  for (const auto& name : SupportedFeatures(b)) AddName(&names, name);
  Protocol merged = FromFeatures(names);
  // Unknown features keep the side they were listed on.
  for (const Protocol* side : {&a, &b}) {
    for (const auto& name : side->reader_features.value_or(Names())) {
      if (FindFeature(name) != nullptr) continue;
      merged.min_reader_version = 3;
      if (!merged.reader_features) merged.reader_features.emplace();
      AddName(&*merged.reader_features, name);
    }
  }
  return merged;
}

Protocol WithoutFeature(const Protocol& protocol, std::string_view feature) {
  Names names = SupportedFeatures(protocol);
  std::erase(names, feature);
  return FromFeatures(names);
}

bool RemovesFeatures(const Protocol& before, const Protocol& after) {
  const Names left = SupportedFeatures(after);
  for (const auto& name : SupportedFeatures(before)) {
    if (!Has(left, name)) return true;
  }
  return false;
}

Result<Protocol> ProtocolForNewTable(Metadata* metadata) {
  Names names;
  RETURN_IF_ERROR(TakeFeatureProperties(&metadata->configuration, &names));
  for (const auto& name : UsedFeatures(*metadata, names)) AddName(&names, name);
  std::optional<int> reader;
  std::optional<int> writer;
  RETURN_IF_ERROR(TakeVersion(&metadata->configuration, kMinReader, 3, &reader));
  RETURN_IF_ERROR(TakeVersion(&metadata->configuration, kMinWriter, 7, &writer));
  bool ignore_defaults = false;
  const auto ignore = metadata->configuration.find(std::string(kIgnoreDefaults));
  if (ignore != metadata->configuration.end()) {
    ignore_defaults = types::ToLower(ignore->second) == "true";
    metadata->configuration.erase(ignore);
  }
  // delta-spark's session default is (1, 2).
  const int default_writer = ignore_defaults ? 1 : 2;
  const int min_writer = writer.value_or(default_writer);
  const int min_reader = min_writer >= 7 ? reader.value_or(1) : std::min(2, reader.value_or(1));
  for (const auto& name : ImpliedBy(min_reader, min_writer)) AddName(&names, name);
  return FromFeatures(names);
}

Result<Protocol> UpgradeProtocol(const Protocol& current, Metadata* metadata) {
  Names asked;
  RETURN_IF_ERROR(TakeFeatureProperties(&metadata->configuration, &asked));
  std::optional<int> reader;
  std::optional<int> writer;
  RETURN_IF_ERROR(TakeVersion(&metadata->configuration, kMinReader, 3, &reader));
  RETURN_IF_ERROR(TakeVersion(&metadata->configuration, kMinWriter, 7, &writer));
  metadata->configuration.erase(std::string(kIgnoreDefaults));

  const Names before = SupportedFeatures(current);
  Names wanted = asked;
  if (reader || writer) {
    const int min_writer = writer.value_or(current.min_writer_version);
    const int min_reader = reader.value_or(std::min(2, current.min_reader_version));
    for (const auto& name : ImpliedBy(std::min(2, min_reader), min_writer)) AddName(&wanted, name);
  }
  Names manual;
  Names present = before;
  for (const auto& name : wanted) AddName(&present, name);
  for (const auto& name : UsedFeatures(*metadata, present)) {
    const Feature* feature = FindFeature(name);
    if (!Has(before, name) && !Has(wanted, name) && feature->automatic && !feature->upgrades_existing) {
      manual.push_back(name);
    }
    AddName(&wanted, name);
  }
  if (!manual.empty()) {
    Names supported = before;
    for (const auto& name : asked) AddName(&supported, name);
    return Error("DELTA_FEATURES_REQUIRE_MANUAL_ENABLEMENT",
                 {{"unsupportedFeatures", JoinNames(manual)}, {"supportedFeatures", JoinNames(supported)}});
  }
  bool grows = false;
  for (const auto& name : wanted) grows = grows || !Has(before, name);
  if (!grows) return current;
  // delta-spark writes the required ones first, then those the table had.
  Protocol required = FromFeatures(wanted);
  return MergeProtocols(required, current);
}

}  // namespace deltic::delta

#include "spark/command/clustering_columns.h"

#include <simdjson.h>

#include "delta/spec/schema.h"

namespace deltic::spark::command {

// The domain's text is {"clusteringColumns":[["a"],["s","x"]]}.
std::vector<std::string> ClusteringColumns(const delta::Snapshot& snapshot) {
  std::vector<std::string> out;
  const auto domain = snapshot.domains().find(kClusteringDomain);
  if (domain == snapshot.domains().end()) return out;
  simdjson::dom::parser parser;
  simdjson::dom::array columns;
  if (parser.parse(domain->second.configuration)["clusteringColumns"].get(columns) != simdjson::SUCCESS) return out;
  const auto mode = delta::MappingModeOf(snapshot.metadata());
  for (const auto column : columns) {
    simdjson::dom::array parts;
    std::string name;
    if (column.get(parts) != simdjson::SUCCESS) continue;
    types::DataType level = snapshot.schema();
    for (const auto part : parts) {
      std::string_view physical;
      if (part.get(physical) != simdjson::SUCCESS) continue;
      std::string logical(physical);
      if (level.Is(types::TypeId::kStruct)) {
        const std::vector<types::StructField> fields = level.fields();
        for (const auto& field : fields) {
          if (delta::PhysicalName(field, mode) != physical) continue;
          logical = field.name;
          level = field.type;
        }
      }
      name += (name.empty() ? "" : ".") + logical;
    }
    out.push_back(std::move(name));
  }
  return out;
}

}  // namespace deltic::spark::command

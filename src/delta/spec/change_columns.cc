#include "delta/spec/change_columns.h"

namespace deltic::delta {

std::string ChangeColumnsIn(const types::DataType& schema) {
  std::string out;
  for (const std::string_view name : kChangeColumns) {
    if (schema.FieldIndex(name, /*case_sensitive=*/true) != -1) out += (out.empty() ? "" : ",") + std::string(name);
  }
  return out;
}

}  // namespace deltic::delta

// VACUUM … USING INVENTORY: what is in the table's directory comes from a query instead of a listing. Immutable,
// shared.
#pragma once

#include "spark/plan/delta_maintenance.h"

namespace deltic::spark::plan {

struct VacuumByInventory : Vacuum {
  RelationPtr inventory;  // null: the directory is listed
};

}  // namespace deltic::spark::plan

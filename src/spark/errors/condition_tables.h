// The parts of the condition table, one file each; conditions.cc joins them. Immutable; thread-safe.
#pragma once

#include <span>

#include "spark/errors/conditions.h"

namespace deltic::spark::errors {

std::span<const ConditionRow> SparkConditionsAToH();
std::span<const ConditionRow> SparkConditionsIToT();
std::span<const ConditionRow> SparkConditionsUToZ();
std::span<const ConditionRow> SparkLegacyAnalysisConditions();   // _LEGACY_ERROR_TEMP_0001 … 1999
std::span<const ConditionRow> SparkLegacyExecutionConditions();  // _LEGACY_ERROR_TEMP_2000 …
std::span<const ConditionRow> DeltaConditionsAToE();
std::span<const ConditionRow> DeltaConditionsFToS();
std::span<const ConditionRow> DeltaConditionsTToZ();
// Conditions that Spark 3.5 has not: of Spark Connect 4.x, and our own.
std::span<const ConditionRow> ConnectConditions();

}  // namespace deltic::spark::errors

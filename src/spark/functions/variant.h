// The variant family (Spark 4): its rows, and which types variants have to do with. Pure; thread-safe.
#pragma once

#include <span>

#include "spark/functions/registry.h"

namespace deltic::spark::functions {

std::span<const FunctionRow> VariantFunctions();

// May values of the type become variants, and variants values of it (VariantGet.checkDataType)? `nested`: structs and
// maps too.
bool IsVariantCompatible(const DataType& type, bool nested);
// Is there a variant in the type?
bool HoldsVariant(const DataType& type);
// Is there a map in the type?
bool HoldsMap(const DataType& type);
// Keys of maps are neither maps nor variants, nor do they hold any: DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE.
Status CheckMapKey(const DataType& key, const FunctionCall& call);

}  // namespace deltic::spark::functions

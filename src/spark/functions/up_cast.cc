#include "spark/functions/up_cast.h"

#include <algorithm>

namespace deltic::spark::functions {
namespace {

using types::DataType;
using types::TypeId;

constexpr TypeId kByWidth[] = {TypeId::kByte, TypeId::kShort, TypeId::kInteger,
                               TypeId::kLong, TypeId::kFloat, TypeId::kDouble};

int Width(const DataType& type) {
  const auto* at = std::find(std::begin(kByWidth), std::end(kByWidth), type.id());
  return at == std::end(kByWidth) ? -1 : static_cast<int>(at - std::begin(kByWidth));
}

// Digits that every value of an integer type fits in.
int IntegerDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte: return 3;
    case TypeId::kShort: return 5;
    case TypeId::kInteger: return 10;
    default: return 20;
  }
}

bool NumericUpCast(const DataType& from, const DataType& to) {
  if (Width(from) >= 0 && Width(to) >= 0) return Width(from) <= Width(to);
  if (!to.Is(TypeId::kDecimal)) return to.Is(TypeId::kDouble) || to.Is(TypeId::kFloat);
  const bool exact = from.Is(TypeId::kDecimal);
  if (!exact && Width(from) > Width(DataType(TypeId::kLong))) return false;
  const int scale = exact ? from.scale() : 0;
  const int whole = exact ? from.precision() - scale : IntegerDigits(from.id());
  return to.scale() >= scale && to.precision() - to.scale() >= whole;
}

}  // namespace

bool CanUpCast(const DataType& from, const DataType& to) {
  if (from.Is(TypeId::kNull) || from.SameType(to)) return true;
  if (from.IsNumeric() && to.IsNumeric()) return NumericUpCast(from, to);
  const auto moment = [](const DataType& type) {
    return type.Is(TypeId::kTimestamp) || type.Is(TypeId::kTimestampNtz);
  };
  if ((from.Is(TypeId::kDate) || moment(from)) && moment(to)) return true;
  if (to.IsString()) return !from.IsNested();
  if (from.Is(TypeId::kArray) && to.Is(TypeId::kArray)) return CanUpCast(from.element(), to.element());
  if (from.Is(TypeId::kMap) && to.Is(TypeId::kMap)) {
    return CanUpCast(from.key(), to.key()) && CanUpCast(from.value(), to.value());
  }
  if (!from.Is(TypeId::kStruct) || !to.Is(TypeId::kStruct) || from.fields().size() != to.fields().size()) return false;
  for (size_t i = 0; i < to.fields().size(); i++) {
    if (!CanUpCast(from.fields()[i].type, to.fields()[i].type)) return false;
  }
  return true;
}

}  // namespace deltic::spark::functions

#include "engine/plan/expression.h"

#include <atomic>

#include "base/random.h"

namespace deltic::engine {

ColumnId FreshColumnId() {
  static std::atomic<ColumnId> next{ColumnId{1} << 40};
  return next.fetch_add(1, std::memory_order_relaxed);
}
ExprPtr MakeNull(DataType type) { return std::make_shared<Literal>(Value{}, std::move(type)); }
ExprPtr MakeBool(bool value) { return std::make_shared<Literal>(Value{value}, TypeId::kBoolean); }
ExprPtr MakeInt(int32_t value) { return std::make_shared<Literal>(Value{int64_t{value}}, TypeId::kInteger); }
ExprPtr MakeLong(int64_t value) { return std::make_shared<Literal>(Value{value}, TypeId::kLong); }
ExprPtr MakeDouble(double value) { return std::make_shared<Literal>(Value{value}, TypeId::kDouble); }
ExprPtr MakeString(std::string value) { return std::make_shared<Literal>(Value{std::move(value)}, TypeId::kString); }
ExprPtr MakeCall(std::string function, std::vector<ExprPtr> args, DataType type, bool nullable, bool exact_type) {
  return std::make_shared<Call>(std::move(function), std::move(args), std::move(type), nullable, exact_type);
}
namespace {
constexpr int kSeedBits = 48;
constexpr uint64_t kDrawnTag = uint64_t{0x5EED} << kSeedBits;
}  // namespace

int64_t DrawSeed() {
  constexpr uint64_t kMask = (uint64_t{1} << kSeedBits) - 1;
  return static_cast<int64_t>(kDrawnTag | (Random::System()->Next64() & kMask));
}
bool IsDrawnSeed(int64_t seed) { return static_cast<uint64_t>(seed) >> kSeedBits == kDrawnTag >> kSeedBits; }
bool IsLiteral(const ExprPtr& expr) { return expr->kind == ExprKind::kLiteral; }
}  // namespace deltic::engine

// What a command is: its kind and the base of all command nodes. The nodes themselves stand by family in write.h,
// table_ddl.h, dml.h, delta_maintenance.h and command.h. Immutable, shared.
#pragma once

#include <cstdint>
#include <memory>

#include "spark/plan/relation.h"

namespace deltic::spark::plan {

enum class CommandKind : uint8_t {
  kSaveToPath,
  kSaveAsTable,
  kInsertIntoName,
  kWriteTo,  // DataFrameWriter, DataFrameWriterV2
  kCreateView,
  kCreateTable,
  kInsert,
  kInsertMany,
  kDropTable,
  kDropView,
  kTruncate,
  kCreateDatabase,
  kDropDatabase,
  kUse,
  kShowTables,
  kShowDatabases,
  kShowColumns,
  kShowTableProperties,
  kShowCreateTable,
  kShowFunctions,
  kShowViews,
  kShowCatalogs,
  kShowPartitions,
  kDescribeTable,
  kDescribeQuery,
  kDescribeDatabase,
  kDescribeFunction,
  kDescribeHistory,
  kDescribeDetail,
  kSet,
  kReset,
  kSetTimeZone,
  kCacheTable,
  kUncacheTable,
  kClearCache,
  kRefresh,
  kExplain,
  kCatalogCall,
  kAlterTable,
  kDelete,
  kUpdate,
  kMerge,
  kOptimize,
  kVacuum,
  kRestore,
  kClone,
  kConvertToDelta,
  kGenerate,
  kReorg,
  kRegisterFunction,
  kUnsupported,
};

struct Command {
  explicit Command(CommandKind k) : kind(k) {}
  virtual ~Command() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const CommandKind kind;
  Origin origin;
};
using CommandPtr = std::shared_ptr<const Command>;

}  // namespace deltic::spark::plan

// Settings that would change what a statement does and have one supported value here, their default: another value is
// refused by name when it is set, so that nothing is silently ignored.
#include "spark/session/config_rows.h"

namespace deltic::spark::session {
namespace {

using Type = ConfRow::Type;
constexpr ConfScope kRun = ConfScope::kRuntime;

constexpr ConfRow kRows[] = {
    {"spark.sql.parser.quotedRegexColumnNames", "false", kRun, Type::kBool,
     "Back-quoted names in SELECT are names, not regular expressions."},
    {"spark.sql.groupByOrdinal", "true", kRun, Type::kBool, "GROUP BY 1 means the first select item."},
    {"spark.sql.orderByOrdinal", "true", kRun, Type::kBool, "ORDER BY 1 means the first select item."},
    {"spark.sql.groupByAliases", "true", kRun, Type::kBool, "GROUP BY may use select aliases."},
    {"spark.sql.files.ignoreCorruptFiles", "false", kRun, Type::kBool, "An unreadable file is an error."},
    {"spark.sql.parquet.fieldId.read.enabled", "true", kRun, Type::kBool,
     "Delta tables of the column mapping mode id find columns by their field ids."},
    {"spark.sql.parquet.fieldId.read.ignoreMissing", "false", kRun, Type::kBool,
     "A file without field ids is an error where columns are found by them."},
    {"spark.sql.parquet.mergeSchema", "false", kRun, Type::kBool,
     "The schemas of Parquet files are merged by the option mergeSchema."},
    {"spark.databricks.delta.schema.typeCheck.enabled", "true", kRun, Type::kBool,
     "Columns of types that Delta does not store are refused."},
    {"spark.databricks.delta.partitionColumnValidity.enabled", "true", kRun, Type::kBool,
     "Names of partition columns are checked."},
    {"spark.databricks.delta.timeTravel.resolveOnIdentifier.enabled", "true", kRun, Type::kBool,
     "A path that ends in @v1 or a time means that version."},
    {"spark.databricks.delta.replace.protocolDowngradeAllowed", "false", kRun, Type::kBool,
     "REPLACE TABLE keeps the table's protocol."},
    {"spark.databricks.delta.clone.replaceEnabled", "true", kRun, Type::kBool,
     "CREATE OR REPLACE TABLE … SHALLOW CLONE is allowed."},
    {"spark.databricks.delta.alterTable.dropColumn.enabled", "true", kRun, Type::kBool,
     "ALTER TABLE … DROP COLUMN is allowed."},
    {"spark.databricks.delta.alter.replaceColumns.safe.enabled", "true", kRun, Type::kBool,
     "REPLACE COLUMNS is held to safe changes."},
    {"spark.databricks.delta.changeDataFeed.unsafeBatchReadOnIncompatibleSchemaChanges.enabled", "false", kRun,
     Type::kBool, "The change feed is not read over incompatible schema changes."},
    {"spark.databricks.delta.changeDataFeed.allowTimeTravelOptionsForSchema", "false", kRun, Type::kBool,
     "A change feed read takes no time travel options."},
    {"spark.databricks.delta.streaming.unsafeReadOnIncompatibleColumnMappingSchemaChanges.enabled", "false", kRun,
     Type::kBool, "A stream stops at renamed and dropped columns."},
    {"spark.databricks.delta.typeWidening.bypassUnsupportedTypeChangeCheck", "false", kRun, Type::kBool,
     "Type changes that are not supported are refused."},
    {"spark.databricks.delta.columnMapping.allowRemoval", "true", kRun, Type::kBool, "Column mapping may be removed."},
    {"spark.databricks.delta.columnMapping.reuseColumnMetadataDuringOverwrite", "true", kRun, Type::kBool,
     "Overwritten columns keep their physical names."},
    {"spark.databricks.delta.clusteredTable.numClusteringColumnsLimit", "4", kRun, Type::kInt,
     "Most clustering columns."},
    {"spark.databricks.delta.identityColumn.enabled", "true", kRun, Type::kBool, "Identity columns are supported."},
    {"spark.databricks.delta.tablePropertyConstraintsCheck.enabled", "true", kRun, Type::kBool,
     "delta.constraints.* is not set as a property."},
    {"spark.databricks.delta.legacy.storeOptionsAsProperties", "false", kRun, Type::kBool,
     "Options of CREATE TABLE are not stored as properties."},
    {"spark.databricks.delta.legacy.allowAmbiguousPathsInCreateTable", "false", kRun, Type::kBool,
     "CREATE TABLE delta.`/a` LOCATION '/b' is refused."},
    {"spark.databricks.delta.write.utcTimestampPartitionValues", "true", kRun, Type::kBool,
     "Timestamps in partition values are UTC."},
    {"spark.databricks.delta.write.dataFilesToSubdir", "false", kRun, Type::kBool,
     "Data files lie in the table's directory, or in their partition's."},
    {"spark.databricks.delta.convertEmptyToNullForStringPartitionCol", "true", kRun, Type::kBool,
     "An empty partition value is null."},
    {"spark.databricks.delta.convert.metadataCheck.enabled", "true", kRun, Type::kBool,
     "CONVERT TO DELTA of a converted table is held to the same schema."},
    {"spark.databricks.delta.convert.useMetadataLog", "true", kRun, Type::kBool,
     "CONVERT TO DELTA of a streaming sink reads the sink's log."},
    {"spark.databricks.delta.convert.partitionValues.ignoreCastFailure", "false", kRun, Type::kBool,
     "A partition value that is not of its column's type is an error."},
};

}  // namespace

std::span<const ConfRow> FixedConfRows() { return kRows; }

bool IsFixedConf(const ConfRow& row) {
  for (const ConfRow& fixed : kRows) {
    if (fixed.key == row.key) return true;
  }
  return false;
}

}  // namespace deltic::spark::session

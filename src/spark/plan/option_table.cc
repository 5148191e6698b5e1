#include "spark/plan/option_table.h"

namespace deltic::spark::plan {
namespace {

using enum OptionUse;

constexpr OptionRow kRows[] = {
    {"versionAsOf", kRead, "", "The version to read."},
    {"timestampAsOf", kRead, "", "The table as it was at this time."},
    {"readChangeFeed", kRead, "false", "Read the row changes; readChangeData is its old name."},
    {"startingVersion", kRead, "", "First version of the change feed."},
    {"startingTimestamp", kRead, "", "The change feed begins with the first version at or after this time."},
    {"endingVersion", kRead, "latest", "Last version of the change feed."},
    {"endingTimestamp", kRead, "latest", "The change feed ends with the last version at or before this time."},
    {"mergeSchema", kWrite, "spark.databricks.delta.schema.autoMerge.enabled", "New columns are added to the table."},
    {"overwriteSchema", kWrite, "false", "An overwrite also replaces schema and partitioning."},
    {"replaceWhere", kWrite, "",
     "An overwrite replaces the rows that match this condition, and writes only such rows."},
    {"partitionOverwriteMode", kWrite, "spark.sql.sources.partitionOverwriteMode",
     "static: an overwrite replaces the table; dynamic: the partitions that get rows."},
    {"txnAppId", kWrite, "spark.databricks.delta.write.txnAppId", "Application of an idempotent write."},
    {"txnVersion", kWrite, "spark.databricks.delta.write.txnVersion",
     "Its version: a write that the table has seen is not done again."},
    {"userMetadata", kWrite, "spark.databricks.delta.commitInfo.userMetadata",
     "Text that the commit carries into the history."},
    {"maxRecordsPerFile", kWrite, "spark.sql.files.maxRecordsPerFile", "Most rows of a file; 0: no limit."},
    {"compression", kWrite, "spark.sql.parquet.compression.codec",
     "Codec of the Parquet files: none, snappy, gzip, zstd, lz4, brotli."},
    {"optimizeWrite", kWrite, "spark.databricks.delta.optimizeWrite.enabled",
     "Recorded; a write makes one file per partition anyway."},
    {"delta.*", kWrite, "spark.databricks.delta.properties.defaults.*", "Properties of a table that the write makes."},
};

}  // namespace

std::span<const OptionRow> DeltaOptions() { return kRows; }

}  // namespace deltic::spark::plan

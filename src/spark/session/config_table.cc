// The table of known settings. Keys outside it are recorded as they are, as Spark does.
#include <algorithm>
#include <vector>

#include "spark/session/config_rows.h"

namespace deltic::spark::session {
namespace {

using Type = ConfRow::Type;
constexpr ConfScope kRun = ConfScope::kRuntime;
constexpr ConfScope kStat = ConfScope::kStatic;
constexpr ConfScope kAcc = ConfScope::kAccepted;

constexpr ConfRow kRows[] = {
    // --- Spark SQL, honoured ---
    {"spark.sql.ansi.enabled", "false", kRun, Type::kBool, "ANSI arithmetic, casts and store assignment."},
    {"spark.sql.ansi.doubleQuotedIdentifiers", "false", kRun, Type::kBool,
     "\"x\" is an identifier in SQL text when ANSI mode is on."},
    {"spark.sql.ansi.enforceReservedKeywords", "false", kRun, Type::kBool,
     "Reserved keywords cannot be identifiers when ANSI mode is on."},
    {"spark.sql.caseSensitive", "false", kRun, Type::kBool, "Column and table names are case-sensitive."},
    {"spark.sql.session.timeZone", "UTC", kRun, Type::kTimeZone, "Time zone of timestamps in text and casts."},
    {"spark.sql.timestampType", "TIMESTAMP_LTZ", kRun, Type::kString,
     "What TIMESTAMP means in SQL: TIMESTAMP_LTZ or TIMESTAMP_NTZ."},
    {"spark.sql.parser.escapedStringLiterals", "false", kRun, Type::kBool,
     "Backslashes in SQL string literals are kept as they are."},
    {"spark.sql.sources.default", "delta", kRun, Type::kString, "Format of tables and files when none is given."},
    {"spark.sql.sources.partitionOverwriteMode", "STATIC", kRun, Type::kString,
     "What an overwrite of a partitioned table replaces: STATIC or DYNAMIC."},
    {"spark.sql.storeAssignmentPolicy", "ANSI", kRun, Type::kString, "Casts on INSERT: ANSI, LEGACY or STRICT."},
    {"spark.sql.shuffle.partitions", "200", kRun, Type::kInt, "Recorded; the engine chooses its own parallelism."},
    {"spark.sql.warehouse.dir", "spark-warehouse", kStat, Type::kString, "Directory of managed tables."},
    {"spark.sql.catalogImplementation", "in-memory", kStat, Type::kString, "Recorded; there is one catalog."},
    {"spark.sql.extensions", "", kStat, Type::kString, "Recorded; Delta's extension is built in."},
    {"spark.sql.catalog.spark_catalog", "", kStat, Type::kString, "Recorded; the session catalog reads Delta."},
    {"spark.sql.globalTempDatabase", "global_temp", kStat, Type::kString, "Recorded; it is global_temp."},
    {"spark.sql.cache.serializer", "", kStat, Type::kString, "Recorded; caching is columnar."},
    {"spark.sql.event.truncate.length", "2147483647", kStat, Type::kInt, "Recorded."},
    {"spark.sql.streaming.ui.enabled", "true", kStat, Type::kBool, "Recorded."},
    {"spark.sql.legacy.createHiveTableByDefault", "false", kRun, Type::kBool,
     "Recorded; CREATE TABLE without USING makes a table of the default format."},
    {"spark.sql.legacy.timeParserPolicy", "EXCEPTION", kRun, Type::kString, "EXCEPTION, CORRECTED or LEGACY."},
    {"spark.sql.mapKeyDedupPolicy", "EXCEPTION", kRun, Type::kString, "Duplicate map keys: EXCEPTION or LAST_WIN."},
    {"spark.sql.pivotMaxValues", "10000", kRun, Type::kInt, "Most distinct values of a pivot column."},
    {"spark.sql.crossJoin.enabled", "true", kRun, Type::kBool, "Joins without a condition are allowed."},
    {"spark.sql.debug.maxToStringFields", "25", kRun, Type::kInt, "Recorded; plans show all fields."},
    {"spark.sql.maxPlanStringLength", "2147483632", kRun, Type::kInt, "Recorded; plan texts are not cut."},
    {"spark.sql.variable.substitute", "true", kRun, Type::kBool, "Recorded."},
    {"spark.sql.adaptive.enabled", "true", kRun, Type::kBool, "Recorded; the engine adapts by itself."},
    {"spark.sql.autoBroadcastJoinThreshold", "10485760b", kRun, Type::kBytes, "Recorded; the engine chooses joins."},
    {"spark.sql.leafNodeDefaultParallelism", "", kRun, Type::kString, "Recorded."},
    {"spark.sql.files.maxPartitionBytes", "134217728b", kRun, Type::kBytes, "Recorded."},
    {"spark.sql.files.ignoreMissingFiles", "false", kRun, Type::kBool, "Missing files are skipped when read."},
    {"spark.sql.files.maxRecordsPerFile", "0", kRun, Type::kInt, "Most rows of a written file; 0: no limit."},
    {"spark.sql.parquet.compression.codec", "snappy", kRun, Type::kString, "Codec of written Parquet files."},
    {"spark.sql.columnNameOfCorruptRecord", "_corrupt_record", kRun, Type::kString,
     "Column for records that could not be parsed."},
    {"spark.sql.optimizer.maxIterations", "100", kRun, Type::kInt, "Recorded."},
    {"spark.sql.analyzer.maxIterations", "100", kRun, Type::kInt, "Recorded."},
    {"spark.sql.execution.topKSortFallbackThreshold", "2147483632", kRun, Type::kInt, "Recorded."},
    {"spark.sql.redaction.options.regex", "(?i)url", kRun, Type::kString,
     "DESCRIBE EXTENDED and SHOW TBLPROPERTIES hide values whose key or text it finds, as they do by "
     "`spark.redaction.regex`."},
    // --- PySpark clients ask for these ---
    {"spark.sql.repl.eagerEval.enabled", "false", kRun, Type::kBool, "For the client: DataFrames print their rows."},
    {"spark.sql.repl.eagerEval.maxNumRows", "20", kRun, Type::kInt,
     "For the client: rows that eager evaluation prints."},
    {"spark.sql.repl.eagerEval.truncate", "20", kRun, Type::kInt,
     "For the client: width of a cell that eager evaluation prints."},
    {"spark.sql.execution.arrow.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.arrow.pyspark.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.arrow.pyspark.fallback.enabled", "true", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.arrow.pyspark.selfDestruct.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.arrow.maxRecordsPerBatch", "10000", kRun, Type::kInt, "Most rows of an Arrow batch."},
    {"spark.sql.execution.arrow.useLargeVarTypes", "false", kRun, Type::kBool, "Large Arrow strings and binaries."},
    {"spark.sql.execution.pandas.structHandlingMode", "legacy", kRun, Type::kString, "For the client."},
    {"spark.sql.execution.pandas.convertToArrowArraySafely", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.pandas.inferPandasDictAsMap", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.pandas.udf.buffer.size", "65536", kRun, Type::kBytes, "For the client."},
    {"spark.sql.execution.pythonUDF.arrow.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.pythonUDTF.arrow.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.pyspark.binaryAsBytes", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.execution.pyspark.udf.simplifiedTraceback.enabled", "true", kRun, Type::kBool, "For the client."},
    {"spark.sql.pyspark.inferNestedDictAsStruct.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.pyspark.jvmStacktrace.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.pyspark.udf.profiler", "", kRun, Type::kString, "For the client."},
    {"spark.sql.pyspark.worker.logging.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.sql.connect.serverStacktrace.enabled", "false", kRun, Type::kBool, "For the client."},
    {"spark.pyspark.python", "", kRun, Type::kString,
     "The Python of workers for UDFs; default: PYSPARK_PYTHON of the server, else python3."},
    {"spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName", "true", kRun, Type::kBool,
     "Whether columns of returned pandas.DataFrames are matched by name."},
    {"spark.python.sql.dataFrameDebugging.enabled", "true", kRun, Type::kBool, "For the client."},
    {"spark.sql.session.localRelationCacheThreshold", "67108864", kRun, Type::kBytes,
     "For the client: local data of at least this size is uploaded once and referred to."},
    {"spark.sql.session.localRelationSizeLimit", "3221225472", kRun, Type::kBytes,
     "For the client: largest local data."},
    {"spark.sql.session.localRelationChunkSizeRows", "10000", kRun, Type::kInt, "For the client."},
    {"spark.sql.session.localRelationChunkSizeBytes", "16777216", kRun, Type::kBytes, "For the client."},
    {"spark.sql.session.localRelationBatchOfChunksSizeBytes", "1073741824", kRun, Type::kBytes, "For the client."},
    {"spark.sql.artifact.isolation.enabled", "true", kRun, Type::kBool, "For the client."},
    // --- Spark Connect ---
    {"spark.connect.progress.reportInterval", "2s", kRun, Type::kTimeMs,
     "How often a running query reports progress; negative: never."},
    {"spark.connect.grpc.arrow.maxBatchSize", "4194304", kStat, Type::kBytes, "Recorded; batches are about 4 MiB."},
    {"spark.connect.grpc.maxInboundMessageSize", "134217728", kStat, Type::kBytes, "Largest message accepted."},
    {"spark.connect.session.manager.defaultSessionTimeout", "60m", kStat, Type::kTimeMs,
     "A session without requests is closed after this time."},
    {"spark.connect.session.planCompression.threshold", "-1", kRun, Type::kInt,
     "For the client: plans are sent uncompressed."},
    {"spark.connect.session.planCompression.defaultAlgorithm", "NONE", kRun, Type::kString,
     "For the client: plans are sent uncompressed."},
    {"spark.connect.execute.manager.detachedTimeout", "5m", kStat, Type::kTimeMs,
     "A reattachable operation that no client follows is cancelled after this time."},
    {"spark.connect.execute.reattachable.enabled", "true", kRun, Type::kBool, "For the client."},
    {"spark.connect.execute.reattachable.senderMaxStreamDuration", "2m", kRun, Type::kTimeMs,
     "A response stream ends after this time and the client reattaches."},
    {"spark.connect.execute.reattachable.senderMaxStreamSize", "1073741824", kRun, Type::kBytes,
     "A response stream ends after these bytes and the client reattaches."},
    {"spark.connect.execute.reattachable.observerRetryBufferSize", "10485760", kRun, Type::kBytes,
     "Bytes of sent responses kept for a client that reattaches."},
    {"deltic.spark.version", "3.5.5", kStat, Type::kString, "The Spark version that clients are told."},
    {"deltic.remoteFileCache.enabled", "true", kStat, Type::kBool,
     "What was read of data files in object stores is kept while memory allows."},
    // --- of Hadoop ---
    {"mapreduce.fileoutputcommitter.marksuccessfuljobs", "", kRun, Type::kString,
     "`false`: files are written without _SUCCESS at the end. Also an option of the write."},
    // --- of the cluster: accepted, without effect ---
    {"spark.app.name", "deltic", kAcc, Type::kString, "Recorded: name of the application."},
    {"spark.app.id", "deltic", kAcc, Type::kString, "Recorded: identifier of the application."},
    {"spark.master", "local[*]", kAcc, Type::kString, "Recorded; the server is one process."},
    {"spark.submit.deployMode", "client", kAcc, Type::kString, "Recorded."},
    {"spark.remote", "", kAcc, Type::kString, "The client's connection string."},
    {"spark.jars", "", kAcc, Type::kString, "Recorded; there is no JVM."},
    {"spark.jars.packages", "", kAcc, Type::kString, "Recorded; there is no JVM."},
    {"spark.driver.memory", "1g", kAcc, Type::kString, "Recorded; see --memory-limit."},
    {"spark.executor.memory", "1g", kAcc, Type::kString, "Recorded."},
    {"spark.executor.cores", "1", kAcc, Type::kString, "Recorded."},
    {"spark.default.parallelism", "", kAcc, Type::kString, "Recorded; see --threads."},
    {"spark.serializer", "", kAcc, Type::kString, "Recorded."},
    {"spark.ui.enabled", "true", kAcc, Type::kString, "Recorded."},
    {"spark.ui.showConsoleProgress", "false", kAcc, Type::kString, "For the client."},
};

// Prefixes whose keys belong to the cluster, Hadoop or the JVM.
constexpr std::string_view kAcceptedPrefixes[] = {
    "spark.executor.", "spark.driver.",     "spark.hadoop.",   "spark.jars.",
    "spark.ui.",       "spark.kubernetes.", "spark.yarn.",     "spark.shuffle.",
    "spark.memory.",   "spark.network.",    "spark.eventLog.", "spark.dynamicAllocation.",
};

// Every row of every part, by key, for look-ups.
struct Table {
  std::vector<ConfRow> rows;
  std::vector<const ConfRow*> by_key;
  Table() {
    for (const auto& part : {std::span<const ConfRow>(kRows), DeltaConfRows(), FixedConfRows()}) {
      rows.insert(rows.end(), part.begin(), part.end());
    }
    for (const ConfRow& row : rows) by_key.push_back(&row);
    std::sort(by_key.begin(), by_key.end(), [](auto* a, auto* b) { return a->key < b->key; });
  }
};

const Table& AllRows() {
  static const Table kTable;
  return kTable;
}

}  // namespace

std::span<const ConfRow> ConfTable() { return AllRows().rows; }

const ConfRow* FindConf(std::string_view key) {
  const auto& rows = AllRows().by_key;
  auto it = std::lower_bound(rows.begin(), rows.end(), key,
                             [](const ConfRow* row, std::string_view k) { return row->key < k; });
  return it != rows.end() && (*it)->key == key ? *it : nullptr;
}

bool IsClusterConf(std::string_view key) {
  if (const ConfRow* row = FindConf(key)) return row->scope == ConfScope::kAccepted;
  return std::any_of(std::begin(kAcceptedPrefixes), std::end(kAcceptedPrefixes),
                     [&](std::string_view prefix) { return key.starts_with(prefix); });
}

}  // namespace deltic::spark::session

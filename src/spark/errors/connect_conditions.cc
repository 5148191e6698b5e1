// Conditions that Spark 3.5 has not: those that Spark Connect 4.x clients know, and our own.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"AUTHENTICATION_FAILED", "28000", ExceptionKind::kSpark, "The bearer token is missing or wrong."},
    {"CONNECT_INVALID_PLAN.CANNOT_PARSE", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. Cannot decompress or parse the input plan "
     "(<errorMsg>)"},
    {"CONNECT_INVALID_PLAN.TOO_DEEP", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. It is nested deeper than <limit> levels."},
    {"CONNECT_INVALID_PLAN.MISSING_FIELD", "56K00", ExceptionKind::kSpark,
     "The Spark Connect plan is invalid. <message> needs the field <field>."},
    {"INVALID_ARTIFACT", "22023", ExceptionKind::kIllegalArgument, "The artifact <name> is invalid: <reason>."},
    {"INVALID_CONF_VALUE.OUT_OF_RANGE", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. <requirement>"},
    {"INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. It should be one of '<confOptions>'."},
    {"INVALID_CONF_VALUE.REQUIREMENT", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. <confRequirement>"},
    {"INVALID_CONF_VALUE.TIME_ZONE", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. Cannot resolve the given "
     "timezone."},
    {"INVALID_CONF_VALUE.TYPE_MISMATCH", "22022", ExceptionKind::kIllegalArgument,
     "The value '<confValue>' in the config \"<confName>\" is invalid. <confName> should be "
     "<confType>, but was <confValue>"},
    {"INVALID_HANDLE.SESSION_CHANGED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. The existing Spark server driver instance has restarted. "
     "Please reconnect."},
    {"INVALID_HANDLE.SESSION_CLOSED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Session was closed."},
    {"INVALID_XML_PATH", "", ExceptionKind::kSpark, ""},
    {"IO_ERROR", "58030", ExceptionKind::kIo, ""},
    {"_PARTITION_COLUMN_UNKNOWN", "", ExceptionKind::kIllegalArgument,
     "<column> does not exist. Available: <available>\nIt is a partition column of the table <path> at version "
     "<version>."},
    {"_PYTHON_EXCEPTION", "", ExceptionKind::kPython, ""},
    {"_PYTHON_RESULT_ROWS", "", ExceptionKind::kPython, ""},
    {"_PYTHON_VERSION_MISMATCH", "", ExceptionKind::kPython,
     "Python in worker has different version: <worker_version> than that in driver: <driver_version>, PySpark cannot "
     "run "
     "with different minor versions. Please check environment variables PYSPARK_PYTHON and PYSPARK_DRIVER_PYTHON are "
     "correctly set."},
    {"_PYTHON_WORKER_START", "", ExceptionKind::kSpark,
     "Cannot run the Python worker \"<executable>\": <reason>. Set spark.pyspark.python, or PYSPARK_PYTHON in the "
     "server's "
     "environment, to a Python that has the PySpark of the client, pandas and pyarrow."},
    {"_WORKER_GONE", "", ExceptionKind::kSpark, ""},
    {"SERVER_BUSY", "53300", ExceptionKind::kSpark, "The server has reached its limit of <limit> <what>."},
    {"SERVER_STOPPING", "57P01", ExceptionKind::kSpark, "The server is stopping."},
    {"UNSUPPORTED_FEATURE", "0A000", ExceptionKind::kUnsupportedOperation, "The feature is not supported: <feature>."},
    {"CATALOG_NOT_FOUND", "42P08", ExceptionKind::kAnalysis,
     "The catalog <catalogName> not found. Consider to set the SQL config <config> to a catalog "
     "plugin."},
    {"COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION", "54000", ExceptionKind::kRuntime,
     "Can't create array with <numberOfElements> elements which exceeding the array size limit "
     "<maxRoundedArrayLength>, unsuccessful try to create arrays in the function <functionName>."},
    {"COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER", "54000", ExceptionKind::kRuntime,
     "Can't create array with <numberOfElements> elements which exceeding the array size limit "
     "<maxRoundedArrayLength>, the value of the parameter(s) <parameter> in the function "
     "<functionName> is invalid."},
    {"CONNECT.INVALID_ARROW", "", ExceptionKind::kSpark, ""},
    {"DATETIME_FIELD_OUT_OF_BOUNDS", "22023", ExceptionKind::kDateTime,
     "<rangeMessage>. If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"DUPLICATED_CTE_NAMES", "42602", ExceptionKind::kParse,
     "CTE definition can't have duplicate names: <duplicateNames>."},
    {"EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE", "0A000", ExceptionKind::kAnalysis,
     "The <format> datasource does not support writing empty or nested empty schemas. Please make "
     "sure the data schema has at least one or more column(s)."},
    {"EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", "42809", ExceptionKind::kAnalysis,
     "'<operation>' expects a table but <viewName> is a view."},
    {"ILLEGAL_DAY_OF_WEEK", "22009", ExceptionKind::kIllegalArgument, "Illegal input for day of week: <string>."},
    {"INVALID_INPUT", "22000", ExceptionKind::kRuntime, ""},
    {"INVALID_INVERSE_DISTRIBUTION_FUNCTION.WITHIN_GROUP_MISSING", "42K0K", ExceptionKind::kAnalysis,
     "Invalid inverse distribution function <funcName>. WITHIN GROUP is required for inverse "
     "distribution function."},
    {"INVALID_OPTION", "22023", ExceptionKind::kIllegalArgument, ""},
    {"INVALID_PLAN_INPUT", "56K00", ExceptionKind::kSpark, ""},
    {"INVALID_PLAN_INPUT.TOO_DEEP", "54001", ExceptionKind::kAnalysis, ""},
    {"OUT_OF_MEMORY", "53200", ExceptionKind::kSpark, ""},
    {"PARSE_MODE_UNSUPPORTED", "42601", ExceptionKind::kAnalysis,
     "The function <funcName> doesn't support the <mode> mode. Acceptable modes are PERMISSIVE and "
     "FAILFAST."},
    {"UNSUPPORTED_FEATURE.IDENTIFIER_CLAUSE", "0A000", ExceptionKind::kParse, ""},
    {"UNSUPPORTED_FEATURE.RECURSIVE_CTE", "0A000", ExceptionKind::kParse, ""},
    // Thrown by Spark and Delta without a condition: the text alone is shown.
    {"DELTA_CDC_START_VERSION_AFTER_LATEST", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_CONFLICTING_SET_TRANSACTION", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_DELETION_VECTOR_CORRUPTED", "", ExceptionKind::kDeltaIllegalState, ""},
    {"DELTA_FAILED_TO_PARSE_SCHEMA", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_INVALID_PARTITION_VALUE", "", ExceptionKind::kDeltaIllegalState, ""},
    {"_INVALID_TABLE_PROPERTY_VALUE", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_LOG_CORRUPTED", "", ExceptionKind::kDeltaIllegalState, ""},
    {"DELTA_MISSING_TRANSACTION_LOG", "", ExceptionKind::kDeltaAnalysis, ""},
    {"DELTA_PATH_NOT_SPECIFIED", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_TEMPORALLY_UNSTABLE_INPUT", "", ExceptionKind::kAnalysis, ""},
    {"DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION", "", ExceptionKind::kAnalysis, ""},
    {"DELTA_UNSUPPORTED_PROTOCOL_VERSION_IN_CONFIG", "", ExceptionKind::kIllegalArgument, ""},
    {"DELTA_VERSION_NOT_FOUND", "", ExceptionKind::kAnalysis, ""},
    {"INVALID_INTERVAL_FORMAT", "", ExceptionKind::kIllegalArgument, ""},
    {"INVALID_TIMEZONE", "", ExceptionKind::kDateTime, ""},
    {"USER_RAISED_EXCEPTION", "", ExceptionKind::kRuntime, ""},
    {"_CACHED_REMOTE_NOT_FOUND", "", ExceptionKind::kSpark, ""},
    {"_LEGACY_ERROR_TEMP_DATETIME_PATTERN", "", ExceptionKind::kIllegalArgument, ""},
    {"_LEGACY_ERROR_TEMP_FORMAT", "", ExceptionKind::kIllegalArgument, ""},
    {"_LEGACY_ERROR_TEMP_REGEX_GROUP", "", ExceptionKind::kIllegalArgument, ""},
    {"_LEGACY_ERROR_TEMP_SEQUENCE", "", ExceptionKind::kIllegalArgument, ""},
    {"_STREAMING_OPERATION", "", ExceptionKind::kAnalysis, ""},
    {"_STREAMING_ARGUMENT", "", ExceptionKind::kIllegalArgument, ""},
    {"_STREAMING_STATE", "", ExceptionKind::kIllegalState, ""},
    {"_COLUMN_MAPPING_INCOMPLETE", "", ExceptionKind::kDeltaAnalysis, ""},
    {"_COLUMN_MAPPING_UNSUPPORTED", "", ExceptionKind::kDeltaUnsupported, ""},
    {"_CODEC_NOT_AVAILABLE", "", ExceptionKind::kIllegalArgument, ""},
    {"_ILLEGAL_ARGUMENT", "", ExceptionKind::kIllegalArgument, ""},
    {"_MAP_AS_KEY", "", ExceptionKind::kIllegalState, ""},
    {"_MIXED_AGGREGATES", "", ExceptionKind::kAnalysis, ""},
    {"_NOT_CONSTANT", "", ExceptionKind::kAnalysis, ""},
    {"_PARQUET_WITHOUT_FIELD_IDS", "", ExceptionKind::kRuntime, ""},
    {"_PARTITIONING_MISMATCH", "", ExceptionKind::kIllegalArgument, ""},
    {"_RESTORE_MISSED_FILES", "", ExceptionKind::kIllegalArgument, ""},
    {"_VACUUM_REQUIREMENT", "", ExceptionKind::kIllegalArgument, ""},
    {"_COLUMN_NOT_IN_SCHEMA", "", ExceptionKind::kAnalysis, ""},
    {"_CONVERT_DIRECTORY_NOT_FOUND", "", ExceptionKind::kFileNotFound, ""},
    {"_NUMBER_FORMAT", "", ExceptionKind::kNumberFormat, ""},
};
}  // namespace

std::span<const ConditionRow> ConnectConditions() { return kRows; }

}  // namespace deltic::spark::errors

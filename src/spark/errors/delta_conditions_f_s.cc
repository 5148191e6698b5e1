// Error conditions of Delta 3.3.2, DELTA_F to DELTA_S.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"DELTA_FAILED_CAST_PARTITION_VALUE", "22018", ExceptionKind::kDeltaRuntime,
     "Failed to cast partition value `<value>` to <dataType>"},
    {"DELTA_FAILED_FIND_ATTRIBUTE_IN_OUTPUT_COLUMNS", "42703", ExceptionKind::kDeltaAnalysis,
     "Could not find <newAttributeName> among the existing target output <targetOutputColumns>"},
    {"DELTA_FAILED_FIND_PARTITION_COLUMN_IN_OUTPUT_PLAN", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Could not find <partitionColumn> in output plan."},
    {"DELTA_FAILED_INFER_SCHEMA", "42KD9", ExceptionKind::kDeltaRuntime,
     "Failed to infer schema from the given list of files."},
    {"DELTA_FAILED_MERGE_SCHEMA_FILE", "42KDA", ExceptionKind::kDeltaRuntime,
     "Failed to merge schema of file <file>:\n<schema>"},
    {"DELTA_FAILED_READ_FILE_FOOTER", "KD001", ExceptionKind::kDeltaIo,
     "Could not read footer for file: <currentFile>"},
    {"DELTA_FAILED_RECOGNIZE_PREDICATE", "42601", ExceptionKind::kDeltaAnalysis,
     "Cannot recognize the predicate '<predicate>'"},
    {"DELTA_FAILED_SCAN_WITH_HISTORICAL_VERSION", "KD002", ExceptionKind::kDeltaAnalysis,
     "Expect a full scan of the latest version of the Delta source, but found a historical scan "
     "of version <historicalVersion>"},
    {"DELTA_FAILED_TO_MERGE_FIELDS", "22005", ExceptionKind::kDeltaAnalysis,
     "Failed to merge fields '<currentField>' and '<updateField>'"},
    {"DELTA_FAIL_RELATIVIZE_PATH", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Failed to relativize the path (<path>). This can happen when absolute paths make\nit into "
     "the transaction log, which start with the scheme\ns3://, wasbs:// or adls://.\n\nIf this "
     "table is NOT USED IN PRODUCTION, you can set the SQL configuration\n<config> to "
     "true.\nUsing this SQL configuration could lead to accidental data loss, therefore we "
     "do\nnot recommend the use of this flag unless this is for testing purposes."},
    {"DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Unable to operate on this table because the following table features are enabled in "
     "metadata but not listed in protocol: <features>."},
    {"DELTA_FEATURES_REQUIRE_MANUAL_ENABLEMENT", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Your table schema requires manually enablement of the following table feature(s): "
     "<unsupportedFeatures>.\n\nTo do this, run the following command for each of features "
     "listed above:\n  ALTER TABLE table_name SET TBLPROPERTIES ('delta.feature.feature_name' = "
     "'supported')\nReplace \"table_name\" and \"feature_name\" with real values.\n\nCurrent "
     "supported feature(s): <supportedFeatures>."},
    {"DELTA_FEATURE_CAN_ONLY_DROP_CHECKPOINT_PROTECTION_WITH_HISTORY_TRUNCATION", "55000",
     ExceptionKind::kDeltaTableFeature,
     "Could not drop the Checkpoint Protection feature.\nThis feature can only be dropped by "
     "truncating history.\nPlease try again with the TRUNCATE HISTORY option:\n\n    ALTER TABLE "
     "table_name DROP FEATURE checkpointProtection TRUNCATE HISTORY"},
    {"DELTA_FEATURE_DROP_CHECKPOINT_FAILED", "22KD0", ExceptionKind::kDeltaTableFeature,
     "Dropping <featureName> failed due to a failure in checkpoint creation.\nPlease try again "
     "later. It the issue persists, contact support."},
    {"DELTA_FEATURE_DROP_CHECKPOINT_PROTECTION_WAIT_FOR_RETENTION_PERIOD", "22KD0", ExceptionKind::kDeltaTableFeature,
     "The operation did not succeed because there are still traces of dropped features \nin the "
     "table history. CheckpointProtection cannot be dropped until these historical\nversions "
     "have expired.\n\nTo drop CheckpointProtection, please wait for the historical versions "
     "to\nexpire, and then repeat this command. The retention period for historical versions "
     "is\ncurrently configured to <truncateHistoryLogRetentionPeriod>."},
    {"DELTA_FEATURE_DROP_CONFLICT_REVALIDATION_FAIL", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop feature because a concurrent transaction modified the table.\nPlease try the "
     "operation again.\n<concurrentCommit>"},
    {"DELTA_FEATURE_DROP_DEPENDENT_FEATURE", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop table feature `<feature>` because some other features (<dependentFeatures>) in "
     "this table depends on `<feature>`.\nConsider dropping them first before dropping this "
     "feature."},
    {"DELTA_FEATURE_DROP_FEATURE_NOT_PRESENT", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop <feature> from this table because it is not currently present in the table's "
     "protocol."},
    {"DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop <feature> because the Delta log contains historical versions that use the "
     "feature.\nPlease wait until the history retention period "
     "(<logRetentionPeriodKey>=<logRetentionPeriod>) \nhas passed since the feature was last "
     "active.\n\nAlternatively, please wait for the TRUNCATE HISTORY retention period to expire "
     "(<truncateHistoryLogRetentionPeriod>)\nand then run:\n    ALTER TABLE table_name DROP "
     "FEATURE feature_name TRUNCATE HISTORY"},
    {"DELTA_FEATURE_DROP_HISTORY_TRUNCATION_NOT_ALLOWED", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "The particular feature does not require history truncation."},
    {"DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop <feature> because dropping this feature is not supported."},
    {"DELTA_FEATURE_DROP_UNSUPPORTED_CLIENT_FEATURE", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Cannot drop <feature> because it is not supported by this Delta version.\nConsider using "
     "Delta with a higher version."},
    {"DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Dropping <feature> was partially successful.\n\nThe feature is now no longer used in the "
     "current version of the table. However, the feature\nis still present in historical "
     "versions of the table. The table feature cannot be dropped\nfrom the table protocol until "
     "these historical versions have expired.\n\nTo drop the table feature from the protocol, "
     "please wait for the historical versions to\nexpire, and then repeat this command. The "
     "retention period for historical versions is\ncurrently configured as "
     "<logRetentionPeriodKey>=<logRetentionPeriod>.\n\nAlternatively, please wait for the "
     "TRUNCATE HISTORY retention period to expire (<truncateHistoryLogRetentionPeriod>)\nand "
     "then run:\n    ALTER TABLE table_name DROP FEATURE feature_name TRUNCATE HISTORY"},
    {"DELTA_FEATURE_REQUIRES_HIGHER_READER_VERSION", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Unable to enable table feature <feature> because it requires a higher reader protocol "
     "version (current <current>). Consider upgrading the table's reader protocol version to "
     "<required>, or to a version which supports reader table features. Refer to <docLink> for "
     "more information on table protocol versions."},
    {"DELTA_FEATURE_REQUIRES_HIGHER_WRITER_VERSION", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Unable to enable table feature <feature> because it requires a higher writer protocol "
     "version (current <current>). Consider upgrading the table's writer protocol version to "
     "<required>, or to a version which supports writer table features. Refer to <docLink> for "
     "more information on table protocol versions."},
    {"DELTA_FILE_ALREADY_EXISTS", "42K04", ExceptionKind::kDeltaIo, "Existing file path <path>"},
    {"DELTA_FILE_LIST_AND_PATTERN_STRING_CONFLICT", "42613", ExceptionKind::kDeltaIllegalArgument,
     "Cannot specify both file list and pattern string."},
    {"DELTA_FILE_NOT_FOUND", "42K03", ExceptionKind::kDeltaFileNotFound, "File path <path>"},
    {"DELTA_FILE_OR_DIR_NOT_FOUND", "42K03", ExceptionKind::kDeltaFileNotFound, "No such file or directory: <path>"},
    {"DELTA_FILE_TO_OVERWRITE_NOT_FOUND", "42K03", ExceptionKind::kDeltaIllegalState,
     "File (<path>) to be rewritten not found among candidate files:\n<pathList>"},
    {"DELTA_FOUND_MAP_TYPE_COLUMN", "KD003", ExceptionKind::kDeltaAnalysis,
     "A MapType was found. In order to access the key or value of a MapType, specify "
     "one\nof:\n<key> or\n<value>\nfollowed by the name of the column (only if that column is a "
     "struct type).\ne.g. mymap.key.mykey\nIf the column is a basic type, mymap.key or "
     "mymap.value is sufficient.\nSchema:\n<schema>"},
    {"DELTA_GENERATED_COLUMNS_DATA_TYPE_MISMATCH", "42K09", ExceptionKind::kDeltaAnalysis,
     "Column <columnName> has data type <columnType> and cannot be altered to data type "
     "<dataType> because this column is referenced by the following generated "
     "column(s):\n<generatedColumns>"},
    {"DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE", "42K09", ExceptionKind::kDeltaAnalysis,
     "Cannot alter column <columnName> because this column is referenced by the following "
     "generated column(s):\n<generatedColumns>"},
    {"DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH", "42K09", ExceptionKind::kDeltaAnalysis,
     "The expression type of the generated column <columnName> is <expressionType>, but the "
     "column type is <columnType>"},
    {"DELTA_GENERATED_COLUMN_UPDATE_TYPE_MISMATCH", "42K09", ExceptionKind::kDeltaAnalysis,
     "Column <currentName> is a generated column or a column used by a generated column. The "
     "data type is <currentDataType> and cannot be converted to data type <updateDataType>"},
    {"DELTA_IDENTITY_COLUMNS_ALTER_COLUMN_NOT_SUPPORTED", "429BQ", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE ALTER COLUMN is not supported for IDENTITY columns."},
    {"DELTA_IDENTITY_COLUMNS_ALTER_NON_IDENTITY_COLUMN", "429BQ", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE ALTER COLUMN SYNC IDENTITY cannot be called on non IDENTITY columns."},
    {"DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED", "42808", ExceptionKind::kDeltaAnalysis,
     "Providing values for GENERATED ALWAYS AS IDENTITY column <colName> is not supported."},
    {"DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP", "42611", ExceptionKind::kDeltaAnalysis,
     "IDENTITY column step cannot be 0."},
    {"DELTA_IDENTITY_COLUMNS_PARTITION_NOT_SUPPORTED", "42601", ExceptionKind::kDeltaAnalysis,
     "PARTITIONED BY IDENTITY column <colName> is not supported."},
    {"DELTA_IDENTITY_COLUMNS_REPLACE_COLUMN_NOT_SUPPORTED", "429BQ", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE REPLACE COLUMNS is not supported for table with IDENTITY columns."},
    {"DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE", "428H2", ExceptionKind::kDeltaUnsupported,
     "DataType <dataType> is not supported for IDENTITY columns."},
    {"DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED", "42808", ExceptionKind::kDeltaAnalysis,
     "UPDATE on IDENTITY column <colName> is not supported."},
    {"DELTA_IDENTITY_COLUMNS_WITH_GENERATED_EXPRESSION", "42613", ExceptionKind::kDeltaAnalysis,
     "IDENTITY column cannot be specified with a generated column expression."},
    {"DELTA_ILLEGAL_FILE_FOUND", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Illegal files found in a dataChange = false transaction. Files: <file>"},
    {"DELTA_ILLEGAL_OPTION", "42616", ExceptionKind::kDeltaIllegalArgument,
     "Invalid value '<input>' for option '<name>', <explain>"},
    {"DELTA_ILLEGAL_USAGE", "42601", ExceptionKind::kDeltaIllegalArgument,
     "The usage of <option> is not allowed when <operation> a Delta table."},
    {"DELTA_INCORRECT_ARRAY_ACCESS", "KD003", ExceptionKind::kDeltaAnalysis,
     "Incorrectly accessing an ArrayType. Use arrayname.element.elementname position to\nadd to "
     "an array."},
    {"DELTA_INCORRECT_ARRAY_ACCESS_BY_NAME", "KD003", ExceptionKind::kDeltaAnalysis,
     "An ArrayType was found. In order to access elements of an ArrayType, specify\n<rightName> "
     "instead of <wrongName>.\nSchema:\n<schema>"},
    {"DELTA_INDEX_LARGER_OR_EQUAL_THAN_STRUCT", "42KD8", ExceptionKind::kDeltaAnalysis,
     "Index <index> to drop column equals to or is larger than struct length: <length>"},
    {"DELTA_INDEX_LARGER_THAN_STRUCT", "42KD8", ExceptionKind::kDeltaAnalysis,
     "Index <index> to add column <columnName> is larger than struct length: <length>"},
    {"DELTA_INSERT_COLUMN_ARITY_MISMATCH", "42802", ExceptionKind::kDeltaAnalysis,
     "Cannot write to '<tableName>', <columnName>; target table has <numColumns> column(s) but "
     "the inserted data has <insertColumns> column(s)"},
    {"DELTA_INSERT_COLUMN_MISMATCH", "42802", ExceptionKind::kDeltaAnalysis,
     "Column <columnName> is not specified in INSERT"},
    {"DELTA_INVALID_AUTO_COMPACT_TYPE", "22023", ExceptionKind::kDeltaIllegalArgument,
     "Invalid auto-compact type: <value>. Allowed values are: <allowed>."},
    {"DELTA_INVALID_CALENDAR_INTERVAL_EMPTY", "2200P", ExceptionKind::kDeltaIllegalArgument,
     "Interval cannot be null or blank."},
    {"DELTA_INVALID_CDC_RANGE", "22003", ExceptionKind::kDeltaIllegalArgument,
     "CDC range from start <start> to end <end> was invalid. End cannot be before start."},
    {"DELTA_INVALID_CHARACTERS_IN_COLUMN_NAME", "42K05", ExceptionKind::kDeltaAnalysis,
     "Attribute name \"<columnName>\" contains invalid character(s) among \" "
     ",;{}()\\\\n\\\\t=\". Please use alias to rename it."},
    {"DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", "42K05", ExceptionKind::kDeltaAnalysis,
     "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column names of your "
     "schema.\nInvalid column names: <invalidColumnNames>.\nPlease use other characters and try "
     "again.\nAlternatively, enable Column Mapping to keep using these characters."},
    {"DELTA_INVALID_CLONE_PATH", "22KD1", ExceptionKind::kDeltaIllegalArgument,
     "The target location for CLONE needs to be an absolute path or table name. Use an\nabsolute "
     "path instead of <path>."},
    {"DELTA_INVALID_COLUMN_NAMES_WHEN_REMOVING_COLUMN_MAPPING", "42K05", ExceptionKind::kDeltaAnalysis,
     "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column names of your "
     "schema.\nInvalid column names: <invalidColumnNames>.\nColumn mapping cannot be removed "
     "when there are invalid characters in the column names.\nPlease rename the columns to "
     "remove the invalid characters and execute this command again."},
    {"DELTA_INVALID_COMMITTED_VERSION", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The committed version is <committedVersion> but the current version is <currentVersion>."},
    {"DELTA_INVALID_FORMAT_FROM_SOURCE_VERSION", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Unsupported format. Expected version should be smaller than or equal to <expectedVersion> "
     "but was <realVersion>. Please upgrade to newer version of Delta."},
    {"DELTA_INVALID_GENERATED_COLUMN_REFERENCES", "42621", ExceptionKind::kDeltaAnalysis,
     "A generated column cannot use a non-existent column or another generated column"},
    {"DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS", "42616", ExceptionKind::kDeltaIllegalArgument,
     "Invalid options for idempotent Dataframe writes: <reason>"},
    {"DELTA_INVALID_INTERVAL", "22006", ExceptionKind::kDeltaIllegalArgument, "<interval> is not a valid INTERVAL."},
    {"DELTA_INVALID_INVENTORY_SCHEMA", "42000", ExceptionKind::kDeltaAnalysis,
     "The schema for the specified INVENTORY does not contain all of the required fields. "
     "Required fields are: <expectedSchema>"},
    {"DELTA_INVALID_ISOLATION_LEVEL", "25000", ExceptionKind::kDeltaIllegalArgument,
     "invalid isolation level '<isolationLevel>'"},
    {"DELTA_INVALID_MANAGED_TABLE_SYNTAX_NO_SCHEMA", "42000", ExceptionKind::kDeltaAnalysis,
     "\nYou are trying to create a managed table <tableName>\nusing Delta, but the schema is not "
     "specified.\n\nTo learn more about Delta, see <docLink>"},
    {"DELTA_INVALID_PARTITIONING_SCHEMA", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "\nThe AddFile contains partitioning schema different from the table's partitioning "
     "schema\nexpected: <neededPartitioning>\nactual: <specifiedPartitioning>\nTo disable this "
     "check set <config> to \"false\""},
    {"DELTA_INVALID_PARTITION_COLUMN", "42996", ExceptionKind::kDeltaAnalysis,
     "<columnName> is not a valid partition column in table <tableName>."},
    {"DELTA_INVALID_PARTITION_COLUMN_NAME", "42996", ExceptionKind::kDeltaAnalysis,
     "Found partition columns having invalid character(s) among \" ,;{}()\n\t=\". Please change "
     "the name to your partition columns."},
    {"DELTA_INVALID_PARTITION_COLUMN_TYPE", "42996", ExceptionKind::kDeltaAnalysis,
     "Using column <name> of type <dataType> as a partition column is not supported."},
    {"DELTA_INVALID_PARTITION_PATH", "22KD1", ExceptionKind::kDeltaAnalysis,
     "A partition path fragment should be the form like `part1=foo/part2=bar`. The partition "
     "path: <path>"},
    {"DELTA_INVALID_PROTOCOL_DOWNGRADE", "KD004", ExceptionKind::kDeltaAnalysis,
     "Protocol version cannot be downgraded from <oldProtocol> to <newProtocol>"},
    {"DELTA_INVALID_PROTOCOL_VERSION", "KD004", ExceptionKind::kDeltaAnalysis,
     "Unsupported Delta protocol version: table \"<tableNameOrPath>\" requires reader version "
     "<readerRequired> and writer version <writerRequired>, but Delta Lake \"<deltaVersion>\" "
     "supports reader versions <supportedReaders> and writer versions <supportedWriters>. Please "
     "upgrade to a newer release."},
    {"DELTA_INVALID_SOURCE_OFFSET_FORMAT", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The stored source offset format is invalid"},
    {"DELTA_INVALID_SOURCE_VERSION", "XXKDS", ExceptionKind::kDeltaIllegalState, "sourceVersion(<version>) is invalid"},
    {"DELTA_INVALID_TABLE_VALUE_FUNCTION", "22000", ExceptionKind::kDeltaAnalysis,
     "Function <function> is an unsupported table valued function for CDC reads."},
    {"DELTA_INVALID_TIMESTAMP_FORMAT", "22007", ExceptionKind::kDeltaAnalysis,
     "The provided timestamp <timestamp> does not match the expected syntax <format>."},
    {"DELTA_INVALID_V1_TABLE_CALL", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "<callVersion> call is not expected with path based <tableVersion>"},
    {"DELTA_ITERATOR_ALREADY_CLOSED", "XXKDS", ExceptionKind::kDeltaIllegalState, "Iterator is closed"},
    {"DELTA_LOG_ALREADY_EXISTS", "42K04", ExceptionKind::kDeltaAnalysis, "A Delta log already exists at <path>"},
    {"DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE", "42K03", ExceptionKind::kDeltaFileNotFound,
     "If you never deleted it, it's likely your query is lagging behind. Please delete its "
     "checkpoint to restart from scratch. To avoid this happening again, you can update your "
     "retention policy of your Delta table"},
    {"DELTA_MATERIALIZED_ROW_TRACKING_COLUMN_NAME_MISSING", "22000", ExceptionKind::kDeltaIllegalState,
     "Materialized <rowTrackingColumn> column name missing for <tableName>."},
    {"DELTA_MAX_ARRAY_SIZE_EXCEEDED", "42000", ExceptionKind::kDeltaIllegalArgument,
     "Please use a limit less than Int.MaxValue - 8."},
    {"DELTA_MAX_COMMIT_RETRIES_EXCEEDED", "40000", ExceptionKind::kDeltaIllegalState,
     "This commit has failed as it has been tried <numAttempts> times but did not succeed.\nThis "
     "can be caused by the Delta table being committed continuously by many "
     "concurrent\ncommits.\n\nCommit started at version: <startVersion>\nCommit failed at "
     "version: <failVersion>\nNumber of actions attempted to commit: <numActions>\nTotal time "
     "spent attempting this commit: <timeSpent> ms"},
    {"DELTA_MERGE_ADD_VOID_COLUMN", "42K09", ExceptionKind::kDeltaAnalysis,
     "Cannot add column <newColumn> with type VOID. Please explicitly specify a non-void type."},
    {"DELTA_MERGE_INCOMPATIBLE_DATATYPE", "42K09", ExceptionKind::kDeltaAnalysis,
     "Failed to merge incompatible data types <currentDataType> and <updateDataType>"},
    {"DELTA_MERGE_INCOMPATIBLE_DECIMAL_TYPE", "42806", ExceptionKind::kDeltaAnalysis,
     "Failed to merge decimal types with incompatible <decimalRanges>"},
    {"DELTA_MERGE_MATERIALIZE_SOURCE_FAILED_REPEATEDLY", "25000", ExceptionKind::kDeltaRuntime,
     "Keeping the source of the MERGE statement materialized has failed repeatedly."},
    {"DELTA_MERGE_MISSING_WHEN", "42601", ExceptionKind::kDeltaAnalysis,
     "There must be at least one WHEN clause in a MERGE statement."},
    {"DELTA_MERGE_RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT", "42601", ExceptionKind::kDeltaAnalysis,
     "Resolved attribute(s) <missingAttributes> missing from <input> in operator <merge>"},
    {"DELTA_MERGE_UNEXPECTED_ASSIGNMENT_KEY", "22005", ExceptionKind::kDeltaAnalysis,
     "Unexpected assignment key: <unexpectedKeyClass> - <unexpectedKeyObject>"},
    {"DELTA_MERGE_UNRESOLVED_EXPRESSION", "42601", ExceptionKind::kDeltaAnalysis,
     "Cannot resolve <sqlExpr> in <clause> given <cols>"},
    {"DELTA_METADATA_ABSENT", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Couldn't find Metadata while committing the first version of the Delta table."},
    {"DELTA_METADATA_ABSENT_EXISTING_CATALOG_TABLE", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The table <tableName> already exists in the catalog but no metadata could be found for the "
     "table at the path <tablePath>.\nDid you manually delete files from the _delta_log "
     "directory? If so, then you should be able to recreate it as follows. First, drop the table "
     "by running `DROP TABLE <tableNameForDropCmd>`. Then, recreate it by running the current "
     "command again."},
    {"DELTA_METADATA_CHANGED", "2D521", ExceptionKind::kDeltaMetadataChanged,
     "MetadataChangedException: The metadata of the Delta table has been changed by a concurrent "
     "update. Please try the operation again.<conflictingCommit>\nRefer to <docLink> for more "
     "details."},
    {"DELTA_MISSING_CHANGE_DATA", "KD002", ExceptionKind::kDeltaAnalysis,
     "Error getting change data for range [<startVersion> , <endVersion>] as change data was "
     "not\nrecorded for version [<version>]. If you've enabled change data feed on this "
     "table,\nuse `DESCRIBE HISTORY` to see when it was first enabled.\nOtherwise, to start "
     "recording change data, use `ALTER TABLE table_name SET TBLPROPERTIES\n(<key>=true)`."},
    {"DELTA_MISSING_COLUMN", "42703", ExceptionKind::kDeltaAnalysis,
     "Cannot find <columName> in table columns: <columnList>"},
    {"DELTA_MISSING_COMMIT_INFO", "KD004", ExceptionKind::kDeltaIllegalState,
     "This table has the feature <featureName> enabled which requires the presence of the "
     "CommitInfo action in every commit. However, the CommitInfo action is missing from commit "
     "version <version>."},
    {"DELTA_MISSING_COMMIT_TIMESTAMP", "KD004", ExceptionKind::kDeltaIllegalState,
     "This table has the feature <featureName> enabled which requires the presence of "
     "commitTimestamp in the CommitInfo action. However, this field has not been set in commit "
     "version <version>."},
    {"DELTA_MISSING_DELTA_TABLE", "42P01", ExceptionKind::kDeltaAnalysis, "<tableName> is not a Delta table."},
    {"DELTA_MISSING_FILES_UNEXPECTED_VERSION", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The stream from your Delta table was expecting process data from version "
     "<startVersion>,\nbut the earliest available version in the _delta_log directory is "
     "<earliestVersion>. The files\nin the transaction log may have been deleted due to log "
     "cleanup. In order to avoid losing\ndata, we recommend that you restart your stream with a "
     "new checkpoint location and to\nincrease your delta.logRetentionDuration setting, if you "
     "have explicitly set it below 30\ndays.\nIf you would like to ignore the missed data and "
     "continue your stream from where it left\noff, you can set the .option(\"<option>\", "
     "\"false\") as part\nof your readStream statement."},
    {"DELTA_MISSING_NOT_NULL_COLUMN_VALUE", "23502", ExceptionKind::kDeltaInvariantViolation,
     "Column <columnName>, which has a NOT NULL constraint, is missing from the data being "
     "written into the table."},
    {"DELTA_MISSING_PARTITION_COLUMN", "42KD6", ExceptionKind::kDeltaAnalysis,
     "Partition column `<columnName>` not found in schema <columnList>"},
    {"DELTA_MISSING_PART_FILES", "42KD6", ExceptionKind::kDeltaIllegalState,
     "Couldn't find all part files of the checkpoint version: <version>"},
    {"DELTA_MISSING_PROVIDER_FOR_CONVERT", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "CONVERT TO DELTA only supports parquet tables. Please rewrite your target as "
     "parquet.`<path>` if it's a parquet directory."},
    {"DELTA_MISSING_SET_COLUMN", "42703", ExceptionKind::kDeltaAnalysis,
     "SET column <columnName> not found given columns: <columnList>."},
    {"DELTA_MODE_NOT_SUPPORTED", "0AKDC", ExceptionKind::kDeltaIllegalArgument,
     "Specified mode '<mode>' is not supported. Supported modes are: <supportedModes>"},
    {"DELTA_MULTIPLE_CDC_BOUNDARY", "42614", ExceptionKind::kDeltaAnalysis,
     "Multiple <startingOrEnding> arguments provided for CDC read. Please provide one of either "
     "<startingOrEnding>Timestamp or <startingOrEnding>Version."},
    {"DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE", "21506", ExceptionKind::kDeltaUnsupported,
     "Cannot perform Merge as multiple source rows matched and attempted to modify the "
     "same\ntarget row in the Delta table in possibly conflicting ways. By SQL semantics of "
     "Merge,\nwhen multiple source rows match on the same target row, the result may be "
     "ambiguous\nas it is unclear which source row should be used to update or delete the "
     "matching\ntarget row. You can preprocess the source table to eliminate the possibility "
     "of\nmultiple matches. Please refer to\n<usageReference>"},
    {"DELTA_NESTED_NOT_NULL_CONSTRAINT", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "The <nestType> type of the field <parent> contains a NOT NULL constraint. Delta does not "
     "support NOT NULL constraints nested within arrays or maps. To suppress this error and "
     "silently ignore the specified constraints, set <configKey> = true.\nParsed <nestType> "
     "type:\n<nestedPrettyJson>"},
    {"DELTA_NEW_CHECK_CONSTRAINT_VIOLATION", "23512", ExceptionKind::kDeltaAnalysis,
     "<numRows> rows in <tableName> violate the new CHECK constraint (<checkConstraint>)"},
    {"DELTA_NEW_NOT_NULL_VIOLATION", "23512", ExceptionKind::kDeltaAnalysis,
     "<numRows> rows in <tableName> violate the new NOT NULL constraint on <colName>"},
    {"DELTA_NON_BOOLEAN_CHECK_CONSTRAINT", "42621", ExceptionKind::kDeltaAnalysis,
     "CHECK constraint '<name>' (<expr>) should be a boolean expression."},
    {"DELTA_NON_DETERMINISTIC_EXPRESSION_IN_GENERATED_COLUMN", "42621", ExceptionKind::kDeltaAnalysis,
     "Found <expr>. A generated column cannot use a non deterministic expression."},
    {"DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Non-deterministic functions are not supported in the <operation> <expression>"},
    {"DELTA_NON_GENERATED_COLUMN_MISSING_UPDATE_EXPR", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "<columnName> is not a generated column but is missing its update expression"},
    {"DELTA_NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION", "42601", ExceptionKind::kDeltaAnalysis,
     "When there are more than one MATCHED clauses in a MERGE statement, only the last MATCHED "
     "clause can omit the condition."},
    {"DELTA_NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION", "42601", ExceptionKind::kDeltaAnalysis,
     "When there are more than one NOT MATCHED BY SOURCE clauses in a MERGE statement, only the "
     "last NOT MATCHED BY SOURCE clause can omit the condition."},
    {"DELTA_NON_LAST_NOT_MATCHED_CLAUSE_OMIT_CONDITION", "42601", ExceptionKind::kDeltaAnalysis,
     "When there are more than one NOT MATCHED clauses in a MERGE statement, only the last NOT "
     "MATCHED clause can omit the condition"},
    {"DELTA_NON_PARSABLE_TAG", "42601", ExceptionKind::kDeltaAnalysis,
     "Could not parse tag <tag>.\nFile tags are: <tagList>"},
    {"DELTA_NON_PARTITION_COLUMN_ABSENT", "KD005", ExceptionKind::kDeltaAnalysis,
     "Data written into Delta needs to contain at least one non-partitioned column.<details>"},
    {"DELTA_NON_PARTITION_COLUMN_REFERENCE", "42P10", ExceptionKind::kDeltaAnalysis,
     "Predicate references non-partition column '<columnName>'. Only the partition columns may "
     "be referenced: [<columnList>]"},
    {"DELTA_NON_PARTITION_COLUMN_SPECIFIED", "42P10", ExceptionKind::kDeltaAnalysis,
     "Non-partitioning column(s) <columnList> are specified where only partitioning columns are "
     "expected: <fragment>."},
    {"DELTA_NON_SINGLE_PART_NAMESPACE_FOR_CATALOG", "42K05", ExceptionKind::kDeltaAnalysis,
     "Delta catalog requires a single-part namespace, but <identifier> is multi-part."},
    {"DELTA_NOT_A_DELTA_TABLE", "0AKDD", ExceptionKind::kDeltaAnalysis,
     "<tableName> is not a Delta table. Please drop this table first if you would like to "
     "recreate it with Delta Lake."},
    {"DELTA_NOT_NULL_COLUMN_NOT_FOUND_IN_STRUCT", "42K09", ExceptionKind::kDeltaAnalysis,
     "Not nullable column not found in struct: <struct>"},
    {"DELTA_NOT_NULL_CONSTRAINT_VIOLATED", "23502", ExceptionKind::kDeltaInvariantViolation,
     "NOT NULL constraint violated for column: <columnName>.\n"},
    {"DELTA_NOT_NULL_NESTED_FIELD", "0A000", ExceptionKind::kDeltaAnalysis,
     "A non-nullable nested field can't be added to a nullable parent. Please set the "
     "nullability of the parent column accordingly."},
    {"DELTA_NO_COMMITS_FOUND", "KD006", ExceptionKind::kDeltaAnalysis, "No commits found at <logPath>"},
    {"DELTA_NO_NEW_ATTRIBUTE_ID", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Could not find a new attribute ID for column <columnName>. This should have been checked "
     "earlier."},
    {"DELTA_NO_RECREATABLE_HISTORY_FOUND", "KD006", ExceptionKind::kDeltaAnalysis,
     "No recreatable commits found at <logPath>"},
    {"DELTA_NO_RELATION_TABLE", "42P01", ExceptionKind::kDeltaAnalysis, "Table <tableIdent> not found"},
    {"DELTA_NO_START_FOR_CDC_READ", "42601", ExceptionKind::kDeltaAnalysis,
     "No startingVersion or startingTimestamp provided for CDC read."},
    {"DELTA_NULL_SCHEMA_IN_STREAMING_WRITE", "42P18", ExceptionKind::kDeltaAnalysis,
     "Delta doesn't accept NullTypes in the schema for streaming writes."},
    {"DELTA_ONEOF_IN_TIMETRAVEL", "42601", ExceptionKind::kDeltaIllegalArgument,
     "Please either provide 'timestampAsOf' or 'versionAsOf' for time travel."},
    {"DELTA_ONLY_OPERATION", "0AKDD", ExceptionKind::kDeltaAnalysis, "<operation> is only supported for Delta tables."},
    {"DELTA_OPERATION_MISSING_PATH", "42601", ExceptionKind::kDeltaAnalysis,
     "Please provide the path or table identifier for <operation>."},
    {"DELTA_OPERATION_NOT_ALLOWED", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Operation not allowed: `<operation>` is not supported for Delta tables"},
    {"DELTA_OPERATION_NOT_ALLOWED_DETAIL", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Operation not allowed: `<operation>` is not supported for Delta tables: <tableName>"},
    {"DELTA_OPERATION_ON_TEMP_VIEW_WITH_GENERATED_COLS_NOT_SUPPORTED", "0A000", ExceptionKind::kDeltaAnalysis,
     "<operation> command on a temp view referring to a Delta table that contains generated "
     "columns is not supported. Please run the <operation> command on the Delta table directly"},
    {"DELTA_OPERATION_ON_VIEW_NOT_ALLOWED", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Operation not allowed: <operation> cannot be performed on a view."},
    {"DELTA_OPTIMIZE_FULL_NOT_SUPPORTED", "42601", ExceptionKind::kDeltaUnsupported,
     "OPTIMIZE FULL is only supported for clustered tables with non-empty clustering columns."},
    {"DELTA_OVERWRITE_SCHEMA_WITH_DYNAMIC_PARTITION_OVERWRITE", "42613", ExceptionKind::kDeltaIllegalArgument,
     "'overwriteSchema' cannot be used in dynamic partition overwrite mode."},
    {"DELTA_PARSING_ANALYSIS_ERROR", "KD009", ExceptionKind::kDeltaAnalysis, "<msg>"},
    {"DELTA_PARSING_ILLEGAL_TABLE_NAME", "KD009", ExceptionKind::kDeltaAnalysis, "Illegal table name `<tableName>`."},
    {"DELTA_PARSING_INCORRECT_CLONE_HEADER", "KD009", ExceptionKind::kDeltaAnalysis,
     "Incorrect CLONE header. Expected REPLACE or CREATE table."},
    {"DELTA_PARSING_MISSING_TABLE_NAME_OR_PATH", "KD009", ExceptionKind::kDeltaAnalysis,
     "<command> command requires a file path or table name."},
    {"DELTA_PARSING_MUTUALLY_EXCLUSIVE_CLAUSES", "KD009", ExceptionKind::kDeltaAnalysis,
     "<clauseOne> cannot be used together with <clauseTwo>."},
    {"DELTA_PARSING_UNSUPPORTED_DATA_TYPE", "KD009", ExceptionKind::kDeltaAnalysis,
     "DataType <dataType> is not supported."},
    {"DELTA_PARTITION_COLUMN_CAST_FAILED", "22525", ExceptionKind::kDeltaRuntime,
     "Failed to cast value `<value>` to `<dataType>` for partition column `<columnName>`"},
    {"DELTA_PARTITION_COLUMN_NOT_FOUND", "42703", ExceptionKind::kDeltaAnalysis,
     "Partition column <columnName> not found in schema [<schemaMap>]"},
    {"DELTA_PATH_DOES_NOT_EXIST", "42K03", ExceptionKind::kDeltaAnalysis,
     "<path> doesn't exist, or is not a Delta table."},
    {"DELTA_PATH_EXISTS", "42K04", ExceptionKind::kDeltaAnalysis,
     "Cannot write to already existent path <path> without setting OVERWRITE = 'true'."},
    {"DELTA_POST_COMMIT_HOOK_FAILED", "2DKD0", ExceptionKind::kDeltaRuntime,
     "Committing to the Delta table version <version> succeeded but error while executing "
     "post-commit hook <name><message>"},
    {"DELTA_PROTOCOL_CHANGED", "2D521", ExceptionKind::kDeltaProtocolChanged,
     "ProtocolChangedException: The protocol version of the Delta table has been changed by a "
     "concurrent update. <additionalInfo><conflictingCommit>\nRefer to <docLink> for more "
     "details."},
    {"DELTA_PROTOCOL_PROPERTY_NOT_INT", "42K06", ExceptionKind::kDeltaIllegalArgument,
     "Protocol property <key> needs to be an integer. Found <value>"},
    {"DELTA_READ_FEATURE_PROTOCOL_REQUIRES_WRITE", "KD004", ExceptionKind::kDeltaTableFeature,
     "Unable to upgrade only the reader protocol version to use table features. Writer protocol "
     "version must be at least <writerVersion> to proceed. Refer to <docLink> for more "
     "information on table protocol versions."},
    {"DELTA_READ_TABLE_WITHOUT_COLUMNS", "428GU", ExceptionKind::kDeltaAnalysis,
     "You are trying to read a Delta table <tableName> that does not have any columns.\n\nWrite "
     "some new data with the option `mergeSchema = true` to be able to read the table."},
    {"DELTA_REGEX_OPT_SYNTAX_ERROR", "2201B", ExceptionKind::kDeltaIllegalArgument,
     "Please recheck your syntax for '<regExpOption>'"},
    {"DELTA_REMOVE_FILE_CDC_MISSING_EXTENDED_METADATA", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "RemoveFile created without extended metadata is ineligible for CDC:\n<file>"},
    {"DELTA_REPLACE_WHERE_IN_OVERWRITE", "42613", ExceptionKind::kDeltaAnalysis,
     "You can't use replaceWhere in conjunction with an overwrite by filter"},
    {"DELTA_REPLACE_WHERE_MISMATCH", "44000", ExceptionKind::kDeltaAnalysis,
     "Written data does not conform to partial table overwrite condition or constraint "
     "'<replaceWhere>'.\n<message>"},
    {"DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE", "42613", ExceptionKind::kDeltaIllegalArgument,
     "A 'replaceWhere' expression and 'partitionOverwriteMode'='dynamic' cannot both be set in "
     "the DataFrameWriter options."},
    {"DELTA_REPLACE_WHERE_WITH_FILTER_DATA_CHANGE_UNSET", "42613", ExceptionKind::kDeltaAnalysis,
     "'replaceWhere' cannot be used with data filters when 'dataChange' is set to false. "
     "Filters: <dataFilters>"},
    {"DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS", "22000", ExceptionKind::kDeltaIllegalState,
     "Cannot assign row IDs without row count statistics.\nCollect statistics for the table by "
     "running the following code and retry:\nimport "
     "org.apache.spark.sql.catalyst.TableIdentifier\nimport "
     "org.apache.spark.sql.delta.DeltaLog\nimport "
     "org.apache.spark.sql.delta.stats.StatisticsCollection\n\nval log = "
     "DeltaLog.forTable(spark, "
     "TableIdentifier(table_name))\nStatisticsCollection.recompute(spark, log)"},
    {"DELTA_SCHEMA_CHANGED", "KD007", ExceptionKind::kDeltaIllegalState,
     "Detected schema change:\nstreaming source schema: <readSchema>\n\ndata file schema: "
     "<dataSchema>\n\nPlease try restarting the query. If this issue repeats across query "
     "restarts without\nmaking progress, you have made an incompatible schema change and need to "
     "start your\nquery from scratch using a new checkpoint directory.\n"},
    {"DELTA_SCHEMA_CHANGED_WITH_STARTING_OPTIONS", "KD007", ExceptionKind::kDeltaIllegalState,
     "Detected schema change in version <version>:\nstreaming source schema: "
     "<readSchema>\n\ndata file schema: <dataSchema>\n\nPlease try restarting the query. If this "
     "issue repeats across query restarts without\nmaking progress, you have made an "
     "incompatible schema change and need to start your\nquery from scratch using a new "
     "checkpoint directory. If the issue persists after\nchanging to a new checkpoint directory, "
     "you may need to change the existing\n'startingVersion' or 'startingTimestamp' option to "
     "start from a version newer than\n<version> with a new checkpoint directory.\n"},
    {"DELTA_SCHEMA_CHANGED_WITH_VERSION", "KD007", ExceptionKind::kDeltaIllegalState,
     "Detected schema change in version <version>:\nstreaming source schema: "
     "<readSchema>\n\ndata file schema: <dataSchema>\n\nPlease try restarting the query. If this "
     "issue repeats across query restarts without\nmaking progress, you have made an "
     "incompatible schema change and need to start your\nquery from scratch using a new "
     "checkpoint directory.\n"},
    {"DELTA_SCHEMA_CHANGE_SINCE_ANALYSIS", "KD007", ExceptionKind::kDeltaAnalysis,
     "The schema of your Delta table has changed in an incompatible way since your DataFrame\nor "
     "DeltaTable object was created. Please redefine your DataFrame or DeltaTable "
     "object.\nChanges:\n<schemaDiff><legacyFlagMessage>"},
    {"DELTA_SCHEMA_NOT_CONSISTENT_WITH_TARGET", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The table schema <tableSchema> is not consistent with the target attributes: <targetAttrs>"},
    {"DELTA_SCHEMA_NOT_PROVIDED", "42908", ExceptionKind::kDeltaAnalysis,
     "Table schema is not provided. Please provide the schema (column definition) of the table "
     "when using REPLACE table and an AS SELECT query is not provided."},
    {"DELTA_SCHEMA_NOT_SET", "KD008", ExceptionKind::kDeltaAnalysis,
     "Table schema is not set.  Write data into it or use CREATE TABLE to set the schema."},
    {"DELTA_SET_LOCATION_SCHEMA_MISMATCH", "42KD7", ExceptionKind::kDeltaAnalysis,
     "\nThe schema of the new Delta location is different than the current table "
     "schema.\noriginal schema:\n<original>\ndestination schema:\n<destination>\n\nIf this is an "
     "intended change, you may turn this check off by running:\n%%sql set <config> = true"},
    {"DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_COLUMN", "42P10", ExceptionKind::kDeltaAnalysis,
     "Non-partitioning column(s) <badCols> are specified for SHOW PARTITIONS"},
    {"DELTA_SHOW_PARTITION_IN_NON_PARTITIONED_TABLE", "42809", ExceptionKind::kDeltaAnalysis,
     "SHOW PARTITIONS is not allowed on a table that is not partitioned: <tableName>"},
    {"DELTA_SOURCE_IGNORE_DELETE", "0A000", ExceptionKind::kDeltaUnsupported,
     "Detected deleted data (for example <removedFile>) from streaming source at version "
     "<version>. This is currently not supported. If you'd like to ignore deletes, set the "
     "option 'ignoreDeletes' to 'true'. The source table can be found at path <dataPath>."},
    {"DELTA_SOURCE_TABLE_IGNORE_CHANGES", "0A000", ExceptionKind::kDeltaUnsupported,
     "Detected a data update (for example <file>) in the source table at version <version>. This "
     "is currently not supported. If this is going to happen regularly and you are okay to skip "
     "changes, set the option 'skipChangeCommits' to 'true'. If you would like the data update "
     "to be reflected, please restart this query with a fresh checkpoint directory. The source "
     "table can be found at path <dataPath>."},
    {"DELTA_SPARK_SESSION_NOT_SET", "XXKDS", ExceptionKind::kDeltaIllegalState, "Active SparkSession not set."},
    {"DELTA_SPARK_THREAD_NOT_FOUND", "XXKDS", ExceptionKind::kDeltaIllegalState, "Not running on a Spark task thread"},
    {"DELTA_STARTING_VERSION_AND_TIMESTAMP_BOTH_SET", "42613", ExceptionKind::kDeltaIllegalArgument,
     "Please either provide '<version>' or '<timestamp>'"},
    {"DELTA_STATE_RECOVER_ERROR", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The <operation> of your Delta table could not be recovered while Reconstructing\nversion: "
     "<version>. Did you manually delete files in the _delta_log directory?\nThe table is <tablePath>."},
    {"DELTA_STATS_COLLECTION_COLUMN_NOT_FOUND", "42000", ExceptionKind::kDeltaRuntime,
     "<statsType> stats not found for column in Parquet metadata: <columnPath>."},
    {"DELTA_STREAMING_CANNOT_CONTINUE_PROCESSING_POST_SCHEMA_EVOLUTION", "KD002", ExceptionKind::kDeltaRuntime,
     "We've detected one or more non-additive schema change(s) (<opType>) between Delta version "
     "<previousSchemaChangeVersion> and <currentSchemaChangeVersion> in the Delta streaming "
     "source.\nPlease check if you want to manually propagate the schema change(s) to the sink "
     "table before we proceed with stream processing using the finalized schema at "
     "<currentSchemaChangeVersion>.\nOnce you have fixed the schema of the sink table or have "
     "decided there is no need to fix, you can set (one of) the following SQL configurations to "
     "unblock the non-additive schema change(s) and continue stream processing.\nTo unblock for "
     "this particular stream just for this series of schema change(s): set `<allowCkptVerKey> = "
     "<allowCkptVerValue>`.\nTo unblock for this particular stream: set `<allowCkptKey> = "
     "<allowCkptValue>`\nTo unblock for all streams: set `<allowAllKey> = "
     "<allowAllValue>`.\nAlternatively if applicable, you may replace the `<allowAllMode>` with "
     "`<opSpecificMode>` in the SQL conf to unblock stream for just this schema change type."},
    {"DELTA_STREAMING_CHECK_COLUMN_MAPPING_NO_SNAPSHOT", "KD002", ExceptionKind::kDeltaAnalysis,
     "Failed to obtain Delta log snapshot for the start version when checking column mapping "
     "schema changes. Please choose a different start version, or force enable streaming read at "
     "your own risk by setting '<config>' to 'true'."},
    {"DELTA_STREAMING_INCOMPATIBLE_SCHEMA_CHANGE", "42KD4", ExceptionKind::kDeltaUnsupported,
     "Streaming read is not supported on tables with read-incompatible schema changes (e.g. "
     "rename or drop or datatype changes).\nFor further information and possible next steps to "
     "resolve this issue, please review the documentation at <docLink>\nRead schema: "
     "<readSchema>. Incompatible data schema: <incompatibleSchema>."},
    {"DELTA_STREAMING_INCOMPATIBLE_SCHEMA_CHANGE_USE_SCHEMA_LOG", "42KD4", ExceptionKind::kDeltaUnsupported,
     "Streaming read is not supported on tables with read-incompatible schema changes (e.g. "
     "rename or drop or datatype changes).\nPlease provide a 'schemaTrackingLocation' to enable "
     "non-additive schema evolution for Delta stream processing.\nSee <docLink> for more "
     "details.\nRead schema: <readSchema>. Incompatible data schema: <incompatibleSchema>."},
};
}  // namespace

std::span<const ConditionRow> DeltaConditionsFToS() { return kRows; }

}  // namespace deltic::spark::errors

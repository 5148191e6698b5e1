// Error conditions of Delta 3.3.2, DELTA_A to DELTA_E.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"DELTA_ACTIVE_SPARK_SESSION_NOT_FOUND", "08003", ExceptionKind::kDeltaIllegalArgument,
     "Could not find active SparkSession"},
    {"DELTA_ACTIVE_TRANSACTION_ALREADY_SET", "0B000", ExceptionKind::kDeltaIllegalState,
     "Cannot set a new txn as active when one is already active"},
    {"DELTA_ADDING_COLUMN_WITH_INTERNAL_NAME_FAILED", "42000", ExceptionKind::kDeltaRuntime,
     "Failed to add column <colName> because the name is reserved."},
    {"DELTA_ADDING_DELETION_VECTORS_DISALLOWED", "0A000", ExceptionKind::kDeltaUnsupported,
     "The current operation attempted to add a deletion vector to a table that does not permit "
     "the creation of new deletion vectors. Please file a bug report."},
    {"DELTA_ADDING_DELETION_VECTORS_WITH_TIGHT_BOUNDS_DISALLOWED", "42000", ExceptionKind::kDeltaIllegalState,
     "All operations that add deletion vectors should set the tightBounds column in statistics "
     "to false. Please file a bug report."},
    {"DELTA_ADD_COLUMN_AT_INDEX_LESS_THAN_ZERO", "42KD3", ExceptionKind::kDeltaAnalysis,
     "Index <columnIndex> to add column <columnName> is lower than 0"},
    {"DELTA_ADD_COLUMN_PARENT_NOT_STRUCT", "42KD3", ExceptionKind::kDeltaAnalysis,
     "Cannot add <columnName> because its parent is not a StructType. Found <other>"},
    {"DELTA_ADD_COLUMN_STRUCT_NOT_FOUND", "42KD3", ExceptionKind::kDeltaAnalysis,
     "Struct not found at position <position>"},
    {"DELTA_ADD_CONSTRAINTS", "0A000", ExceptionKind::kDeltaAnalysis,
     "Please use ALTER TABLE ADD CONSTRAINT to add CHECK constraints."},
    {"DELTA_AGGREGATE_IN_GENERATED_COLUMN", "42621", ExceptionKind::kDeltaAnalysis,
     "Found <sqlExpr>. A generated column cannot use an aggregate expression"},
    {"DELTA_AGGREGATION_NOT_SUPPORTED", "42903", ExceptionKind::kDeltaAnalysis,
     "Aggregate functions are not supported in the <operation> <predicate>."},
    {"DELTA_ALTER_TABLE_CHANGE_COL_NOT_SUPPORTED", "42837", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE CHANGE COLUMN is not supported for changing column <currentType> to <newType>"},
    {"DELTA_ALTER_TABLE_CLUSTER_BY_NOT_ALLOWED", "42000", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE CLUSTER BY is supported only for Delta table with clustering."},
    {"DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED", "42000", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE CLUSTER BY cannot be applied to a partitioned table."},
    {"DELTA_ALTER_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED", "42000", ExceptionKind::kDeltaAnalysis,
     "Cannot enable <tableFeature> table feature using ALTER TABLE SET TBLPROPERTIES. Please use "
     "CREATE OR REPLACE TABLE CLUSTER BY to create a Delta table with clustering."},
    {"DELTA_AMBIGUOUS_DATA_TYPE_CHANGE", "429BQ", ExceptionKind::kDeltaAnalysis,
     "Cannot change data type of <column> from <from> to <to>. This change contains column "
     "removals and additions, therefore they are ambiguous. Please make these changes "
     "individually using ALTER TABLE [ADD | DROP | RENAME] COLUMN."},
    {"DELTA_AMBIGUOUS_PARTITION_COLUMN", "42702", ExceptionKind::kDeltaAnalysis,
     "Ambiguous partition column <column> can be <colMatches>."},
    {"DELTA_AMBIGUOUS_PATHS_IN_CREATE_TABLE", "42613", ExceptionKind::kDeltaAnalysis,
     "CREATE TABLE contains two different locations: <identifier> and <location>.\nYou can "
     "remove the LOCATION clause from the CREATE TABLE statement, or set\n<config> to true to "
     "skip this check.\n"},
    {"DELTA_BLOCK_COLUMN_MAPPING_AND_CDC_OPERATION", "42KD4", ExceptionKind::kDeltaUnsupported,
     "Operation \"<opName>\" is not allowed when the table has enabled change data feed (CDF) "
     "and has undergone schema changes using DROP COLUMN or RENAME COLUMN."},
    {"DELTA_CANNOT_CHANGE_DATA_TYPE", "429BQ", ExceptionKind::kDeltaAnalysis, "Cannot change data type: <dataType>"},
    {"DELTA_CANNOT_CHANGE_LOCATION", "42601", ExceptionKind::kDeltaAnalysis,
     "Cannot change the 'location' of the Delta table using SET TBLPROPERTIES. Please use ALTER "
     "TABLE SET LOCATION instead."},
    {"DELTA_CANNOT_CHANGE_PROVIDER", "42939", ExceptionKind::kDeltaAnalysis,
     "'provider' is a reserved table property, and cannot be altered."},
    {"DELTA_CANNOT_CONVERT_TO_FILEFORMAT", "XXKDS", ExceptionKind::kDeltaAnalysis,
     "Can not convert<className> to FileFormat."},
    {"DELTA_CANNOT_CREATE_LOG_PATH", "42KD5", ExceptionKind::kDeltaIo, "Cannot create <path>"},
    {"DELTA_CANNOT_DESCRIBE_VIEW_HISTORY", "42809", ExceptionKind::kDeltaAnalysis,
     "Cannot describe the history of a view."},
    {"DELTA_CANNOT_DROP_CHECK_CONSTRAINT_FEATURE", "0AKDE", ExceptionKind::kDeltaAnalysis,
     "Cannot drop the CHECK constraints table feature.\nThe following constraints must be "
     "dropped first: <constraints>."},
    {"DELTA_CANNOT_EVALUATE_EXPRESSION", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Cannot evaluate expression: <expression>"},
    {"DELTA_CANNOT_FIND_VERSION", "XXKDS", ExceptionKind::kDeltaIllegalState, "Cannot find 'sourceVersion' in <json>"},
    {"DELTA_CANNOT_GENERATE_CODE_FOR_EXPRESSION", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Cannot generate code for expression: <expression>"},
    {"DELTA_CANNOT_GENERATE_UPDATE_EXPRESSIONS", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Calling without generated columns should always return a update expression for each column"},
    {"DELTA_CANNOT_MODIFY_APPEND_ONLY", "42809", ExceptionKind::kDeltaUnsupported,
     "This table is configured to only allow appends. If you would like to permit updates or "
     "deletes, use 'ALTER TABLE <table_name> SET TBLPROPERTIES (<config>=false)'."},
    {"DELTA_CANNOT_MODIFY_TABLE_PROPERTY", "42939", ExceptionKind::kDeltaUnsupported,
     "The Delta table configuration <prop> cannot be specified by the user"},
    {"DELTA_CANNOT_RECONSTRUCT_PATH_FROM_URI", "22KD1", ExceptionKind::kDeltaRuntime,
     "A uri (<uri>) which cannot be turned into a relative path was found in the transaction log."},
    {"DELTA_CANNOT_RENAME_PATH", "22KD1", ExceptionKind::kDeltaIllegalState,
     "Cannot rename <currentPath> to <newPath>"},
    {"DELTA_CANNOT_REPLACE_MISSING_TABLE", "42P01", ExceptionKind::kDeltaAnalysis,
     "Table <tableName> cannot be replaced as it does not exist. Use CREATE OR REPLACE TABLE to "
     "create the table."},
    {"DELTA_CANNOT_RESOLVE_COLUMN", "42703", ExceptionKind::kDeltaAnalysis,
     "Can't resolve column <columnName> in <schema>"},
    {"DELTA_CANNOT_RESOLVE_SOURCE_COLUMN", "XXKDS", ExceptionKind::kDeltaAnalysis,
     "Couldn't resolve qualified source column <columnName> within the source query."},
    {"DELTA_CANNOT_RESTORE_TABLE_VERSION", "22003", ExceptionKind::kDeltaAnalysis,
     "Cannot restore table to version <version>. Available versions: [<startVersion>, "
     "<endVersion>]."},
    {"DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER", "22003", ExceptionKind::kDeltaAnalysis,
     "Cannot restore table to timestamp (<requestedTimestamp>) as it is before the earliest "
     "version available. Please use a timestamp after (<earliestTimestamp>)."},
    {"DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER", "22003", ExceptionKind::kDeltaAnalysis,
     "Cannot restore table to timestamp (<requestedTimestamp>) as it is after the latest version "
     "available. Please use a timestamp before (<latestTimestamp>)"},
    {"DELTA_CANNOT_SET_LOCATION_MULTIPLE_TIMES", "XXKDS", ExceptionKind::kDeltaIllegalArgument,
     "Can't set location multiple times. Found <location>"},
    {"DELTA_CANNOT_SET_LOCATION_ON_PATH_IDENTIFIER", "42613", ExceptionKind::kDeltaAnalysis,
     "Cannot change the location of a path based table."},
    {"DELTA_CANNOT_UPDATE_ARRAY_FIELD", "429BQ", ExceptionKind::kDeltaAnalysis,
     "Cannot update %1$s field %2$s type: update the element by updating %2$s.element"},
    {"DELTA_CANNOT_UPDATE_MAP_FIELD", "429BQ", ExceptionKind::kDeltaAnalysis,
     "Cannot update %1$s field %2$s type: update a map by updating %2$s.key or %2$s.value"},
    {"DELTA_CANNOT_UPDATE_OTHER_FIELD", "429BQ", ExceptionKind::kDeltaAnalysis,
     "Cannot update <tableName> field of type <typeName>"},
    {"DELTA_CANNOT_UPDATE_STRUCT_FIELD", "429BQ", ExceptionKind::kDeltaAnalysis,
     "Cannot update <tableName> field <fieldName> type: update struct by adding, deleting, or "
     "updating its fields"},
    {"DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION", "428FT", ExceptionKind::kDeltaAnalysis,
     "Cannot use all columns for partition columns"},
    {"DELTA_CANNOT_VACUUM_LITE", "55000", ExceptionKind::kDeltaIllegalState,
     "VACUUM LITE cannot delete all eligible files as some files are not referenced by the Delta "
     "log. Please run VACUUM FULL."},
    {"DELTA_CANNOT_WRITE_INTO_VIEW", "0A000", ExceptionKind::kDeltaAnalysis,
     "<table> is a view. Writes to a view are not supported."},
    {"DELTA_CAST_OVERFLOW_IN_TABLE_WRITE", "22003", ExceptionKind::kArithmetic,
     "Failed to write a value of <sourceType> type into the <targetType> type column "
     "<columnName> due to an overflow.\nUse `try_cast` on the input value to tolerate overflow "
     "and return NULL instead.\nIf necessary, set <storeAssignmentPolicyFlag> to \"LEGACY\" to "
     "bypass this error or set <updateAndMergeCastingFollowsAnsiEnabledFlag> to true to revert "
     "to the old behaviour and follow <ansiEnabledFlag> in UPDATE and MERGE."},
    {"DELTA_CDC_NOT_ALLOWED_IN_THIS_VERSION", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Configuration delta.enableChangeDataFeed cannot be set. Change data feed from Delta is not "
     "yet available."},
    {"DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "Retrieving table changes between version <start> and <end> failed because of an "
     "incompatible data schema.\nYour read schema is <readSchema> at version <readVersion>, but "
     "we found an incompatible data schema at version <incompatibleVersion>.\nIf possible, "
     "please retrieve the table changes using the end version's schema by setting <config> to "
     "`endVersion`, or contact support."},
    {"DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "Retrieving table changes between version <start> and <end> failed because of an "
     "incompatible schema change.\nYour read schema is <readSchema> at version <readVersion>, "
     "but we found an incompatible schema change at version <incompatibleVersion>.\nIf possible, "
     "please query table changes separately from version <start> to <incompatibleVersion> - 1, "
     "and from version <incompatibleVersion> to <end>."},
    {"DELTA_CHANGE_TABLE_FEED_DISABLED", "42807", ExceptionKind::kDeltaAnalysis,
     "Cannot write to table with delta.enableChangeDataFeed set. Change data feed from Delta is "
     "not available."},
    {"DELTA_CHECKPOINT_NON_EXIST_TABLE", "42K03", ExceptionKind::kDeltaIllegalState,
     "Cannot checkpoint a non-existing table <path>. Did you manually delete files in the "
     "_delta_log directory?"},
    {"DELTA_CHECKPOINT_SNAPSHOT_MISMATCH", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "State of the checkpoint doesn't match that of the snapshot."},
    {"DELTA_CLONE_AMBIGUOUS_TARGET", "42613", ExceptionKind::kDeltaIllegalArgument,
     "\nTwo paths were provided as the CLONE target so it is ambiguous which to use. An "
     "external\nlocation for CLONE was provided at <externalLocation> at the same time as the "
     "path\n<targetIdentifier>."},
    {"DELTA_CLONE_UNSUPPORTED_SOURCE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Unsupported clone source '<name>', whose format is <format>.\nThe supported formats are "
     "'delta', 'iceberg' and 'parquet'."},
    {"DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED", "0A000", ExceptionKind::kDeltaAnalysis,
     "CLUSTER BY is not supported because the following column(s): <columnsWithDataTypes> don't "
     "support data skipping."},
    {"DELTA_CLUSTERING_COLUMNS_MISMATCH", "42P10", ExceptionKind::kDeltaAnalysis,
     "The provided clustering columns do not match the existing table's.\n- provided: "
     "<providedClusteringColumns>\n- existing: <existingClusteringColumns>"},
    {"DELTA_CLUSTERING_COLUMN_MISSING_STATS", "22000", ExceptionKind::kDeltaAnalysis,
     "Clustering requires clustering columns to have stats. Couldn't find clustering column(s) "
     "'<columns>' in stats schema:\n<schema>"},
    {"DELTA_CLUSTERING_REPLACE_TABLE_WITH_PARTITIONED_TABLE", "42000", ExceptionKind::kDeltaAnalysis,
     "Replacing a clustered Delta table with a partitioned table is not allowed."},
    {"DELTA_CLUSTERING_WITH_PARTITION_PREDICATE", "0A000", ExceptionKind::kDeltaUnsupported,
     "OPTIMIZE command for Delta table with clustering doesn't support partition predicates. "
     "Please remove the predicates: <predicates>."},
    {"DELTA_CLUSTERING_WITH_ZORDER_BY", "42613", ExceptionKind::kDeltaAnalysis,
     "OPTIMIZE command for Delta table with clustering cannot specify ZORDER BY. Please remove "
     "ZORDER BY (<zOrderBy>)."},
    {"DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS", "54000", ExceptionKind::kDeltaAnalysis,
     "CLUSTER BY supports up to <numColumnsLimit> clustering columns, but the table has "
     "<actualNumColumns> clustering columns. Please remove the extra clustering columns."},
    {"DELTA_CLUSTER_BY_WITH_PARTITIONED_BY", "42613", ExceptionKind::kDeltaAnalysis,
     "Clustering and partitioning cannot both be specified. Please remove partitionedBy if you "
     "want to create a Delta table with clustering."},
    {"DELTA_COLUMN_DATA_SKIPPING_NOT_SUPPORTED_PARTITIONED_COLUMN", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Data skipping is not supported for partition column '<column>'."},
    {"DELTA_COLUMN_DATA_SKIPPING_NOT_SUPPORTED_TYPE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Data skipping is not supported for column '<column>' of type <type>."},
    {"DELTA_COLUMN_MAPPING_MAX_COLUMN_ID_NOT_SET", "42703", ExceptionKind::kDeltaAnalysis,
     "The max column id property (<prop>) is not set on a column mapping enabled table."},
    {"DELTA_COLUMN_MAPPING_MAX_COLUMN_ID_NOT_SET_CORRECTLY", "42703", ExceptionKind::kDeltaAnalysis,
     "The max column id property (<prop>) on a column mapping enabled table is <tableMax>, which "
     "cannot be smaller than the max column id for all fields (<fieldMax>)."},
    {"DELTA_COLUMN_MISSING_DATA_TYPE", "42601", ExceptionKind::kDeltaAnalysis,
     "The data type of the column <colName> was not provided."},
    {"DELTA_COLUMN_NOT_FOUND", "42703", ExceptionKind::kDeltaAnalysis,
     "Unable to find the column `<columnName>` given [<columnList>]"},
    {"DELTA_COLUMN_NOT_FOUND_IN_MERGE", "42703", ExceptionKind::kDeltaAnalysis,
     "Unable to find the column '<targetCol>' of the target table from the INSERT columns: "
     "<colNames>. INSERT clause must specify value for all the columns of the target table."},
    {"DELTA_COLUMN_NOT_FOUND_IN_SCHEMA", "42703", ExceptionKind::kDeltaAnalysis,
     "Couldn't find column <columnName> in:\n<tableSchema>"},
    {"DELTA_COLUMN_PATH_NOT_NESTED", "42704", ExceptionKind::kDeltaAnalysis,
     "Expected <columnPath> to be a nested data type, but found <other>. Was looking for "
     "the\nindex of <column> in a nested field.\nSchema:\n<schema>"},
    {"DELTA_COLUMN_STRUCT_TYPE_MISMATCH", "2200G", ExceptionKind::kDeltaAnalysis,
     "Struct column <source> cannot be inserted into a <targetType> field <targetField> in "
     "<targetTable>."},
    {"DELTA_COMPLEX_TYPE_COLUMN_CONTAINS_NULL_TYPE", "22005", ExceptionKind::kDeltaAnalysis,
     " Found nested NullType in column <columName> which is of <dataType>. Delta doesn't support "
     "writing NullType in complex types."},
    {"DELTA_CONCURRENT_APPEND", "2D521", ExceptionKind::kDeltaConcurrentAppend,
     "ConcurrentAppendException: Files were added to <partition> by a concurrent update. "
     "<retryMsg><conflictingCommit>\nRefer to <docLink> for more details."},
    {"DELTA_CONCURRENT_DELETE_DELETE", "2D521", ExceptionKind::kDeltaConcurrentDeleteDelete,
     "ConcurrentDeleteDeleteException: This transaction attempted to delete one or more files "
     "that were deleted (for example <file>) by a concurrent update. Please try the operation "
     "again.<conflictingCommit>\nRefer to <docLink> for more details."},
    {"DELTA_CONCURRENT_DELETE_READ", "2D521", ExceptionKind::kDeltaConcurrentDeleteRead,
     "ConcurrentDeleteReadException: This transaction attempted to read one or more files that "
     "were deleted (for example <file>) by a concurrent update. Please try the operation "
     "again.<conflictingCommit>\nRefer to <docLink> for more details."},
    {"DELTA_CONCURRENT_TRANSACTION", "2D521", ExceptionKind::kDeltaConcurrentTransaction,
     "ConcurrentTransactionException: This error occurs when multiple streaming queries are "
     "using the same checkpoint to write into this table. Did you run multiple instances of the "
     "same streaming query at the same time?<conflictingCommit>\nRefer to <docLink> for more "
     "details."},
    {"DELTA_CONCURRENT_WRITE", "2D521", ExceptionKind::kDeltaConcurrentWrite,
     "ConcurrentWriteException: A concurrent transaction has written new data since the current "
     "transaction read the table. Please try the operation again.\nRefer to <docLink> for more "
     "details."},
    {"DELTA_CONFIGURE_SPARK_SESSION_WITH_EXTENSION_AND_CATALOG", "56038", ExceptionKind::kDeltaAnalysis,
     "This Delta operation requires the SparkSession to be configured with "
     "the\nDeltaSparkSessionExtension and the DeltaCatalog. Please set the "
     "necessary\nconfigurations when creating the SparkSession as shown below.\n\n  "
     "SparkSession.builder()\n    .config(\"spark.sql.extensions\", "
     "\"<sparkSessionExtensionName>\")\n    .config(\"<catalogKey>\", \"<catalogClassName>\")\n  "
     "  ...\n    .getOrCreate()\n\nIf you are using spark-shell/pyspark/spark-submit, you can "
     "add the required configurations to the command as show below:\n--conf "
     "spark.sql.extensions=<sparkSessionExtensionName> --conf <catalogKey>=<catalogClassName>\n"},
    {"DELTA_CONFLICT_SET_COLUMN", "42701", ExceptionKind::kDeltaAnalysis,
     "There is a conflict from these SET columns: <columnList>."},
    {"DELTA_CONF_OVERRIDE_NOT_SUPPORTED_IN_COMMAND", "42616", ExceptionKind::kDeltaAnalysis,
     "During <command>, configuration \"<configuration>\" cannot be set from the command. Please "
     "remove it from the TBLPROPERTIES clause and then retry the command again."},
    {"DELTA_CONF_OVERRIDE_NOT_SUPPORTED_IN_SESSION", "42616", ExceptionKind::kDeltaAnalysis,
     "During <command>, configuration \"<configuration>\" cannot be set from the SparkSession "
     "configurations. Please unset it by running `spark.conf.unset(\"<configuration>\")` and "
     "then retry the command again."},
    {"DELTA_CONSTRAINT_ALREADY_EXISTS", "42710", ExceptionKind::kDeltaAnalysis,
     "Constraint '<constraintName>' already exists. Please delete the old constraint first.\nOld "
     "constraint:\n<oldConstraint>"},
    {"DELTA_CONSTRAINT_DATA_TYPE_MISMATCH", "42K09", ExceptionKind::kDeltaAnalysis,
     "Column <columnName> has data type <columnType> and cannot be altered to data type "
     "<dataType> because this column is referenced by the following check "
     "constraint(s):\n<constraints>"},
    {"DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE", "42K09", ExceptionKind::kDeltaAnalysis,
     "Cannot alter column <columnName> because this column is referenced by the following check "
     "constraint(s):\n<constraints>"},
    {"DELTA_CONSTRAINT_DOES_NOT_EXIST", "42704", ExceptionKind::kDeltaAnalysis,
     "Cannot drop nonexistent constraint <constraintName> from table <tableName>. To avoid "
     "throwing an error, provide the parameter IF EXISTS or set the SQL session configuration "
     "<config> to <confValue>."},
    {"DELTA_CONVERSION_NO_PARTITION_FOUND", "42KD6", ExceptionKind::kDeltaAnalysis,
     "Found no partition information in the catalog for table <tableName>. Have you run \"MSCK "
     "REPAIR TABLE\" on your table to discover partitions?"},
    {"DELTA_CONVERSION_UNSUPPORTED_COLUMN_MAPPING", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "The configuration '<config>' cannot be set to `<mode>` when using CONVERT TO DELTA."},
    {"DELTA_CONVERT_NON_PARQUET_TABLE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "CONVERT TO DELTA only supports parquet tables, but you are trying to convert a "
     "<sourceName> source: <tableId>"},
    {"DELTA_CONVERT_TO_DELTA_ROW_TRACKING_WITHOUT_STATS", "22000", ExceptionKind::kDeltaIllegalState,
     "Cannot enable row tracking without collecting statistics.\nIf you want to enable row "
     "tracking, do the following:\n  1. Enable statistics collection by running the command\n    "
     " SET <statisticsCollectionPropertyKey> = true\n  2. Run CONVERT TO DELTA without the NO "
     "STATISTICS option.\n\nIf you do not want to collect statistics, disable row tracking:\n  "
     "1. Deactivate enabling the table feature by default by running the command:\n     RESET "
     "<rowTrackingTableFeatureDefaultKey>\n  2. Deactivate the table property by default by "
     "running:\n     SET <rowTrackingDefaultPropertyKey> = false"},
    {"DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_SCHEMA", "42601", ExceptionKind::kDeltaAnalysis,
     "\nYou are trying to create an external table <tableName>\nfrom `<path>` using Delta, but "
     "the schema is not specified when the\ninput path is empty.\n\nTo learn more about Delta, "
     "see <docLink>"},
    {"DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_TXN_LOG", "42K03", ExceptionKind::kDeltaAnalysis,
     "\nYou are trying to create an external table <tableName>\nfrom `<path>` using Delta, but "
     "there is no transaction log present at\n`<path>/_delta_log`. Check the upstream job to make "
     "sure that it is writing using\nformat(\"delta\") and that the path is the root of the "
     "table.\n\nTo learn more about Delta, see <docLink>"},
    {"DELTA_CREATE_TABLE_IDENTIFIER_LOCATION_MISMATCH", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Creating path-based Delta table with a different location isn't supported. Identifier: "
     "<identifier>, Location: <location>"},
    {"DELTA_CREATE_TABLE_MISSING_TABLE_NAME_OR_LOCATION", "42601", ExceptionKind::kDeltaAnalysis,
     "Table name or location has to be specified."},
    {"DELTA_CREATE_TABLE_SCHEME_MISMATCH", "42KD7", ExceptionKind::kDeltaAnalysis,
     "The specified schema does not match the existing schema at <path>.\n\n== Specified "
     "==\n<specifiedSchema>\n\n== Existing ==\n<existingSchema>\n\n== Differences "
     "==\n<schemaDifferences>\n\nIf your intention is to keep the existing schema, you can omit "
     "the\nschema from the create table command. Otherwise please ensure that\nthe schema "
     "matches."},
    {"DELTA_CREATE_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED", "42000", ExceptionKind::kDeltaAnalysis,
     "Cannot enable <tableFeature> table feature using TBLPROPERTIES. Please use CREATE OR "
     "REPLACE TABLE CLUSTER BY to create a Delta table with clustering."},
    {"DELTA_CREATE_TABLE_WITH_DIFFERENT_CLUSTERING", "42KD7", ExceptionKind::kDeltaAnalysis,
     "The specified clustering columns do not match the existing clustering columns at "
     "<path>.\n== Specified ==\n<specifiedColumns>\n== Existing ==\n<existingColumns>\n"},
    {"DELTA_CREATE_TABLE_WITH_DIFFERENT_PARTITIONING", "42KD7", ExceptionKind::kDeltaAnalysis,
     "The specified partitioning does not match the existing partitioning at <path>.\n\n== "
     "Specified ==\n<specifiedColumns>\n\n== Existing ==\n<existingColumns>\n"},
    {"DELTA_CREATE_TABLE_WITH_DIFFERENT_PROPERTY", "42KD7", ExceptionKind::kDeltaAnalysis,
     "The specified properties do not match the existing properties at <path>.\n\n== Specified "
     "==\n<specificiedProperties>\n\n== Existing ==\n<existingProperties>\n"},
    {"DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION", "42601", ExceptionKind::kDeltaAnalysis,
     "Cannot create table ('<tableId>'). The associated location ('<tableLocation>') is not "
     "empty and also not a Delta table."},
    {"DELTA_DATA_CHANGE_FALSE", "0AKDE", ExceptionKind::kDeltaAnalysis,
     "Cannot change table metadata because the 'dataChange' option is set to false. Attempted "
     "operation: '<op>'."},
    {"DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH", "XXKDS", ExceptionKind::kDeltaIo,
     "Deletion vector integrity check failed. Encountered a cardinality mismatch.\nDeletion vector <path> of the table "
     "<tablePath>: <reason>."},
    {"DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH", "XXKDS", ExceptionKind::kDeltaIo,
     "Could not verify deletion vector integrity, CRC checksum verification failed.\nDeletion vector <path> of the "
     "table <tablePath>: <reason>."},
    {"DELTA_DELETION_VECTOR_INVALID_ROW_INDEX", "XXKDS", ExceptionKind::kDeltaIo,
     "Deletion vector integrity check failed. Encountered an invalid row index."},
    {"DELTA_DELETION_VECTOR_MISSING_NUM_RECORDS", "2D521", ExceptionKind::kDeltaRuntime,
     "It is invalid to commit files with deletion vectors that are missing the numRecords "
     "statistic."},
    {"DELTA_DELETION_VECTOR_SIZE_MISMATCH", "XXKDS", ExceptionKind::kDeltaIo,
     "Deletion vector integrity check failed. Encountered a size mismatch.\nDeletion vector <path> of the table "
     "<tablePath>: <reason>."},
    {"DELTA_DOMAIN_METADATA_NOT_SUPPORTED", "0A000", ExceptionKind::kDeltaIllegalArgument,
     "Detected DomainMetadata action(s) for domains <domainNames>, but "
     "DomainMetadataTableFeature is not enabled."},
    {"DELTA_DROP_COLUMN_AT_INDEX_LESS_THAN_ZERO", "42KD8", ExceptionKind::kDeltaAnalysis,
     "Index <columnIndex> to drop column is lower than 0"},
    {"DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Cannot drop column from a schema with a single column. Schema:\n<schema>"},
    {"DELTA_DUPLICATE_COLUMNS_FOUND", "42711", ExceptionKind::kDeltaAnalysis,
     "Found duplicate column(s) <coltype>: <duplicateCols>"},
    {"DELTA_DUPLICATE_COLUMNS_ON_INSERT", "42701", ExceptionKind::kDeltaAnalysis,
     "Duplicate column names in INSERT clause"},
    {"DELTA_DUPLICATE_COLUMNS_ON_UPDATE_TABLE", "42701", ExceptionKind::kDeltaAnalysis,
     "<message>\nPlease remove duplicate columns before you update your table."},
    {"DELTA_DUPLICATE_DATA_SKIPPING_COLUMNS", "42701", ExceptionKind::kDeltaAnalysis,
     "Duplicated data skipping columns found: <columns>."},
    {"DELTA_DUPLICATE_DOMAIN_METADATA_INTERNAL_ERROR", "42601", ExceptionKind::kDeltaIllegalArgument,
     "Internal error: two DomainMetadata actions within the same transaction have the same "
     "domain <domainName>"},
    {"DELTA_DYNAMIC_PARTITION_OVERWRITE_DISABLED", "0A000", ExceptionKind::kDeltaIllegalArgument,
     "Dynamic partition overwrite mode is specified by session config or write options, but it "
     "is disabled by `delta.dynamicPartitionOverwrite.enabled=false`."},
    {"DELTA_EMPTY_DATA", "428GU", ExceptionKind::kDeltaAnalysis,
     "Data used in creating the Delta table doesn't have any columns."},
    {"DELTA_EMPTY_DIRECTORY", "42K03", ExceptionKind::kDeltaFileNotFound,
     "No file found in the directory: <directory>."},
    {"DELTA_EXCEED_CHAR_VARCHAR_LIMIT", "22001", ExceptionKind::kDeltaInvariantViolation,
     "Value \"<value>\" exceeds char/varchar type length limitation. Failed check: <expr>."},
    {"DELTA_EXPRESSIONS_NOT_FOUND_IN_GENERATED_COLUMN", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Cannot find the expressions in the generated column <columnName>"},
    {"DELTA_EXTRACT_REFERENCES_FIELD_NOT_FOUND", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Field <fieldName> could not be found when extracting references."},
};
}  // namespace

std::span<const ConditionRow> DeltaConditionsAToE() { return kRows; }

}  // namespace deltic::spark::errors

// Error conditions of Delta 3.3.2, DELTA_T to DELTA_Z and those without the prefix.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS", "42711", ExceptionKind::kDeltaIllegalState,
     "Unable to enable Change Data Capture on the table. The table already contains\nreserved "
     "columns <columnList> that will\nbe used internally as metadata for the table's Change Data "
     "Feed. To enable\nChange Data Feed on the table rename/drop these columns.\n"},
    {"DELTA_TABLE_ALREADY_EXISTS", "42P07", ExceptionKind::kDeltaAnalysis, "Table <tableName> already exists."},
    {"DELTA_TABLE_FOR_PATH_UNSUPPORTED_HADOOP_CONF", "0AKDC", ExceptionKind::kDeltaIllegalArgument,
     "Currently DeltaTable.forPath only supports hadoop configuration keys starting with "
     "<allowedPrefixes> but got <unsupportedOptions>"},
    {"DELTA_TABLE_FOUND_IN_EXECUTOR", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "DeltaTable cannot be used in executors"},
    {"DELTA_TABLE_LOCATION_MISMATCH", "42613", ExceptionKind::kDeltaAnalysis,
     "The location of the existing table <tableName> is <existingTableLocation>. It doesn't "
     "match the specified location <tableLocation>."},
    {"DELTA_TABLE_NOT_FOUND", "42P01", ExceptionKind::kDeltaAnalysis, "Delta table <tableName> doesn't exist."},
    {"DELTA_TABLE_NOT_SUPPORTED_IN_OP", "42809", ExceptionKind::kDeltaAnalysis,
     "Table is not supported in <operation>. Please use a path instead."},
    {"DELTA_TABLE_ONLY_OPERATION", "0AKDD", ExceptionKind::kDeltaAnalysis,
     "<tableName> is not a Delta table. <operation> is only supported for Delta tables."},
    {"DELTA_TARGET_TABLE_FINAL_SCHEMA_EMPTY", "428GU", ExceptionKind::kDeltaAnalysis,
     "Target table final schema is empty."},
    {"DELTA_TIMESTAMP_GREATER_THAN_COMMIT", "42816", ExceptionKind::kDeltaAnalysis,
     "The provided timestamp (<providedTimestamp>) is after the latest version available to "
     "this\ntable (<tableName>). Please use a timestamp before or at <maximumTimestamp>."},
    {"DELTA_TIMESTAMP_INVALID", "42816", ExceptionKind::kDeltaAnalysis,
     "The provided timestamp (<expr>) cannot be converted to a valid timestamp."},
    {"DELTA_TIME_TRAVEL_INVALID_BEGIN_VALUE", "42604", ExceptionKind::kDeltaIllegalArgument,
     "<timeTravelKey> needs to be a valid begin value."},
    {"DELTA_TRUNCATED_TRANSACTION_LOG", "42K03", ExceptionKind::kDeltaFileNotFound,
     "<path>: Unable to reconstruct state at version <version> as the transaction log has been "
     "truncated due to manual deletion or the log retention policy "
     "(<logRetentionKey>=<logRetention>) and checkpoint retention policy "
     "(<checkpointRetentionKey>=<checkpointRetention>)"},
    {"DELTA_TRUNCATE_TABLE_PARTITION_NOT_SUPPORTED", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Operation not allowed: TRUNCATE TABLE on Delta tables does not support partition "
     "predicates; use DELETE to delete specific partitions or rows."},
    {"DELTA_TXN_LOG_FAILED_INTEGRITY", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "The transaction log has failed integrity checks. Failed verification at version <version> "
     "of:\n<mismatchStringOpt>\nThe checksum is in <path>. If the log is right and the checksum is not, remove that "
     "file or set spark.databricks.delta.checksum.mismatch.fatal to false."},
    {"DELTA_UDF_IN_GENERATED_COLUMN", "42621", ExceptionKind::kDeltaAnalysis,
     "Found <udfExpr>. A generated column cannot use a user-defined function"},
    {"DELTA_UNEXPECTED_ACTION_EXPRESSION", "42601", ExceptionKind::kDeltaAnalysis,
     "Unexpected action expression <expression>."},
    {"DELTA_UNEXPECTED_ALIAS", "XXKDS", ExceptionKind::kDeltaIllegalArgument, "Expected Alias but got <alias>"},
    {"DELTA_UNEXPECTED_ATTRIBUTE_REFERENCE", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Expected AttributeReference but got <ref>"},
    {"DELTA_UNEXPECTED_CHANGE_FILES_FOUND", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Change files found in a dataChange = false transaction. Files:\n<fileList>"},
    {"DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME", "KD009", ExceptionKind::kDeltaAnalysis,
     "Expecting <expectedColsSize> partition column(s): <expectedCols>, but found "
     "<parsedColsSize> partition column(s): <parsedCols> from parsing the file name: <path>"},
    {"DELTA_UNEXPECTED_PARTIAL_SCAN", "KD00A", ExceptionKind::kDeltaAnalysis,
     "Expect a full scan of Delta sources, but found a partial scan. path:<path>"},
    {"DELTA_UNEXPECTED_PARTITION_COLUMN_FROM_FILE_NAME", "KD009", ExceptionKind::kDeltaAnalysis,
     "Expecting partition column <expectedCol>, but found partition column <parsedCol> from "
     "parsing the file name: <path>"},
    {"DELTA_UNEXPECTED_PARTITION_SCHEMA_FROM_USER", "KD009", ExceptionKind::kDeltaAnalysis,
     "CONVERT TO DELTA was called with a partition schema different from the partition schema "
     "inferred from the catalog, please avoid providing the schema so that the partition schema "
     "can be chosen from the catalog.\n\ncatalog partition "
     "schema:\n<catalogPartitionSchema>\nprovided partition schema:\n<userPartitionSchema>"},
    {"DELTA_UNEXPECTED_PROJECT", "XXKDS", ExceptionKind::kDeltaIllegalState, "Expected Project but got <project>"},
    {"DELTA_UNKNOWN_CONFIGURATION", "F0000", ExceptionKind::kDeltaAnalysis, ""},
    {"DELTA_UNKNOWN_PRIVILEGE", "42601", ExceptionKind::kDeltaIllegalArgument, "Unknown privilege: <privilege>"},
    {"DELTA_UNKNOWN_READ_LIMIT", "42601", ExceptionKind::kDeltaUnsupported, "Unknown ReadLimit: <limit>"},
    {"DELTA_UNRECOGNIZED_COLUMN_CHANGE", "42601", ExceptionKind::kDeltaUnsupported,
     "Unrecognized column change <otherClass>. You may be running an out-of-date Delta Lake "
     "version."},
    {"DELTA_UNRECOGNIZED_FILE_ACTION", "XXKDS", ExceptionKind::kDeltaIllegalState,
     "Unrecognized file action <action> with type <actionClass>."},
    {"DELTA_UNRECOGNIZED_INVARIANT", "56038", ExceptionKind::kDeltaUnsupported,
     "Unrecognized invariant. Please upgrade your Spark version."},
    {"DELTA_UNRECOGNIZED_LOGFILE", "KD00B", ExceptionKind::kDeltaUnsupported, "Unrecognized log file <filename>"},
    {"DELTA_UNSET_NON_EXISTENT_PROPERTY", "42616", ExceptionKind::kDeltaAnalysis,
     "Attempted to unset non-existent property '<property>' in table <tableName>"},
    {"DELTA_UNSUPPORTED_ABS_PATH_ADD_FILE", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "<path> does not support adding files with an absolute path"},
    {"DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "ALTER TABLE CHANGE COLUMN is not supported for changing column <fieldPath> from <oldField> "
     "to <newField>"},
    {"DELTA_UNSUPPORTED_ALTER_TABLE_REPLACE_COL_OP", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Unsupported ALTER TABLE REPLACE COLUMNS operation. Reason: <details>\n\nFailed to change "
     "schema from:\n<oldSchema>\nto:\n<newSchema>"},
    {"DELTA_UNSUPPORTED_CLONE_REPLACE_SAME_TABLE", "0AKDC", ExceptionKind::kDeltaIllegalArgument,
     "\nYou tried to REPLACE an existing table (<tableName>) with CLONE. This operation "
     "is\nunsupported. Try a different target for CLONE or delete the table at the current "
     "target.\n"},
    {"DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "Changing column mapping mode from '<oldMode>' to '<newMode>' is not supported."},
    {"DELTA_UNSUPPORTED_COLUMN_MAPPING_SCHEMA_CHANGE", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "\nSchema change is detected:\n\nold schema:\n<oldTableSchema>\n\nnew "
     "schema:\n<newTableSchema>\n\nSchema changes are not allowed during the change of column "
     "mapping mode.\n\n"},
    {"DELTA_UNSUPPORTED_COLUMN_MAPPING_WRITE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Writing data with column mapping mode is not supported."},
    {"DELTA_UNSUPPORTED_COMMENT_MAP_ARRAY", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Can't add a comment to <fieldPath>. Adding a comment to a map key/value or array element "
     "is not supported."},
    {"DELTA_UNSUPPORTED_DATA_TYPES", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Found columns using unsupported data types: <dataTypeList>. You can set '<config>' to "
     "'false' to disable the type check. Disabling this type check may allow users to create "
     "unsupported Delta tables and should only be used when trying to read/write legacy tables."},
    {"DELTA_UNSUPPORTED_DATA_TYPE_IN_GENERATED_COLUMN", "42621", ExceptionKind::kDeltaAnalysis,
     "<dataType> cannot be the result of a generated column"},
    {"DELTA_UNSUPPORTED_DEEP_CLONE", "0A000", ExceptionKind::kDeltaIllegalArgument,
     "Deep clone is not supported by this Delta version."},
    {"DELTA_UNSUPPORTED_DESCRIBE_DETAIL_VIEW", "42809", ExceptionKind::kDeltaAnalysis,
     "<view> is a view. DESCRIBE DETAIL is only supported for tables."},
    {"DELTA_UNSUPPORTED_DROP_CLUSTERING_COLUMN", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Dropping clustering columns (<columnList>) is not allowed."},
    {"DELTA_UNSUPPORTED_DROP_COLUMN", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "DROP COLUMN is not supported for your Delta table. <advice>"},
    {"DELTA_UNSUPPORTED_DROP_NESTED_COLUMN_FROM_NON_STRUCT_TYPE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Can only drop nested columns from StructType. Found <struct>"},
    {"DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Dropping partition columns (<columnList>) is not allowed."},
    {"DELTA_UNSUPPORTED_EXPRESSION", "0A000", ExceptionKind::kDeltaAnalysis,
     "Unsupported expression type(<expType>) for <causedBy>. The supported types are "
     "[<supportedTypes>]."},
    {"DELTA_UNSUPPORTED_EXPRESSION_GENERATED_COLUMN", "42621", ExceptionKind::kDeltaAnalysis,
     "<expression> cannot be used in a generated column"},
    {"DELTA_UNSUPPORTED_FEATURES_FOR_READ", "56038", ExceptionKind::kDeltaTableFeature,
     "Unsupported Delta read feature: table \"<tableNameOrPath>\" requires reader table "
     "feature(s) that are unsupported by Delta Lake \"<deltaVersion>\": <unsupported>."},
    {"DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", "56038", ExceptionKind::kDeltaTableFeature,
     "Unsupported Delta write feature: table \"<tableNameOrPath>\" requires writer table "
     "feature(s) that are unsupported by Delta Lake \"<deltaVersion>\": <unsupported>."},
    {"DELTA_UNSUPPORTED_FEATURES_IN_CONFIG", "56038", ExceptionKind::kDeltaTableFeature,
     "Table features configured in the following Spark configs or Delta table properties are not "
     "recognized by this version of Delta Lake: <configs>."},
    {"DELTA_UNSUPPORTED_FEATURE_STATUS", "0AKDE", ExceptionKind::kDeltaTableFeature,
     "Expecting the status for table feature <feature> to be \"supported\", but got \"<status>\"."},
    {"DELTA_UNSUPPORTED_FIELD_UPDATE_NON_STRUCT", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Updating nested fields is only supported for StructType, but you are trying to update a "
     "field of <columnName>, which is of type: <dataType>."},
    {"DELTA_UNSUPPORTED_GENERATE_WITH_DELETION_VECTORS", "0A000", ExceptionKind::kDeltaUnsupported,
     "The 'GENERATE symlink_format_manifest' command is not supported on table versions with "
     "deletion vectors.\nIf you need to generate manifests, consider disabling deletion vectors "
     "on this table using 'ALTER TABLE table SET TBLPROPERTIES (delta.enableDeletionVectors = "
     "false)'."},
    {"DELTA_UNSUPPORTED_INVARIANT_NON_STRUCT", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "Invariants on nested fields other than StructTypes are not supported."},
    {"DELTA_UNSUPPORTED_IN_SUBQUERY", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "In subquery is not supported in the <operation> condition."},
    {"DELTA_UNSUPPORTED_MANIFEST_GENERATION_WITH_COLUMN_MAPPING", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "Manifest generation is not supported for tables that leverage column mapping, as external "
     "readers cannot read these Delta tables. See Delta documentation for more details."},
    {"DELTA_UNSUPPORTED_MULTI_COL_IN_PREDICATE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Multi-column In predicates are not supported in the <operation> condition."},
    {"DELTA_UNSUPPORTED_NESTED_FIELD_IN_OPERATION", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Nested field is not supported in the <operation> (field = <fieldName>)."},
    {"DELTA_UNSUPPORTED_NON_EMPTY_CLONE", "0AKDC", ExceptionKind::kDeltaIllegalState,
     "The clone destination table is non-empty. Please TRUNCATE or DELETE FROM the table before "
     "running CLONE."},
    {"DELTA_UNSUPPORTED_OUTPUT_MODE", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Data source <dataSource> does not support <mode> output mode"},
    {"DELTA_UNSUPPORTED_RENAME_COLUMN", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Column rename is not supported for your Delta table. <advice>"},
    {"DELTA_UNSUPPORTED_SCHEMA_DURING_READ", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Delta does not support specifying the schema at read time."},
    {"DELTA_UNSUPPORTED_SOURCE", "0AKDD", ExceptionKind::kDeltaAnalysis,
     "<operation> destination only supports Delta sources.\n<plan>"},
    {"DELTA_UNSUPPORTED_STATIC_PARTITIONS", "0AKDD", ExceptionKind::kDeltaAnalysis,
     "Specifying static partitions in the partition spec is currently not supported during "
     "inserts"},
    {"DELTA_UNSUPPORTED_STATS_RECOMPUTE_WITH_DELETION_VECTORS", "0AKDD", ExceptionKind::kDeltaUnsupported,
     "Statistics re-computation on a Delta table with deletion vectors is not yet supported."},
    {"DELTA_UNSUPPORTED_SUBQUERY", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Subqueries are not supported in the <operation> (condition = <cond>)."},
    {"DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Subquery is not supported in partition predicates."},
    {"DELTA_UNSUPPORTED_TIME_TRAVEL_MULTIPLE_FORMATS", "42613", ExceptionKind::kDeltaAnalysis,
     "Cannot specify time travel in multiple formats."},
    {"DELTA_UNSUPPORTED_TIME_TRAVEL_VIEWS", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Cannot time travel views, subqueries, streams or change data feed queries."},
    {"DELTA_UNSUPPORTED_TYPE_CHANGE_IN_PREVIEW", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "This table can't be read by this version of Delta because an unsupported type change was "
     "applied. Field <fieldPath> was changed from <fromType> to <toType>.\nPlease upgrade to "
     "Delta 4.0 or higher to read this table, or drop the Type Widening table feature using a "
     "client that supports reading this table:\n  ALTER TABLE tableName DROP FEATURE "
     "<typeWideningFeatureName>"},
    {"DELTA_UNSUPPORTED_TYPE_CHANGE_IN_SCHEMA", "0AKDC", ExceptionKind::kDeltaIllegalState,
     "Unable to operate on this table because an unsupported type change was applied. Field "
     "<fieldName> was changed from <fromType> to <toType>."},
    {"DELTA_UNSUPPORTED_VACUUM_SPECIFIC_PARTITION", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Please provide the base path (<baseDeltaPath>) when Vacuuming Delta tables. Vacuuming "
     "specific partitions is currently not supported."},
    {"DELTA_UNSUPPORTED_WRITES_STAGED_TABLE", "42807", ExceptionKind::kDeltaAnalysis,
     "Table implementation does not support writes: <tableName>"},
    {"DELTA_UNSUPPORTED_WRITES_WITHOUT_COORDINATOR", "0AKDC", ExceptionKind::kDeltaUnsupported,
     "You are trying to perform writes on a table which has been registered with the commit "
     "coordinator <coordinatorName>. However, no implementation of this coordinator is available "
     "in the current environment and writes without coordinators are not allowed."},
    {"DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION", "42846", ExceptionKind::kDeltaAnalysis,
     "Cannot cast <fromCatalog> to <toCatalog>. All nested columns must match."},
    {"DELTA_VERSIONS_NOT_CONTIGUOUS", "KD00C", ExceptionKind::kDeltaIllegalState,
     "Versions (<versionList>) are not contiguous.\n<path> is missing, which version <version> of the table needs."},
    {"DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", "23001", ExceptionKind::kDeltaInvariantViolation,
     "CHECK constraint <constraintName> <expression> violated by row with values:\n<values>"},
    {"DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED."
     "EXISTING_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION",
     "0A000", ExceptionKind::kDeltaAnalysis,
     "The validation of the properties of table <table> has been violated: Symlink manifest "
     "generation is unsupported while deletion vectors are present in the table.\nIn order to "
     "produce a version of the table without deletion vectors, run 'REORG TABLE <table> APPLY "
     "(PURGE)'."},
    {"DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED."
     "PERSISTENT_DELETION_VECTORS_IN_NON_PARQUET_TABLE",
     "0A000", ExceptionKind::kDeltaAnalysis,
     "The validation of the properties of table <table> has been violated: Persistent deletion "
     "vectors are only supported on Parquet-based Delta tables."},
    {"DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED."
     "PERSISTENT_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION",
     "0A000", ExceptionKind::kDeltaAnalysis,
     "The validation of the properties of table <table> has been violated: Persistent deletion "
     "vectors and incremental symlink manifest generation are mutually exclusive."},
    {"DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST", "42703", ExceptionKind::kDeltaIllegalArgument,
     "Z-Ordering column <columnName> does not exist in data schema."},
    {"DELTA_ZORDERING_ON_COLUMN_WITHOUT_STATS", "KD00D", ExceptionKind::kDeltaAnalysis,
     "Z-Ordering on <cols> will be\n ineffective, because we currently do not collect stats for "
     "these columns.\n You can disable\n this check by setting\n '%%sql set <zorderColStatKey> = "
     "false'"},
    {"DELTA_ZORDERING_ON_PARTITION_COLUMN", "42P10", ExceptionKind::kDeltaIllegalArgument,
     "<colName> is a partition column. Z-Ordering can only be performed on data columns"},
    {"DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE", "55019", ExceptionKind::kDeltaIllegalState,
     "The streaming query was reading from an unexpected Delta table (id = '<newTableId>'). \nIt "
     "used to read from another Delta table (id = '<oldTableId>') according to checkpoint. "
     "\nThis may happen when you changed the code to read from a new table or you deleted and "
     "\nre-created a table. Please revert your change or delete your streaming query checkpoint "
     "\nto restart from scratch."},
    {"INCORRECT_NUMBER_OF_ARGUMENTS", "22023", ExceptionKind::kDeltaAnalysis,
     "<failure>, <functionName> requires at least <minArgs> arguments and at most <maxArgs> "
     "arguments."},
    {"RESERVED_CDC_COLUMNS_ON_WRITE", "42939", ExceptionKind::kDeltaIllegalState,
     "\nThe write contains reserved columns <columnList> that are used\ninternally as metadata "
     "for Change Data Feed. To write to the table either rename/drop\nthese columns or disable "
     "Change Data Feed on the table by setting\n<config> to false."},
    {"WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED", "0AKDC", ExceptionKind::kDeltaAnalysis,
     "Failed to execute the command because DEFAULT values are not supported when adding "
     "new\ncolumns to previously existing Delta tables; please add the column without a "
     "default\nvalue first, then run a second ALTER TABLE ALTER COLUMN SET DEFAULT command to "
     "apply\nfor future inserted rows instead."},
    {"WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED", "0AKDE", ExceptionKind::kDeltaAnalysis,
     "Failed to execute <commandType> command because it assigned a column DEFAULT value,\nbut "
     "the corresponding table feature was not enabled. Please retry the command again\nafter "
     "executing ALTER TABLE tableName SET\nTBLPROPERTIES('delta.feature.allowColumnDefaults' = "
     "'supported')."},
    {"_LEGACY_ERROR_TEMP_DELTA_0001", "", ExceptionKind::kDeltaAnalysis,
     "Cannot use '<name>' as the name of a CHECK constraint."},
    {"_LEGACY_ERROR_TEMP_DELTA_0002", "", ExceptionKind::kDeltaAnalysis,
     "Cannot create bloom filter index, invalid parameter value: '<message>'."},
    {"_LEGACY_ERROR_TEMP_DELTA_0003", "", ExceptionKind::kDeltaAnalysis,
     "You are trying to convert a table which already has a delta log where the table properties "
     "in the catalog don't match the configuration in the delta log.\nTable properties in "
     "catalog:\n<tableProperties>\nDelta configuration:\n<configuration>\nIf you would like to "
     "merge the configurations (update existing fields and insert new ones), set the SQL "
     "configuration `<metadataCheckSqlConf>` to false."},
    {"_LEGACY_ERROR_TEMP_DELTA_0006", "", ExceptionKind::kDeltaAnalysis,
     "Inconsistent IDENTITY metadata for column <colName> detected: <hasStart>, <hasStep>, "
     "<hasInsert>"},
    {"_LEGACY_ERROR_TEMP_DELTA_0007", "", ExceptionKind::kDeltaAnalysis, "<message>"},
    {"_LEGACY_ERROR_TEMP_DELTA_0008", "", ExceptionKind::kDeltaAnalysis,
     "Error while searching for position of column "
     "<column>.\nSchema:\n<schema>\nError:\n<message>"},
    {"_LEGACY_ERROR_TEMP_DELTA_0009", "", ExceptionKind::kDeltaAnalysis,
     "<optionalPrefixMessage>Updating nested fields is only supported for StructType."},
    {"_LEGACY_ERROR_TEMP_DELTA_0010", "", ExceptionKind::kDeltaAnalysis,
     "<optionalPrefixMessage>Found unsupported expression <expression> while parsing target "
     "column name parts."},
    {"_LEGACY_ERROR_TEMP_DELTA_0011", "", ExceptionKind::kDeltaAnalysis, "Failed to resolve plan."},
    {"_LEGACY_ERROR_TEMP_DELTA_0012", "", ExceptionKind::kDeltaAnalysis, "Could not resolve expression: <expression>"},
};
}  // namespace

std::span<const ConditionRow> DeltaConditionsTToZ() { return kRows; }

}  // namespace deltic::spark::errors

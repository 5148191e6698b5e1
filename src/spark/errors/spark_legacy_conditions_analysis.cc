// Unnamed conditions of Spark 3.5.5, raised while parsing and analysing.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"_LEGACY_ERROR_TEMP_0001", "", ExceptionKind::kParse, "Invalid InsertIntoContext."},
    {"_LEGACY_ERROR_TEMP_0004", "", ExceptionKind::kParse,
     "Empty source for merge: you should specify a source table/subquery in merge."},
    {"_LEGACY_ERROR_TEMP_0006", "", ExceptionKind::kParse, "The number of inserted values cannot match the fields."},
    {"_LEGACY_ERROR_TEMP_0008", "", ExceptionKind::kParse,
     "There must be at least one WHEN clause in a MERGE statement."},
    {"_LEGACY_ERROR_TEMP_0012", "", ExceptionKind::kParse, "DISTRIBUTE BY is not supported."},
    {"_LEGACY_ERROR_TEMP_0014", "", ExceptionKind::kParse, "TABLESAMPLE does not accept empty inputs."},
    {"_LEGACY_ERROR_TEMP_0015", "", ExceptionKind::kParse, "TABLESAMPLE(<msg>) is not supported."},
    {"_LEGACY_ERROR_TEMP_0016", "", ExceptionKind::kParse,
     "<bytesStr> is not a valid byte length literal, expected syntax: DIGIT+ ('B' | 'K' | 'M' | "
     "'G')."},
    {"_LEGACY_ERROR_TEMP_0018", "", ExceptionKind::kParse,
     "Function trim doesn't support with type <trimOption>. Please use BOTH, LEADING or TRAILING "
     "as trim type."},
    {"_LEGACY_ERROR_TEMP_0024", "", ExceptionKind::kParse,
     "Can only have a single from-to unit in the interval literal syntax."},
    {"_LEGACY_ERROR_TEMP_0026", "", ExceptionKind::kParse,
     "Can only use numbers in the interval value part for multiple unit value pairs interval "
     "form, but got invalid value: <value>."},
    {"_LEGACY_ERROR_TEMP_0027", "", ExceptionKind::kParse, "The value of from-to unit must be a string."},
    {"_LEGACY_ERROR_TEMP_0028", "", ExceptionKind::kParse, "Intervals FROM <from> TO <to> are not supported."},
    {"_LEGACY_ERROR_TEMP_0029", "", ExceptionKind::kParse, "Cannot mix year-month and day-time fields: <literal>."},
    {"_LEGACY_ERROR_TEMP_0031", "", ExceptionKind::kParse, "Invalid number of buckets: <describe>."},
    {"_LEGACY_ERROR_TEMP_0032", "", ExceptionKind::kParse,
     "Duplicated table paths found: '<pathOne>' and '<pathTwo>'. LOCATION and the case "
     "insensitive key 'path' in OPTIONS are all used to indicate the custom table path, you can "
     "only specify one of them."},
    {"_LEGACY_ERROR_TEMP_0033", "", ExceptionKind::kParse, "Expected either STORED AS or STORED BY, not both."},
    {"_LEGACY_ERROR_TEMP_0034", "", ExceptionKind::kParse,
     "<operation> is not supported in Hive-style <command><msg>."},
    {"_LEGACY_ERROR_TEMP_0035", "", ExceptionKind::kParse, "Operation not allowed: <message>."},
    {"_LEGACY_ERROR_TEMP_0037", "", ExceptionKind::kParse,
     "It is not allowed to add catalog/namespace prefix <quoted> to the table name in CACHE "
     "TABLE AS SELECT."},
    {"_LEGACY_ERROR_TEMP_0038", "", ExceptionKind::kParse,
     "CTE definition can't have duplicate names: <duplicateNames>."},
    {"_LEGACY_ERROR_TEMP_0039", "", ExceptionKind::kParse, "Unsupported SQL statement."},
    {"_LEGACY_ERROR_TEMP_0043", "", ExceptionKind::kParse,
     "Expected format is 'RESET' or 'RESET key'. If you want to include special characters in "
     "key, please use quotes, e.g., RESET `key`."},
    {"_LEGACY_ERROR_TEMP_0044", "", ExceptionKind::kParse,
     "The interval value must be in the range of [-18, +18] hours with second precision."},
    {"_LEGACY_ERROR_TEMP_0045", "", ExceptionKind::kParse, "Invalid time zone displacement value."},
    {"_LEGACY_ERROR_TEMP_0046", "", ExceptionKind::kParse, "CREATE TEMPORARY TABLE without a provider is not allowed."},
    {"_LEGACY_ERROR_TEMP_0047", "", ExceptionKind::kParse, "'ROW FORMAT' must be used with 'STORED AS'."},
    {"_LEGACY_ERROR_TEMP_0048", "", ExceptionKind::kParse,
     "Unsupported operation: Used defined record reader/writer classes."},
    {"_LEGACY_ERROR_TEMP_0049", "", ExceptionKind::kParse,
     "Directory path and 'path' in OPTIONS should be specified one, but not both."},
    {"_LEGACY_ERROR_TEMP_0051", "", ExceptionKind::kParse, "Empty set in <element> grouping sets is not supported."},
    {"_LEGACY_ERROR_TEMP_0052", "", ExceptionKind::kParse,
     "CREATE VIEW with both IF NOT EXISTS and REPLACE is not allowed."},
    {"_LEGACY_ERROR_TEMP_0053", "", ExceptionKind::kParse,
     "It is not allowed to define a TEMPORARY view with IF NOT EXISTS."},
    {"_LEGACY_ERROR_TEMP_0056", "", ExceptionKind::kParse, "Invalid time travel spec: <reason>."},
    {"_LEGACY_ERROR_TEMP_0060", "", ExceptionKind::kAnalysis, "<msg>."},
    {"_LEGACY_ERROR_TEMP_0061", "", ExceptionKind::kAnalysis, "<msg>."},
    {"_LEGACY_ERROR_TEMP_0062", "", ExceptionKind::kAnalysis, "<msg>."},
    {"_LEGACY_ERROR_TEMP_0063", "", ExceptionKind::kAnalysis, "<msg>."},
    {"_LEGACY_ERROR_TEMP_0064", "", ExceptionKind::kAnalysis, "<msg>."},
    {"_LEGACY_ERROR_TEMP_1000", "", ExceptionKind::kAnalysis,
     "LEGACY store assignment policy is disallowed in Spark data source V2. Please set the "
     "configuration <configKey> to other values."},
    {"_LEGACY_ERROR_TEMP_1002", "", ExceptionKind::kAnalysis,
     "Unable to generate an encoder for inner class `<className>` without access to the scope "
     "that this class was defined in.\nTry moving this class out of its parent class."},
    {"_LEGACY_ERROR_TEMP_1004", "", ExceptionKind::kAnalysis,
     "Window specification <windowName> is not defined in the WINDOW clause."},
    {"_LEGACY_ERROR_TEMP_1005", "", ExceptionKind::kAnalysis,
     "<expr> doesn't show up in the GROUP BY list <groupByAliases>."},
    {"_LEGACY_ERROR_TEMP_1006", "", ExceptionKind::kAnalysis,
     "Aggregate expression required for pivot, but '<sql>' did not appear in any aggregate "
     "function."},
    {"_LEGACY_ERROR_TEMP_1007", "", ExceptionKind::kAnalysis,
     "Cannot write into temp view <quoted> as it's not a data source v2 relation."},
    {"_LEGACY_ERROR_TEMP_1008", "", ExceptionKind::kAnalysis,
     "<quoted> is not a temp view of streaming logical plan, please use batch API such as "
     "`DataFrameReader.table` to read it."},
    {"_LEGACY_ERROR_TEMP_1009", "", ExceptionKind::kAnalysis,
     "The depth of view <identifier> exceeds the maximum view resolution depth "
     "(<maxNestedViewDepth>). Analysis is aborted to avoid errors. Increase the value of "
     "<config> to work around this."},
    {"_LEGACY_ERROR_TEMP_1010", "", ExceptionKind::kAnalysis,
     "Inserting into a view is not allowed. View: <identifier>."},
    {"_LEGACY_ERROR_TEMP_1011", "", ExceptionKind::kAnalysis,
     "Writing into a view is not allowed. View: <identifier>."},
    {"_LEGACY_ERROR_TEMP_1012", "", ExceptionKind::kAnalysis, "Cannot write into v1 table: <identifier>."},
    {"_LEGACY_ERROR_TEMP_1013", "", ExceptionKind::kAnalysis,
     "<nameParts> is a <viewStr>. '<cmd>' expects a table.<hintStr>."},
    {"_LEGACY_ERROR_TEMP_1014", "", ExceptionKind::kAnalysis,
     "<nameParts> is a temp view. '<cmd>' expects a permanent view."},
    {"_LEGACY_ERROR_TEMP_1015", "", ExceptionKind::kAnalysis,
     "<identifier> is a table. '<cmd>' expects a view.<hintStr>."},
    {"_LEGACY_ERROR_TEMP_1016", "", ExceptionKind::kAnalysis,
     "<nameParts> is a temp view. '<cmd>' expects a table or permanent view."},
    {"_LEGACY_ERROR_TEMP_1017", "", ExceptionKind::kAnalysis,
     "<name> is a built-in/temporary function. '<cmd>' expects a persistent function.<hintStr>."},
    {"_LEGACY_ERROR_TEMP_1018", "", ExceptionKind::kAnalysis,
     "<quoted> is a permanent view, which is not supported by streaming reading API such as "
     "`DataStreamReader.table` yet."},
    {"_LEGACY_ERROR_TEMP_1021", "", ExceptionKind::kAnalysis,
     "count(<targetString>.*) is not allowed. Please use count(*) or expand the columns "
     "manually, e.g. count(col1, col2)."},
    {"_LEGACY_ERROR_TEMP_1023", "", ExceptionKind::kAnalysis, "Function <prettyName> does not support <syntax>."},
    {"_LEGACY_ERROR_TEMP_1024", "", ExceptionKind::kAnalysis,
     "FILTER expression is non-deterministic, it cannot be used in aggregate functions."},
    {"_LEGACY_ERROR_TEMP_1025", "", ExceptionKind::kAnalysis,
     "FILTER expression is not of type boolean. It cannot be used in an aggregate function."},
    {"_LEGACY_ERROR_TEMP_1026", "", ExceptionKind::kAnalysis,
     "FILTER expression contains aggregate. It cannot be used in an aggregate function."},
    {"_LEGACY_ERROR_TEMP_1027", "", ExceptionKind::kAnalysis,
     "FILTER expression contains window function. It cannot be used in an aggregate function."},
    {"_LEGACY_ERROR_TEMP_1028", "", ExceptionKind::kAnalysis,
     "Number of column aliases does not match number of columns. Number of column aliases: "
     "<columnSize>; number of columns: <outputSize>."},
    {"_LEGACY_ERROR_TEMP_1030", "", ExceptionKind::kAnalysis,
     "Window aggregate function with filter predicate is not supported yet."},
    {"_LEGACY_ERROR_TEMP_1031", "", ExceptionKind::kAnalysis,
     "It is not allowed to use a window function inside an aggregate function. Please use the "
     "inner window function in a sub-query."},
    {"_LEGACY_ERROR_TEMP_1032", "", ExceptionKind::kAnalysis, "<expr> does not have any WindowExpression."},
    {"_LEGACY_ERROR_TEMP_1033", "", ExceptionKind::kAnalysis,
     "<expr> has multiple Window Specifications (<distinctWindowSpec>).\nPlease file a bug "
     "report with this error message, stack trace, and the query."},
    {"_LEGACY_ERROR_TEMP_1034", "", ExceptionKind::kAnalysis,
     "It is not allowed to use window functions inside <clauseName> clause."},
    {"_LEGACY_ERROR_TEMP_1035", "", ExceptionKind::kAnalysis, "Cannot specify window frame for <prettyName> function."},
    {"_LEGACY_ERROR_TEMP_1036", "", ExceptionKind::kAnalysis,
     "Window Frame <wf> must match the required frame <required>."},
    {"_LEGACY_ERROR_TEMP_1037", "", ExceptionKind::kAnalysis,
     "Window function <wf> requires window to be ordered, please add ORDER BY clause. For "
     "example SELECT <wf>(value_expr) OVER (PARTITION BY window_partition ORDER BY "
     "window_ordering) from table."},
    {"_LEGACY_ERROR_TEMP_1039", "", ExceptionKind::kAnalysis,
     "Multiple time/session window expressions would result in a cartesian product of rows, "
     "therefore they are currently not supported."},
    {"_LEGACY_ERROR_TEMP_1040", "", ExceptionKind::kAnalysis,
     "Gap duration expression used in session window must be CalendarIntervalType, but got <dt>."},
    {"_LEGACY_ERROR_TEMP_1045", "", ExceptionKind::kAnalysis,
     "ALTER TABLE SET LOCATION does not support partition for v2 tables."},
    {"_LEGACY_ERROR_TEMP_1046", "", ExceptionKind::kAnalysis,
     "Join strategy hint parameter should be an identifier or string but was <unsupported> "
     "(<class>)."},
    {"_LEGACY_ERROR_TEMP_1047", "", ExceptionKind::kAnalysis,
     "<hintName> Hint parameter should include columns, but <invalidParams> found."},
    {"_LEGACY_ERROR_TEMP_1048", "", ExceptionKind::kAnalysis,
     "<hintName> Hint expects a partition number as a parameter."},
    {"_LEGACY_ERROR_TEMP_1049", "", ExceptionKind::kAnalysis, "Syntax error in attribute name: <name>."},
    {"_LEGACY_ERROR_TEMP_1050", "", ExceptionKind::kAnalysis,
     "Can only star expand struct data types. Attribute: `<attributes>`."},
    {"_LEGACY_ERROR_TEMP_1052", "", ExceptionKind::kAnalysis, "ADD COLUMN with v1 tables cannot specify NOT NULL."},
    {"_LEGACY_ERROR_TEMP_1053", "", ExceptionKind::kAnalysis, "ALTER COLUMN with v1 tables cannot specify NOT NULL."},
    {"_LEGACY_ERROR_TEMP_1054", "", ExceptionKind::kAnalysis,
     "ALTER COLUMN cannot find column <colName> in v1 table. Available: <fieldNames>."},
    {"_LEGACY_ERROR_TEMP_1055", "", ExceptionKind::kAnalysis, "The database name is not valid: <quoted>."},
    {"_LEGACY_ERROR_TEMP_1057", "", ExceptionKind::kAnalysis,
     "SHOW COLUMNS with conflicting databases: '<dbA>' != '<dbB>'."},
    {"_LEGACY_ERROR_TEMP_1058", "", ExceptionKind::kAnalysis,
     "Cannot create table with both USING <provider> and <serDeInfo>."},
    {"_LEGACY_ERROR_TEMP_1059", "", ExceptionKind::kAnalysis, "STORED AS with file format '<serdeInfo>' is invalid."},
    {"_LEGACY_ERROR_TEMP_1060", "", ExceptionKind::kAnalysis, "<command> does not support nested column: <column>."},
    {"_LEGACY_ERROR_TEMP_1065", "", ExceptionKind::kAnalysis,
     "`<name>` is not a valid name for tables/databases. Valid names only contain alphabet "
     "characters, numbers and _."},
    {"_LEGACY_ERROR_TEMP_1066", "", ExceptionKind::kAnalysis,
     "<database> is a system preserved database, you cannot create a database with this name."},
    {"_LEGACY_ERROR_TEMP_1068", "", ExceptionKind::kAnalysis,
     "<database> is a system preserved database, you cannot use it as current database. To "
     "access global temporary views, you should use qualified name with the "
     "GLOBAL_TEMP_DATABASE, e.g. SELECT * FROM <database>.viewName."},
    {"_LEGACY_ERROR_TEMP_1069", "", ExceptionKind::kAnalysis, "CREATE EXTERNAL TABLE must be accompanied by LOCATION."},
    {"_LEGACY_ERROR_TEMP_1071", "", ExceptionKind::kAnalysis,
     "Some existing schema fields (<nonExistentColumnNames>) are not present in the new schema. "
     "We don't support dropping columns yet."},
    {"_LEGACY_ERROR_TEMP_1072", "", ExceptionKind::kAnalysis,
     "Only the tables/views belong to the same database can be retrieved. Querying tables/views "
     "are <qualifiedTableNames>."},
    {"_LEGACY_ERROR_TEMP_1073", "", ExceptionKind::kAnalysis,
     "RENAME TABLE source and destination databases do not match: '<db>' != '<newDb>'."},
    {"_LEGACY_ERROR_TEMP_1074", "", ExceptionKind::kAnalysis,
     "RENAME TEMPORARY VIEW from '<oldName>' to '<newName>': cannot specify database name '<db>' "
     "in the destination table."},
    {"_LEGACY_ERROR_TEMP_1076", "", ExceptionKind::kAnalysis, "Partition spec is invalid. <details>."},
    {"_LEGACY_ERROR_TEMP_1079", "", ExceptionKind::kAnalysis, "Resource Type '<resourceType>' is not supported."},
    {"_LEGACY_ERROR_TEMP_1080", "", ExceptionKind::kAnalysis, "Table <identifier> did not specify database."},
    {"_LEGACY_ERROR_TEMP_1081", "", ExceptionKind::kAnalysis, "Table <identifier> did not specify locationUri."},
    {"_LEGACY_ERROR_TEMP_1082", "", ExceptionKind::kAnalysis, "Partition [<specString>] did not specify locationUri."},
    {"_LEGACY_ERROR_TEMP_1083", "", ExceptionKind::kAnalysis,
     "Number of buckets should be greater than 0 but less than or equal to bucketing.maxBuckets "
     "(`<bucketingMaxBuckets>`). Got `<numBuckets>`."},
    {"_LEGACY_ERROR_TEMP_1084", "", ExceptionKind::kAnalysis,
     "Corrupted table name context in catalog: <numParts> parts expected, but part <index> is "
     "missing."},
    {"_LEGACY_ERROR_TEMP_1085", "", ExceptionKind::kAnalysis, "Corrupted view SQL configs in catalog."},
    {"_LEGACY_ERROR_TEMP_1086", "", ExceptionKind::kAnalysis,
     "Corrupted view query output column names in catalog: <numCols> parts expected, but part "
     "<index> is missing."},
    {"_LEGACY_ERROR_TEMP_1087", "", ExceptionKind::kAnalysis, "Corrupted view referred temp view names in catalog."},
    {"_LEGACY_ERROR_TEMP_1088", "", ExceptionKind::kAnalysis,
     "Corrupted view referred temp functions names in catalog."},
    {"_LEGACY_ERROR_TEMP_1089", "", ExceptionKind::kAnalysis,
     "Column statistics deserialization is not supported for column <name> of data type: "
     "<dataType>."},
    {"_LEGACY_ERROR_TEMP_1090", "", ExceptionKind::kAnalysis,
     "Column statistics serialization is not supported for column <colName> of data type: "
     "<dataType>."},
    {"_LEGACY_ERROR_TEMP_1097", "", ExceptionKind::kAnalysis,
     "The field for corrupt records must be string type and nullable."},
    {"_LEGACY_ERROR_TEMP_1098", "", ExceptionKind::kAnalysis, "DataType '<x>' is not supported by <className>."},
    {"_LEGACY_ERROR_TEMP_1099", "", ExceptionKind::kAnalysis,
     "<funcName>() doesn't support the <mode> mode. Acceptable modes are <permissiveMode> and "
     "<failFastMode>."},
    {"_LEGACY_ERROR_TEMP_1100", "", ExceptionKind::kAnalysis,
     "The '<argName>' parameter of function '<funcName>' needs to be a <requiredType> literal."},
    {"_LEGACY_ERROR_TEMP_1103", "", ExceptionKind::kAnalysis, "Unsupported component type <clz> in arrays."},
    {"_LEGACY_ERROR_TEMP_1104", "", ExceptionKind::kAnalysis, "The second argument should be a double literal."},
    {"_LEGACY_ERROR_TEMP_1107", "", ExceptionKind::kAnalysis,
     "Table <table> declares <batchWrite> capability but <v2WriteClassName> is not an instance "
     "of <v1WriteClassName>."},
    {"_LEGACY_ERROR_TEMP_1108", "", ExceptionKind::kAnalysis,
     "Delete by condition with subquery is not supported: <condition>."},
    {"_LEGACY_ERROR_TEMP_1109", "", ExceptionKind::kAnalysis,
     "Exec update failed: cannot translate expression to source filter: <f>."},
    {"_LEGACY_ERROR_TEMP_1110", "", ExceptionKind::kAnalysis, "Cannot delete from table <table> where <filters>."},
    {"_LEGACY_ERROR_TEMP_1111", "", ExceptionKind::kAnalysis, "DESCRIBE does not support partition for v2 tables."},
    {"_LEGACY_ERROR_TEMP_1113", "", ExceptionKind::kAnalysis, "Table <table> does not support <cmd>."},
    {"_LEGACY_ERROR_TEMP_1114", "", ExceptionKind::kAnalysis,
     "The streaming sources in a query do not have a common supported execution mode.\nSources "
     "support micro-batch: <microBatchSources>.\nSources support continuous: <continuousSources>."},
    {"_LEGACY_ERROR_TEMP_1120", "", ExceptionKind::kAnalysis, "Unsupported NamespaceChange <changes> in JDBC catalog."},
    {"_LEGACY_ERROR_TEMP_1121", "", ExceptionKind::kAnalysis, "Table does not support <cmd>: <table>."},
    {"_LEGACY_ERROR_TEMP_1122", "", ExceptionKind::kAnalysis, "Table <table> is not a row-level operation table."},
    {"_LEGACY_ERROR_TEMP_1123", "", ExceptionKind::kAnalysis,
     "Cannot rename a table with ALTER VIEW. Please use ALTER TABLE instead."},
    {"_LEGACY_ERROR_TEMP_1125", "", ExceptionKind::kAnalysis, "Database from v1 session catalog is not specified."},
    {"_LEGACY_ERROR_TEMP_1126", "", ExceptionKind::kAnalysis,
     "Nested databases are not supported by v1 session catalog: <catalog>."},
    {"_LEGACY_ERROR_TEMP_1127", "", ExceptionKind::kAnalysis,
     "Invalid partitionExprs specified: <sortOrders> For range partitioning use "
     "REPARTITION_BY_RANGE instead."},
    {"_LEGACY_ERROR_TEMP_1128", "", ExceptionKind::kAnalysis,
     "Failed to resolve the schema for <format> for the partition column: <partitionColumn>. It "
     "must be specified manually."},
    {"_LEGACY_ERROR_TEMP_1131", "", ExceptionKind::kAnalysis,
     "Data source <className> does not support <outputMode> output mode."},
    {"_LEGACY_ERROR_TEMP_1132", "", ExceptionKind::kAnalysis, "A schema needs to be specified when using <className>."},
    {"_LEGACY_ERROR_TEMP_1133", "", ExceptionKind::kAnalysis,
     "The user-specified schema doesn't match the actual schema:\nuser-specified: <schema>, "
     "actual: <actualSchema>. If you're using\nDataFrameReader.schema API or creating a table, "
     "please do not specify the schema.\nOr if you're scanning an existed table, please drop it "
     "and re-create it."},
    {"_LEGACY_ERROR_TEMP_1134", "", ExceptionKind::kAnalysis,
     "Unable to infer schema for <format> at <fileCatalog>. It must be specified manually."},
    {"_LEGACY_ERROR_TEMP_1135", "", ExceptionKind::kAnalysis, "<className> is not a valid Spark SQL Data Source."},
    {"_LEGACY_ERROR_TEMP_1136", "", ExceptionKind::kAnalysis, "Cannot save interval data type into external storage."},
    {"_LEGACY_ERROR_TEMP_1137", "", ExceptionKind::kAnalysis, "Unable to resolve <name> given [<outputStr>]."},
    {"_LEGACY_ERROR_TEMP_1138", "", ExceptionKind::kAnalysis,
     "Hive built-in ORC data source must be used with Hive support enabled. Please use the "
     "native ORC data source by setting 'spark.sql.orc.impl' to 'native'."},
    {"_LEGACY_ERROR_TEMP_1139", "", ExceptionKind::kAnalysis,
     "Failed to find data source: <provider>. Avro is built-in but external data source module "
     "since Spark 2.4. Please deploy the application as per the deployment section of Apache "
     "Avro Data Source Guide."},
    {"_LEGACY_ERROR_TEMP_1140", "", ExceptionKind::kAnalysis,
     "Failed to find data source: <provider>. Please deploy the application as per the "
     "deployment section of Structured Streaming + Kafka Integration Guide."},
    {"_LEGACY_ERROR_TEMP_1141", "", ExceptionKind::kAnalysis,
     "Multiple sources found for <provider> (<sourceNames>), please specify the fully qualified "
     "class name."},
    {"_LEGACY_ERROR_TEMP_1142", "", ExceptionKind::kAnalysis,
     "Datasource does not support writing empty or nested empty schemas. Please make sure the "
     "data schema has at least one or more column(s)."},
    {"_LEGACY_ERROR_TEMP_1143", "", ExceptionKind::kAnalysis,
     "The data to be inserted needs to have the same number of columns as the target table: "
     "target table has <targetSize> column(s) but the inserted data has <actualSize> column(s), "
     "which contain <staticPartitionsSize> partition column(s) having assigned constant values."},
    {"_LEGACY_ERROR_TEMP_1144", "", ExceptionKind::kAnalysis,
     "The data to be inserted needs to have the same number of partition columns as the target "
     "table: target table has <targetSize> partition column(s) but the inserted data has "
     "<providedPartitionsSize> partition columns specified."},
    {"_LEGACY_ERROR_TEMP_1145", "", ExceptionKind::kAnalysis,
     "<partKey> is not a partition column. Partition columns are <partitionColumns>."},
    {"_LEGACY_ERROR_TEMP_1146", "", ExceptionKind::kAnalysis,
     "Partition column <partColumn> have multiple values specified, <values>. Please only "
     "specify a single value."},
    {"_LEGACY_ERROR_TEMP_1147", "", ExceptionKind::kAnalysis,
     "The ordering of partition columns is <partColumns>. All partition columns having constant "
     "values need to appear before other partition columns that do not have an assigned constant "
     "value."},
    {"_LEGACY_ERROR_TEMP_1148", "", ExceptionKind::kAnalysis, "Can only write data to relations with a single path."},
    {"_LEGACY_ERROR_TEMP_1149", "", ExceptionKind::kAnalysis,
     "Fail to rebuild expression: missing key <filter> in `translatedFilterToExpr`."},
    {"_LEGACY_ERROR_TEMP_1151", "", ExceptionKind::kAnalysis,
     "Fail to resolve data source for the table <table> since the table serde property has the "
     "duplicated key <key> with extra options specified for this scan operation. To fix this, "
     "you can rollback to the legacy behavior of ignoring the extra options by setting the "
     "config <config> to `false`, or address the conflicts of the same config."},
    {"_LEGACY_ERROR_TEMP_1153", "", ExceptionKind::kAnalysis, "Cannot use <field> for partition column."},
    {"_LEGACY_ERROR_TEMP_1155", "", ExceptionKind::kAnalysis,
     "Partition column `<col>` not found in schema <schemaCatalog>."},
    {"_LEGACY_ERROR_TEMP_1156", "", ExceptionKind::kAnalysis, "Column <colName> not found in schema <tableSchema>."},
    {"_LEGACY_ERROR_TEMP_1158", "", ExceptionKind::kAnalysis, "Saving data into a view is not allowed."},
    {"_LEGACY_ERROR_TEMP_1159", "", ExceptionKind::kAnalysis,
     "The format of the existing table <tableName> is `<existingProvider>`. It doesn't match the "
     "specified format `<specifiedProvider>`."},
    {"_LEGACY_ERROR_TEMP_1160", "", ExceptionKind::kAnalysis,
     "The location of the existing table <identifier> is `<existingTableLoc>`. It doesn't match "
     "the specified location `<tableDescLoc>`."},
    {"_LEGACY_ERROR_TEMP_1161", "", ExceptionKind::kAnalysis,
     "The column number of the existing table <tableName> (<existingTableSchema>) doesn't match "
     "the data schema (<querySchema>)."},
    {"_LEGACY_ERROR_TEMP_1162", "", ExceptionKind::kAnalysis,
     "Cannot resolve '<col>' given input columns: [<inputColumns>]."},
    {"_LEGACY_ERROR_TEMP_1163", "", ExceptionKind::kAnalysis,
     "Specified partitioning does not match that of the existing table <tableName>.\nSpecified "
     "partition columns: [<specifiedPartCols>].\nExisting partition columns: "
     "[<existingPartCols>]."},
    {"_LEGACY_ERROR_TEMP_1164", "", ExceptionKind::kAnalysis,
     "Specified bucketing does not match that of the existing table <tableName>.\nSpecified "
     "bucketing: <specifiedBucketString>.\nExisting bucketing: <existingBucketString>."},
    {"_LEGACY_ERROR_TEMP_1165", "", ExceptionKind::kAnalysis,
     "It is not allowed to specify partitioning when the table schema is not defined."},
    {"_LEGACY_ERROR_TEMP_1166", "", ExceptionKind::kAnalysis,
     "Bucketing column '<bucketCol>' should not be part of partition columns "
     "'<normalizedPartCols>'."},
    {"_LEGACY_ERROR_TEMP_1167", "", ExceptionKind::kAnalysis,
     "Bucket sorting column '<sortCol>' should not be part of partition columns "
     "'<normalizedPartCols>'."},
    {"_LEGACY_ERROR_TEMP_1169", "", ExceptionKind::kAnalysis,
     "Requested partitioning does not match the table <tableName>:\nRequested partitions: "
     "<normalizedPartSpec>.\nTable partitions: <partColNames>."},
    {"_LEGACY_ERROR_TEMP_1171", "", ExceptionKind::kAnalysis,
     "createTableColumnTypes option column <col> not found in schema <schema>."},
    {"_LEGACY_ERROR_TEMP_1172", "", ExceptionKind::kAnalysis, "Parquet type not yet supported: <parquetType>."},
    {"_LEGACY_ERROR_TEMP_1173", "", ExceptionKind::kAnalysis, "Illegal Parquet type: <parquetType>."},
    {"_LEGACY_ERROR_TEMP_1174", "", ExceptionKind::kAnalysis, "Unrecognized Parquet type: <field>."},
    {"_LEGACY_ERROR_TEMP_1175", "", ExceptionKind::kAnalysis, "Unsupported data type <dataType>."},
    {"_LEGACY_ERROR_TEMP_1181", "", ExceptionKind::kAnalysis,
     "Stream-stream join without equality predicate is not supported."},
    {"_LEGACY_ERROR_TEMP_1182", "", ExceptionKind::kAnalysis,
     "Column <ambiguousAttrs> are ambiguous. It's probably because you joined several Datasets "
     "together, and some of these Datasets are the same. This column points to one of the "
     "Datasets but Spark is unable to figure out which one. Please alias the Datasets with "
     "different names via `Dataset.as` before joining them, and specify the column using "
     "qualified name, e.g. `df.as(\"a\").join(df.as(\"b\"), $\"a.id\" > $\"b.id\")`. You can "
     "also set <config> to false to disable this check."},
    {"_LEGACY_ERROR_TEMP_1183", "", ExceptionKind::kAnalysis, "Cannot use interval type in the table schema."},
    {"_LEGACY_ERROR_TEMP_1184", "", ExceptionKind::kAnalysis, "Catalog <plugin> does not support <ability>."},
    {"_LEGACY_ERROR_TEMP_1186", "", ExceptionKind::kAnalysis, "Multi-part identifier cannot be empty."},
    {"_LEGACY_ERROR_TEMP_1187", "", ExceptionKind::kAnalysis,
     "Hive data source can only be used with tables, you can not <operation> files of Hive data "
     "source directly."},
    {"_LEGACY_ERROR_TEMP_1188", "", ExceptionKind::kAnalysis,
     "There is a 'path' option set and <method>() is called with a path parameter. Either remove "
     "the path option, or call <method>() without the parameter. To ignore this check, set "
     "'<config>' to 'true'."},
    {"_LEGACY_ERROR_TEMP_1189", "", ExceptionKind::kAnalysis,
     "User specified schema not supported with `<operation>`."},
    {"_LEGACY_ERROR_TEMP_1190", "", ExceptionKind::kAnalysis,
     "Temporary view <viewName> doesn't support streaming write."},
    {"_LEGACY_ERROR_TEMP_1191", "", ExceptionKind::kAnalysis, "Streaming into views <viewName> is not supported."},
    {"_LEGACY_ERROR_TEMP_1192", "", ExceptionKind::kAnalysis,
     "The input source(<source>) is different from the table <tableName>'s data source "
     "provider(<provider>)."},
    {"_LEGACY_ERROR_TEMP_1193", "", ExceptionKind::kAnalysis,
     "Table <tableName> doesn't support streaming write - <t>."},
    {"_LEGACY_ERROR_TEMP_1194", "", ExceptionKind::kAnalysis, "queryName must be specified for memory sink."},
    {"_LEGACY_ERROR_TEMP_1195", "", ExceptionKind::kAnalysis, "'<source>' is not supported with continuous trigger."},
    {"_LEGACY_ERROR_TEMP_1196", "", ExceptionKind::kAnalysis,
     "<columnType> column <columnName> not found in existing columns (<validColumnNames>)."},
    {"_LEGACY_ERROR_TEMP_1197", "", ExceptionKind::kAnalysis, "'<operation>' does not support partitioning."},
    {"_LEGACY_ERROR_TEMP_1198", "", ExceptionKind::kAnalysis,
     "Function '<unbound>' cannot process input: (<arguments>): <unsupported>."},
    {"_LEGACY_ERROR_TEMP_1199", "", ExceptionKind::kAnalysis,
     "Invalid bound function '<bound>: there are <argsLen> arguments but <inputTypesLen> "
     "parameters returned from 'inputTypes()'."},
    {"_LEGACY_ERROR_TEMP_1200", "", ExceptionKind::kAnalysis, "<name> is not supported for v2 tables."},
    {"_LEGACY_ERROR_TEMP_1201", "", ExceptionKind::kAnalysis,
     "Cannot resolve column name \"<colName>\" among (<fieldNames>)."},
    {"_LEGACY_ERROR_TEMP_1205", "", ExceptionKind::kAnalysis,
     "Expected only partition pruning predicates: <nonPartitionPruningPredicates>."},
    {"_LEGACY_ERROR_TEMP_1207", "", ExceptionKind::kAnalysis,
     "The duration and time inputs to window must be an integer, long or string literal."},
    {"_LEGACY_ERROR_TEMP_1210", "", ExceptionKind::kAnalysis,
     "The second argument in <funcName> should be a boolean literal."},
    {"_LEGACY_ERROR_TEMP_1211", "", ExceptionKind::kAnalysis,
     "Detected implicit cartesian product for <joinType> join between logical "
     "plans\n<leftPlan>\nand\nrightPlan\nJoin condition is missing or trivial.\nEither: use the "
     "CROSS JOIN syntax to allow cartesian products between these relations, or: enable implicit "
     "cartesian products by setting the configuration variable spark.sql.crossJoin.enabled=true."},
    {"_LEGACY_ERROR_TEMP_1212", "", ExceptionKind::kAnalysis,
     "Found conflicting attributes <conflictingAttrs> in the condition joining outer "
     "plan:\n<outerPlan>\nand subplan:\n<subplan>."},
    {"_LEGACY_ERROR_TEMP_1213", "", ExceptionKind::kAnalysis, "Window expression is empty in <expr>."},
    {"_LEGACY_ERROR_TEMP_1214", "", ExceptionKind::kAnalysis,
     "Found different window function type in <windowExpressions>."},
    {"_LEGACY_ERROR_TEMP_1218", "", ExceptionKind::kAnalysis,
     "<tableIdentifier> should be converted to HadoopFsRelation."},
    {"_LEGACY_ERROR_TEMP_1219", "", ExceptionKind::kAnalysis,
     "Hive metastore does not support altering database location."},
    {"_LEGACY_ERROR_TEMP_1221", "", ExceptionKind::kAnalysis,
     "Hive 0.12 doesn't support creating permanent functions. Please use Hive 0.13 or higher."},
    {"_LEGACY_ERROR_TEMP_1222", "", ExceptionKind::kAnalysis, "Unknown resource type: <resourceType>."},
    {"_LEGACY_ERROR_TEMP_1223", "", ExceptionKind::kAnalysis,
     "Invalid field id '<field>' in day-time interval. Supported interval fields: <supportedIds>."},
    {"_LEGACY_ERROR_TEMP_1224", "", ExceptionKind::kAnalysis,
     "'interval <startFieldName> to <endFieldName>' is invalid."},
    {"_LEGACY_ERROR_TEMP_1225", "", ExceptionKind::kAnalysis,
     "Invalid field id '<field>' in year-month interval. Supported interval fields: "
     "<supportedIds>."},
    {"_LEGACY_ERROR_TEMP_1226", "", ExceptionKind::kAnalysis,
     "The SQL config '<configName>' was removed in the version <version>. <comment>"},
    {"_LEGACY_ERROR_TEMP_1228", "", ExceptionKind::kAnalysis,
     "Decimal scale (<scale>) cannot be greater than precision (<precision>)."},
    {"_LEGACY_ERROR_TEMP_1231", "", ExceptionKind::kAnalysis,
     "<key> is not a valid partition column in table <tblName>."},
    {"_LEGACY_ERROR_TEMP_1232", "", ExceptionKind::kAnalysis,
     "Partition spec is invalid. The spec (<specKeys>) must match the partition spec "
     "(<partitionColumnNames>) defined in table '<tableName>'."},
    {"_LEGACY_ERROR_TEMP_1237", "", ExceptionKind::kAnalysis,
     "The list of partition columns with values in partition specification for table '<table>' "
     "in database '<database>' is not a prefix of the list of partition columns defined in the "
     "table schema. Expected a prefix of [<schemaColumns>], but got [<specColumns>]."},
    {"_LEGACY_ERROR_TEMP_1239", "", ExceptionKind::kAnalysis,
     "Analyzing column statistics is not supported for column <name> of data type: <dataType>."},
    {"_LEGACY_ERROR_TEMP_1241", "", ExceptionKind::kAnalysis,
     "CREATE-TABLE-AS-SELECT cannot create table with location to a non-empty directory "
     "<tablePath>. To allow overwriting the existing non-empty directory, set '<config>' to true."},
    {"_LEGACY_ERROR_TEMP_1246", "", ExceptionKind::kAnalysis,
     "Can't find column `<name>` given table data columns <fieldNames>."},
    {"_LEGACY_ERROR_TEMP_1247", "", ExceptionKind::kAnalysis,
     "Operation not allowed: ALTER TABLE SET [SERDE | SERDEPROPERTIES] for a specific partition "
     "is not supported for tables created with the datasource API."},
    {"_LEGACY_ERROR_TEMP_1248", "", ExceptionKind::kAnalysis,
     "Operation not allowed: ALTER TABLE SET SERDE is not supported for tables created with the "
     "datasource API."},
    {"_LEGACY_ERROR_TEMP_1250", "", ExceptionKind::kAnalysis,
     "<action> is not allowed on <tableName> since filesource partition management is disabled "
     "(spark.sql.hive.manageFilesourcePartitions = false)."},
    {"_LEGACY_ERROR_TEMP_1251", "", ExceptionKind::kAnalysis,
     "<action> is not allowed on <tableName> since its partition metadata is not stored in the "
     "Hive metastore. To import this information into the metastore, run `msck repair table "
     "<tableName>`."},
    {"_LEGACY_ERROR_TEMP_1252", "", ExceptionKind::kAnalysis,
     "Cannot alter a view with ALTER TABLE. Please use ALTER VIEW instead."},
    {"_LEGACY_ERROR_TEMP_1253", "", ExceptionKind::kAnalysis,
     "Cannot alter a table with ALTER VIEW. Please use ALTER TABLE instead."},
    {"_LEGACY_ERROR_TEMP_1255", "", ExceptionKind::kAnalysis, "Cannot drop built-in function '<functionName>'."},
    {"_LEGACY_ERROR_TEMP_1256", "", ExceptionKind::kAnalysis, "Cannot refresh built-in function <functionName>."},
    {"_LEGACY_ERROR_TEMP_1257", "", ExceptionKind::kAnalysis, "Cannot refresh temporary function <functionName>."},
    {"_LEGACY_ERROR_TEMP_1259", "", ExceptionKind::kAnalysis,
     "ALTER ADD COLUMNS does not support views. You must drop and re-create the views for adding "
     "the new columns. Views: <table>."},
    {"_LEGACY_ERROR_TEMP_1260", "", ExceptionKind::kAnalysis,
     "ALTER ADD COLUMNS does not support datasource table with type <tableType>. You must drop "
     "and re-create the table for adding the new columns. Tables: <table>."},
    {"_LEGACY_ERROR_TEMP_1261", "", ExceptionKind::kAnalysis,
     "LOAD DATA is not supported for datasource tables: <tableIdentWithDB>."},
    {"_LEGACY_ERROR_TEMP_1262", "", ExceptionKind::kAnalysis,
     "LOAD DATA target table <tableIdentWithDB> is partitioned, but no partition spec is "
     "provided."},
    {"_LEGACY_ERROR_TEMP_1263", "", ExceptionKind::kAnalysis,
     "LOAD DATA target table <tableIdentWithDB> is partitioned, but number of columns in "
     "provided partition spec (<partitionSize>) do not match number of partitioned columns in "
     "table (<targetTableSize>)."},
    {"_LEGACY_ERROR_TEMP_1264", "", ExceptionKind::kAnalysis,
     "LOAD DATA target table <tableIdentWithDB> is not partitioned, but a partition spec was "
     "provided."},
    {"_LEGACY_ERROR_TEMP_1266", "", ExceptionKind::kAnalysis,
     "Operation not allowed: TRUNCATE TABLE on external tables: <tableIdentWithDB>."},
    {"_LEGACY_ERROR_TEMP_1267", "", ExceptionKind::kAnalysis,
     "Operation not allowed: TRUNCATE TABLE ... PARTITION is not supported for tables that are "
     "not partitioned: <tableIdentWithDB>."},
    {"_LEGACY_ERROR_TEMP_1268", "", ExceptionKind::kAnalysis,
     "Failed to truncate table <tableIdentWithDB> when removing data of the path: <path>."},
    {"_LEGACY_ERROR_TEMP_1270", "", ExceptionKind::kAnalysis,
     "SHOW CREATE TABLE is not supported on a temporary view: <table>."},
    {"_LEGACY_ERROR_TEMP_1271", "", ExceptionKind::kAnalysis,
     "Failed to execute SHOW CREATE TABLE against table <table>, which is created by Hive and "
     "uses the following unsupported feature(s)\n<unsupportedFeatures>\nPlease use `SHOW CREATE "
     "TABLE <table> AS SERDE` to show Hive DDL instead."},
    {"_LEGACY_ERROR_TEMP_1272", "", ExceptionKind::kAnalysis,
     "SHOW CREATE TABLE doesn't support transactional Hive table. Please use `SHOW CREATE TABLE "
     "<table> AS SERDE` to show Hive DDL instead."},
    {"_LEGACY_ERROR_TEMP_1273", "", ExceptionKind::kAnalysis,
     "Failed to execute SHOW CREATE TABLE against table <table>, which is created by Hive and "
     "uses the following unsupported serde configuration\n<configs>\nPlease use `SHOW CREATE "
     "TABLE <table> AS SERDE` to show Hive DDL instead."},
    {"_LEGACY_ERROR_TEMP_1274", "", ExceptionKind::kAnalysis,
     "<table> is a Spark data source table. Use `SHOW CREATE TABLE` without `AS SERDE` instead."},
    {"_LEGACY_ERROR_TEMP_1275", "", ExceptionKind::kAnalysis,
     "Failed to execute SHOW CREATE TABLE against table/view <table>, which is created by Hive "
     "and uses the following unsupported feature(s)\n<features>."},
    {"_LEGACY_ERROR_TEMP_1276", "", ExceptionKind::kAnalysis,
     "The logical plan that represents the view is not analyzed."},
    {"_LEGACY_ERROR_TEMP_1278", "", ExceptionKind::kAnalysis, "<name> is not a view."},
    {"_LEGACY_ERROR_TEMP_1280", "", ExceptionKind::kAnalysis,
     "It is not allowed to create a persisted view from the Dataset API."},
    {"_LEGACY_ERROR_TEMP_1285", "", ExceptionKind::kAnalysis,
     "Since Spark 2.3, the queries from raw JSON/CSV files are disallowed when the\nreferenced "
     "columns only include the internal corrupt record column\n(named _corrupt_record by "
     "default). For "
     "example:\nspark.read.schema(schema).csv(file).filter($\"_corrupt_record\".isNotNull).count("
     ")\nand spark.read.schema(schema).csv(file).select(\"_corrupt_record\").show().\nInstead, "
     "you can cache or save the parsed results and then send the same query.\nFor example, val "
     "df = spark.read.schema(schema).csv(file).cache() and "
     "then\ndf.filter($\"_corrupt_record\".isNotNull).count()."},
    {"_LEGACY_ERROR_TEMP_1286", "", ExceptionKind::kAnalysis,
     "User-defined partition column <columnName> not found in the JDBC relation: <schema>."},
    {"_LEGACY_ERROR_TEMP_1287", "", ExceptionKind::kAnalysis,
     "Partition column type should be <numericType>, <dateType>, or <timestampType>, but "
     "<dataType> found."},
    {"_LEGACY_ERROR_TEMP_1288", "", ExceptionKind::kAnalysis,
     "Table or view '<name>' already exists. SaveMode: ErrorIfExists."},
    {"_LEGACY_ERROR_TEMP_1290", "", ExceptionKind::kAnalysis,
     "Text data source supports only a single column, and you have <schemaSize> columns."},
    {"_LEGACY_ERROR_TEMP_1291", "", ExceptionKind::kAnalysis,
     "Can't find required partition column <readField> in partition schema <partitionSchema>."},
    {"_LEGACY_ERROR_TEMP_1292", "", ExceptionKind::kAnalysis,
     "Temporary view '<tableIdent>' should not have specified a database."},
    {"_LEGACY_ERROR_TEMP_1293", "", ExceptionKind::kAnalysis,
     "Hive data source can only be used with tables, you can't use it with CREATE TEMP VIEW "
     "USING."},
    {"_LEGACY_ERROR_TEMP_1294", "", ExceptionKind::kAnalysis,
     "The timestamp provided for the '<strategy>' option is invalid. The expected format is "
     "'YYYY-MM-DDTHH:mm:ss', but the provided timestamp: <timeString>."},
    {"_LEGACY_ERROR_TEMP_1295", "", ExceptionKind::kAnalysis, "Set a host to read from with option(\"host\", ...)."},
    {"_LEGACY_ERROR_TEMP_1296", "", ExceptionKind::kAnalysis, "Set a port to read from with option(\"port\", ...)."},
    {"_LEGACY_ERROR_TEMP_1297", "", ExceptionKind::kAnalysis,
     "IncludeTimestamp must be set to either \"true\" or \"false\"."},
    {"_LEGACY_ERROR_TEMP_1298", "", ExceptionKind::kAnalysis,
     "checkpointLocation must be specified either through option(\"checkpointLocation\", ...) or "
     "SparkSession.conf.set(\"<config>\", ...)."},
    {"_LEGACY_ERROR_TEMP_1299", "", ExceptionKind::kAnalysis,
     "This query does not support recovering from checkpoint location. Delete <checkpointPath> "
     "to start over."},
    {"_LEGACY_ERROR_TEMP_1300", "", ExceptionKind::kAnalysis,
     "Unable to find the column `<colName>` given [<actualColumns>]."},
    {"_LEGACY_ERROR_TEMP_1305", "", ExceptionKind::kAnalysis, "Unsupported TableChange <change> in JDBC catalog."},
    {"_LEGACY_ERROR_TEMP_1306", "", ExceptionKind::kAnalysis,
     "There is a 'path' or 'paths' option set and load() is called with path parameters. Either "
     "remove the path option if it's the same as the path parameter, or add it to the load() "
     "parameter if you do want to read multiple paths. To ignore this check, set '<config>' to "
     "'true'."},
    {"_LEGACY_ERROR_TEMP_1307", "", ExceptionKind::kAnalysis,
     "There is a 'path' option set and save() is called with a path parameter. Either remove the "
     "path option, or call save() without the parameter. To ignore this check, set '<config>' to "
     "'true'."},
    {"_LEGACY_ERROR_TEMP_1308", "", ExceptionKind::kAnalysis,
     "TableProvider implementation <source> cannot be written with <createMode> mode, please use "
     "Append or Overwrite modes instead."},
    {"_LEGACY_ERROR_TEMP_1309", "", ExceptionKind::kAnalysis,
     "insertInto() can't be used together with partitionBy(). Partition columns have already "
     "been defined for the table. It is not necessary to use partitionBy()."},
    {"_LEGACY_ERROR_TEMP_1310", "", ExceptionKind::kAnalysis,
     "Couldn't find a catalog to handle the identifier <quote>."},
    {"_LEGACY_ERROR_TEMP_1312", "", ExceptionKind::kAnalysis, "'<operation>' does not support bucketBy right now."},
    {"_LEGACY_ERROR_TEMP_1313", "", ExceptionKind::kAnalysis,
     "'<operation>' does not support bucketBy and sortBy right now."},
    {"_LEGACY_ERROR_TEMP_1316", "", ExceptionKind::kAnalysis, "Invalid partition transformation: <expr>."},
    {"_LEGACY_ERROR_TEMP_1319", "", ExceptionKind::kAnalysis, "Invalid join type in joinWith: <joinType>."},
    {"_LEGACY_ERROR_TEMP_1320", "", ExceptionKind::kAnalysis,
     "Typed column <typedCol> that needs input type and schema cannot be passed in untyped "
     "`select` API. Use the typed `Dataset.select` API instead."},
    {"_LEGACY_ERROR_TEMP_1321", "", ExceptionKind::kAnalysis, "Invalid view name: <viewName>."},
    {"_LEGACY_ERROR_TEMP_1322", "", ExceptionKind::kAnalysis, "Invalid number of buckets: bucket(<numBuckets>, <e>)."},
    {"_LEGACY_ERROR_TEMP_1323", "", ExceptionKind::kAnalysis,
     "\"<colName>\" is not a numeric column. Aggregation function can only be applied on a "
     "numeric column."},
    {"_LEGACY_ERROR_TEMP_1324", "", ExceptionKind::kAnalysis,
     "The pivot column <pivotColumn> has more than <maxValues> distinct values, this could "
     "indicate an error. If this was intended, set <config> to at least the number of distinct "
     "values of the pivot column."},
    {"_LEGACY_ERROR_TEMP_1325", "", ExceptionKind::kAnalysis, "Cannot modify the value of a static config: <key>."},
    {"_LEGACY_ERROR_TEMP_1327", "", ExceptionKind::kAnalysis, "Command execution is not supported in runner <runner>."},
    {"_LEGACY_ERROR_TEMP_1328", "", ExceptionKind::kAnalysis,
     "Can not instantiate class <className>, please make sure it has public non argument "
     "constructor."},
    {"_LEGACY_ERROR_TEMP_1329", "", ExceptionKind::kAnalysis,
     "Can not load class <className>, please make sure it is on the classpath."},
    {"_LEGACY_ERROR_TEMP_1330", "", ExceptionKind::kAnalysis,
     "Class <className> doesn't implement interface UserDefinedAggregateFunction."},
    {"_LEGACY_ERROR_TEMP_1331", "", ExceptionKind::kAnalysis,
     "Missing field <fieldName> in table <table> with schema:\n<schema>."},
    {"_LEGACY_ERROR_TEMP_1332", "", ExceptionKind::kAnalysis, "<errorMessage>"},
    {"_LEGACY_ERROR_TEMP_1334", "", ExceptionKind::kAnalysis,
     "Cannot specify both version and timestamp when time travelling the table."},
    {"_LEGACY_ERROR_TEMP_1338", "", ExceptionKind::kAnalysis,
     "Sinks cannot request distribution and ordering in continuous execution mode."},
    {"_LEGACY_ERROR_TEMP_1339", "", ExceptionKind::kAnalysis,
     "Failed to execute INSERT INTO command because the VALUES list contains a DEFAULT column "
     "reference as part of another expression; this is not allowed."},
    {"_LEGACY_ERROR_TEMP_1340", "", ExceptionKind::kAnalysis,
     "Failed to execute UPDATE command because the SET list contains a DEFAULT column reference "
     "as part of another expression; this is not allowed."},
    {"_LEGACY_ERROR_TEMP_1343", "", ExceptionKind::kAnalysis,
     "Failed to execute MERGE INTO command because one of its INSERT or UPDATE assignments "
     "contains a DEFAULT column reference as part of another expression; this is not allowed."},
    {"_LEGACY_ERROR_TEMP_1344", "", ExceptionKind::kAnalysis,
     "Invalid DEFAULT value for column <fieldName>: <defaultValue> fails to parse as a valid "
     "literal value."},
    {"_LEGACY_ERROR_TEMP_1345", "", ExceptionKind::kAnalysis,
     "Failed to execute <statementType> command because DEFAULT values are not supported for "
     "target data source with table provider: \"<dataSource>\"."},
    {"_LEGACY_ERROR_TEMP_1346", "", ExceptionKind::kAnalysis,
     "Failed to execute <statementType> command because DEFAULT values are not supported when "
     "adding new columns to previously existing target data source with table provider: "
     "\"<dataSource>\"."},
};
}  // namespace

std::span<const ConditionRow> SparkLegacyAnalysisConditions() { return kRows; }

}  // namespace deltic::spark::errors

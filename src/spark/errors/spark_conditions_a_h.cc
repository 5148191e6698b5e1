// Error conditions of Spark 3.5.5, A to H.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION", "", ExceptionKind::kAnalysis,
     "Non-deterministic expression <sqlExpr> should not appear in the arguments of an aggregate "
     "function."},
    {"ALL_PARTITION_COLUMNS_NOT_ALLOWED", "", ExceptionKind::kAnalysis,
     "Cannot use all columns for partition columns."},
    {"ALTER_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", "42710", ExceptionKind::kParse,
     "ALTER TABLE <type> column <columnName> specifies descriptor \"<optionName>\" more than "
     "once, which is invalid."},
    {"AMBIGUOUS_ALIAS_IN_NESTED_CTE", "", ExceptionKind::kAnalysis,
     "Name <name> is ambiguous in nested CTE.\nPlease set <config> to \"CORRECTED\" so that name "
     "defined in inner CTE takes precedence. If set it to \"LEGACY\", outer CTE definitions will "
     "take precedence.\nSee '<docroot>/sql-migration-guide.html#query-engine'."},
    {"AMBIGUOUS_COLUMN_OR_FIELD", "42702", ExceptionKind::kAnalysis,
     "Column or field <name> is ambiguous and has <n> matches."},
    {"AMBIGUOUS_COLUMN_REFERENCE", "42702", ExceptionKind::kAnalysis,
     "Column <name> is ambiguous. It's because you joined several DataFrame together, and some "
     "of these DataFrames are the same.\nThis column points to one of the DataFrame but Spark is "
     "unable to figure out which one.\nPlease alias the DataFrames with different names via "
     "`DataFrame.alias` before joining them,\nand specify the column using qualified name, e.g. "
     "`df.alias(\"a\").join(df.alias(\"b\"), col(\"a.id\") > col(\"b.id\"))`."},
    {"AMBIGUOUS_LATERAL_COLUMN_ALIAS", "42702", ExceptionKind::kAnalysis,
     "Lateral column alias <name> is ambiguous and has <n> matches."},
    {"AMBIGUOUS_REFERENCE", "42704", ExceptionKind::kAnalysis,
     "Reference <name> is ambiguous, could be: <referenceNames>."},
    {"AMBIGUOUS_REFERENCE_TO_FIELDS", "42000", ExceptionKind::kAnalysis,
     "Ambiguous reference to the field <field>. It appears <count> times in the schema."},
    {"ARITHMETIC_OVERFLOW", "22003", ExceptionKind::kArithmetic,
     "<message>.<alternative> If necessary set <config> to \"false\" to bypass this error."},
    {"AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE", "", ExceptionKind::kAnalysis,
     "Invalid as-of join. The input argument `tolerance` must be non-negative."},
    {"AS_OF_JOIN.TOLERANCE_IS_UNFOLDABLE", "", ExceptionKind::kAnalysis,
     "Invalid as-of join. The input argument `tolerance` must be a constant."},
    {"AVRO_INCOMPATIBLE_READ_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot convert Avro <avroPath> to SQL <sqlPath> because the original encoded data type is "
     "<avroType>, however you're trying to read the field as <sqlType>, which would lead to an "
     "incorrect answer. To allow reading this field, enable the SQL configuration: "
     "\"spark.sql.legacy.avro.allowIncompatibleSchema\"."},
    {"BATCH_METADATA_NOT_FOUND", "42K03", ExceptionKind::kFileNotFound, "Unable to find batch <batchMetadataFile>."},
    {"BINARY_ARITHMETIC_OVERFLOW", "22003", ExceptionKind::kArithmetic, "<value1> <symbol> <value2> caused overflow."},
    {"CALL_ON_STREAMING_DATASET_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "The method <methodName> can not be called on streaming Dataset/DataFrame."},
    {"CANNOT_CAST_DATATYPE", "42846", ExceptionKind::kSpark, "Cannot cast <sourceType> to <targetType>."},
    {"CANNOT_DECODE_URL", "22546", ExceptionKind::kIllegalArgument,
     "The provided URL cannot be decoded: <url>. Please ensure that the URL is properly "
     "formatted and try again."},
    {"CANNOT_INVOKE_IN_TRANSFORMATIONS", "", ExceptionKind::kSpark,
     "Dataset transformations and actions can only be invoked by the driver, not inside of other "
     "Dataset transformations; for example, dataset1.map(x => dataset2.values.count() * x) is "
     "invalid because the values transformation and count action cannot be performed inside of "
     "the dataset1.map transformation. For more information, see SPARK-28702."},
    {"CANNOT_LOAD_FUNCTION_CLASS", "", ExceptionKind::kAnalysis,
     "Cannot load class <className> when registering the function <functionName>, please make "
     "sure it is on the classpath."},
    {"CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", "42825", ExceptionKind::kSpark,
     "Failed to merge incompatible data types <left> and <right>. Please check the data types of "
     "the columns being merged and ensure that they are compatible. If necessary, consider "
     "casting the columns to compatible data types before attempting the merge."},
    {"CANNOT_MERGE_SCHEMAS", "42KD9", ExceptionKind::kSpark,
     "Failed merging schemas:\nInitial schema:\n<left>\nSchema that cannot be merged with the "
     "initial schema:\n<right>."},
    {"CANNOT_MODIFY_CONFIG", "46110", ExceptionKind::kAnalysis,
     "Cannot modify the value of the Spark config: <key>.\nSee also "
     "'<docroot>/sql-migration-guide.html#ddl-statements'."},
    {"CANNOT_PARSE_DECIMAL", "22018", ExceptionKind::kRuntime,
     "Cannot parse decimal. Please ensure that the input is a valid number with optional decimal "
     "point or comma separators."},
    {"CANNOT_PARSE_INTERVAL", "", ExceptionKind::kAnalysis,
     "Unable to parse <intervalString>. Please ensure that the value provided is in a valid "
     "format for defining an interval. You can reference the documentation for the correct "
     "format. If the issue persists, please double check that the input value is not null or "
     "empty and try again."},
    {"CANNOT_PARSE_JSON_FIELD", "2203G", ExceptionKind::kRuntime,
     "Cannot parse the field name <fieldName> and the value <fieldValue> of the JSON token type "
     "<jsonType> to target Spark data type <dataType>."},
    {"CANNOT_PARSE_TIMESTAMP", "22007", ExceptionKind::kDateTime,
     "<message>. If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"CANNOT_READ_FILE_FOOTER", "", ExceptionKind::kSpark,
     "Could not read footer for file: <file>. Please ensure that the file is in either ORC or "
     "Parquet format. If not, please convert it to a valid format. If the file is in the valid "
     "format, please check if it is corrupt. If it is, you can choose to either ignore it or fix "
     "the corruption."},
    {"CANNOT_RENAME_ACROSS_SCHEMA", "0AKD0", ExceptionKind::kUnsupportedOperation,
     "Renaming a <type> across schemas is not allowed."},
    {"CANNOT_RESOLVE_STAR_EXPAND", "", ExceptionKind::kAnalysis,
     "Cannot resolve <targetString>.* given input columns <columns>. Please check that the "
     "specified table or struct exists and is accessible in the input columns."},
    {"CANNOT_RESTORE_PERMISSIONS_FOR_PATH", "", ExceptionKind::kAnalysis,
     "Failed to set permissions on created path <path> back to <permission>."},
    {"CANNOT_UPDATE_FIELD.ARRAY_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot update <table> field <fieldName> type: Update the element by updating "
     "<fieldName>.element."},
    {"CANNOT_UPDATE_FIELD.INTERVAL_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot update <table> field <fieldName> type: Update an interval by updating its fields."},
    {"CANNOT_UPDATE_FIELD.MAP_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot update <table> field <fieldName> type: Update a map by updating <fieldName>.key or "
     "<fieldName>.value."},
    {"CANNOT_UPDATE_FIELD.STRUCT_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot update <table> field <fieldName> type: Update a struct by updating its fields."},
    {"CANNOT_UPDATE_FIELD.USER_DEFINED_TYPE", "", ExceptionKind::kAnalysis,
     "Cannot update <table> field <fieldName> type: Update a UserDefinedType[<udtSql>] by "
     "updating its fields."},
    {"CANNOT_UP_CAST_DATATYPE", "", ExceptionKind::kAnalysis,
     "Cannot up cast <expression> from <sourceType> to <targetType>.\n<details>"},
    {"CAST_INVALID_INPUT", "22018", ExceptionKind::kNumberFormat,
     "The value <expression> of the type <sourceType> cannot be cast to <targetType> because it "
     "is malformed. Correct the value as per the syntax, or change its target type. Use "
     "`try_cast` to tolerate malformed input and return NULL instead. If necessary set "
     "<ansiConfig> to \"false\" to bypass this error."},
    {"CAST_OVERFLOW", "22003", ExceptionKind::kArithmetic,
     "The value <value> of the type <sourceType> cannot be cast to <targetType> due to an "
     "overflow. Use `try_cast` to tolerate overflow and return NULL instead. If necessary set "
     "<ansiConfig> to \"false\" to bypass this error."},
    {"CAST_OVERFLOW_IN_TABLE_INSERT", "22003", ExceptionKind::kArithmetic,
     "Fail to insert a value of <sourceType> type into the <targetType> type column <columnName> "
     "due to an overflow. Use `try_cast` on the input value to tolerate overflow and return NULL "
     "instead."},
    {"CODEC_NOT_AVAILABLE", "", ExceptionKind::kAnalysis,
     "The codec <codecName> is not available. Consider to set the config <configKey> to "
     "<configVal>."},
    {"CODEC_SHORT_NAME_NOT_FOUND", "", ExceptionKind::kAnalysis, "Cannot find a short name for the codec <codecName>."},
    {"COLUMN_ALIASES_IS_NOT_ALLOWED", "", ExceptionKind::kParse, "Columns aliases are not allowed in <op>."},
    {"COLUMN_ALREADY_EXISTS", "42711", ExceptionKind::kAnalysis,
     "The column <columnName> already exists. Consider to choose another name or rename the "
     "existing column."},
    {"COLUMN_NOT_DEFINED_IN_TABLE", "", ExceptionKind::kAnalysis,
     "<colType> column <colName> is not defined in table <tableName>, defined table columns are: "
     "<tableCols>."},
    {"COLUMN_NOT_FOUND", "42703", ExceptionKind::kAnalysis,
     "The column <colName> cannot be found. Verify the spelling and correctness of the column "
     "name according to the SQL config <caseSensitiveConfig>."},
    {"COMPARATOR_RETURNS_NULL", "", ExceptionKind::kSpark,
     "The comparator has returned a NULL for a comparison between <firstValue> and "
     "<secondValue>. It should return a positive integer for \"greater than\", 0 for \"equal\" "
     "and a negative integer for \"less than\". To revert to deprecated behavior where NULL is "
     "treated as 0 (equal), you must set "
     "\"spark.sql.legacy.allowNullComparisonResultInArraySort\" to \"true\"."},
    {"CONCURRENT_QUERY", "", ExceptionKind::kSpark,
     "Another instance of this query was just started by a concurrent session."},
    {"CONCURRENT_STREAM_LOG_UPDATE", "40000", ExceptionKind::kSpark,
     "Concurrent update to the log. Multiple streaming jobs detected for <batchId>.\nPlease make "
     "sure only one streaming job runs on a specific checkpoint location at a time."},
    {"CONNECT.INTERCEPTOR_CTOR_MISSING", "", ExceptionKind::kAnalysis,
     "Generic Spark Connect error. Cannot instantiate GRPC interceptor because <cls> is missing "
     "a default constructor without arguments."},
    {"CONNECT.INTERCEPTOR_RUNTIME_ERROR", "", ExceptionKind::kAnalysis,
     "Generic Spark Connect error. Error instantiating GRPC interceptor: <msg>"},
    {"CONNECT.PLUGIN_CTOR_MISSING", "", ExceptionKind::kAnalysis,
     "Generic Spark Connect error. Cannot instantiate Spark Connect plugin because <cls> is "
     "missing a default constructor without arguments."},
    {"CONNECT.PLUGIN_RUNTIME_ERROR", "", ExceptionKind::kAnalysis,
     "Generic Spark Connect error. Error instantiating Spark Connect plugin: <msg>"},
    {"CONNECT.SESSION_NOT_SAME", "", ExceptionKind::kAnalysis,
     "Generic Spark Connect error. Both Datasets must belong to the same SparkSession."},
    {"CONVERSION_INVALID_INPUT", "22018", ExceptionKind::kIllegalArgument,
     "The value <str> (<fmt>) cannot be converted to <targetType> because it is malformed. "
     "Correct the value as per the syntax, or change its format. Use <suggestion> to tolerate "
     "malformed input and return NULL instead."},
    {"CREATE_PERMANENT_VIEW_WITHOUT_ALIAS", "", ExceptionKind::kAnalysis,
     "Not allowed to create the permanent view <name> without explicitly assigning an alias for "
     "the expression <attr>."},
    {"CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", "42710", ExceptionKind::kParse,
     "CREATE TABLE column <columnName> specifies descriptor \"<optionName>\" more than once, "
     "which is invalid."},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "21S01", ExceptionKind::kAnalysis,
     "Cannot create view <viewName>, the reason is not enough data columns:\nView columns: "
     "<viewColumns>.\nData columns: <dataColumns>."},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "21S01", ExceptionKind::kAnalysis,
     "Cannot create view <viewName>, the reason is too many data columns:\nView columns: "
     "<viewColumns>.\nData columns: <dataColumns>."},
    {"DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to <functionName> should have "
     "been <dataType> followed by a value with same element type, but it's [<leftType>, "
     "<rightType>]."},
    {"DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to function <functionName> "
     "should have been two <arrayType> with same element type, but it's [<leftType>, "
     "<rightType>]."},
    {"DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: the left and right operands of the "
     "binary operator have incompatible types (<left> and <right>)."},
    {"DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: the binary operator requires the input "
     "type <inputType>, not <actualDataType>."},
    {"DATATYPE_MISMATCH.CANNOT_CONVERT_TO_JSON", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Unable to convert column <name> of "
     "type <type> to JSON."},
    {"DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Cannot drop all fields in struct."},
    {"DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: cannot cast <srcType> to <targetType>."},
    {"DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: cannot cast <srcType> to <targetType> "
     "with ANSI mode on.\nIf you have to cast <srcType> to <targetType>, you can set <config> as "
     "<configVal>."},
    {"DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: cannot cast <srcType> to "
     "<targetType>.\nTo convert values from <srcType> to <targetType>, you can use the functions "
     "<functionNames> instead."},
    {"DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The given keys of function "
     "<functionName> should all be the same type, but they are <dataType>."},
    {"DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The given values of function "
     "<functionName> should all be the same type, but they are <dataType>."},
    {"DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Only foldable `STRING` expressions are "
     "allowed to appear at odd position, but they are <inputExprs>."},
    {"DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to <functionName> should all be "
     "the same type, but it's <dataType>."},
    {"DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Filter expression <filter> of type "
     "<type> is not a boolean."},
    {"DATATYPE_MISMATCH.HASH_MAP_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to the function <functionName> "
     "cannot contain elements of the \"MAP\" type. In Spark, same maps may have different "
     "hashcode, thus hash expressions are prohibited on \"MAP\" elements. To restore previous "
     "behavior set \"spark.sql.legacy.allowHashOnMapType\" to \"true\"."},
    {"DATATYPE_MISMATCH.HASH_VARIANT_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to the function <functionName> "
     "cannot contain elements of the \"VARIANT\" type yet."},
    {"DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Length of <exprName> should be 1."},
    {"DATATYPE_MISMATCH.INVALID_ARG_VALUE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <inputName> value must to be a "
     "<requireType> literal of <validValues>, but got <inputValue>."},
    {"DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input schema <schema> can only contain "
     "STRING as a key type for a MAP."},
    {"DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input schema <schema> must be a "
     "struct, an array or a map."},
    {"DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The key of map cannot be/contain "
     "<keyType>."},
    {"DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <functionName> does not support "
     "ordering on type <dataType>."},
    {"DATATYPE_MISMATCH.INVALID_ROW_LEVEL_OPERATION_ASSIGNMENTS", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: <errors>"},
    {"DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The data type of one or more elements "
     "in the left hand side of an IN subquery is not compatible with the data type of the output "
     "of the subquery. Mismatched columns: [<mismatchedColumns>], left side: [<leftType>], right "
     "side: [<rightType>]."},
    {"DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The number of columns in the left hand "
     "side of an IN subquery does not match the number of columns in the output of subquery. "
     "Left hand side columns(length: <leftLength>): [<leftColumns>], right hand side "
     "columns(length: <rightLength>): [<rightColumns>]."},
    {"DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <functionName> should all be of "
     "type map, but it's <dataType>."},
    {"DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to <functionName> should have "
     "been <dataType> followed by a value with same key type, but it's [<leftType>, <rightType>]."},
    {"DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Input to the <functionName> should "
     "have been two maps with compatible key types, but it's [<leftType>, <rightType>]."},
    {"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: the input <inputName> should be a "
     "foldable <inputType> expression; however, got <inputExpr>."},
    {"DATATYPE_MISMATCH.NON_STRING_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: all arguments must be strings."},
    {"DATATYPE_MISMATCH.NULL_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Null typed values cannot be used as "
     "arguments of <functionName>."},
    {"DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <leftExprName>(<leftExprValue>) "
     "must be <constraint> the <rightExprName>(<rightExprValue>)."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The data type <orderSpecType> used in "
     "the order specification does not match the data type <valueBoundaryType> which is used in "
     "the range frame."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: A range window frame with value "
     "boundaries cannot be used in a window specification with multiple order by expressions: "
     "<orderSpec>."},
    {"DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: A range window frame cannot be used in "
     "an unordered window specification."},
    {"DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: <functionName> uses the wrong "
     "parameter type. The parameter type must conform to:\n1. The start and stop expressions "
     "must resolve to the same type.\n2. If start and stop expressions resolve to the "
     "<startType> type, then the step expression must resolve to the <stepType> type.\n3. "
     "Otherwise, if start and stop expressions resolve to the <otherStartType> type, then the "
     "step expression must resolve to the same type."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Window frame bounds <lower> and "
     "<upper> do not have the same type: <lowerType> <> <upperType>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Window frame upper bound <upper> does "
     "not follow the lower bound <lower>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The data type of the <location> bound "
     "<exprType> does not match the expected data type <expectedType>."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Window frame <location> bound "
     "<expression> is not a literal."},
    {"DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The lower bound of a window frame must "
     "be <comparison> to the upper bound."},
    {"DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The data type of the column "
     "(<columnIndex>) do not have the same type: <leftType> (<leftParamIndex>) <> <rightType> "
     "(<rightParamIndex>)."},
    {"DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: <msg><hint>."},
    {"DATATYPE_MISMATCH.UNEXPECTED_CLASS_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: class <className> not found."},
    {"DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: Parameter <paramIndex> requires the "
     "<requiredType> type, however <inputSql> has the type <inputType>."},
    {"DATATYPE_MISMATCH.UNEXPECTED_NULL", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <exprName> must not be null."},
    {"DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <functionName> requires return "
     "<expectedType> type, but the actual is <actualType> type."},
    {"DATATYPE_MISMATCH.UNEXPECTED_STATIC_METHOD", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: cannot find a static method "
     "<methodName> that matches the argument types in <className>."},
    {"DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The input of <functionName> can't be "
     "<dataType> type data."},
    {"DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The <exprName> must be between "
     "<valueRange> (current value = <currentValue>)."},
    {"DATATYPE_MISMATCH.WRONG_NUM_ARG_TYPES", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The expression requires <expectedNum> "
     "argument types but the actual number is <actualNum>."},
    {"DATATYPE_MISMATCH.WRONG_NUM_ENDPOINTS", "42K09", ExceptionKind::kAnalysis,
     "Cannot resolve <sqlExpr> due to data type mismatch: The number of endpoints must be >= 2 "
     "to construct intervals but the actual number is <actualNumber>."},
    {"DATATYPE_MISSING_SIZE", "42K01", ExceptionKind::kParse,
     "DataType <type> requires a length parameter, for example <type>(10). Please specify the "
     "length."},
    {"DATA_SOURCE_NOT_FOUND", "42K02", ExceptionKind::kAnalysis,
     "Failed to find the data source: <provider>. Please find packages at "
     "`https://spark.apache.org/third-party-projects.html`."},
    {"DATETIME_OVERFLOW", "22008", ExceptionKind::kArithmetic, "Datetime operation overflow: <operation>."},
    {"DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003", ExceptionKind::kArithmetic,
     "Decimal precision <precision> exceeds max precision <maxPrecision>."},
    {"DEFAULT_DATABASE_NOT_EXISTS", "42704", ExceptionKind::kSpark,
     "Default database <defaultDatabase> does not exist, please create it first or change "
     "default database to `<defaultDatabase>`."},
    {"DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "Distinct window functions are not supported: <windowExpr>."},
    {"DIVIDE_BY_ZERO", "22012", ExceptionKind::kArithmetic,
     "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If "
     "necessary set <config> to \"false\" to bypass this error."},
    {"DUPLICATED_FIELD_NAME_IN_ARROW_STRUCT", "", ExceptionKind::kUnsupportedOperation,
     "Duplicated field names in Arrow Struct are not allowed, got <fieldNames>."},
    {"DUPLICATED_MAP_KEY", "23505", ExceptionKind::kRuntime,
     "Duplicate map key <key> was found, please check the input data. If you want to remove the "
     "duplicated keys, you can set <mapKeyDedupPolicy> to \"LAST_WIN\" so that the key inserted "
     "at last takes precedence."},
    {"DUPLICATED_METRICS_NAME", "", ExceptionKind::kAnalysis,
     "The metric name is not unique: <metricName>. The same name cannot be used for metrics with "
     "different results. However multiple instances of metrics with with same result and name "
     "are allowed (e.g. self-joins)."},
    {"DUPLICATE_CLAUSES", "", ExceptionKind::kParse,
     "Found duplicate clauses: <clauseName>. Please, remove one of them."},
    {"DUPLICATE_KEY", "23505", ExceptionKind::kParse, "Found duplicate keys <keyColumn>."},
    {"DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED", "4274K", ExceptionKind::kAnalysis,
     "Call to function <functionName> is invalid because it includes multiple argument "
     "assignments to the same parameter name <parameterName>. A positional argument and named "
     "argument both referred to the same parameter. Please remove the named argument referring "
     "to this parameter."},
    {"DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", "4274K", ExceptionKind::kAnalysis,
     "Call to function <functionName> is invalid because it includes multiple argument "
     "assignments to the same parameter name <parameterName>. More than one named argument "
     "referred to the same parameter. Please assign a value only once."},
    {"EMPTY_JSON_FIELD_VALUE", "42604", ExceptionKind::kRuntime,
     "Failed to parse an empty string for data type <dataType>."},
    {"ENCODER_NOT_FOUND", "", ExceptionKind::kUnsupportedOperation,
     "Not found an encoder of the type <typeName> to Spark SQL internal representation. Consider "
     "to change the input type to one of supported at '<docroot>/sql-ref-datatypes.html'."},
    {"EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE", "", ExceptionKind::kAnalysis,
     "The event time <eventName> has the invalid type <eventType>, but expected \"TIMESTAMP\"."},
    {"EXCEED_LIMIT_LENGTH", "", ExceptionKind::kRuntime, "Exceeds char/varchar type length limitation: <limit>."},
    {"EXPRESSION_TYPE_IS_NOT_ORDERABLE", "", ExceptionKind::kAnalysis,
     "Column expression <expr> cannot be sorted because its type <exprType> is not orderable."},
    {"FAILED_EXECUTE_UDF", "39000", ExceptionKind::kSpark,
     "Failed to execute user defined function (<functionName>: (<signature>) => <result>)."},
    {"FAILED_FUNCTION_CALL", "38000", ExceptionKind::kAnalysis,
     "Failed preparing of the function <funcName> for call. Please, double check function's "
     "arguments."},
    {"FAILED_PARSE_STRUCT_TYPE", "22018", ExceptionKind::kRuntime, "Failed parsing struct: <raw>."},
    {"FAILED_RENAME_PATH", "42K04", ExceptionKind::kAnalysis,
     "Failed to rename <sourcePath> to <targetPath> as destination already exists."},
    {"FAILED_RENAME_TEMP_FILE", "", ExceptionKind::kSpark,
     "Failed to rename temp file <srcPath> to <dstPath> as FileSystem.rename returned false."},
    {"FIELDS_ALREADY_EXISTS", "", ExceptionKind::kAnalysis,
     "Cannot <op> column, because <fieldNames> already exists in <struct>."},
    {"FIELD_NOT_FOUND", "42704", ExceptionKind::kAnalysis, "No such struct field <fieldName> in <fields>."},
    {"FORBIDDEN_OPERATION", "42809", ExceptionKind::kAnalysis,
     "The operation <statement> is not allowed on the <objectType>: <objectName>."},
    {"GENERATED_COLUMN_WITH_DEFAULT_VALUE", "", ExceptionKind::kAnalysis,
     "A column cannot have both a default value and a generation expression but column <colName> "
     "has default value: (<defaultValue>) and generation expression: (<genExpr>)."},
    {"GROUPING_COLUMN_MISMATCH", "42803", ExceptionKind::kAnalysis,
     "Column of grouping (<grouping>) can't be found in grouping columns <groupingColumns>."},
    {"GROUPING_ID_COLUMN_MISMATCH", "42803", ExceptionKind::kAnalysis,
     "Columns of grouping_id (<groupingIdColumn>) does not match grouping columns "
     "(<groupByColumns>)."},
    {"GROUPING_SIZE_LIMIT_EXCEEDED", "54000", ExceptionKind::kAnalysis,
     "Grouping sets size cannot be greater than <maxSize>."},
    {"GROUP_BY_AGGREGATE", "42903", ExceptionKind::kAnalysis,
     "Aggregate functions are not allowed in GROUP BY, but found <sqlExpr>."},
    {"GROUP_BY_POS_AGGREGATE", "42903", ExceptionKind::kAnalysis,
     "GROUP BY <index> refers to an expression <aggExpr> that contains an aggregate function. "
     "Aggregate functions are not allowed in GROUP BY."},
    {"GROUP_BY_POS_OUT_OF_RANGE", "42805", ExceptionKind::kAnalysis,
     "GROUP BY position <index> is not in select list (valid range is [1, <size>])."},
    {"GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE", "", ExceptionKind::kAnalysis,
     "The expression <sqlExpr> cannot be used as a grouping expression because its data type "
     "<dataType> is not an orderable data type."},
    {"HLL_INVALID_INPUT_SKETCH_BUFFER", "", ExceptionKind::kRuntime,
     "Invalid call to <function>; only valid HLL sketch buffers are supported as inputs (such as "
     "those produced by the `hll_sketch_agg` function)."},
    {"HLL_INVALID_LG_K", "", ExceptionKind::kRuntime,
     "Invalid call to <function>; the `lgConfigK` value must be between <min> and <max>, "
     "inclusive: <value>."},
    {"HLL_UNION_DIFFERENT_LG_K", "", ExceptionKind::kRuntime,
     "Sketches have different `lgConfigK` values: <left> and <right>. Set the "
     "`allowDifferentLgConfigK` parameter to true to call <function> with different `lgConfigK` "
     "values."},
};
}  // namespace

std::span<const ConditionRow> SparkConditionsAToH() { return kRows; }

}  // namespace deltic::spark::errors

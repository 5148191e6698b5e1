// Error conditions of Spark 3.5.5, I to T.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"IDENTIFIER_TOO_MANY_NAME_PARTS", "42601", ExceptionKind::kAnalysis,
     "<identifier> is not a valid identifier as it has more than 2 name parts."},
    {"IDENTITY_COLUMNS_DUPLICATED_SEQUENCE_GENERATOR_OPTION", "42601", ExceptionKind::kParse,
     "Duplicated IDENTITY column sequence generator option: <sequenceGeneratorOption>."},
    {"INCOMPARABLE_PIVOT_COLUMN", "42818", ExceptionKind::kAnalysis,
     "Invalid pivot column <columnName>. Pivot columns must be comparable."},
    {"INCOMPATIBLE_COLUMN_TYPE", "42825", ExceptionKind::kAnalysis,
     "<operator> can only be performed on tables with compatible column types. The "
     "<columnOrdinalNumber> column of the <tableOrdinalNumber> table is <dataType1> type which "
     "is not compatible with <dataType2> at the same column of the first table.<hint>."},
    {"INCOMPATIBLE_DATASOURCE_REGISTER", "", ExceptionKind::kAnalysis,
     "Detected an incompatible DataSourceRegister. Please remove the incompatible library from "
     "classpath or upgrade it. Error: <message>"},
    {"INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Ambiguous column name in the "
     "input data <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot find data for the output "
     "column <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot safely cast <colName> "
     "<srcType> to <targetType>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot write extra columns "
     "<extraColumns>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot write extra fields "
     "<extraFields> to the struct <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.NULLABLE_ARRAY_ELEMENTS", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot write nullable elements "
     "to array of non-nulls: <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.NULLABLE_COLUMN", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot write nullable values to "
     "non-null column <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.NULLABLE_MAP_VALUES", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Cannot write nullable values to "
     "map of non-nulls: <colName>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.STRUCT_MISSING_FIELDS", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Struct <colName> missing fields: "
     "<missingFields>."},
    {"INCOMPATIBLE_DATA_FOR_TABLE.UNEXPECTED_COLUMN_NAME", "KD000", ExceptionKind::kAnalysis,
     "Cannot write incompatible data for the table <tableName>: Struct <colName> <order>-th "
     "field name does not match (may be out of order): expected <expected>, found <found>."},
    {"INCOMPATIBLE_JOIN_TYPES", "42613", ExceptionKind::kParse,
     "The join types <joinType1> and <joinType2> are incompatible."},
    {"INCOMPATIBLE_VIEW_SCHEMA_CHANGE", "", ExceptionKind::kAnalysis,
     "The SQL query of view <viewName> has an incompatible schema change and column <colName> "
     "cannot be resolved. Expected <expectedNum> columns named <colName> but got "
     "<actualCols>.\nPlease try to re-create the view by running: <suggestion>."},
    {"INCOMPLETE_TYPE_DEFINITION.ARRAY", "42K01", ExceptionKind::kParse,
     "Incomplete complex type: The definition of \"ARRAY\" type is incomplete. You must provide "
     "an element type. For example: \"ARRAY<elementType>\"."},
    {"INCOMPLETE_TYPE_DEFINITION.MAP", "42K01", ExceptionKind::kParse,
     "Incomplete complex type: The definition of \"MAP\" type is incomplete. You must provide a "
     "key type and a value type. For example: \"MAP<TIMESTAMP, INT>\"."},
    {"INCOMPLETE_TYPE_DEFINITION.STRUCT", "42K01", ExceptionKind::kParse,
     "Incomplete complex type: The definition of \"STRUCT\" type is incomplete. You must provide "
     "at least one field type. For example: \"STRUCT<name STRING, phone DECIMAL(10, 0)>\"."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION", "42K0B", ExceptionKind::kUpgrade,
     "You may get a different result due to the upgrading to Spark >= 3.0:\nFail to recognize "
     "<pattern> pattern in the DateTimeFormatter. 1) You can set <config> to \"LEGACY\" to "
     "restore the behavior before Spark 3.0. 2) You can form a valid datetime pattern with the "
     "guide from '<docroot>/sql-ref-datetime-pattern.html'."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER", "42K0B", ExceptionKind::kUpgrade,
     "You may get a different result due to the upgrading to Spark >= 3.0:\nFail to parse "
     "<datetime> in the new parser. You can set <config> to \"LEGACY\" to restore the behavior "
     "before Spark 3.0, or set to \"CORRECTED\" and treat it as an invalid datetime string."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.READ_ANCIENT_DATETIME", "42K0B", ExceptionKind::kUpgrade,
     "You may get a different result due to the upgrading to Spark >= 3.0:\nreading dates before "
     "1582-10-15 or timestamps before 1900-01-01T00:00:00Z\nfrom <format> files can be "
     "ambiguous, as the files may be written by\nSpark 2.x or legacy versions of Hive, which "
     "uses a legacy hybrid calendar\nthat is different from Spark 3.0+'s Proleptic Gregorian "
     "calendar.\nSee more details in SPARK-31404. You can set the SQL config <config> or\nthe "
     "datasource option <option> to \"LEGACY\" to rebase the datetime values\nw.r.t. the "
     "calendar difference during reading. To read the datetime values\nas it is, set the SQL "
     "config or the datasource option to \"CORRECTED\"."},
    {"INCONSISTENT_BEHAVIOR_CROSS_VERSION.WRITE_ANCIENT_DATETIME", "42K0B", ExceptionKind::kUpgrade,
     "You may get a different result due to the upgrading to Spark >= 3.0:\nwriting dates before "
     "1582-10-15 or timestamps before 1900-01-01T00:00:00Z\ninto <format> files can be "
     "dangerous, as the files may be read by Spark 2.x\nor legacy versions of Hive later, which "
     "uses a legacy hybrid calendar that\nis different from Spark 3.0+'s Proleptic Gregorian "
     "calendar. See more\ndetails in SPARK-31404. You can set <config> to \"LEGACY\" to rebase "
     "the\ndatetime values w.r.t. the calendar difference during writing, to get "
     "maximum\ninteroperability. Or set the config to \"CORRECTED\" to write the "
     "datetime\nvalues as it is, if you are sure that the written files will only be read "
     "by\nSpark 3.0+ or other systems that use Proleptic Gregorian calendar."},
    {"INCORRECT_END_OFFSET", "22003", ExceptionKind::kAnalysis,
     "Max offset with <rowsPerSecond> rowsPerSecond is <maxSeconds>, but it's <endSeconds> now."},
    {"INCORRECT_RAMP_UP_RATE", "22003", ExceptionKind::kRuntime,
     "Max offset with <rowsPerSecond> rowsPerSecond is <maxSeconds>, but 'rampUpTimeSeconds' is "
     "<rampUpTimeSeconds>."},
    {"INDEX_ALREADY_EXISTS", "42710", ExceptionKind::kAnalysis,
     "Cannot create the index <indexName> on table <tableName> because it already exists."},
    {"INDEX_NOT_FOUND", "42704", ExceptionKind::kAnalysis, "Cannot find the index <indexName> on table <tableName>."},
    {"INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "21S01", ExceptionKind::kAnalysis,
     "Cannot write to <tableName>, the reason is not enough data columns:\nTable columns: "
     "<tableColumns>.\nData columns: <dataColumns>."},
    {"INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "21S01", ExceptionKind::kAnalysis,
     "Cannot write to <tableName>, the reason is too many data columns:\nTable columns: "
     "<tableColumns>.\nData columns: <dataColumns>."},
    {"INSERT_PARTITION_COLUMN_ARITY_MISMATCH", "21S01", ExceptionKind::kAnalysis,
     "Cannot write to '<tableName>', <reason>:\nTable columns: <tableColumns>.\nPartition "
     "columns with static values: <staticPartCols>.\nData columns: <dataColumns>."},
    {"INSUFFICIENT_TABLE_PROPERTY.MISSING_KEY", "", ExceptionKind::kAnalysis, "Can't find table property: <key>."},
    {"INSUFFICIENT_TABLE_PROPERTY.MISSING_KEY_PART", "", ExceptionKind::kAnalysis,
     "Can't find table property: <key>, <totalAmountOfParts> parts are expected."},
    {"INTERNAL_ERROR", "XX000", ExceptionKind::kSpark, "<message>"},
    {"INTERVAL_ARITHMETIC_OVERFLOW", "22015", ExceptionKind::kArithmetic, "<message>.<alternative>"},
    {"INTERVAL_DIVIDED_BY_ZERO", "22012", ExceptionKind::kArithmetic,
     "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead."},
    {"INVALID_ARRAY_INDEX", "22003", ExceptionKind::kArrayIndexOutOfBounds,
     "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use the SQL "
     "function `get()` to tolerate accessing element at invalid index and return NULL instead. "
     "If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003", ExceptionKind::kArrayIndexOutOfBounds,
     "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use "
     "`try_element_at` to tolerate accessing element at invalid index and return NULL instead. "
     "If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"INVALID_BITMAP_POSITION", "22003", ExceptionKind::kArrayIndexOutOfBounds,
     "The 0-indexed bitmap position <bitPosition> is out of bounds. The bitmap has "
     "<bitmapNumBits> bits (<bitmapNumBytes> bytes)."},
    {"INVALID_BOUNDARY.END", "", ExceptionKind::kAnalysis,
     "The boundary <boundary> is invalid: <invalidValue>. Expected the value is '0', "
     "'<longMaxValue>', '[<intMinValue>, <intMaxValue>]'."},
    {"INVALID_BOUNDARY.START", "", ExceptionKind::kAnalysis,
     "The boundary <boundary> is invalid: <invalidValue>. Expected the value is '0', "
     "'<longMinValue>', '[<intMinValue>, <intMaxValue>]'."},
    {"INVALID_BUCKET_FILE", "", ExceptionKind::kSpark, "Invalid bucket file: <path>."},
    {"INVALID_BYTE_STRING", "", ExceptionKind::kAnalysis,
     "The expected format is ByteString, but was <unsupported> (<class>)."},
    {"INVALID_COLUMN_NAME_AS_PATH", "46121", ExceptionKind::kAnalysis,
     "The datasource <datasource> cannot save the column <columnName> because its name contains "
     "some characters that are not allowed in file paths. Please, use an alias to rename it."},
    {"INVALID_COLUMN_OR_FIELD_DATA_TYPE", "42000", ExceptionKind::kAnalysis,
     "Column or field <name> is of type <type> while it's required to be <expectedType>."},
    {"INVALID_CURSOR.DISCONNECTED", "HY109", ExceptionKind::kSql,
     "The cursor is invalid. The cursor has been disconnected by the server."},
    {"INVALID_CURSOR.NOT_REATTACHABLE", "HY109", ExceptionKind::kSql,
     "The cursor is invalid. The cursor is not reattachable."},
    {"INVALID_CURSOR.POSITION_NOT_AVAILABLE", "HY109", ExceptionKind::kSql,
     "The cursor is invalid. The cursor position id <responseId> is no longer available at index "
     "<index>."},
    {"INVALID_CURSOR.POSITION_NOT_FOUND", "HY109", ExceptionKind::kSql,
     "The cursor is invalid. The cursor position id <responseId> is not found."},
    {"INVALID_DEFAULT_VALUE.DATA_TYPE", "", ExceptionKind::kAnalysis,
     "Failed to execute <statement> command because the destination table column <colName> has a "
     "DEFAULT value <defaultValue>, which requires <expectedType> type, but the statement "
     "provided a value of incompatible <actualType> type."},
    {"INVALID_DEFAULT_VALUE.NOT_CONSTANT", "", ExceptionKind::kAnalysis,
     "Failed to execute <statement> command because the destination table column <colName> has a "
     "DEFAULT value <defaultValue>, which is not a constant expression whose equivalent value is "
     "known at query planning time."},
    {"INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", "", ExceptionKind::kAnalysis,
     "Failed to execute <statement> command because the destination table column <colName> has a "
     "DEFAULT value <defaultValue>, which contains subquery expressions."},
    {"INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION", "", ExceptionKind::kAnalysis,
     "Failed to execute <statement> command because the destination table column <colName> has a "
     "DEFAULT value <defaultValue>, which fails to resolve as a valid expression."},
    {"INVALID_EMPTY_LOCATION", "42K05", ExceptionKind::kIllegalArgument,
     "The location name cannot be empty string, but `<location>` was given."},
    {"INVALID_ESC", "", ExceptionKind::kParse,
     "Found an invalid escape string: <invalidEscape>. The escape string must contain only one "
     "character."},
    {"INVALID_ESCAPE_CHAR", "", ExceptionKind::kAnalysis,
     "`EscapeChar` should be a string literal of length one, but got <sqlExpr>."},
    {"INVALID_EXTRACT_BASE_FIELD_TYPE", "42000", ExceptionKind::kAnalysis,
     "Can't extract a value from <base>. Need a complex type [STRUCT, ARRAY, MAP] but got "
     "<other>."},
    {"INVALID_EXTRACT_FIELD", "42601", ExceptionKind::kAnalysis, "Cannot extract <field> from <expr>."},
    {"INVALID_EXTRACT_FIELD_TYPE", "42000", ExceptionKind::kAnalysis,
     "Field name should be a non-null string literal, but it's <extraction>."},
    {"INVALID_FIELD_NAME", "42000", ExceptionKind::kAnalysis,
     "Field name <fieldName> is invalid: <path> is not a struct."},
    {"INVALID_FORMAT.CONT_THOUSANDS_SEPS", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. Thousands separators (, or G) must have digits in between "
     "them in the number format."},
    {"INVALID_FORMAT.CUR_MUST_BEFORE_DEC", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. Currency characters must appear before any decimal point "
     "in the number format."},
    {"INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. Currency characters must appear before digits in the "
     "number format."},
    {"INVALID_FORMAT.EMPTY", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. The number format string cannot be empty."},
    {"INVALID_FORMAT.ESC_AT_THE_END", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. The escape character is not allowed to end with."},
    {"INVALID_FORMAT.ESC_IN_THE_MIDDLE", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. The escape character is not allowed to precede <char>."},
    {"INVALID_FORMAT.MISMATCH_INPUT", "42601", ExceptionKind::kIllegalArgument,
     "The format is invalid: <format>. The input <inputType> <input> does not match the format."},
    {"INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. Thousands separators (, or G) may not appear after the "
     "decimal point in the number format."},
    {"INVALID_FORMAT.UNEXPECTED_TOKEN", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. Found the unexpected <token> in the format string; the "
     "structure of the format string must match: `[MI|S]` `[$]` `[0|9|G|,]*` `[.|D]` `[0|9]*` "
     "`[$]` `[PR|MI|S]`."},
    {"INVALID_FORMAT.WRONG_NUM_DIGIT", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. The format string requires at least one number digit."},
    {"INVALID_FORMAT.WRONG_NUM_TOKEN", "42601", ExceptionKind::kAnalysis,
     "The format is invalid: <format>. At most one <token> is allowed in the number format."},
    {"INVALID_FRACTION_OF_SECOND", "22023", ExceptionKind::kDateTime,
     "The fraction of sec must be zero. Valid range is [0, 60]. If necessary set <ansiConfig> to "
     "\"false\" to bypass this error."},
    {"INVALID_HANDLE.FORMAT", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Handle must be an UUID string of the format "
     "'00112233-4455-6677-8899-aabbccddeeff'"},
    {"INVALID_HANDLE.OPERATION_ABANDONED", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Operation was considered abandoned because of inactivity "
     "and removed."},
    {"INVALID_HANDLE.OPERATION_ALREADY_EXISTS", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Operation already exists."},
    {"INVALID_HANDLE.OPERATION_NOT_FOUND", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Operation not found."},
    {"INVALID_HANDLE.SESSION_ALREADY_EXISTS", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Session already exists."},
    {"INVALID_HANDLE.SESSION_NOT_FOUND", "HY000", ExceptionKind::kSql,
     "The handle <handle> is invalid. Session not found."},
    {"INVALID_IDENTIFIER", "42602", ExceptionKind::kParse,
     "The identifier <ident> is invalid. Please, consider quoting it with back-quotes as "
     "`<ident>`."},
    {"INVALID_INDEX_OF_ZERO", "22003", ExceptionKind::kRuntime,
     "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index "
     "1)."},
    {"INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE", "", ExceptionKind::kAnalysis,
     "Invalid inline table. Cannot evaluate the expression <expr> in inline table definition."},
    {"INVALID_INLINE_TABLE.FAILED_SQL_EXPRESSION_EVALUATION", "", ExceptionKind::kAnalysis,
     "Invalid inline table. Failed to evaluate the SQL expression <sqlExpr>. Please check your "
     "syntax and ensure all required tables and columns are available."},
    {"INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", "", ExceptionKind::kAnalysis,
     "Invalid inline table. Found incompatible types in the column <colName> for inline table."},
    {"INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "", ExceptionKind::kAnalysis,
     "Invalid inline table. Inline table expected <expectedNumCols> columns but found "
     "<actualNumCols> columns in row <rowIndex>."},
    {"INVALID_JSON_ROOT_FIELD", "22032", ExceptionKind::kRuntime,
     "Cannot convert JSON root field to target Spark type."},
    {"INVALID_JSON_SCHEMA_MAP_TYPE", "22032", ExceptionKind::kAnalysis,
     "Input schema <jsonSchema> can only contain STRING as a key type for a MAP."},
    {"INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES", "", ExceptionKind::kAnalysis,
     "Invalid lambda function call. The lambda function has duplicate arguments <args>. Please, "
     "consider to rename the argument names or set <caseSensitiveConfig> to \"true\"."},
    {"INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", "", ExceptionKind::kAnalysis,
     "Invalid lambda function call. A lambda function should only be used in a higher order "
     "function. However, its class is <class>, which is not a higher order function."},
    {"INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", "", ExceptionKind::kAnalysis,
     "Invalid lambda function call. A higher order function expects <expectedNumArgs> arguments, "
     "but got <actualNumArgs>."},
    {"INVALID_LATERAL_JOIN_TYPE", "42613", ExceptionKind::kParse,
     "The <joinType> JOIN with LATERAL correlation is not allowed because an OUTER subquery "
     "cannot correlate to its join partner. Remove the LATERAL correlation or use an INNER JOIN, "
     "or LEFT OUTER JOIN instead."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "", ExceptionKind::kAnalysis,
     "The limit like expression <expr> is invalid. The <name> expression must be integer type, "
     "but got <dataType>."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "", ExceptionKind::kAnalysis,
     "The limit like expression <expr> is invalid. The <name> expression must be equal to or "
     "greater than 0, but got <v>."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "", ExceptionKind::kAnalysis,
     "The limit like expression <expr> is invalid. The evaluated <name> expression must not be "
     "null."},
    {"INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "", ExceptionKind::kAnalysis,
     "The limit like expression <expr> is invalid. The <name> expression must evaluate to a "
     "constant value."},
    {"INVALID_NON_DETERMINISTIC_EXPRESSIONS", "", ExceptionKind::kAnalysis,
     "The operator expects a deterministic expression, but the actual expression is <sqlExprs>."},
    {"INVALID_NUMERIC_LITERAL_RANGE", "", ExceptionKind::kParse,
     "Numeric literal <rawStrippedQualifier> is outside the valid range for <typeName> with "
     "minimum value of <minValue> and maximum value of <maxValue>. Please adjust the value "
     "accordingly."},
    {"INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Aggregate expression with distinct are not allowed in observed "
     "metrics, but found: <expr>."},
    {"INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Aggregate expression with filter predicate are not allowed in "
     "observed metrics, but found: <expr>."},
    {"INVALID_OBSERVED_METRICS.MISSING_NAME", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. The observed metrics should be named: <operator>."},
    {"INVALID_OBSERVED_METRICS.NESTED_AGGREGATES_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Nested aggregates are not allowed in observed metrics, but "
     "found: <expr>."},
    {"INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Attribute <expr> can only be used as an argument to an aggregate "
     "function."},
    {"INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_NON_DETERMINISTIC", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Non-deterministic expression <expr> can only be used as an "
     "argument to an aggregate function."},
    {"INVALID_OBSERVED_METRICS.WINDOW_EXPRESSIONS_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "Invalid observed metrics. Window expressions are not allowed in observed metrics, but "
     "found: <expr>."},
    {"INVALID_OPTIONS.NON_MAP_FUNCTION", "42K06", ExceptionKind::kAnalysis,
     "Invalid options: Must use the `map()` function for options."},
    {"INVALID_OPTIONS.NON_STRING_TYPE", "42K06", ExceptionKind::kAnalysis,
     "Invalid options: A type of keys and values in `map()` must be string, but got <mapType>."},
    {"INVALID_PANDAS_UDF_PLACEMENT", "0A000", ExceptionKind::kAnalysis,
     "The group aggregate pandas UDF <functionList> cannot be invoked together with as other, "
     "non-pandas aggregate functions."},
    {"INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR", "22023", ExceptionKind::kRuntime,
     "The value of parameter(s) <parameter> in <functionName> is invalid: detail message: "
     "<detailMessage>"},
    {"INVALID_PARAMETER_VALUE.AES_IV_LENGTH", "22023", ExceptionKind::kRuntime,
     "The value of parameter(s) <parameter> in <functionName> is invalid: supports 16-byte CBC "
     "IVs and 12-byte GCM IVs, but got <actualLength> bytes for <mode>."},
    {"INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", "22023", ExceptionKind::kRuntime,
     "The value of parameter(s) <parameter> in <functionName> is invalid: expects a binary value "
     "with 16, 24 or 32 bytes, but got <actualLength> bytes."},
    {"INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023", ExceptionKind::kParse,
     "The value of parameter(s) <parameter> in <functionName> is invalid: expects one of the "
     "units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, "
     "MILLISECOND, MICROSECOND, but got the string literal <invalidValue>."},
    {"INVALID_PARAMETER_VALUE.PATTERN", "22023", ExceptionKind::kRuntime,
     "The value of parameter(s) <parameter> in <functionName> is invalid: <value>."},
    {"INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023", ExceptionKind::kRuntime,
     "The value of parameter(s) <parameter> in <functionName> is invalid: Expects group index "
     "between 0 and <groupCount>, but got <groupIndex>."},
    {"INVALID_PARAMETER_VALUE.ZERO_INDEX", "22023", ExceptionKind::kAnalysis,
     "The value of parameter(s) <parameter> in <functionName> is invalid: expects %1$, %2$ and "
     "so on, but got %0$."},
    {"INVALID_PARTITION_COLUMN_DATA_TYPE", "0A000", ExceptionKind::kAnalysis,
     "Cannot use <type> for partition column."},
    {"INVALID_PARTITION_OPERATION.PARTITION_MANAGEMENT_IS_UNSUPPORTED", "", ExceptionKind::kAnalysis,
     "The partition command is invalid. Table <name> does not support partition management."},
    {"INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY", "", ExceptionKind::kAnalysis,
     "The partition command is invalid. Table <name> is not partitioned."},
    {"INVALID_PROPERTY_KEY", "42602", ExceptionKind::kParse,
     "<key> is an invalid property key, please use quotes, e.g. SET <key>=<value>."},
    {"INVALID_PROPERTY_VALUE", "42602", ExceptionKind::kParse,
     "<value> is an invalid property value, please use quotes, e.g. SET <key>=<value>"},
    {"INVALID_SCHEMA.NON_STRING_LITERAL", "42K07", ExceptionKind::kAnalysis,
     "The input schema <inputSchema> is not a valid schema string. The input expression must be "
     "string literal and not null."},
    {"INVALID_SCHEMA.NON_STRUCT_TYPE", "42K07", ExceptionKind::kAnalysis,
     "The input schema <inputSchema> is not a valid schema string. The input expression should "
     "be evaluated to struct type, but got <dataType>."},
    {"INVALID_SCHEMA.PARSE_ERROR", "42K07", ExceptionKind::kAnalysis,
     "The input schema <inputSchema> is not a valid schema string. Cannot parse the "
     "schema:\n<reason>"},
    {"INVALID_SET_SYNTAX", "42000", ExceptionKind::kParse,
     "Expected format is 'SET', 'SET key', or 'SET key=value'. If you want to include special "
     "characters in key, or include semicolon in value, please use backquotes, e.g., SET "
     "`key`=`value`."},
    {"INVALID_SQL_ARG", "", ExceptionKind::kAnalysis,
     "The argument <name> of `sql()` is invalid. Consider to replace it by a SQL literal."},
    {"INVALID_SQL_SYNTAX.ANALYZE_TABLE_UNEXPECTED_NOSCAN", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: ANALYZE TABLE(S) ... COMPUTE STATISTICS ... <ctx> must be either "
     "NOSCAN or empty."},
    {"INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_IF_NOT_EXISTS_AND_REPLACE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: CREATE FUNCTION with both IF NOT EXISTS and REPLACE is not allowed."},
    {"INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: CREATE TEMPORARY FUNCTION with specifying a database(<database>) is "
     "not allowed."},
    {"INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: CREATE TEMPORARY FUNCTION with IF NOT EXISTS is not allowed."},
    {"INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Partition key <partKey> must set value."},
    {"INVALID_SQL_SYNTAX.INVALID_COLUMN_REFERENCE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Expected a column reference for transform <transform>: <expr>."},
    {"INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_IDENTIFIER_ARGUMENT_MISSING_PARENTHESES", "42000",
     ExceptionKind::kParse,
     "Invalid SQL syntax: Syntax error: call to table-valued function is invalid because "
     "parentheses are missing around the provided TABLE argument <argumentName>; please surround "
     "this with parentheses and try again."},
    {"INVALID_SQL_SYNTAX.INVALID_TABLE_VALUED_FUNC_NAME", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Table valued function cannot specify database name: <funcName>."},
    {"INVALID_SQL_SYNTAX.INVALID_WINDOW_REFERENCE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Window reference <windowName> is not a window specification."},
    {"INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: LATERAL can only be used with subquery and table-valued functions."},
    {"INVALID_SQL_SYNTAX.MULTI_PART_NAME", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: <statement> with multiple part function name(<funcName>) is not "
     "allowed."},
    {"INVALID_SQL_SYNTAX.OPTION_IS_INVALID", "42000", ExceptionKind::kAnalysis,
     "Invalid SQL syntax: option or property key <key> is invalid; only <supported> are supported"},
    {"INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: The definition of window <windowName> is repetitive."},
    {"INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_PATTERN", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Invalid pattern in SHOW FUNCTIONS: <pattern>. It must be a \"STRING\" "
     "literal."},
    {"INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: SHOW <scope> FUNCTIONS not supported."},
    {"INVALID_SQL_SYNTAX.TRANSFORM_WRONG_NUM_ARGS", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: The transform<transform> requires <expectedNum> parameters but the "
     "actual number is <actualNum>."},
    {"INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Cannot resolve window reference <windowName>."},
    {"INVALID_SQL_SYNTAX.UNSUPPORTED_FUNC_NAME", "42000", ExceptionKind::kParse,
     "Invalid SQL syntax: Unsupported function name <funcName>."},
    {"INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN", "42823",
     ExceptionKind::kAnalysis, "Invalid subquery: Scalar subquery must return only one column, but got <number>."},
    {"INVALID_TEMP_OBJ_REFERENCE", "", ExceptionKind::kAnalysis,
     "Cannot create the persistent object <objName> of the type <obj> because it references to "
     "the temporary object <tempObjName> of the type <tempObj>. Please make the temporary object "
     "<tempObjName> persistent, or make the persistent object <objName> temporary."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT", "", ExceptionKind::kAnalysis,
     "The time travel timestamp expression <expr> is invalid. Cannot be casted to the "
     "\"TIMESTAMP\" type."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.NON_DETERMINISTIC", "", ExceptionKind::kAnalysis,
     "The time travel timestamp expression <expr> is invalid. Must be deterministic."},
    {"INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.UNEVALUABLE", "", ExceptionKind::kAnalysis,
     "The time travel timestamp expression <expr> is invalid. Must be evaluable."},
    {"INVALID_TYPED_LITERAL", "42604", ExceptionKind::kParse,
     "The value of the typed literal <valueType> is invalid: <value>."},
    {"INVALID_UDF_IMPLEMENTATION", "", ExceptionKind::kAnalysis,
     "Function <funcName> does not implement ScalarFunction or AggregateFunction."},
    {"INVALID_URL", "", ExceptionKind::kIllegalArgument,
     "The url is invalid: <url>. If necessary set <ansiConfig> to \"false\" to bypass this error."},
    {"INVALID_USAGE_OF_STAR_OR_REGEX", "42000", ExceptionKind::kAnalysis, "Invalid usage of <elem> in <prettyName>."},
    {"INVALID_VARIANT_CAST", "22023", ExceptionKind::kRuntime,
     "The variant value `<value>` cannot be cast into `<dataType>`. Please use `try_variant_get` "
     "instead."},
    {"INVALID_VARIANT_GET_PATH", "22023", ExceptionKind::kRuntime,
     "The path `<path>` is not a valid variant extraction path in `<functionName>`.\nA valid path "
     "should start with `$` and is followed by zero or more segments like `[123]`, `.name`, "
     "`['name']`, or `[\"name\"]`."},
    {"INVALID_VARIANT_SHREDDING_SCHEMA", "22023", ExceptionKind::kRuntime,
     "The schema `<schema>` is not a valid variant shredding schema."},
    {"INVALID_VIEW_TEXT", "", ExceptionKind::kAnalysis,
     "The view <viewName> cannot be displayed due to invalid view text: <viewText>. This may be "
     "caused by an unauthorized modification of the view or an incorrect query syntax. Please "
     "check your query syntax and verify that the view has not been tampered with."},
    {"INVALID_WHERE_CONDITION", "42903", ExceptionKind::kAnalysis,
     "The WHERE condition <condition> contains invalid expressions: <expressionList>.\nRewrite "
     "the query to avoid window functions, aggregate functions, and generator functions in the "
     "WHERE clause."},
    {"INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC", "", ExceptionKind::kAnalysis,
     "Cannot specify ORDER BY or a window frame for <aggFunc>."},
    {"INVALID_WRITE_DISTRIBUTION.PARTITION_NUM_AND_SIZE", "", ExceptionKind::kAnalysis,
     "The requested write distribution is invalid. The partition number and advisory partition "
     "size can't be specified at the same time."},
    {"INVALID_WRITE_DISTRIBUTION.PARTITION_NUM_WITH_UNSPECIFIED_DISTRIBUTION", "", ExceptionKind::kAnalysis,
     "The requested write distribution is invalid. The number of partitions can't be specified "
     "with unspecified distribution."},
    {"INVALID_WRITE_DISTRIBUTION.PARTITION_SIZE_WITH_UNSPECIFIED_DISTRIBUTION", "", ExceptionKind::kAnalysis,
     "The requested write distribution is invalid. The advisory partition size can't be "
     "specified with unspecified distribution."},
    {"JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "", ExceptionKind::kAnalysis,
     "The join condition <joinCondition> has the invalid type <conditionType>, expected "
     "\"BOOLEAN\"."},
    {"LOAD_DATA_PATH_NOT_EXISTS", "", ExceptionKind::kAnalysis, "LOAD DATA input path does not exist: <path>."},
    {"LOCAL_MUST_WITH_SCHEMA_FILE", "", ExceptionKind::kParse,
     "LOCAL must be used together with the schema of `file`, but got: `<actualSchema>`."},
    {"LOCATION_ALREADY_EXISTS", "42710", ExceptionKind::kRuntime,
     "Cannot name the managed table as <identifier>, as its associated location <location> "
     "already exists. Please pick a different table name, or remove the existing location first."},
    {"MALFORMED_CSV_RECORD", "", ExceptionKind::kRuntime, "Malformed CSV record: <badRecord>"},
    {"MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS", "22023", ExceptionKind::kRuntime,
     "Malformed records are detected in record parsing: <badRecord>.\nParse Mode: "
     "<failFastMode>. To process malformed records as null result, try setting the option 'mode' "
     "as 'PERMISSIVE'. Parsing JSON arrays as structs is forbidden."},
    {"MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", "22023", ExceptionKind::kSpark,
     "Malformed records are detected in record parsing: <badRecord>.\nParse Mode: "
     "<failFastMode>. To process malformed records as null result, try setting the option 'mode' "
     "as 'PERMISSIVE'. "},
    {"MALFORMED_VARIANT", "22023", ExceptionKind::kRuntime,
     "Variant binary is malformed. Please check the data source is valid."},
    {"MERGE_CARDINALITY_VIOLATION", "23K01", ExceptionKind::kRuntime,
     "The ON search condition of the MERGE statement matched a single row from the target table "
     "with multiple rows of the source table.\nThis could result in the target row being "
     "operated on more than once with an update or delete operation and is not allowed."},
    {"MISSING_AGGREGATION", "42803", ExceptionKind::kAnalysis,
     "The non-aggregating expression <expression> is based on columns which are not "
     "participating in the GROUP BY clause.\nAdd the columns or the expression to the GROUP BY, "
     "aggregate the expression, or use <expressionAnyValue> if you do not care which of the "
     "values within a group is returned."},
    {"MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_APPEAR_IN_OPERATION", "", ExceptionKind::kAnalysis,
     "Resolved attribute(s) <missingAttributes> missing from <input> in operator <operator>. "
     "Attribute(s) with the same name appear in the operation: <operation>.\nPlease check if the "
     "right attribute(s) are used."},
    {"MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT", "", ExceptionKind::kAnalysis,
     "Resolved attribute(s) <missingAttributes> missing from <input> in operator <operator>. "},
    {"MISSING_GROUP_BY", "42803", ExceptionKind::kAnalysis,
     "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window "
     "functions using OVER clauses."},
    {"MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION", "", ExceptionKind::kAnalysis,
     "The expression <expr> does not support more than one source."},
    {"MULTI_UDF_INTERFACE_ERROR", "", ExceptionKind::kAnalysis,
     "Not allowed to implement multiple UDF interfaces, UDF class <className>."},
    {"NAMED_PARAMETERS_NOT_SUPPORTED", "4274K", ExceptionKind::kAnalysis,
     "Named parameters are not supported for function <functionName>; please retry the query "
     "with positional arguments to the function call instead."},
    {"NAMED_PARAMETER_SUPPORT_DISABLED", "", ExceptionKind::kAnalysis,
     "Cannot call function <functionName> because named argument references are not enabled "
     "here. In this case, the named argument reference was <argument>. Set "
     "\"spark.sql.allowNamedFunctionArguments\" to \"true\" to turn on feature."},
    {"NESTED_AGGREGATE_FUNCTION", "42607", ExceptionKind::kAnalysis,
     "It is not allowed to use an aggregate function in the argument of another aggregate "
     "function. Please use the inner aggregate function in a sub-query."},
    {"NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION", "42613", ExceptionKind::kParse,
     "When there are more than one MATCHED clauses in a MERGE statement, only the last MATCHED "
     "clause can omit the condition."},
    {"NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION", "42613", ExceptionKind::kParse,
     "When there are more than one NOT MATCHED BY SOURCE clauses in a MERGE statement, only the "
     "last NOT MATCHED BY SOURCE clause can omit the condition."},
    {"NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION", "42613", ExceptionKind::kParse,
     "When there are more than one NOT MATCHED [BY TARGET] clauses in a MERGE statement, only "
     "the last NOT MATCHED [BY TARGET] clause can omit the condition."},
    {"NON_LITERAL_PIVOT_VALUES", "42K08", ExceptionKind::kAnalysis,
     "Literal expressions required for pivot values, found <expression>."},
    {"NON_PARTITION_COLUMN", "42000", ExceptionKind::kAnalysis,
     "PARTITION clause cannot contain the non-partition column: <columnName>."},
    {"NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING", "", ExceptionKind::kAnalysis,
     "Window function is not supported in <windowFunc> (as column <columnName>) on streaming "
     "DataFrames/Datasets. Structured Streaming only supports time-window aggregation using the "
     "WINDOW function. (window specification: <windowSpec>)"},
    {"NOT_ALLOWED_IN_FROM.LATERAL_WITH_PIVOT", "", ExceptionKind::kParse,
     "Not allowed in the FROM clause: LATERAL together with PIVOT."},
    {"NOT_ALLOWED_IN_FROM.LATERAL_WITH_UNPIVOT", "", ExceptionKind::kParse,
     "Not allowed in the FROM clause: LATERAL together with UNPIVOT."},
    {"NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT", "", ExceptionKind::kParse,
     "Not allowed in the FROM clause: UNPIVOT together with PIVOT."},
    {"NOT_A_CONSTANT_STRING.NOT_CONSTANT", "42601", ExceptionKind::kAnalysis,
     "The expression <expr> used for the routine or clause <name> must be a constant STRING "
     "which is NOT NULL. To be considered constant the expression must not depend on any "
     "columns, contain a subquery, or invoke a non deterministic function such as rand()."},
    {"NOT_A_CONSTANT_STRING.NULL", "42601", ExceptionKind::kAnalysis,
     "The expression <expr> used for the routine or clause <name> must be a constant STRING "
     "which is NOT NULL. The expression evaluates to NULL."},
    {"NOT_A_CONSTANT_STRING.WRONG_TYPE", "42601", ExceptionKind::kAnalysis,
     "The expression <expr> used for the routine or clause <name> must be a constant STRING "
     "which is NOT NULL. The data type of the expression is <dataType>."},
    {"NOT_A_PARTITIONED_TABLE", "", ExceptionKind::kAnalysis,
     "Operation <operation> is not allowed for <tableIdentWithDB> because it is not a "
     "partitioned table."},
    {"NOT_NULL_CONSTRAINT_VIOLATION.ARRAY_ELEMENT", "42000", ExceptionKind::kAnalysis,
     "Assigning a NULL is not allowed here. The array <columnPath> is defined to contain only "
     "elements that are NOT NULL."},
    {"NOT_NULL_CONSTRAINT_VIOLATION.MAP_VALUE", "42000", ExceptionKind::kAnalysis,
     "Assigning a NULL is not allowed here. The map <columnPath> is defined to contain only "
     "values that are NOT NULL."},
    {"NOT_SUPPORTED_CHANGE_COLUMN", "", ExceptionKind::kAnalysis,
     "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing <table>'s column "
     "<originName> with type <originType> to <newName> with type <newType>."},
    {"NOT_SUPPORTED_COMMAND_FOR_V2_TABLE", "46110", ExceptionKind::kAnalysis, "<cmd> is not supported for v2 tables."},
    {"NOT_SUPPORTED_IN_JDBC_CATALOG.COMMAND", "46110", ExceptionKind::kAnalysis,
     "Not supported command in JDBC catalog: <cmd>"},
    {"NOT_SUPPORTED_IN_JDBC_CATALOG.COMMAND_WITH_PROPERTY", "46110", ExceptionKind::kAnalysis,
     "Not supported command in JDBC catalog: <cmd> with property <property>."},
    {"NO_DEFAULT_COLUMN_VALUE_AVAILABLE", "42608", ExceptionKind::kAnalysis,
     "Can't determine the default value for <colName> since it is not nullable and it has no "
     "default value."},
    {"NO_UDF_INTERFACE", "", ExceptionKind::kAnalysis, "UDF class <className> doesn't implement any UDF interface."},
    {"NULLABLE_COLUMN_OR_FIELD", "42000", ExceptionKind::kAnalysis,
     "Column or field <name> is nullable while it's required to be non-nullable."},
    {"NULLABLE_ROW_ID_ATTRIBUTES", "42000", ExceptionKind::kAnalysis,
     "Row ID attributes cannot be nullable: <nullableRowIdAttrs>."},
    {"NULL_MAP_KEY", "2200E", ExceptionKind::kRuntime, "Cannot use null as map key."},
    {"NUMERIC_OUT_OF_SUPPORTED_RANGE", "22003", ExceptionKind::kArithmetic,
     "The value <value> cannot be interpreted as a numeric since it has more than 38 digits."},
    {"NUMERIC_VALUE_OUT_OF_RANGE", "22003", ExceptionKind::kArithmetic,
     "<value> cannot be represented as Decimal(<precision>, <scale>). If necessary set <config> "
     "to \"false\" to bypass this error, and return NULL instead."},
    {"NUM_COLUMNS_MISMATCH", "42826", ExceptionKind::kAnalysis,
     "<operator> can only be performed on inputs with the same number of columns, but the first "
     "input has <firstNumColumns> columns and the <invalidOrdinalNum> input has "
     "<invalidNumColumns> columns."},
    {"NUM_TABLE_VALUE_ALIASES_MISMATCH", "", ExceptionKind::kAnalysis,
     "Number of given aliases does not match number of output columns. Function name: "
     "<funcName>; number of aliases: <aliasesNum>; number of output columns: <outColsNum>."},
    {"OPERATION_CANCELED", "HY008", ExceptionKind::kSql, "Operation has been canceled."},
    {"ORDER_BY_POS_OUT_OF_RANGE", "42805", ExceptionKind::kAnalysis,
     "ORDER BY position <index> is not in select list (valid range is [1, <size>])."},
    {"PARSE_EMPTY_STATEMENT", "42617", ExceptionKind::kAnalysis, "Syntax error, unexpected empty statement."},
    {"PARSE_SYNTAX_ERROR", "42601", ExceptionKind::kAnalysis, "Syntax error at or near <error><hint>."},
    {"PARTITIONS_ALREADY_EXIST", "428FT", ExceptionKind::kAnalysis,
     "Cannot ADD or RENAME TO partition(s) <partitionList> in table <tableName> because they "
     "already exist.\nChoose a different name, drop the existing partition, or add the IF NOT "
     "EXISTS clause to tolerate a pre-existing partition."},
    {"PARTITIONS_NOT_FOUND", "428FT", ExceptionKind::kAnalysis,
     "The partition(s) <partitionList> cannot be found in table <tableName>.\nVerify the "
     "partition specification and table name.\nTo tolerate the error on drop use ALTER TABLE … "
     "DROP IF EXISTS PARTITION."},
    {"PATH_ALREADY_EXISTS", "42K04", ExceptionKind::kAnalysis,
     "Path <outputPath> already exists. Set mode as \"overwrite\" to overwrite the existing path."},
    {"PATH_NOT_FOUND", "42K03", ExceptionKind::kAnalysis, "Path does not exist: <path>."},
    {"PIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09", ExceptionKind::kAnalysis,
     "Invalid pivot value '<value>': value data type <valueType> does not match pivot column "
     "data type <pivotType>."},
    {"PLAN_VALIDATION_FAILED_RULE_EXECUTOR", "", ExceptionKind::kAnalysis,
     "The input plan of <ruleExecutor> is invalid: <reason>"},
    {"PLAN_VALIDATION_FAILED_RULE_IN_BATCH", "", ExceptionKind::kAnalysis,
     "Rule <rule> in batch <batch> generated an invalid plan: <reason>"},
    {"RECURSIVE_VIEW", "", ExceptionKind::kAnalysis, "Recursive view <viewIdent> detected (cycle: <newPath>)."},
    {"REF_DEFAULT_VALUE_IS_NOT_ALLOWED_IN_PARTITION", "", ExceptionKind::kParse,
     "References to DEFAULT column values are not allowed within the PARTITION clause."},
    {"RENAME_SRC_PATH_NOT_FOUND", "42K03", ExceptionKind::kFileNotFound,
     "Failed to rename as <sourcePath> was not found."},
    {"REPEATED_CLAUSE", "42614", ExceptionKind::kUnsupportedOperation,
     "The <clause> clause may be used at most once per <operation> operation."},
    {"REQUIRED_PARAMETER_NOT_FOUND", "4274K", ExceptionKind::kAnalysis,
     "Cannot invoke function <functionName> because the parameter named <parameterName> is "
     "required, but the function call did not supply a value. Please update the function call to "
     "supply an argument value (either positionally at index <index> or by name) and retry the "
     "query again."},
    {"REQUIRES_SINGLE_PART_NAMESPACE", "42K05", ExceptionKind::kAnalysis,
     "<sessionCatalog> requires a single-part namespace, but got <namespace>."},
    {"ROUTINE_ALREADY_EXISTS", "42723", ExceptionKind::kAnalysis,
     "Cannot create the function <routineName> because it already exists.\nChoose a different "
     "name, drop or replace the existing function, or add the IF NOT EXISTS clause to tolerate a "
     "pre-existing function."},
    {"ROUTINE_NOT_FOUND", "42883", ExceptionKind::kAnalysis,
     "The function <routineName> cannot be found. Verify the spelling and correctness of the "
     "schema and catalog.\nIf you did not qualify the name with a schema and catalog, verify the "
     "current_schema() output, or qualify the name with the correct schema and catalog.\nTo "
     "tolerate the error on drop use DROP FUNCTION IF EXISTS."},
    {"RULE_ID_NOT_FOUND", "22023", ExceptionKind::kSpark,
     "Not found an id for the rule name \"<ruleName>\". Please modify RuleIdCollection.scala if "
     "you are adding a new rule."},
    {"SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION", "", ExceptionKind::kAnalysis,
     "The correlated scalar subquery '<sqlExpr>' is neither present in GROUP BY, nor in an "
     "aggregate function. Add it to GROUP BY using ordinal position or wrap it in `first()` (or "
     "`first_value`) if you don't care which value you get."},
    {"SCALAR_SUBQUERY_TOO_MANY_ROWS", "21000", ExceptionKind::kRuntime,
     "More than one row returned by a subquery used as an expression."},
    {"SCHEMA_ALREADY_EXISTS", "42P06", ExceptionKind::kAnalysis,
     "Cannot create schema <schemaName> because it already exists.\nChoose a different name, "
     "drop the existing schema, or add the IF NOT EXISTS clause to tolerate pre-existing schema."},
    {"SCHEMA_NOT_EMPTY", "2BP01", ExceptionKind::kAnalysis,
     "Cannot drop a schema <schemaName> because it contains objects.\nUse DROP SCHEMA ... "
     "CASCADE to drop the schema and all its objects."},
    {"SCHEMA_NOT_FOUND", "42704", ExceptionKind::kNoSuchDatabase,
     "The schema <schemaName> cannot be found. Verify the spelling and correctness of the schema "
     "and catalog.\nIf you did not qualify the name with a catalog, verify the current_schema() "
     "output, or qualify the name with the correct catalog.\nTo tolerate the error on drop use "
     "DROP SCHEMA IF EXISTS."},
    {"SECOND_FUNCTION_ARGUMENT_NOT_INTEGER", "22023", ExceptionKind::kAnalysis,
     "The second argument of <functionName> function needs to be an integer."},
    {"SEED_EXPRESSION_IS_UNFOLDABLE", "", ExceptionKind::kAnalysis,
     "The seed expression <seedExpr> of the expression <exprWithSeed> must be foldable."},
    {"SORT_BY_WITHOUT_BUCKETING", "", ExceptionKind::kAnalysis, "sortBy must be used together with bucketBy."},
    {"SPECIFY_BUCKETING_IS_NOT_ALLOWED", "", ExceptionKind::kAnalysis,
     "Cannot specify bucketing information if the table schema is not specified when creating "
     "and will be inferred at runtime."},
    {"SPECIFY_PARTITION_IS_NOT_ALLOWED", "", ExceptionKind::kAnalysis,
     "It is not allowed to specify partition columns when the table schema is not defined. When "
     "the table schema is not provided, schema and partition columns will be inferred."},
    {"SQL_CONF_NOT_FOUND", "", ExceptionKind::kNoSuchElement,
     "The SQL config <sqlConf> cannot be found. Please verify that the config exists."},
    {"STAR_GROUP_BY_POS", "0A000", ExceptionKind::kAnalysis,
     "Star (*) is not allowed in a select list when GROUP BY an ordinal position is used."},
    {"STATIC_PARTITION_COLUMN_IN_INSERT_COLUMN_LIST", "", ExceptionKind::kAnalysis,
     "Static partition column <staticName> is also specified in the column list."},
    {"STREAM_FAILED", "", ExceptionKind::kStreamingQuery,
     "Query [id = <id>, runId = <runId>] terminated with exception: <message>"},
    {"SUM_OF_LIMIT_AND_OFFSET_EXCEEDS_MAX_INT", "", ExceptionKind::kAnalysis,
     "The sum of the LIMIT clause and the OFFSET clause must not be greater than the maximum "
     "32-bit integer value (2,147,483,647) but found limit = <limit>, offset = <offset>."},
    {"TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", ExceptionKind::kTableAlreadyExists,
     "Cannot create table or view <relationName> because it already exists.\nChoose a different "
     "name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate "
     "pre-existing objects."},
    {"TABLE_OR_VIEW_NOT_FOUND", "42P01", ExceptionKind::kAnalysis,
     "The table or view <relationName> cannot be found. Verify the spelling and correctness of "
     "the schema and catalog.\nIf you did not qualify the name with a schema, verify the "
     "current_schema() output, or qualify the name with the correct schema and catalog.\nTo "
     "tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS."},
    {"TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS", "", ExceptionKind::kAnalysis,
     "There are too many table arguments for table-valued function. It allows one table "
     "argument, but got: <num>. If you want to allow it, please set "
     "\"spark.sql.allowMultipleTableArguments.enabled\" to \"true\""},
    {"TASK_WRITE_FAILED", "", ExceptionKind::kSpark, "Task failed while writing rows to <path>."},
    {"TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", ExceptionKind::kTempTableExists,
     "Cannot create the temporary view <relationName> because it already exists.\nChoose a "
     "different name, drop or replace the existing view,  or add the IF NOT EXISTS clause to "
     "tolerate pre-existing views."},
    {"TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", "428EK", ExceptionKind::kParse,
     "CREATE TEMPORARY VIEW or the corresponding Dataset APIs only accept single-part view "
     "names, but got: <actualName>."},
    {"TOO_MANY_ARRAY_ELEMENTS", "54000", ExceptionKind::kIllegalArgument,
     "Cannot initialize array with <numElements> elements of size <size>."},
};
}  // namespace

std::span<const ConditionRow> SparkConditionsIToT() { return kRows; }

}  // namespace deltic::spark::errors

// Error conditions of Spark 3.5.5, U to Z.
#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {
constexpr ConditionRow kRows[] = {
    {"UDTF_ALIAS_NUMBER_MISMATCH", "", ExceptionKind::kAnalysis,
     "The number of aliases supplied in the AS clause does not match the number of columns "
     "output by the UDTF. Expected <aliasesSize> aliases, but got <aliasesNames>. Please ensure "
     "that the number of aliases provided matches the number of columns output by the UDTF."},
    {"UNABLE_TO_ACQUIRE_MEMORY", "53200", ExceptionKind::kSpark,
     "Unable to acquire <requestedBytes> bytes of memory, got <receivedBytes>."},
    {"UNABLE_TO_INFER_SCHEMA", "42KD9", ExceptionKind::kAnalysis,
     "Unable to infer schema for <format>. It must be specified manually."},
    {"UNBOUND_SQL_PARAMETER", "42P02", ExceptionKind::kAnalysis,
     "Found the unbound parameter: <name>. Please, fix `args` and provide a mapping of the "
     "parameter to a SQL literal."},
    {"UNCLOSED_BRACKETED_COMMENT", "42601", ExceptionKind::kParse,
     "Found an unclosed bracketed comment. Please, append */ at the end of the comment."},
    {"UNEXPECTED_INPUT_TYPE", "42K09", ExceptionKind::kAnalysis,
     "Parameter <paramIndex> of function <functionName> requires the <requiredType> type, "
     "however <inputSql> has the type <inputType>."},
    {"UNEXPECTED_POSITIONAL_ARGUMENT", "4274K", ExceptionKind::kAnalysis,
     "Cannot invoke function <functionName> because it contains positional argument(s) following "
     "the named argument assigned to <parameterName>; please rearrange them so the positional "
     "arguments come first and then retry the query again."},
    {"UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT", "22023", ExceptionKind::kRuntime,
     "Unknown primitive type with id <id> was found in a variant value."},
    {"UNPIVOT_REQUIRES_ATTRIBUTES", "42K0A", ExceptionKind::kAnalysis,
     "UNPIVOT requires all given <given> expressions to be columns when no <empty> expressions "
     "are given. These are not columns: [<expressions>]."},
    {"UNPIVOT_REQUIRES_VALUE_COLUMNS", "42K0A", ExceptionKind::kAnalysis,
     "At least one value column needs to be specified for UNPIVOT, all columns specified as ids."},
    {"UNPIVOT_VALUE_DATA_TYPE_MISMATCH", "42K09", ExceptionKind::kAnalysis,
     "Unpivot value columns must share a least common type, some types do not: [<types>]."},
    {"UNPIVOT_VALUE_SIZE_MISMATCH", "428C4", ExceptionKind::kAnalysis,
     "All unpivot value columns must have the same size as there are value column names "
     "(<names>)."},
    {"UNRECOGNIZED_PARAMETER_NAME", "4274K", ExceptionKind::kAnalysis,
     "Cannot invoke function <functionName> because the function call included a named argument "
     "reference for the argument named <argumentName>, but this function does not include any "
     "signature containing an argument with this name. Did you mean one of the following? "
     "[<proposal>]."},
    {"UNRECOGNIZED_SQL_TYPE", "42704", ExceptionKind::kSql,
     "Unrecognized SQL type - name: <typeName>, id: <jdbcType>."},
    {"UNRESOLVABLE_TABLE_VALUED_FUNCTION", "", ExceptionKind::kAnalysis,
     "Could not resolve <name> to a table-valued function. Please make sure that <name> is "
     "defined as a table-valued function and that all required parameters are provided "
     "correctly. If <name> is not defined, please create the table-valued function before using "
     "it. For more information about defining table-valued functions, please refer to the Apache "
     "Spark documentation."},
    {"UNRESOLVED_ALL_IN_GROUP_BY", "42803", ExceptionKind::kAnalysis,
     "Cannot infer grouping columns for GROUP BY ALL based on the select clause. Please "
     "explicitly specify the grouping columns."},
    {"UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "A column or function parameter with name <objectName> cannot be resolved. "},
    {"UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "A column or function parameter with name <objectName> cannot be resolved. Did you mean one "
     "of the following? [<proposal>]."},
    {"UNRESOLVED_FIELD.WITHOUT_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "A field with name <fieldName> cannot be resolved with the struct-type column <columnPath>. "},
    {"UNRESOLVED_FIELD.WITH_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "A field with name <fieldName> cannot be resolved with the struct-type column <columnPath>. "
     "Did you mean one of the following? [<proposal>]."},
    {"UNRESOLVED_MAP_KEY.WITHOUT_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "Cannot resolve column <objectName> as a map key. If the key is a string literal, add the "
     "single quotes '' around it. "},
    {"UNRESOLVED_MAP_KEY.WITH_SUGGESTION", "42703", ExceptionKind::kAnalysis,
     "Cannot resolve column <objectName> as a map key. If the key is a string literal, add the "
     "single quotes '' around it. Otherwise did you mean one of the following column(s)? "
     "[<proposal>]."},
    {"UNRESOLVED_ROUTINE", "42883", ExceptionKind::kAnalysis,
     "Cannot resolve function <routineName> on search path <searchPath>."},
    {"UNRESOLVED_USING_COLUMN_FOR_JOIN", "42703", ExceptionKind::kAnalysis,
     "USING column <colName> cannot be resolved on the <side> side of the join. The <side>-side "
     "columns: [<suggestion>]."},
    {"UNSET_NONEXISTENT_PROPERTIES", "", ExceptionKind::kAnalysis,
     "Attempted to unset non-existent properties [<properties>] in table <table>."},
    {"UNSUPPORTED_ADD_FILE.DIRECTORY", "", ExceptionKind::kAnalysis,
     "Don't support add file. The file <path> is a directory, consider to set "
     "\"spark.sql.legacy.addSingleFileInAddFile\" to \"false\"."},
    {"UNSUPPORTED_ADD_FILE.LOCAL_DIRECTORY", "", ExceptionKind::kAnalysis,
     "Don't support add file. The local directory <path> is not supported in a non-local master "
     "mode."},
    {"UNSUPPORTED_ARROWTYPE", "0A000", ExceptionKind::kUnsupportedOperation, "Unsupported arrow type <typeName>."},
    {"UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING", "", ExceptionKind::kAnalysis,
     "The char/varchar type can't be used in the table schema. If you want Spark treat them as "
     "string type as same as Spark 3.0 and earlier, please set "
     "\"spark.sql.legacy.charVarcharAsString\" to \"true\"."},
    {"UNSUPPORTED_DATASOURCE_FOR_DIRECT_QUERY", "", ExceptionKind::kAnalysis,
     "Unsupported data source type for direct query on files: <dataSourceType>"},
    {"UNSUPPORTED_DATATYPE", "0A000", ExceptionKind::kParse, "Unsupported data type <typeName>."},
    {"UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", "", ExceptionKind::kAnalysis,
     "The <format> datasource doesn't support the column <columnName> of the type <columnType>."},
    {"UNSUPPORTED_DEFAULT_VALUE.WITHOUT_SUGGESTION", "", ExceptionKind::kParse,
     "DEFAULT column values is not supported. "},
    {"UNSUPPORTED_DEFAULT_VALUE.WITH_SUGGESTION", "", ExceptionKind::kParse,
     "DEFAULT column values is not supported. Enable it by setting "
     "\"spark.sql.defaultColumn.enabled\" to \"true\"."},
    {"UNSUPPORTED_DESERIALIZER.DATA_TYPE_MISMATCH", "0A000", ExceptionKind::kAnalysis,
     "The deserializer is not supported: need a(n) <desiredType> field but got <dataType>."},
    {"UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH", "0A000", ExceptionKind::kAnalysis,
     "The deserializer is not supported: try to map <schema> to Tuple<ordinal>, but failed as "
     "the number of fields does not line up."},
    {"UNSUPPORTED_EXPRESSION_GENERATED_COLUMN", "", ExceptionKind::kAnalysis,
     "Cannot create generated column <fieldName> with generation expression <expressionStr> "
     "because <reason>."},
    {"UNSUPPORTED_EXPR_FOR_OPERATOR", "", ExceptionKind::kAnalysis,
     "A query operator contains one or more unsupported expressions. Consider to rewrite it to "
     "avoid window functions, aggregate functions, and generator functions in the WHERE "
     "clause.\nInvalid expressions: [<invalidExprSqls>]"},
    {"UNSUPPORTED_EXPR_FOR_WINDOW", "42P20", ExceptionKind::kAnalysis,
     "Expression <sqlExpr> not supported within a window function."},
    {"UNSUPPORTED_FEATURE.AES_MODE", "0A000", ExceptionKind::kRuntime,
     "The feature is not supported: AES-<mode> with the padding <padding> by the <functionName> "
     "function."},
    {"UNSUPPORTED_FEATURE.AES_MODE_AAD", "0A000", ExceptionKind::kRuntime,
     "The feature is not supported: <functionName> with AES-<mode> does not support additional "
     "authenticate data (AAD)."},
    {"UNSUPPORTED_FEATURE.AES_MODE_IV", "0A000", ExceptionKind::kRuntime,
     "The feature is not supported: <functionName> with AES-<mode> does not support "
     "initialization vectors (IVs)."},
    {"UNSUPPORTED_FEATURE.ANALYZE_UNCACHED_TEMP_VIEW", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: The ANALYZE TABLE FOR COLUMNS command can operate on "
     "temporary views that have been cached already. Consider to cache the view <viewName>."},
    {"UNSUPPORTED_FEATURE.ANALYZE_UNSUPPORTED_COLUMN_TYPE", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: The ANALYZE TABLE FOR COLUMNS command does not support the "
     "type <columnType> of the column <columnName> in the table <tableName>."},
    {"UNSUPPORTED_FEATURE.ANALYZE_VIEW", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: The ANALYZE TABLE command does not support views."},
    {"UNSUPPORTED_FEATURE.CATALOG_OPERATION", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Catalog <catalogName> does not support <operation>."},
    {"UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES", "0A000", ExceptionKind::kParse,
     "The feature is not supported: Combination of ORDER BY/SORT BY/DISTRIBUTE BY/CLUSTER BY."},
    {"UNSUPPORTED_FEATURE.COMMENT_NAMESPACE", "0A000", ExceptionKind::kSql,
     "The feature is not supported: Attach a comment to the namespace <namespace>."},
    {"UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION", "0A000", ExceptionKind::kParse,
     "The feature is not supported: DESC TABLE COLUMN for a specific partition."},
    {"UNSUPPORTED_FEATURE.DROP_DATABASE", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Drop the default database <database>."},
    {"UNSUPPORTED_FEATURE.DROP_NAMESPACE", "0A000", ExceptionKind::kSql,
     "The feature is not supported: Drop the namespace <namespace>."},
    {"UNSUPPORTED_FEATURE.INSERT_PARTITION_SPEC_IF_NOT_EXISTS", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: INSERT INTO <tableName> with IF NOT EXISTS in the PARTITION "
     "spec."},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Referencing a lateral column alias <lca> in the aggregate "
     "function <aggFunc>."},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_WITH_WINDOW_AND_HAVING", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Referencing lateral column alias <lca> in the aggregate "
     "query both with window expressions and with having clause. Please rewrite the aggregate "
     "query by removing the having clause or removing lateral alias reference in the SELECT list."},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_GROUP_BY", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Referencing a lateral column alias via GROUP BY alias/ALL is "
     "not supported yet."},
    {"UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Referencing a lateral column alias <lca> in window "
     "expression <windowExpr>."},
    {"UNSUPPORTED_FEATURE.LATERAL_JOIN_USING", "0A000", ExceptionKind::kParse,
     "The feature is not supported: JOIN USING with LATERAL correlation."},
    {"UNSUPPORTED_FEATURE.LITERAL_TYPE", "0A000", ExceptionKind::kRuntime,
     "The feature is not supported: Literal for '<value>' of <type>."},
    {"UNSUPPORTED_FEATURE.MULTIPLE_BUCKET_TRANSFORMS", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: Multiple bucket TRANSFORMs."},
    {"UNSUPPORTED_FEATURE.MULTI_ACTION_ALTER", "0A000", ExceptionKind::kSql,
     "The feature is not supported: The target JDBC server hosting table <tableName> does not "
     "support ALTER TABLE with multiple actions. Split the ALTER TABLE up into individual "
     "actions to avoid this error."},
    {"UNSUPPORTED_FEATURE.ORC_TYPE_CAST", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: Unable to convert <orcType> of Orc to data type <toType>."},
    {"UNSUPPORTED_FEATURE.PARAMETER_MARKER_IN_UNEXPECTED_STATEMENT", "0A000", ExceptionKind::kParse,
     "The feature is not supported: Parameter markers are not allowed in <statement>."},
    {"UNSUPPORTED_FEATURE.PARTITION_BY_VARIANT", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Cannot use VARIANT producing expressions to partition a "
     "DataFrame, but the type of expression <expr> is <dataType>."},
    {"UNSUPPORTED_FEATURE.PARTITION_WITH_NESTED_COLUMN_IS_UNSUPPORTED", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Invalid partitioning: <cols> is missing or is in a map or "
     "array."},
    {"UNSUPPORTED_FEATURE.PIVOT_AFTER_GROUP_BY", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: PIVOT clause following a GROUP BY clause. Consider pushing "
     "the GROUP BY into a subquery."},
    {"UNSUPPORTED_FEATURE.PIVOT_TYPE", "0A000", ExceptionKind::kRuntime,
     "The feature is not supported: Pivoting by the value '<value>' of the column data type "
     "<type>."},
    {"UNSUPPORTED_FEATURE.PURGE_PARTITION", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: Partition purge."},
    {"UNSUPPORTED_FEATURE.PURGE_TABLE", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: Purge table."},
    {"UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Python UDF in the ON clause of a <joinType> JOIN. In case of "
     "an INNNER JOIN consider rewriting to a CROSS JOIN with a WHERE clause."},
    {"UNSUPPORTED_FEATURE.REMOVE_NAMESPACE_COMMENT", "0A000", ExceptionKind::kSql,
     "The feature is not supported: Remove a comment from the namespace <namespace>."},
    {"UNSUPPORTED_FEATURE.REPLACE_NESTED_COLUMN", "0A000", ExceptionKind::kUnsupportedOperation,
     "The feature is not supported: The replace function does not support nested column "
     "<colName>."},
    {"UNSUPPORTED_FEATURE.SET_NAMESPACE_PROPERTY", "0A000", ExceptionKind::kParse,
     "The feature is not supported: <property> is a reserved namespace property, <msg>."},
    {"UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Cannot have MAP type columns in DataFrame which calls set "
     "operations (INTERSECT, EXCEPT, etc.), but the type of column <colName> is <dataType>."},
    {"UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Cannot have VARIANT type columns in DataFrame which calls set "
     "operations (INTERSECT, EXCEPT, etc.), but the type of column <colName> is <dataType>."},
    {"UNSUPPORTED_FEATURE.SET_PROPERTIES_AND_DBPROPERTIES", "0A000", ExceptionKind::kParse,
     "The feature is not supported: set PROPERTIES and DBPROPERTIES at the same time."},
    {"UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY", "0A000", ExceptionKind::kParse,
     "The feature is not supported: <property> is a reserved table property, <msg>."},
    {"UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Table <tableName> does not support <operation>. Please check "
     "the current catalog and namespace to make sure the qualified table name is expected, and "
     "also check the catalog implementation which is configured by \"spark.sql.catalog\"."},
    {"UNSUPPORTED_FEATURE.TIME_TRAVEL", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: Time travel on the relation: <relationId>."},
    {"UNSUPPORTED_FEATURE.TOO_MANY_TYPE_ARGUMENTS_FOR_UDF_CLASS", "0A000", ExceptionKind::kAnalysis,
     "The feature is not supported: UDF class with <num> type arguments."},
    {"UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL", "0A000", ExceptionKind::kParse,
     "The feature is not supported: TRANSFORM with the DISTINCT/ALL clause."},
    {"UNSUPPORTED_GENERATOR.MULTI_GENERATOR", "0A000", ExceptionKind::kAnalysis,
     "The generator is not supported: only one generator allowed per SELECT clause but found "
     "<num>: <generators>."},
    {"UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "0A000", ExceptionKind::kAnalysis,
     "The generator is not supported: nested in expressions <expression>."},
    {"UNSUPPORTED_GENERATOR.NOT_GENERATOR", "0A000", ExceptionKind::kAnalysis,
     "The generator is not supported: <functionName> is expected to be a generator. However, its "
     "class is <classCanonicalName>, which is not a generator."},
    {"UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", "0A000", ExceptionKind::kAnalysis,
     "The generator is not supported: outside the SELECT clause, found: <plan>."},
    {"UNSUPPORTED_GROUPING_EXPRESSION", "", ExceptionKind::kAnalysis,
     "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup."},
    {"UNSUPPORTED_INSERT.NOT_ALLOWED", "", ExceptionKind::kAnalysis,
     "Can't insert into the target. The target relation <relationId> does not allow insertion."},
    {"UNSUPPORTED_INSERT.NOT_PARTITIONED", "", ExceptionKind::kAnalysis,
     "Can't insert into the target. The target relation <relationId> is not partitioned."},
    {"UNSUPPORTED_INSERT.RDD_BASED", "", ExceptionKind::kAnalysis,
     "Can't insert into the target. An RDD-based table is not allowed."},
    {"UNSUPPORTED_INSERT.READ_FROM", "", ExceptionKind::kAnalysis,
     "Can't insert into the target. The target relation <relationId> is also being read from."},
    {"UNSUPPORTED_MERGE_CONDITION.AGGREGATE", "", ExceptionKind::kAnalysis,
     "MERGE operation contains unsupported <condName> condition. Aggregates are not allowed: "
     "<cond>."},
    {"UNSUPPORTED_MERGE_CONDITION.NON_DETERMINISTIC", "", ExceptionKind::kAnalysis,
     "MERGE operation contains unsupported <condName> condition. Non-deterministic expressions "
     "are not allowed: <cond>."},
    {"UNSUPPORTED_MERGE_CONDITION.SUBQUERY", "", ExceptionKind::kAnalysis,
     "MERGE operation contains unsupported <condName> condition. Subqueries are not allowed: "
     "<cond>."},
    {"UNSUPPORTED_OVERWRITE.PATH", "", ExceptionKind::kAnalysis,
     "Can't overwrite the target that is also being read from. The target path is <path>."},
    {"UNSUPPORTED_OVERWRITE.TABLE", "", ExceptionKind::kAnalysis,
     "Can't overwrite the target that is also being read from. The target table is <table>."},
    {"UNSUPPORTED_SAVE_MODE.EXISTENT_PATH", "", ExceptionKind::kAnalysis,
     "The save mode <saveMode> is not supported for: an existent path."},
    {"UNSUPPORTED_SAVE_MODE.NON_EXISTENT_PATH", "", ExceptionKind::kAnalysis,
     "The save mode <saveMode> is not supported for: a non-existent path."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Accessing outer query column is not allowed in this "
     "location<treeNode>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Found an aggregate function in a correlated predicate "
     "that has both outer and local references, which is not supported: <function>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_IS_NOT_ALLOWED_IN_PREDICATE", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Correlated column is not allowed in predicate: <treeNode>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_NOT_FOUND", "0A000", ExceptionKind::kAnalysis,
     "Unsupported subquery expression: A correlated outer name reference within a subquery "
     "expression body was not found in the enclosing query: <value>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE", "0A000", ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Expressions referencing the outer query are not supported "
     "outside of WHERE/HAVING clauses: <sqlExprs>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.LATERAL_JOIN_CONDITION_NON_DETERMINISTIC", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Lateral join condition cannot be non-deterministic: "
     "<condition>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Correlated scalar subqueries must be aggregated to return "
     "at most one row."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_CORRELATED_COLUMNS_IN_GROUP_BY", "0A000", ExceptionKind::kAnalysis,
     "Unsupported subquery expression: A GROUP BY clause in a scalar correlated subquery cannot "
     "contain non-correlated columns: <value>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_DETERMINISTIC_LATERAL_SUBQUERIES", "0A000", ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Non-deterministic lateral subqueries are not supported "
     "when joining with outer relations that produce more than one row<treeNode>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_REFERENCE_DATA_TYPE", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Correlated column reference '<expr>' cannot be <dataType> "
     "type."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY", "0A000",
     ExceptionKind::kAnalysis,
     "Unsupported subquery expression: Correlated scalar subqueries can only be used in filters, "
     "aggregations, projections, and UPDATE/MERGE/DELETE commands<treeNode>."},
    {"UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY", "0A000", ExceptionKind::kAnalysis,
     "Unsupported subquery expression: IN/EXISTS predicate subqueries can only be used in "
     "filters, joins, aggregations, window functions, projections, and UPDATE/MERGE/DELETE "
     "commands<treeNode>."},
    {"UNSUPPORTED_TYPED_LITERAL", "0A000", ExceptionKind::kParse,
     "Literals of the type <unsupportedType> are not supported. Supported types are "
     "<supportedTypes>."},
    {"VARIANT_CONSTRUCTOR_SIZE_LIMIT", "22023", ExceptionKind::kRuntime,
     "Cannot construct a Variant larger than 16 MiB. The maximum allowed size of a Variant value is "
     "16 MiB."},
    {"VARIANT_DUPLICATE_KEY", "22023", ExceptionKind::kRuntime,
     "Failed to build variant because of a duplicate object key `<key>`."},
    {"VARIANT_SIZE_LIMIT", "22023", ExceptionKind::kRuntime,
     "Cannot build variant bigger than <sizeLimit> in <functionName>.\nPlease avoid large input "
     "strings to this expression (for example, add function calls(s) to check the expression size "
     "and convert it to NULL first if it is too big)."},
    {"VIEW_ALREADY_EXISTS", "42P07", ExceptionKind::kTableAlreadyExists,
     "Cannot create view <relationName> because it already exists.\nChoose a different name, "
     "drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate "
     "pre-existing objects."},
    {"VIEW_NOT_FOUND", "42P01", ExceptionKind::kAnalysis,
     "The view <relationName> cannot be found. Verify the spelling and correctness of the schema "
     "and catalog.\nIf you did not qualify the name with a schema, verify the current_schema() "
     "output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on "
     "drop use DROP VIEW IF EXISTS."},
    {"WINDOW_FUNCTION_AND_FRAME_MISMATCH", "", ExceptionKind::kAnalysis,
     "<funcName> function can only be evaluated in an ordered row-based window frame with a "
     "single offset: <windowExpr>."},
    {"WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "", ExceptionKind::kAnalysis,
     "Window function <funcName> requires an OVER clause."},
    {"WRITE_STREAM_NOT_ALLOWED", "", ExceptionKind::kAnalysis,
     "`writeStream` can be called only on streaming Dataset/DataFrame."},
    {"WRONG_COMMAND_FOR_OBJECT_TYPE", "", ExceptionKind::kAnalysis,
     "The operation <operation> requires a <requiredType>. But <objectName> is a <foundType>. "
     "Use <alternative> instead."},
    {"WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", ExceptionKind::kAnalysis,
     "The <functionName> requires <expectedNum> parameters but the actual number is <actualNum>. "
     "Please, refer to '<docroot>/sql-ref-functions.html' for a fix."},
    {"WRONG_NUM_ARGS.WITH_SUGGESTION", "42605", ExceptionKind::kAnalysis,
     "The <functionName> requires <expectedNum> parameters but the actual number is <actualNum>. "
     "If you have to call this function with <legacyNum> parameters, set the legacy "
     "configuration <legacyConfKey> to <legacyConfValue>."},
};
}  // namespace

std::span<const ConditionRow> SparkConditionsUToZ() { return kRows; }

}  // namespace deltic::spark::errors

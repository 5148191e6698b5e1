"""DELETE and UPDATE, and MERGE where tests/gold/merge has no such table."""

from __future__ import annotations

from tests.gold.delta.case import EVERY, STORED, Case, Scene


def check(*names: str) -> list:
    return [f"ALTER TABLE {{t}} ADD CONSTRAINT {name.split(' ')[0]} CHECK ({name.split(' ', 1)[1]})" for name in names]


def api_delete(s: Scene):
    s.table.delete("n > 25")


def api_delete_column(s: Scene):
    from pyspark.sql import functions as f

    s.table.alias("x").delete(f.col("x.v") == "a")


def api_update(s: Scene):
    from pyspark.sql import functions as f

    s.table.update(f.col("id") < 3, {"n": f.col("n") * f.lit(2), "v": f.lit("u")})


def api_update_text(s: Scene):
    s.table.updateExpr("id < 3", {"n": "n * 2"}) if hasattr(s.table, "updateExpr") else s.table.update(
        "id < 3", {"n": "n * 2"}
    )


def merge_source(s: Scene):
    s.frame("(2, 'B', 200), (6, 'F', 600)").createOrReplaceTempView(s.t + "_s")


MERGE = (
    "MERGE INTO {t} t USING {t}_s s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v, n = s.n "
    "WHEN NOT MATCHED THEN INSERT (id, v, n) VALUES (s.id, s.v, s.n) WHEN NOT MATCHED BY SOURCE AND t.id = 1 THEN DELETE"
)
STRUCTS = [
    "CREATE TABLE {t} (id INT, s STRUCT<x: INT, y: STRING>, m MAP<STRING, INT>, a ARRAY<INT>) USING delta",
    "INSERT INTO {t} VALUES (1, named_struct('x', 1, 'y', 'a'), map('k', 1), array(1, 2)), (2, NULL, NULL, NULL)",
]
NOT_NULL = [
    "CREATE TABLE {t} (id INT NOT NULL, v STRING, n INT) USING delta",
    "INSERT INTO {t} VALUES (1, 'a', 10), (2, 'b', 20)",
]

CASES = [
    # --- DELETE --------------------------------------------------------------------------------------------------
    Case("delete_where", "DELETE FROM {t} WHERE n > 25", EVERY),
    Case("delete_text", "DELETE FROM {t} WHERE v = 'a'", EVERY),
    Case("delete_all", "DELETE FROM {t}", EVERY),
    Case("delete_true", "DELETE FROM {t} WHERE true", ("cdf", "dv", "partitioned")),
    Case("delete_false", "DELETE FROM {t} WHERE false"),
    Case("delete_nothing", "DELETE FROM {t} WHERE id = 99", ("plain", "dv", "partitioned")),
    Case("delete_null", "DELETE FROM {t} WHERE v IS NULL", (*STORED, "partitioned")),
    Case("delete_null_condition", "DELETE FROM {t} WHERE NULL", ("cdf", "dv")),
    Case("delete_partition_and_row", "DELETE FROM {t} WHERE v = 'a' AND id = 1", ("partitioned", "dv")),
    Case("delete_partition_range", "DELETE FROM {t} WHERE v >= 'b'", ("partitioned",)),
    Case("delete_or", "DELETE FROM {t} WHERE id = 1 OR n = 50", ("cdf", "dv")),
    Case("delete_in", "DELETE FROM {t} AS x WHERE x.id IN (1, 4, 9)", ("cdf", "dv")),
    Case("delete_twice", ["DELETE FROM {t} WHERE id = 1", "DELETE FROM {t} WHERE id = 2"], STORED),
    Case("delete_rest", "DELETE FROM {t} WHERE id < 4", STORED, setup=["DELETE FROM {t} WHERE id = 1"]),
    Case("delete_subquery", "DELETE FROM {t} WHERE id IN (SELECT max(id) FROM {t})", ("cdf", "dv")),
    Case("delete_exists", "DELETE FROM {t} WHERE EXISTS (SELECT 1 FROM VALUES (2) AS x(k) WHERE k = id)", ("dv",)),
    Case("delete_scalar_subquery", "DELETE FROM {t} WHERE n > (SELECT avg(n) FROM {t})"),
    Case("delete_function", "DELETE FROM {t} WHERE length(v) = 1 AND n % 20 = 0", ("cdf", "dv")),
    Case("delete_path", "DELETE FROM delta.`{path}` WHERE id = 1", ("cdf", "dv")),
    Case("delete_api", api_delete, EVERY),
    Case("delete_api_column", api_delete_column, ("cdf", "dv", "partitioned")),
    Case("delete_api_all", lambda s: s.table.delete(), ("cdf", "dv")),
    Case("delete_unknown_column", "DELETE FROM {t} WHERE nope = 1"),
    Case("delete_not_boolean", "DELETE FROM {t} WHERE id"),
    Case("delete_aggregate", "DELETE FROM {t} WHERE max(id) = 1"),
    Case("delete_random", "DELETE FROM {t} WHERE rand() < 2"),
    Case("delete_no_table", "DELETE FROM {u} WHERE id = 1"),
    Case("delete_not_delta", "DELETE FROM parquet.`{path}` WHERE id = 1"),
    Case("delete_ansi_error", "DELETE FROM {t} WHERE 1 / (id - 1) > 0", conf={"spark.sql.ansi.enabled": "true"}),
    Case("delete_named_argument", "DELETE FROM {t} WHERE id = :id", args={"id": 2}),
    Case("delete_positional_argument", "DELETE FROM {t} WHERE id = ? OR v = ?", args=[2, "d"]),
    Case("delete_missing_argument", "DELETE FROM {t} WHERE id = :id", args={"x": 2}),
    Case(
        "delete_append_only",
        "DELETE FROM {t} WHERE id = 1",
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    Case(
        "delete_persistent_dv_off",
        "DELETE FROM {t} WHERE id = 1",
        conf={"spark.databricks.delta.delete.deletionVectors.persistent": "false"},
    ),
    Case(
        "delete_user_metadata",
        "DELETE FROM {t} WHERE id = 1",
        conf={"spark.databricks.delta.commitInfo.userMetadata": "why"},
    ),
    Case("delete_of_view", "DELETE FROM {u} WHERE id = 1", setup=["CREATE TEMP VIEW {u} AS SELECT * FROM {t}"]),
    Case(
        "delete_of_projecting_view",
        "DELETE FROM {u} WHERE id = 1",
        setup=["CREATE TEMP VIEW {u} AS SELECT id, n + 1 AS m FROM {t}"],
    ),
    # --- UPDATE --------------------------------------------------------------------------------------------------
    Case("update_where", "UPDATE {t} SET v = 'x' WHERE id < 3", EVERY),
    Case("update_arithmetic", "UPDATE {t} SET n = n + 1 WHERE id >= 3", EVERY),
    Case("update_all", "UPDATE {t} SET v = 'x'", EVERY),
    Case("update_nothing", "UPDATE {t} SET v = 'x' WHERE id = 99", ("plain", "dv", "partitioned")),
    Case("update_several", "UPDATE {t} SET v = upper(v), n = id, id = n WHERE id <> 2", (*STORED, "partitioned")),
    Case("update_same_value", "UPDATE {t} SET v = v WHERE id = 1", ("cdf", "dv")),
    Case("update_to_null", "UPDATE {t} SET v = NULL, n = NULL WHERE id = 1", (*STORED, "partitioned")),
    Case("update_partition_filter", "UPDATE {t} SET n = 0 WHERE v = 'a'", ("partitioned", "cdf")),
    Case("update_twice", ["UPDATE {t} SET n = n + 1 WHERE id = 1", "UPDATE {t} SET n = n + 1 WHERE id < 3"], STORED),
    Case("update_after_delete", "UPDATE {t} SET n = 0", STORED, setup=["DELETE FROM {t} WHERE id IN (1, 4)"]),
    Case("update_case", "UPDATE {t} SET n = CASE WHEN n > 25 THEN 1 ELSE 0 END", ("cdf", "dv")),
    Case("update_alias", "UPDATE {t} AS x SET x.n = x.id WHERE x.v IS NULL", ("cdf", "dv")),
    Case("update_path", "UPDATE delta.`{path}` SET n = 0 WHERE id = 1", ("cdf", "dv")),
    Case("update_api", api_update, EVERY),
    Case("update_api_text", api_update_text, ("cdf", "dv")),
    Case("update_default", "UPDATE {t} SET v = DEFAULT WHERE id = 1", ("cdf", "dv")),
    Case("update_subquery_condition", "UPDATE {t} SET n = 0 WHERE id IN (SELECT max(id) FROM {t})"),
    Case("update_subquery_value", "UPDATE {t} SET n = (SELECT max(n) FROM {t}) WHERE id = 1"),
    Case("update_narrowing", "UPDATE {t} SET n = 3000000000 WHERE id = 1"),
    Case(
        "update_narrowing_ansi", "UPDATE {t} SET n = 3000000000L WHERE id = 1", conf={"spark.sql.ansi.enabled": "true"}
    ),
    Case("update_text_to_int", "UPDATE {t} SET n = '7' WHERE id = 1"),
    Case("update_bad_text_to_int", "UPDATE {t} SET n = 'x' WHERE id = 1"),
    Case("update_int_to_text", "UPDATE {t} SET v = 7 WHERE id = 1"),
    Case("update_date_to_int", "UPDATE {t} SET n = DATE'2024-01-01' WHERE id = 1"),
    Case("update_unknown_column", "UPDATE {t} SET nope = 1"),
    Case("update_unknown_value", "UPDATE {t} SET n = nope"),
    Case("update_unknown_condition", "UPDATE {t} SET n = 1 WHERE nope = 1"),
    Case("update_column_twice", "UPDATE {t} SET n = 1, n = 2"),
    Case("update_aggregate", "UPDATE {t} SET n = max(id)"),
    Case("update_random", "UPDATE {t} SET v = 'r' WHERE rand() < 2"),
    Case("update_random_value", "UPDATE {t} SET v = CAST(rand() < 2 AS STRING)"),
    Case("update_no_table", "UPDATE {u} SET n = 1"),
    Case("update_generated", "UPDATE {t} SET g = 5 WHERE id = 1", ("generated",)),
    Case("update_generated_right", "UPDATE {t} SET g = 11 WHERE id = 1", ("generated",)),
    Case("update_identity", "UPDATE {t} SET k = 5 WHERE id = 1", ("identity",)),
    Case("update_named_arguments", "UPDATE {t} SET n = :n, v = :v WHERE id = :id", args={"n": 7, "v": "q", "id": 2}),
    Case("update_positional_arguments", "UPDATE {t} SET n = ? WHERE id = ?", args=[7, 2]),
    Case(
        "update_user_metadata", "UPDATE {t} SET n = 0", conf={"spark.databricks.delta.commitInfo.userMetadata": "why"}
    ),
    Case(
        "update_persistent_dv_off",
        "UPDATE {t} SET n = 0 WHERE id = 1",
        conf={"spark.databricks.delta.update.deletionVectors.persistent": "false"},
    ),
    Case(
        "update_append_only",
        "UPDATE {t} SET n = 0",
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    Case("update_check", "UPDATE {t} SET n = -1 WHERE id = 4", setup=check("positive n > 0")),
    Case("update_check_kept", "UPDATE {t} SET n = 1 WHERE id = 4", setup=check("positive n > 0")),
    Case("update_two_checks", "UPDATE {t} SET n = -1, v = 'long' WHERE id = 4", setup=check("a n > 0", "b id < 100")),
    Case("update_check_null", "UPDATE {t} SET n = NULL WHERE id = 4", setup=check("positive n > 0")),
    Case("update_not_null", "UPDATE {t} SET id = NULL WHERE id = 1", ("none",), setup=NOT_NULL),
    Case("update_struct_field", "UPDATE {t} SET s.x = 9 WHERE id = 1", ("none",), setup=STRUCTS),
    Case("update_struct_field_of_null", "UPDATE {t} SET s.x = 9 WHERE id = 2", ("none",), setup=STRUCTS),
    Case("update_struct", "UPDATE {t} SET s = named_struct('y', 'z', 'x', 5)", ("none",), setup=STRUCTS),
    Case("update_struct_missing_field", "UPDATE {t} SET s = named_struct('x', 5)", ("none",), setup=STRUCTS),
    Case("update_struct_and_field", "UPDATE {t} SET s = NULL, s.x = 1", ("none",), setup=STRUCTS),
    Case("update_map_and_array", "UPDATE {t} SET m = map('q', 2), a = array(9)", ("none",), setup=STRUCTS),
    Case("update_map_entry", "UPDATE {t} SET m['k'] = 5", ("none",), setup=STRUCTS),
    Case("update_of_view", "UPDATE {u} SET n = 0", setup=["CREATE TEMP VIEW {u} AS SELECT * FROM {t}"]),
    # --- MERGE ---------------------------------------------------------------------------------------------------
    Case("merge_kinds", MERGE, ("partitioned", "tracked", "generated", "identity", "clustered"), setup=[merge_source]),
    Case(
        "merge_repartition_off",
        MERGE,
        ("partitioned",),
        setup=[merge_source],
        conf={"spark.databricks.delta.merge.repartitionBeforeWrite.enabled": "false"},
    ),
    Case(
        "merge_dv_off",
        MERGE,
        setup=[merge_source],
        conf={"spark.databricks.delta.merge.deletionVectors.persistent": "false"},
    ),
    Case("merge_check", MERGE, setup=[merge_source, *check("small n < 100 OR n IS NULL")]),
    Case("merge_named_argument", MERGE.replace("t.id = 1", "t.id = :id"), setup=[merge_source], args={"id": 5}),
    Case(
        "merge_into_view",
        MERGE.replace("INTO {t}", "INTO {u}"),
        setup=[merge_source, "CREATE TEMP VIEW {u} AS SELECT * FROM {t}"],
    ),
    Case(
        "merge_into_projecting_view",
        "MERGE INTO {u} t USING {t}_s s ON t.id = s.id WHEN MATCHED THEN DELETE",
        setup=[merge_source, "CREATE TEMP VIEW {u} AS SELECT id, n + 1 AS m FROM {t}"],
    ),
    Case(
        "merge_into_persistent_view",
        MERGE.replace("INTO {t}", "INTO {u}"),
        setup=[merge_source, "CREATE VIEW {u} AS SELECT * FROM {t}"],
    ),
]

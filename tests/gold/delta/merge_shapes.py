"""MERGE in the shapes that users write: sources of every kind, struct fields, defaults, computed columns, the API."""

from __future__ import annotations

from tests.gold.delta.case import Case, Scene

EVOLVE = {"spark.databricks.delta.schema.autoMerge.enabled": "true"}
ON = "MERGE INTO {t} t USING {t}_s s ON t.id = s.id "
STAR = ON + "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
ROWS = "(2, 'B', 200), (6, 'F', 600)"


def source(values: str = ROWS, columns: str = "id, v, n"):
    return lambda s: s.frame(values, columns).createOrReplaceTempView(s.t + "_s")


def shape(name: str, merge, on: tuple = ("dv",), values: str = ROWS, columns: str = "id, v, n", **more) -> Case:
    return Case(name, merge, on, setup=[source(values, columns), *more.pop("setup", [])], **more)


def api(condition, build):
    """A merge by the builder, of t with its source s."""

    def step(s: Scene):
        build(s.table.alias("t").merge(s.spark.table(s.t + "_s").alias("s"), condition)).execute()

    return step


def api_columns(b):
    from pyspark.sql import functions as f

    return (
        b.whenMatchedUpdate(f.col("s.n") > 100, {"`n`": f.col("s.n") + f.col("t.n"), "t.v": f.upper("s.v")})
        .whenNotMatchedInsert("s.id > 0", {"id": "s.id", "v": f.lit("lit")})
        .whenNotMatchedBySourceUpdate("t.id = 1", {"n": f.lit(0)})
        .whenNotMatchedBySourceDelete(f.col("t.id") == 3)
    )


def api_evolution(b):
    return b.withSchemaEvolution().whenMatchedUpdateAll().whenNotMatchedInsertAll()


DEFAULTS = [
    "CREATE TABLE {t} (id INT, v STRING DEFAULT 'dv', n INT DEFAULT 7) USING delta TBLPROPERTIES "
    "('delta.feature.allowColumnDefaults' = 'supported', 'delta.enableDeletionVectors' = 'true')",
    "INSERT INTO {t} VALUES (1, 'a', 10), (2, 'b', 20)",
]
NESTED = [
    "CREATE TABLE {t} (id INT, s STRUCT<x: INT, y: STRUCT<p: INT, q: STRING>>, a ARRAY<STRUCT<e: INT, f: INT>>, "
    "m MAP<STRING, STRUCT<g: INT>>) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
    "INSERT INTO {t} SELECT 1, named_struct('x', 1, 'y', named_struct('p', 1, 'q', 'a')), "
    "array(named_struct('e', 1, 'f', 2)), map('k', named_struct('g', 1))",
    "INSERT INTO {t} VALUES (2, NULL, NULL, NULL)",
]
NESTED_SOURCE = (
    "CREATE OR REPLACE TEMP VIEW {u} AS SELECT id, named_struct('y', named_struct('q', 'z', 'p', 9), 'x', 8) AS s, "
    "array(named_struct('f', 5, 'e', 4)) AS a, map('k', named_struct('g', 3)) AS m FROM VALUES (1), (2), (3) AS x(id)"
)
MORE_NESTED = (
    "CREATE OR REPLACE TEMP VIEW {u} AS SELECT id, named_struct('x', 8, 'y', named_struct('p', 9, 'q', 'z', 'r', true), "
    "'w', 1.5D) AS s, array(named_struct('e', 4, 'f', 5, 'h', 'new')) AS a, map('k', named_struct('g', 3, 'i', 4)) AS m "
    "FROM VALUES (1), (3) AS x(id)"
)
FEWER_NESTED = "CREATE OR REPLACE TEMP VIEW {u} AS SELECT id, named_struct('y', named_struct('q', 'z')) AS s FROM VALUES (1), (3) AS x(id)"
UON = "MERGE INTO {t} t USING {u} s ON t.id = s.id "
USTAR = UON + "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"


def nested(name: str, view: str, merge: str, **more) -> Case:
    return Case(name, merge, ("none",), setup=[*NESTED, view], **more)


CASES = [
    # --- sources -------------------------------------------------------------------------------------------------
    shape(
        "merge_values_directly",
        "MERGE INTO {t} AS t USING (VALUES (2, 'B', 200), (6, 'F', 600)) AS s (id, v, n) ON s.id = t.id "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *;",
    ),
    shape(
        "merge_source_joins_target",
        "MERGE INTO {t} t USING (SELECT s.*, x.n AS old FROM {t}_s s LEFT JOIN {t} x ON s.id = x.id) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET n = s.old + 1 WHEN NOT MATCHED THEN INSERT (id, v, n) VALUES (s.id, s.v, s.old)",
    ),
    shape(
        "merge_source_column_twice",
        "MERGE INTO {t} t USING (SELECT a.id, a.v, b.v, a.n FROM {t}_s a JOIN {t}_s b ON a.id = b.id) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET n = s.n",
    ),
    shape(
        "merge_source_column_twice_star",
        "MERGE INTO {t} t USING (SELECT a.id, a.v, b.v, a.n FROM {t}_s a JOIN {t}_s b ON a.id = b.id) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET *",
    ),
    shape(
        "merge_deduplicated_source",
        "MERGE INTO {t} t USING (SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY n DESC) r FROM {t}_s) "
        "WHERE r = 1) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v, n = s.n WHEN NOT MATCHED THEN INSERT *",
        values="(2, 'B', 200), (2, 'C', 300), (6, 'F', 600)",
    ),
    shape(
        "merge_union_source",
        "MERGE INTO {t} USING (SELECT id AS mergeKey, * FROM {t}_s UNION ALL SELECT NULL AS mergeKey, * FROM {t}_s) s "
        "ON {t}.id = mergeKey WHEN MATCHED THEN UPDATE SET v = 'closed' WHEN NOT MATCHED THEN INSERT (id, v, n) "
        "VALUES (s.id, s.v, s.n)",
    ),
    shape(
        "merge_feed_source",
        "MERGE INTO {t} t USING (SELECT * FROM table_changes('{t}', 1) WHERE _change_type = 'insert' AND id < 3) s "
        "ON t.id = s.id AND t.n > 15 WHEN MATCHED THEN UPDATE SET v = s._change_type",
    ),
    shape("merge_path", STAR.replace("{t} t USING", "delta.`{path}` AS t USING", 1)),
    shape("merge_path_source", ON.replace("{t}_s s", "delta.`{path}@v1` s") + "WHEN NOT MATCHED BY SOURCE THEN DELETE"),
    shape("merge_with", "WITH q AS (SELECT * FROM {t}_s WHERE n > 300) " + STAR.replace("{t}_s", "q")),
    shape(
        "merge_qualified",
        "MERGE INTO spark_catalog.default.{t} USING {t}_s ON default.{t}.id = {t}_s.id "
        "WHEN MATCHED THEN UPDATE SET {t}.n = {t}_s.n",
    ),
    shape("merge_backticks", ON + "WHEN MATCHED THEN UPDATE SET `n` = s.`n`, t.`v` = `s`.v"),
    shape("merge_positional_arguments", ON + "AND s.n > ? WHEN MATCHED THEN UPDATE SET v = ?", args=[100, "q"]),
    # --- columns that are computed -------------------------------------------------------------------------------
    shape("merge_star_generated", STAR, ("generated",)),
    shape("merge_star_generated_given", STAR, ("generated",), "(2, 'B', 200, 201), (6, 'F', 600, 601)", "id, v, n, g"),
    shape("merge_star_generated_wrong", STAR, ("generated",), "(2, 'B', 200, 1)", "id, v, n, g"),
    shape("merge_update_generated_source", ON + "WHEN MATCHED THEN UPDATE SET n = s.n", ("generated",)),
    shape("merge_star_identity", STAR, ("identity",)),
    shape("merge_star_identity_given", STAR, ("identity",), "(2, 'B', 200, 77)", "id, v, n, k"),
    shape("merge_insert_identity", ON + "WHEN NOT MATCHED THEN INSERT (id, k) VALUES (s.id, 5)", ("identity",)),
    Case(
        "merge_default_words",
        ON
        + "WHEN MATCHED THEN UPDATE SET v = DEFAULT WHEN NOT MATCHED THEN INSERT (id, v, n) VALUES (s.id, DEFAULT, s.n)",
        ("none",),
        setup=[*DEFAULTS, source()],
    ),
    Case(
        "merge_defaults_left_out",
        ON + "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
        ("none",),
        setup=[*DEFAULTS, source()],
    ),
    Case("merge_star_lacks_default", STAR, ("none",), setup=[*DEFAULTS, source("(2), (6)", "id")]),
    Case(
        "merge_star_lacks_default_evolving", STAR, ("none",), setup=[*DEFAULTS, source("(2), (6)", "id")], conf=EVOLVE
    ),
    Case(
        "merge_default_in_condition",
        ON + "AND s.v = DEFAULT WHEN MATCHED THEN DELETE",
        ("none",),
        setup=[*DEFAULTS, source()],
    ),
    # --- fields --------------------------------------------------------------------------------------------------
    nested("merge_struct_star", NESTED_SOURCE, USTAR),
    nested("merge_struct_evolve", MORE_NESTED, USTAR, conf=EVOLVE),
    nested("merge_struct_wider", MORE_NESTED, USTAR),
    nested("merge_struct_fewer", FEWER_NESTED, UON + "WHEN MATCHED THEN UPDATE SET s = s.s"),
    nested("merge_struct_fewer_evolve", FEWER_NESTED, USTAR, conf=EVOLVE),
    nested(
        "merge_deep_field",
        NESTED_SOURCE,
        UON
        + "WHEN MATCHED THEN UPDATE SET t.s.y.q = s.s.y.q, s.x = s.id WHEN NOT MATCHED THEN INSERT (id, s) VALUES (s.id, s.s)",
    ),
    nested(
        "merge_field_condition",
        NESTED_SOURCE,
        UON + "AND t.s.y.p = 1 WHEN MATCHED AND s.s.x > 1 THEN UPDATE SET s.y.p = 3",
    ),
    # --- evolution -----------------------------------------------------------------------------------------------
    shape("merge_evolve_partitioned", STAR, ("partitioned",), "(9, 'q', 1, 5)", "id, v, n, x", conf=EVOLVE),
    shape("merge_evolve_mapped", STAR, ("mapped",), "(2, 'B', 200, 5), (6, 'F', 600, 5)", "id, v, n, x", conf=EVOLVE),
    shape("merge_evolve_tracked", STAR, ("tracked",), "(9, 'B', 200, 5)", "id, v, n, x", conf=EVOLVE),
    shape("merge_evolve_other_case", STAR, ("dv",), "(2, 'B', 200, 5)", "ID, V, n, X", conf=EVOLVE),
    shape(
        "merge_evolve_conditions",
        ON + "WHEN MATCHED AND s.x = 5 THEN UPDATE SET * WHEN NOT MATCHED AND s.x = 6 THEN INSERT *",
        ("dv",),
        "(2, 'B', 200, 5), (3, 'C', 300, 0), (6, 'F', 600, 6), (7, 'G', 700, 0)",
        "id, v, n, x",
        conf=EVOLVE,
    ),
    shape("merge_evolve_void_column", STAR, ("dv",), "(2, 'B', 200, NULL)", "id, v, n, x", conf=EVOLVE),
    # --- partitions ----------------------------------------------------------------------------------------------
    shape(
        "merge_moves_partition",
        ON + "WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *",
        ("partitioned",),
        files=False,
        values="(2, 'moved', 1), (4, NULL, 1), (5, '', 1), (6, 'a', 1)",
    ),
    # --- the API -------------------------------------------------------------------------------------------------
    shape("merge_api_columns", api("t.id = s.id", api_columns)),
    shape("merge_api_evolution", api("t.id = s.id", api_evolution), ("dv",), "(2, 'B', 200, 5)", "id, v, n, x"),
    shape("merge_api_no_clause", api("t.id = s.id", lambda b: b)),
    shape("merge_api_empty_set", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={}))),
    shape("merge_api_empty_values", api("t.id = s.id", lambda b: b.whenNotMatchedInsert(values={}))),
    shape("merge_api_unknown_key", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={"nope": "1"}))),
    shape("merge_api_key_is_source", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={"s.v": "1"}))),
    shape("merge_api_bad_key", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={"v v": "1"}))),
    shape("merge_api_bad_value", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={"v": "1 +"}))),
    shape("merge_api_ambiguous", api("id = id", lambda b: b.whenMatchedDelete())),
    shape(
        "merge_api_two_unconditional",
        api("t.id = s.id", lambda b: b.whenMatchedDelete().whenMatchedUpdate(set={"v": "'x'"})),
    ),
    shape("merge_api_key_twice", api("t.id = s.id", lambda b: b.whenMatchedUpdate(set={"v": "'a'", "V": "'b'"}))),
    # --- types ---------------------------------------------------------------------------------------------------
    shape("merge_date_to_int", ON + "WHEN MATCHED THEN UPDATE SET n = DATE'2024-01-01'"),
    shape("merge_decimal_rounds", ON + "WHEN MATCHED THEN UPDATE SET n = 2.7"),
    shape("merge_boolean_to_text", ON + "WHEN MATCHED THEN UPDATE SET v = (s.n > 100)"),
    shape(
        "merge_text_key", "MERGE INTO {t} t USING {t}_s s ON t.id = s.v WHEN MATCHED THEN DELETE", values="(1, '2', 1)"
    ),
    shape(
        "merge_case_when",
        ON + "WHEN MATCHED THEN UPDATE SET v = CASE WHEN s.n > t.n THEN s.v END, n = coalesce(NULL, t.n)",
    ),
    shape(
        "merge_on_in", "MERGE INTO {t} t USING {t}_s s ON t.id IN (s.id, s.id + 1) WHEN MATCHED THEN UPDATE SET v = s.v"
    ),
    shape(
        "merge_on_or", "MERGE INTO {t} t USING {t}_s s ON t.id = s.id OR t.v = s.v WHEN MATCHED THEN UPDATE SET v = s.v"
    ),
    shape("merge_schema_evolution_word", STAR.replace("MERGE INTO", "MERGE WITH SCHEMA EVOLUTION INTO")),
    shape(
        "merge_update_all_columns",
        ON + "WHEN MATCHED THEN UPDATE SET id = s.id + 10, v = NULL, n = NULL",
        ("mapped", "clustered"),
    ),
]

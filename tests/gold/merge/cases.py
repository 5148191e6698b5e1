"""MERGE statements whose outcome real Spark + Delta records (../record.py) and every engine has to repeat (test_merge.py).

A case is a Case below. {t} and {s} in its statements are the names of its target and its source; the merge runs
with its settings. The same case runs on each of `tables`: how the target is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

EVOLVE = {"spark.databricks.delta.schema.autoMerge.enabled": "true"}
TARGET = "id INT, v STRING, n INT"
FIRST = "(1, 'a', 10), (2, 'b', 20), (3, 'c', 30)"
SECOND = "(4, 'd', 40), (5, NULL, 50)"
SOURCE = "(2, 'B', 200), (3, 'C', 300), (6, 'F', 600), (CAST(NULL AS INT), 'N', 0)"

# Name of a way to store the target → its table properties.
TABLES = {
    "dv": {"delta.enableChangeDataFeed": "true", "delta.enableDeletionVectors": "true"},
    "cdf": {"delta.enableChangeDataFeed": "true"},
    "plain": {"delta.enableChangeDataFeed": "false"},
    "dv_plain": {"delta.enableChangeDataFeed": "false", "delta.enableDeletionVectors": "true"},
    "mapped": {
        "delta.enableChangeDataFeed": "true",
        "delta.enableDeletionVectors": "true",
        "delta.columnMapping.mode": "name",
        "delta.minReaderVersion": "2",
        "delta.minWriterVersion": "5",
    },
}


@dataclass
class Case:
    name: str
    merge: str
    target: str = TARGET
    files: list[str] = field(default_factory=lambda: [FIRST, SECOND])  # VALUES of one INSERT each, one file each
    source: str = SOURCE  # VALUES; empty: the case makes its own source
    columns: str = "id, v, n"  # of the source
    partition: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    conf: dict[str, str] = field(default_factory=dict)
    setup: list[str] = field(default_factory=list)  # statements before the merge
    tables: tuple[str, ...] = ("cdf", "dv")
    order: str = "*"  # columns read back


def error(name: str, merge: str, **more) -> Case:
    return Case(name, merge, tables=("dv",), **more)


ON = "MERGE INTO {t} t USING {s} s ON t.id = s.id "
STAR = ON + "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
ALL_TABLES = tuple(TABLES)
NESTED = "id INT, s STRUCT<x: INT, y: STRING>"
NESTED_ROWS = ["(1, named_struct('x', 1, 'y', 'a')), (2, named_struct('x', 2, 'y', 'b'))"]

CASES = [
    # --- clauses -------------------------------------------------------------------------------------------------
    Case("upsert_star", STAR, tables=ALL_TABLES),
    Case(
        "upsert_columns",
        ON + "WHEN MATCHED THEN UPDATE SET v = concat(t.v, s.v), t.n = t.n + s.n "
        "WHEN NOT MATCHED THEN INSERT (n, id) VALUES (s.n * 2, s.id)",
        tables=ALL_TABLES,
    ),
    Case("update_only", ON + "WHEN MATCHED THEN UPDATE SET n = s.n", tables=ALL_TABLES),
    Case("delete_only", ON + "WHEN MATCHED THEN DELETE", tables=ALL_TABLES),
    Case("insert_only", ON + "WHEN NOT MATCHED THEN INSERT *", tables=ALL_TABLES),
    Case(
        "matched_in_order",
        ON + "WHEN MATCHED AND s.n > 250 THEN DELETE WHEN MATCHED AND t.n = 20 THEN UPDATE SET v = 'first' "
        "WHEN MATCHED THEN UPDATE SET v = 'last'",
        tables=ALL_TABLES,
    ),
    Case("matched_condition_false", ON + "WHEN MATCHED AND s.n > 1000 THEN UPDATE SET v = 'x'", tables=ALL_TABLES),
    Case("matched_condition_null", ON + "WHEN MATCHED AND NULL THEN UPDATE SET v = 'x' WHEN NOT MATCHED THEN INSERT *"),
    Case(
        "matched_condition_false_inserts",
        ON + "WHEN MATCHED AND s.n > 1000 THEN UPDATE SET v = 'x' WHEN NOT MATCHED THEN INSERT *",
        tables=ALL_TABLES,
    ),
    Case(
        "inserts_in_order",
        ON + "WHEN NOT MATCHED AND s.n > 500 THEN INSERT (id, v) VALUES (s.id, 'big') "
        "WHEN NOT MATCHED AND s.id IS NULL THEN INSERT (n) VALUES (-1)",
        tables=ALL_TABLES,
    ),
    Case("insert_condition", ON + "WHEN NOT MATCHED BY TARGET AND s.id IS NOT NULL THEN INSERT *", tables=ALL_TABLES),
    Case(
        "by_source_update",
        ON + "WHEN NOT MATCHED BY SOURCE AND t.n > 40 THEN UPDATE SET v = 'gone', n = t.n + 1",
        tables=ALL_TABLES,
    ),
    Case("by_source_delete", ON + "WHEN NOT MATCHED BY SOURCE THEN DELETE", tables=ALL_TABLES),
    Case(
        "by_source_in_order",
        ON + "WHEN NOT MATCHED BY SOURCE AND id = 1 THEN DELETE WHEN NOT MATCHED BY SOURCE AND n = 50 "
        "THEN UPDATE SET v = 'five' WHEN NOT MATCHED BY SOURCE THEN UPDATE SET n = 0",
        tables=ALL_TABLES,
    ),
    Case(
        "everything",
        ON + "WHEN MATCHED AND s.n = 200 THEN UPDATE SET * WHEN MATCHED THEN DELETE "
        "WHEN NOT MATCHED AND s.id = 6 THEN INSERT * WHEN NOT MATCHED THEN INSERT (id, v) VALUES (0, s.v) "
        "WHEN NOT MATCHED BY SOURCE AND t.id = 1 THEN UPDATE SET v = 'one' WHEN NOT MATCHED BY SOURCE THEN DELETE",
        tables=ALL_TABLES,
    ),
    Case("insert_before_matched", ON + "WHEN NOT MATCHED THEN INSERT * WHEN MATCHED THEN UPDATE SET *"),
    Case(
        "one_file_touched",
        ON + "WHEN MATCHED THEN UPDATE SET v = s.v",
        source="(4, 'D', 1)",
        tables=ALL_TABLES,
    ),
    Case("whole_file_deleted", ON + "WHEN MATCHED THEN DELETE", source="(4, '', 0), (5, '', 0)", tables=ALL_TABLES),
    Case("nothing_matches", ON + "WHEN MATCHED THEN UPDATE SET *", source="(99, 'x', 1)", tables=ALL_TABLES),
    Case("nothing_to_insert", ON + "WHEN NOT MATCHED THEN INSERT *", source="(1, 'x', 1)", tables=ALL_TABLES),
    Case(
        "empty_source",
        STAR + " WHEN NOT MATCHED BY SOURCE AND id = 1 THEN DELETE",
        setup=["CREATE OR REPLACE TEMP VIEW {s} AS SELECT * FROM VALUES (1, 'x', 1) AS x(id, v, n) WHERE id > 9"],
        source="",
    ),
    Case("empty_target", STAR, files=[], tables=ALL_TABLES),
    Case(
        "after_deletion_vectors", STAR, setup=["DELETE FROM {t} WHERE id IN (2, 4)"], tables=("cdf", "dv", "dv_plain")
    ),
    Case(
        "twice",
        ON + "WHEN MATCHED THEN UPDATE SET n = t.n + 1 WHEN NOT MATCHED THEN INSERT *",
        setup=[ON + "WHEN MATCHED THEN UPDATE SET n = t.n + 1 WHEN NOT MATCHED AND s.id = 6 THEN INSERT *"],
        tables=ALL_TABLES,
    ),
    # --- several matches -----------------------------------------------------------------------------------------
    error("many_matches_update", STAR, source="(2, 'x', 1), (2, 'y', 2)"),
    error(
        "many_matches_only_one_applies",
        ON + "WHEN MATCHED AND s.n = 1 THEN UPDATE SET *",
        source="(2, 'x', 1), (2, 'y', 2)",
    ),
    error("many_matches_none_applies", ON + "WHEN MATCHED AND s.n > 9 THEN DELETE", source="(2, 'x', 1), (2, 'y', 2)"),
    error(
        "many_matches_conditional_delete", ON + "WHEN MATCHED AND true THEN DELETE", source="(2, 'x', 1), (2, 'y', 2)"
    ),
    error(
        "many_matches_delete_and_update",
        ON + "WHEN MATCHED AND t.n = 1 THEN UPDATE SET v = '' WHEN MATCHED THEN DELETE",
        source="(2, 'x', 1), (2, 'y', 2)",
    ),
    Case(
        "many_matches_delete",
        ON + "WHEN MATCHED THEN DELETE",
        source="(2, 'x', 1), (2, 'y', 2), (2, 'z', 3), (4, '', 0)",
        tables=ALL_TABLES,
    ),
    Case(
        "many_matches_delete_and_insert",
        ON + "WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT *",
        source="(2, 'x', 1), (2, 'y', 2), (7, 'z', 3), (7, 'z', 3)",
        tables=ALL_TABLES,
    ),
    Case(
        "many_matches_delete_by_source",
        ON + "WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE AND t.id = 5 THEN UPDATE SET v = 'u'",
        source="(2, 'x', 1), (2, 'y', 2)",
    ),
    Case("many_matches_insert", ON + "WHEN NOT MATCHED THEN INSERT *", source="(2, 'x', 1), (2, 'y', 2), (7, 'z', 3)"),
    Case("many_matches_by_source", ON + "WHEN NOT MATCHED BY SOURCE THEN DELETE", source="(2, 'x', 1), (2, 'y', 2)"),
    # --- conditions ----------------------------------------------------------------------------------------------
    Case(
        "null_safe_equal",
        "MERGE INTO {t} t USING {s} s ON t.id <=> s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
        files=[FIRST, "(CAST(NULL AS INT), 'null', 1)"],
    ),
    Case("null_keys", STAR, files=[FIRST, "(CAST(NULL AS INT), 'null', 1)"]),
    Case(
        "on_false",
        "MERGE INTO {t} t USING {s} s ON false WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
        tables=ALL_TABLES,
    ),
    Case("on_false_insert_only", "MERGE INTO {t} t USING {s} s ON 1 = 2 WHEN NOT MATCHED THEN INSERT *"),
    Case(
        "on_true",
        "MERGE INTO {t} t USING {s} s ON true WHEN MATCHED AND t.id > 1 THEN UPDATE SET v = s.v",
        source="(2, 'x', 1)",
    ),
    Case(
        "on_target_part",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id AND t.n < 25 WHEN MATCHED THEN UPDATE SET * "
        "WHEN NOT MATCHED THEN INSERT *",
        tables=ALL_TABLES,
    ),
    Case(
        "on_source_part",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id AND s.n > 250 WHEN MATCHED THEN DELETE "
        "WHEN NOT MATCHED AND s.id IS NOT NULL THEN INSERT *",
        tables=ALL_TABLES,
    ),
    Case(
        "on_inequality",
        "MERGE INTO {t} t USING {s} s ON t.id > s.id WHEN MATCHED THEN UPDATE SET v = s.v",
        source="(3, 'more', 1)",
    ),
    Case(
        "on_expression",
        "MERGE INTO {t} t USING {s} s ON t.id + 1 = s.id AND upper(t.v) <> s.v "
        "WHEN MATCHED THEN UPDATE SET n = -1 WHEN NOT MATCHED THEN INSERT (id) VALUES (-s.id)",
    ),
    Case(
        "on_other_types",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v",
        source="('2', 'text', 1)",
    ),
    error("on_not_boolean", "MERGE INTO {t} t USING {s} s ON t.id WHEN MATCHED THEN DELETE"),
    error("condition_not_boolean", ON + "WHEN MATCHED AND s.v THEN DELETE"),
    error("on_rand", "MERGE INTO {t} t USING {s} s ON t.id = s.id AND rand() > 2 WHEN MATCHED THEN DELETE"),
    error("matched_rand", ON + "WHEN MATCHED AND rand() > 2 THEN DELETE"),
    error("insert_rand", ON + "WHEN NOT MATCHED AND rand() > 2 THEN INSERT *"),
    error("on_aggregate", "MERGE INTO {t} t USING {s} s ON max(t.id) = s.id WHEN MATCHED THEN DELETE"),
    error("matched_aggregate", ON + "WHEN MATCHED AND count(t.id) = 1 THEN UPDATE SET v = ''"),
    error("on_subquery", "MERGE INTO {t} t USING {s} s ON t.id = (SELECT max(id) FROM {s}) WHEN MATCHED THEN DELETE"),
    error("matched_subquery", ON + "WHEN MATCHED AND EXISTS (SELECT 1 FROM {s}) THEN DELETE"),
    error("set_subquery", ON + "WHEN MATCHED THEN UPDATE SET n = (SELECT max(n) FROM {s})"),
    error("set_aggregate", ON + "WHEN MATCHED THEN UPDATE SET n = max(s.n)"),
    # --- names ---------------------------------------------------------------------------------------------------
    Case(
        "without_aliases",
        "MERGE INTO {t} USING {s} ON {t}.id = {s}.id WHEN MATCHED THEN UPDATE SET v = {s}.v "
        "WHEN NOT MATCHED THEN INSERT (id, v) VALUES ({s}.id, v)",
    ),
    Case(
        "names_in_other_case",
        "MERGE INTO {t} T USING {s} AS S ON T.ID = S.Id WHEN MATCHED THEN UPDATE SET V = S.V "
        "WHEN NOT MATCHED THEN INSERT (ID, N) VALUES (S.ID, S.N)",
    ),
    Case("other_column_order", STAR, source="('B', 200, 2), ('F', 600, 6)", columns="v, n, id"),
    Case(
        "source_with_more_columns", STAR, source="(2, 'B', 200, true), (6, 'F', 600, false)", columns="id, v, n, more"
    ),
    Case(
        "query_as_source",
        "MERGE INTO {t} t USING (SELECT id, max(v) AS v, sum(n) AS n FROM {s} GROUP BY id) q "
        "ON t.id = q.id WHEN MATCHED THEN UPDATE SET v = q.v, n = q.n WHEN NOT MATCHED THEN INSERT (id) VALUES (q.id)",
    ),
    Case(
        "query_without_alias",
        "MERGE INTO {t} t USING (SELECT id AS k, v AS w FROM {s}) ON t.id = k "
        "WHEN MATCHED THEN UPDATE SET v = w WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, w)",
    ),
    Case(
        "cte_as_source",
        "MERGE INTO {t} t USING (WITH q AS (SELECT * FROM {s} WHERE n > 0) SELECT * FROM q) q "
        "ON t.id = q.id WHEN MATCHED THEN UPDATE SET *",
    ),
    Case(
        "values_as_source",
        "MERGE INTO {t} USING (SELECT * FROM VALUES (2, 'two'), (7, 'seven') AS x(k, w)) x "
        "ON id = k WHEN MATCHED THEN UPDATE SET v = w WHEN NOT MATCHED THEN INSERT (id, v) VALUES (k, w)",
        source="",
    ),
    Case(
        "alias_columns",
        "MERGE INTO {t} t USING {s} s(k, w, m) ON t.id = k WHEN MATCHED THEN UPDATE SET v = w "
        "WHEN NOT MATCHED THEN INSERT (id, n) VALUES (k, m)",
    ),
    Case(
        "target_as_source",
        "MERGE INTO {t} t USING {t} s ON t.id = s.id + 1 WHEN MATCHED THEN UPDATE SET n = s.n "
        "WHEN NOT MATCHED THEN INSERT *",
        source="",
    ),
    Case(
        "version_as_source",
        "MERGE INTO {t} t USING (SELECT * FROM {t} VERSION AS OF 1) s ON t.id = s.id "
        "WHEN NOT MATCHED BY SOURCE THEN DELETE",
        source="",
    ),
    error("unknown_source", "MERGE INTO {t} t USING nowhere s ON t.id = s.id WHEN MATCHED THEN DELETE"),
    error("unknown_target", "MERGE INTO nowhere t USING {s} s ON t.id = s.id WHEN MATCHED THEN DELETE"),
    error("target_is_view", "MERGE INTO {s} t USING {s} s ON t.id = s.id WHEN MATCHED THEN DELETE"),
    error("unknown_in_condition", "MERGE INTO {t} t USING {s} s ON t.id = s.nope WHEN MATCHED THEN DELETE"),
    error("unknown_in_matched", ON + "WHEN MATCHED AND s.nope = 1 THEN DELETE"),
    error("unknown_in_matched_update", ON + "WHEN MATCHED AND t.nope = 1 THEN UPDATE SET *"),
    error("unknown_in_value", ON + "WHEN MATCHED THEN UPDATE SET v = s.nope"),
    error("unknown_column_set", ON + "WHEN MATCHED THEN UPDATE SET nope = s.v"),
    error("unknown_column_inserted", ON + "WHEN NOT MATCHED THEN INSERT (id, nope) VALUES (s.id, s.v)"),
    error("insert_sees_no_target", ON + "WHEN NOT MATCHED THEN INSERT (id) VALUES (t.id)"),
    error("insert_condition_sees_no_target", ON + "WHEN NOT MATCHED AND t.n > 1 THEN INSERT *"),
    error("by_source_sees_no_source", ON + "WHEN NOT MATCHED BY SOURCE THEN UPDATE SET v = s.v"),
    error("by_source_condition_sees_no_source", ON + "WHEN NOT MATCHED BY SOURCE AND s.n = 1 THEN DELETE"),
    error("ambiguous_condition", "MERGE INTO {t} t USING {s} s ON id = 1 WHEN MATCHED THEN DELETE"),
    error("ambiguous_matched", ON + "WHEN MATCHED AND n > 1 THEN DELETE"),
    error("ambiguous_value", ON + "WHEN MATCHED THEN UPDATE SET v = v"),
    error("set_source_column", ON + "WHEN MATCHED THEN UPDATE SET s.v = t.v"),
    error("set_twice", ON + "WHEN MATCHED THEN UPDATE SET v = 'a', n = 1, V = 'b'"),
    error("insert_twice", ON + "WHEN NOT MATCHED THEN INSERT (id, v, id) VALUES (1, 'a', 2)"),
    error("star_without_column", STAR, source="(2, 'B')", columns="id, v"),
    error("insert_star_without_column", ON + "WHEN NOT MATCHED THEN INSERT *", source="(2, 'B')", columns="id, v"),
    error("by_source_star", ON + "WHEN NOT MATCHED BY SOURCE THEN UPDATE SET *"),
    error("no_clause", ON),
    error("two_unconditional", ON + "WHEN MATCHED THEN DELETE WHEN MATCHED THEN UPDATE SET v = ''"),
    error("two_unconditional_inserts", ON + "WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED THEN INSERT *"),
    error(
        "two_unconditional_by_source",
        ON + "WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY SOURCE AND t.id = 1 THEN DELETE",
    ),
    error("insert_counts_differ", ON + "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (1)"),
    error("qualified_insert_column", ON + "WHEN NOT MATCHED THEN INSERT (s.id) VALUES (s.id)"),
    Case("target_qualified_insert_column", ON + "WHEN NOT MATCHED THEN INSERT (t.id, t.v) VALUES (s.id, s.v)"),
    # --- values --------------------------------------------------------------------------------------------------
    Case(
        "values_are_cast",
        ON + "WHEN MATCHED THEN UPDATE SET v = s.n, n = s.v WHEN NOT MATCHED THEN INSERT *",
        source="(2L, '7', 200L), (8L, '9', 900L)",
    ),
    error("cast_overflows", ON + "WHEN MATCHED THEN UPDATE SET n = s.n", source="(2, 'x', 3000000000L)"),
    error("cast_overflows_on_insert", ON + "WHEN NOT MATCHED THEN INSERT *", source="(9, 'x', 3000000000L)"),
    error("text_is_no_number", ON + "WHEN MATCHED THEN UPDATE SET n = s.v"),
    error("array_is_no_number", ON + "WHEN MATCHED THEN UPDATE SET n = array(s.n)"),
    Case(
        "values_of_many_types",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
        target="id BIGINT, d DECIMAL(10, 2), f FLOAT, w DOUBLE, b BOOLEAN, dt DATE, ts TIMESTAMP, bin BINARY, "
        "a ARRAY<INT>, m MAP<STRING, INT>, by TINYINT",
        files=[
            "(1L, 1.25, 1.5F, 2.5D, true, DATE '2020-01-01', TIMESTAMP '2020-01-01 01:02:03.5', X'01', "
            "array(1, 2), map('a', 1), 1Y)"
        ],
        source="(1, 2.5, 1.25D, 3.5F, false, '2021-02-03', DATE '2021-02-03', X'0203', array(3), map('b', 2), 5), "
        "(2, 3.456, CAST(NULL AS DOUBLE), 1F, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        columns="id, d, f, w, b, dt, ts, bin, a, m, by",
    ),
    error("not_null_violated", ON + "WHEN NOT MATCHED THEN INSERT *", target="id INT NOT NULL, v STRING, n INT"),
    error(
        "not_null_violated_by_update",
        ON + "WHEN MATCHED THEN UPDATE SET v = NULL",
        target="id INT, v STRING NOT NULL, n INT",
        files=[FIRST],
    ),
    error(
        "not_null_not_inserted",
        ON + "WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
        target="id INT, v STRING NOT NULL, n INT",
        files=[FIRST],
    ),
    Case("varchar_kept", ON + "WHEN MATCHED THEN UPDATE SET v = s.v", target="id INT, v VARCHAR(3), n INT"),
    error("varchar_too_long", ON + "WHEN MATCHED THEN UPDATE SET v = 'toolong'", target="id INT, v VARCHAR(3), n INT"),
    error("append_only", STAR, properties={"delta.appendOnly": "true"}),
    Case("append_only_insert", ON + "WHEN NOT MATCHED THEN INSERT *", properties={"delta.appendOnly": "true"}),
    # --- partitions ----------------------------------------------------------------------------------------------
    Case(
        "partitioned",
        STAR,
        target="id INT, v STRING, n INT",
        partition="v",
        files=["(1, 'a', 10), (2, 'b', 20), (3, 'b', 30)", "(4, 'a', 40), (5, NULL, 50)"],
        source="(2, 'b', 200), (3, 'a', 300), (5, 'c', 500), (6, NULL, 600), (7, 'a', 700)",
        tables=ALL_TABLES,
    ),
    Case(
        "partition_in_condition",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id AND t.v = 'b' AND t.v = s.v "
        "WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT *",
        partition="v",
        files=["(1, 'a', 10), (2, 'b', 20), (3, 'b', 30)", "(4, 'a', 40), (5, NULL, 50)"],
        source="(1, 'a', 100), (2, 'b', 200)",
        tables=ALL_TABLES,
    ),
    Case(
        "partition_deleted",
        "MERGE INTO {t} t USING {s} s ON t.v = s.v WHEN MATCHED THEN DELETE",
        partition="v",
        files=["(1, 'a', 10), (2, 'b', 20), (3, 'b', 30)", "(4, 'a', 40), (5, NULL, 50)"],
        source="(1, 'a', 100)",
        tables=ALL_TABLES,
    ),
    # --- structs -------------------------------------------------------------------------------------------------
    Case(
        "struct_field_set",
        "MERGE INTO {t} t USING {s} s ON t.id = s.id WHEN MATCHED THEN UPDATE SET s.x = v, t.s.y = concat(t.s.y, '!')",
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, 7)",
        columns="id, v",
    ),
    Case(
        "struct_star",
        STAR,
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('x', 5, 'y', 'z')), (9, named_struct('x', 9, 'y', 'n'))",
        columns="id, s",
    ),
    Case(
        "struct_by_name",
        STAR,
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('y', 'z', 'x', 5L)), (9, named_struct('y', 'n', 'x', 9L))",
        columns="id, s",
    ),
    error(
        "struct_too_wide",
        STAR,
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('x', 5, 'y', 'z', 'q', 1))",
        columns="id, s",
    ),
    error(
        "struct_too_narrow", STAR, target=NESTED, files=NESTED_ROWS, source="(1, named_struct('x', 5))", columns="id, s"
    ),
    error(
        "struct_and_field_set",
        ON + "WHEN MATCHED THEN UPDATE SET s = s.s, s.x = 1",
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('x', 5, 'y', 'z'))",
        columns="id, s",
    ),
    error("field_of_number", ON + "WHEN MATCHED THEN UPDATE SET n.x = 1"),
    error(
        "unknown_field_set",
        "MERGE INTO {t} t USING {s} q ON t.id = q.id WHEN MATCHED THEN UPDATE SET s.nope = 1",
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, 7)",
        columns="id, v",
    ),
    error(
        "field_inserted",
        "MERGE INTO {t} t USING {s} q ON t.id = q.id WHEN NOT MATCHED THEN INSERT (id, s.x) VALUES (1, 1)",
        target=NESTED,
        files=NESTED_ROWS,
        source="(9, 7)",
        columns="id, v",
    ),
    # --- schema evolution ----------------------------------------------------------------------------------------
    Case(
        "evolve_star",
        STAR,
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
        tables=ALL_TABLES,
    ),
    Case(
        "evolve_insert_star",
        ON + "WHEN NOT MATCHED THEN INSERT *",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
        tables=ALL_TABLES,
    ),
    Case(
        "evolve_update_star",
        ON + "WHEN MATCHED THEN UPDATE SET *",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
    ),
    Case(
        "evolve_nothing_matches",
        ON + "WHEN MATCHED THEN UPDATE SET *",
        source="(6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
    ),
    Case("evolve_source_lacks_columns", STAR, source="(2, 'B'), (6, 'F')", columns="id, v", conf=EVOLVE),
    Case("evolve_lacks_and_adds", STAR, source="(2, 1.5), (6, 2.5)", columns="id, w", conf=EVOLVE),
    Case(
        "evolve_set_new_column",
        ON + "WHEN MATCHED THEN UPDATE SET more = s.more, n = 0 "
        "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
    ),
    Case(
        "evolve_insert_new_column",
        ON + "WHEN NOT MATCHED THEN INSERT (id, more) VALUES (s.id, s.more)",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
    ),
    Case(
        "evolve_unused_columns",
        ON + "WHEN MATCHED THEN UPDATE SET n = s.n",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
    ),
    Case(
        "evolve_with_by_source",
        STAR + " WHEN NOT MATCHED BY SOURCE AND t.id = 1 THEN UPDATE SET v = 'old' "
        "WHEN NOT MATCHED BY SOURCE AND t.id = 4 THEN DELETE",
        source="(2, 'B', 200, true), (6, 'F', 600, false)",
        columns="id, v, n, more",
        conf=EVOLVE,
        tables=ALL_TABLES,
    ),
    Case(
        "evolve_struct",
        STAR,
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('x', 5, 'q', 1.5)), (9, named_struct('x', 9, 'q', 2.5))",
        columns="id, s",
        conf=EVOLVE,
        tables=ALL_TABLES,
    ),
    Case(
        "evolve_struct_null",
        STAR,
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, NULL), (2, named_struct('x', 5, 'q', 1.5)), (9, NULL)",
        columns="id, s",
        conf=EVOLVE,
    ),
    Case(
        "evolve_struct_field_set",
        "MERGE INTO {t} t USING {s} q ON t.id = q.id WHEN MATCHED THEN UPDATE SET s.q = q.s.q",
        target=NESTED,
        files=NESTED_ROWS,
        source="(1, named_struct('x', 5, 'q', 1.5)), (9, named_struct('x', 9, 'q', 2.5))",
        columns="id, s",
        conf=EVOLVE,
    ),
    Case(
        "evolve_array_of_structs",
        STAR,
        target="id INT, a ARRAY<STRUCT<x: INT>>",
        files=["(1, array(named_struct('x', 1))), (2, NULL)"],
        source="(1, array(named_struct('x', 5, 'q', 'new'), NULL)), (9, array(named_struct('x', 9, 'q', 'in')))",
        columns="id, a",
        conf=EVOLVE,
    ),
    Case(
        "evolve_map_of_structs",
        STAR,
        target="id INT, m MAP<STRING, STRUCT<x: INT>>",
        files=["(1, map('k', named_struct('x', 1))), (2, NULL)"],
        source="(1, map('k', named_struct('x', 5, 'q', 'new'))), (9, map('l', named_struct('x', 9, 'q', 'in')))",
        columns="id, m",
        conf=EVOLVE,
    ),
    Case("evolve_other_type", STAR, source="(2L, 'B', 200L), (6L, 'F', 600L)", conf=EVOLVE),
    error(
        "evolve_void", STAR, source="(2, 'B', 200, NULL), (6, 'F', 600, NULL)", columns="id, v, n, more", conf=EVOLVE
    ),
    error("evolve_incompatible", STAR, source="(2, array(1), 200), (6, array(2), 600)", conf=EVOLVE),
    error("evolve_unknown_column", ON + "WHEN MATCHED THEN UPDATE SET nope = 1", conf=EVOLVE),
]

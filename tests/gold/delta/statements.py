"""Statements in the variants that the grammars of Spark and Delta allow, on nested data and with names of all kinds."""

from __future__ import annotations

from tests.gold.delta.case import Case, Scene

EVOLVE = {"spark.databricks.delta.schema.autoMerge.enabled": "true"}
MAPPED = "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
NESTED = [
    "CREATE TABLE {t} (id INT, s STRUCT<x: INT, y: STRING>, a ARRAY<STRUCT<e: INT, f: STRING>>, m MAP<STRING, STRUCT<g: INT>>) "
    "USING delta " + MAPPED,
    "INSERT INTO {t} SELECT 1, named_struct('x', 1, 'y', 'a'), array(named_struct('e', 1, 'f', 'b')), "
    "map('k', named_struct('g', 1))",
]
TYPED = [
    "CREATE TABLE {t} (d DATE, ts TIMESTAMP, dec DECIMAL(5, 2), b BOOLEAN, f FLOAT, c CHAR(3), vc VARCHAR(3), bin BINARY) USING delta"
]
ODD = [
    "CREATE TABLE {t} (`a b` INT, `c.d` STRING, `e-f` INT, `Gh` INT) USING delta " + MAPPED,
    "INSERT INTO {t} VALUES (1, 'x', 2, 3), (4, 'y', 5, 6)",
]
DATED = [
    "CREATE TABLE {t} (id INT, d DATE, k INT) USING delta PARTITIONED BY (d, k)",
    "INSERT INTO {t} VALUES (1, DATE'2024-01-01', 1), (2, DATE'2024-01-02', 1), (3, NULL, 2)",
]


def update_by_api(s: Scene):
    s.table.update("`a b` = 1", {"`c.d`": "'q'", "`e-f`": "gh"})


def nested(name: str, do, **more) -> Case:
    return Case(name, do, ("none",), setup=NESTED, **more)


def typed(name: str, columns: str, values: str, **more) -> Case:
    return Case(name, f"INSERT INTO {{t}} ({columns}) VALUES ({values})", ("none",), setup=TYPED, **more)


def odd(name: str, do, **more) -> Case:
    return Case(name, do, ("none",), setup=ODD, **more)


def dated(name: str, do, **more) -> Case:
    return Case(name, do, ("none",), setup=DATED, **more)


def plain(name: str, do, on: tuple = ("cdf",), **more) -> Case:
    return Case(name, do, on, **more)


CASES = [
    # --- WITH and FROM -------------------------------------------------------------------------------------------
    plain("with_delete", "WITH q AS (SELECT 2 AS k) DELETE FROM {t} WHERE id IN (SELECT k FROM q)"),
    plain("with_update", "WITH q AS (SELECT 2 AS k) UPDATE {t} SET n = 0 WHERE id IN (SELECT k FROM q)"),
    plain("with_insert", "WITH q AS (SELECT 9 AS k) INSERT INTO {t} SELECT k, 'w', k FROM q"),
    plain("with_overwrite", "WITH q AS (SELECT * FROM {t} WHERE id = 1) INSERT OVERWRITE {t} SELECT * FROM q"),
    plain("from_insert", "FROM {t} INSERT INTO {t} SELECT id + 10, v, n WHERE id = 1"),
    plain(
        "from_insert_two",
        "FROM {t} INSERT INTO {t} SELECT id + 10, v, n WHERE id = 1 INSERT INTO {u} SELECT id, v, n",
        setup=["CREATE TABLE {u} (id INT, v STRING, n INT) USING delta"],
        look=["SELECT * FROM {u}"],
    ),
    plain("insert_from", "INSERT INTO {t} FROM {t} SELECT id + 10, v, n WHERE id = 1"),
    plain("insert_union", "INSERT INTO {t} SELECT 8, 'u', 1 UNION ALL VALUES (9, 'v', 2)"),
    plain("insert_order_limit", "INSERT INTO {t} VALUES (9, 'x', 1), (8, 'y', 2) ORDER BY 1 LIMIT 1"),
    plain("insert_parenthesis", "INSERT INTO {t} (SELECT 9, 'x', 1)"),
    plain("insert_expressions", "INSERT INTO {t} VALUES (4 + 5, upper('x'), length('abc'))"),
    plain("insert_no_into", "INSERT {t} VALUES (9, 'x', 1)"),
    plain("insert_into_table_word", "INSERT INTO TABLE {t} VALUES (9, 'x', 1)"),
    plain("overwrite_table_word", "INSERT OVERWRITE TABLE {t} VALUES (9, 'x', 1)"),
    plain("overwrite_into", "INSERT OVERWRITE INTO {t} VALUES (9, 'x', 1)"),
    plain("insert_evolution_word", "INSERT WITH SCHEMA EVOLUTION INTO {t} SELECT 9, 'x', 1, 5 AS x"),
    plain("insert_by_name_and_columns", "INSERT INTO {t} (id, v, n) BY NAME SELECT 9 AS id, 'x' AS v, 1 AS n"),
    plain("insert_by_name_values", "INSERT INTO {t} BY NAME VALUES (9, 'x', 1)"),
    plain("insert_by_name_case", "INSERT INTO {t} BY NAME SELECT 1 AS N, 9 AS ID, 'x' AS V"),
    plain("insert_by_name_twice", "INSERT INTO {t} BY NAME SELECT 1 AS n, 9 AS id, 'x' AS v, 2 AS n"),
    plain("insert_view", "INSERT INTO {u} VALUES (9, 'x', 1)", setup=["CREATE TEMP VIEW {u} AS SELECT * FROM {t}"]),
    plain(
        "insert_persistent_view", "INSERT INTO {u} VALUES (9, 'x', 1)", setup=["CREATE VIEW {u} AS SELECT * FROM {t}"]
    ),
    plain("delete_alias_no_as", "DELETE FROM {t} x WHERE x.id = 1"),
    plain("delete_qualified", "DELETE FROM spark_catalog.default.{t} WHERE {t}.id = 1 AND default.{t}.n = 10"),
    plain("delete_is_distinct", "DELETE FROM {t} WHERE v IS DISTINCT FROM 'a'"),
    plain("delete_like_escape", "DELETE FROM {t} WHERE v LIKE '_' AND NOT v RLIKE '[bc]' AND id BETWEEN 1 AND 3"),
    plain("delete_not_in_null", "DELETE FROM {t} WHERE v NOT IN ('a', NULL)"),
    plain("delete_not_in_subquery", "DELETE FROM {t} WHERE v NOT IN (SELECT v FROM {t} WHERE id = 5)"),
    plain("delete_correlated", "DELETE FROM {t} AS x WHERE n = (SELECT max(n) FROM {t} y WHERE y.v = x.v)"),
    plain("update_qualified", "UPDATE spark_catalog.default.{t} SET {t}.n = {t}.n + 1 WHERE default.{t}.id = 1"),
    plain("update_double_equal", "UPDATE {t} SET n == 5 WHERE id == 1"),
    plain("update_exists", "UPDATE {t} SET n = 0 WHERE EXISTS (SELECT 1 FROM VALUES (1), (4) AS x(k) WHERE k = id)"),
    plain("update_partition_column", "UPDATE {t} SET v = concat(v, '!') WHERE id < 3", ("partitioned",), files=False),
    plain("update_cluster_column", "UPDATE {t} SET id = id + 100 WHERE id < 3", ("clustered",)),
    plain("comments", "/* a */ DELETE -- b\n FROM {t} /* c /* d */ */ WHERE id = 1 -- e"),
    plain("two_statements", "DELETE FROM {t} WHERE id = 1; DELETE FROM {t} WHERE id = 2"),
    plain("identifier_clause", "DELETE FROM IDENTIFIER(:t) WHERE id = 1", args={"t": "c_identifier_clause_cdf"}),
    plain(
        "insert_identifier_clause",
        "INSERT INTO IDENTIFIER(:t) VALUES (9, 'x', 1)",
        args={"t": "c_insert_identifier_clause_cdf"},
    ),
    plain(
        "identifier_clause_concat",
        "UPDATE IDENTIFIER('c_identifier' || :rest) SET n = 0 WHERE IDENTIFIER(:c) = 1",
        args={"rest": "_clause_concat_cdf", "c": "id"},
    ),
    # --- nested data ---------------------------------------------------------------------------------------------
    nested("insert_struct_by_position", "INSERT INTO {t} (id, s) SELECT 2, named_struct('y', 5, 'x', '7')"),
    nested("insert_struct_by_name", "INSERT INTO {t} BY NAME SELECT 2 AS id, named_struct('y', 'b', 'x', 7) AS s"),
    nested("insert_struct_missing_field", "INSERT INTO {t} (id, s) SELECT 2, named_struct('x', 7)"),
    nested("insert_struct_more_fields", "INSERT INTO {t} (id, s) SELECT 2, named_struct('x', 7, 'y', 'b', 'z', 1)"),
    nested(
        "insert_struct_more_fields_evolving",
        "INSERT INTO {t} (id, s) SELECT 2, named_struct('x', 7, 'y', 'b', 'z', 1)",
        conf=EVOLVE,
    ),
    nested("insert_array_of_structs", "INSERT INTO {t} (id, a) SELECT 2, array(named_struct('q', 5L, 'r', 'c'))"),
    nested("insert_map_of_structs", "INSERT INTO {t} (id, m) SELECT 2, map('z', named_struct('g', '5'))"),
    nested(
        "insert_array_more_fields_evolving",
        "INSERT INTO {t} (id, a) SELECT 2, array(named_struct('e', 5, 'f', 'c', 'h', true))",
        conf=EVOLVE,
    ),
    nested(
        "insert_map_more_fields_evolving",
        "INSERT INTO {t} (id, m) SELECT 2, map('k', named_struct('g', 1, 'h', 2))",
        conf=EVOLVE,
    ),
    nested(
        "insert_renamed_more_fields_evolving",
        "INSERT INTO {t} (id, s) SELECT 2, named_struct('q', 7, 'r', 'b', 'z', 1)",
        conf=EVOLVE,
    ),
    nested(
        "insert_all_more_fields_evolving",
        "INSERT INTO {t} SELECT 2, named_struct('x', 7, 'y', 'b', 'z', 1), array(named_struct('e', 5L, 'f', 'c')), "
        "map('k', named_struct('g', 1))",
        conf=EVOLVE,
    ),
    nested(
        "insert_all_fewer_fields",
        "INSERT INTO {t} SELECT 2, named_struct('x', 7), array(named_struct('e', 5, 'f', 'c')), map('k', named_struct('g', 1))",
    ),
    nested("insert_null_struct", "INSERT INTO {t} VALUES (2, NULL, array(NULL), map('z', NULL))"),
    nested(
        "delete_by_field",
        "DELETE FROM {t} WHERE s.x = 1 AND a[0].e = 1 AND m['k'].g = 1 AND t.s.y = 'a'".replace("t.s.y", "s.y"),
    ),
    nested("update_array_element", "UPDATE {t} SET a = transform(a, e -> named_struct('e', e.e + 1, 'f', e.f))"),
    nested("update_array_field", "UPDATE {t} SET a.e = 5"),
    nested("update_map_value", "UPDATE {t} SET m = map('n', named_struct('g', 2))"),
    nested(
        "rename_field",
        [
            "ALTER TABLE {t} RENAME COLUMN s.x TO z",
            "INSERT INTO {t} (id, s) VALUES (2, named_struct('z', 1, 'y', 'q'))",
        ],
    ),
    nested("rename_element_field", "ALTER TABLE {t} RENAME COLUMN a.element.e TO z"),
    nested("drop_field", "ALTER TABLE {t} DROP COLUMN s.x"),
    nested("drop_element_field", "ALTER TABLE {t} DROP COLUMNS (a.element.e, m.value.g)"),
    nested("drop_last_field", "ALTER TABLE {t} DROP COLUMN m.value.g"),
    nested(
        "add_fields", "ALTER TABLE {t} ADD COLUMNS (s.z INT FIRST, a.element.h INT AFTER e, q STRUCT<r: INT> AFTER id)"
    ),
    nested("change_field_case", "ALTER TABLE {t} ALTER COLUMN S.X COMMENT 'c'"),
    nested("constraint_on_field", ["ALTER TABLE {t} ADD CONSTRAINT c CHECK (s.x > 0)", "UPDATE {t} SET s.x = -1"]),
    nested("partition_by_field", "CREATE TABLE {u} (id INT, s STRUCT<x: INT>) USING delta PARTITIONED BY (s.x)"),
    nested("zorder_by_field", "OPTIMIZE {t} ZORDER BY (s.x)"),
    nested(
        "feed_of_fields",
        "SELECT * EXCEPT (_commit_timestamp) FROM table_changes('{t}', 0)".replace(
            "* EXCEPT (_commit_timestamp)", "id, s, a, _change_type"
        ),
    ),
    # --- stores --------------------------------------------------------------------------------------------------
    typed("store_text_as_date", "d", "'2024-02-30'"),
    typed("store_timestamp_as_date", "d", "TIMESTAMP'2024-02-28 23:59:59'"),
    typed("store_date_as_timestamp", "ts", "DATE'2024-02-28'"),
    typed("store_text_as_timestamp", "ts", "'2024-02-28 10:00:00+02:00'"),
    typed("store_int_as_timestamp", "ts", "1700000000"),
    typed("store_decimal_fits", "dec", "123.456"),
    typed("store_decimal_overflow", "dec", "1234.5"),
    typed("store_int_as_boolean", "b", "1"),
    typed("store_text_as_boolean", "b", "'yes'"),
    typed("store_double_as_float", "f", "1e300D"),
    typed("store_char_short", "c", "'a'"),
    typed("store_char_long", "c", "'abcd'"),
    typed("store_char_spaces", "c, vc", "'abc   ', 'abc   '"),
    typed("store_varchar_long", "vc", "'abcd'"),
    typed("store_text_as_binary", "bin", "'xyz'"),
    typed("store_int_as_binary", "bin", "5"),
    Case(
        "update_char",
        "UPDATE {t} SET c = 'b', vc = 'toolong'",
        ("none",),
        setup=[*TYPED, "INSERT INTO {t} (c) VALUES ('a')"],
    ),
    Case(
        "delete_char",
        "DELETE FROM {t} WHERE c = 'a'",
        ("none",),
        setup=[*TYPED, "INSERT INTO {t} (c) VALUES ('a'), ('ab')"],
    ),
    # --- names ---------------------------------------------------------------------------------------------------
    odd("odd_update", "UPDATE {t} SET `a b` = `e-f` + 1, `c.d` = 'z' WHERE gh = 3"),
    odd("odd_delete", "DELETE FROM {t} AS `my t` WHERE `my t`.`c.d` = 'x'"),
    odd(
        "odd_merge",
        "MERGE INTO {t} t USING (SELECT 1 AS `a b`, 'm' AS `c.d`, 7 AS `e-f`, 8 AS `gh`) s ON t.`a b` = s.`a b` "
        "WHEN MATCHED THEN UPDATE SET t.`c.d` = s.`c.d` WHEN NOT MATCHED THEN INSERT *",
    ),
    odd("odd_api", update_by_api),
    odd(
        "odd_constraint",
        ["ALTER TABLE {t} ADD CONSTRAINT `my c` CHECK (`a b` > 0)", "INSERT INTO {t} VALUES (-1, '', 0, 0)"],
    ),
    odd("odd_optimize", "OPTIMIZE {t} ZORDER BY (`a b`, `Gh`)"),
    odd("odd_dotted_unquoted", "UPDATE {t} SET c.d = 'z'"),
    odd("odd_rename", ["ALTER TABLE {t} RENAME COLUMN `c.d` TO `x y`", "SELECT `x y` FROM {t}"]),
    # --- partitions ----------------------------------------------------------------------------------------------
    dated("partition_text_date", "INSERT INTO {t} PARTITION (d = '2024-01-05', k = '7') VALUES (4)"),
    dated("partition_date", "INSERT INTO {t} PARTITION (d = DATE'2024-01-05', k) VALUES (4, 8)"),
    dated("partition_bad_date", "INSERT INTO {t} PARTITION (d = 'nope', k = 1) VALUES (4)"),
    dated("partition_order", "INSERT INTO {t} PARTITION (k = 1, d) VALUES (4, '2024-01-05')"),
    dated(
        "partition_if_not_exists", "INSERT OVERWRITE {t} PARTITION (d = '2024-01-01', k = 1) IF NOT EXISTS VALUES (4)"
    ),
    dated("partition_overwrite", "INSERT OVERWRITE {t} PARTITION (d = '2024-01-01') VALUES (4, 9)"),
    dated("partition_delete_date", "DELETE FROM {t} WHERE d < '2024-01-02' OR d IS NULL"),
    dated("partition_delete_function", "DELETE FROM {t} WHERE year(d) = 2024 AND day(d) = 2"),
    dated("partition_optimize", "OPTIMIZE {t} WHERE d >= '2024-01-01' AND k = 1"),
    dated("partition_replace_where", "INSERT INTO {t} REPLACE WHERE d = '2024-01-01' VALUES (9, DATE'2024-01-01', 3)"),
    dated("partition_show", "SHOW PARTITIONS {t}"),
    dated("partition_describe", "DESCRIBE TABLE {t}"),
    # --- what others describe and analyze --------------------------------------------------------------------------
    plain("analyze", "ANALYZE TABLE {t} COMPUTE STATISTICS"),
    plain("analyze_columns", "ANALYZE TABLE {t} COMPUTE STATISTICS FOR ALL COLUMNS"),
    plain("show_table_extended", "SHOW TABLE EXTENDED LIKE 'c_nothing_like_it'"),
    plain("msck_repair", "MSCK REPAIR TABLE {t}"),
    plain("load_data", "LOAD DATA INPATH '{home}/x' INTO TABLE {t}"),
    plain("truncate_partition", "TRUNCATE TABLE {t} PARTITION (v = 'a')", ("partitioned",)),
    plain("add_check_unnamed", "ALTER TABLE {t} ADD CHECK (id > 0)"),
    plain("add_primary_key", "ALTER TABLE {t} ADD CONSTRAINT p PRIMARY KEY (id)"),
    plain("describe_history_view", "DESCRIBE HISTORY {u}", setup=["CREATE TEMP VIEW {u} AS SELECT * FROM {t}"]),
    plain("describe_detail_view", "DESCRIBE DETAIL {u}", setup=["CREATE TEMP VIEW {u} AS SELECT * FROM {t}"]),
    plain("create_select_no_as", "CREATE TABLE {u} USING delta SELECT * FROM {t}", look=["SELECT * FROM {u}"]),
    plain(
        "create_hive_partition",
        "CREATE TABLE {u} (id INT) USING delta PARTITIONED BY (p STRING)",
        look=["DESCRIBE TABLE {u}"],
    ),
    plain(
        "create_options", "CREATE TABLE {u} (id INT) USING delta OPTIONS ('a' = 'b')", look=["SHOW TBLPROPERTIES {u}"]
    ),
    plain("create_interval", "CREATE TABLE {u} (i INTERVAL DAY TO SECOND) USING delta"),
    plain("create_external", "CREATE EXTERNAL TABLE {u} (id INT) USING delta"),
    plain("create_replace_if_not_exists", "CREATE OR REPLACE TABLE IF NOT EXISTS {u} (id INT) USING delta"),
    plain("replace_itself", "CREATE OR REPLACE TABLE {t} USING delta AS SELECT id, n FROM {t} WHERE id < 3"),
    plain("replace_partitioning", "CREATE OR REPLACE TABLE {t} USING delta PARTITIONED BY (v) AS SELECT * FROM {t}"),
    plain("property_values", "ALTER TABLE {t} SET TBLPROPERTIES (a = 1, b.c = true, 'd' = 1.50, e)"),
    plain("alter_path", "ALTER TABLE delta.`{path}` ADD COLUMN x INT"),
    plain("vacuum_long", "VACUUM {t} RETAIN 168L HOURS"),
    plain("vacuum_decimal", "VACUUM {t} RETAIN 168.5 HOURS DRY RUN"),
    plain("restore_for_system_version", "RESTORE {t} FOR SYSTEM_VERSION AS OF 1"),
    plain("restore_text_version", "RESTORE TABLE {t} TO VERSION AS OF '1'"),
    plain(
        "clone_path_twice",
        ["CREATE TABLE delta.`{home}/c` SHALLOW CLONE {t}", "CREATE TABLE delta.`{home}/c` SHALLOW CLONE {t}"],
    ),
    plain(
        "set_default_expression",
        [
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
            "ALTER TABLE {t} ALTER COLUMN v SET DEFAULT concat('a', 'b')",
            "INSERT INTO {t} (id) VALUES (9)",
        ],
    ),
]

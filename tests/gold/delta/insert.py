"""INSERT in all its forms."""

from __future__ import annotations

from tests.gold.delta.case import EVERY, STORED, Case, build

ROW = "(6, 'f', 60)"
ROWS = "(6, 'a', 60), (7, 'g', 70)"
DYNAMIC = {"spark.sql.sources.partitionOverwriteMode": "dynamic"}
LEGACY = {"spark.sql.storeAssignmentPolicy": "LEGACY"}
STRICT = {"spark.sql.storeAssignmentPolicy": "STRICT"}
DEFAULTS = [
    "CREATE TABLE {t} (id INT, v STRING DEFAULT 'dv', n INT DEFAULT 7) USING delta PARTITIONED BY (v) "
    "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
]
NOT_NULL = ["CREATE TABLE {t} (id INT NOT NULL, v STRING, n INT) USING delta"]
TWO_PARTITIONS = [
    "CREATE TABLE {t} (id INT, p STRING, q INT) USING delta PARTITIONED BY (p, q)",
    "INSERT INTO {t} VALUES (1, 'a', 1), (2, 'a', 2), (3, 'b', 1)",
]
CHECKED = ["ALTER TABLE {t} ADD CONSTRAINT positive CHECK (n > 0)"]
WIDE = {"spark.databricks.delta.schema.autoMerge.enabled": "true"}

CASES = [
    Case("insert_values", f"INSERT INTO {{t}} VALUES {ROW}", (*STORED, "partitioned", "tracked", "clustered")),
    Case("insert_columns", "INSERT INTO {t} (n, id, v) VALUES (60, 6, 'f')", EVERY),
    Case("insert_select", "INSERT INTO {t} (id, v, n) SELECT id + 10, v, n FROM {t} WHERE n > 25", EVERY),
    Case("insert_nothing", "INSERT INTO {t} SELECT * FROM {t} WHERE false", ("dv",)),
    Case(
        "insert_by_name", "INSERT INTO {t} BY NAME SELECT 60 AS n, 6 AS id, 'f' AS v", ("cdf", "partitioned", "mapped")
    ),
    Case("insert_by_name_fewer", "INSERT INTO {t} BY NAME SELECT 6 AS id", ("cdf",)),
    Case("insert_by_name_more", "INSERT INTO {t} BY NAME SELECT 6 AS id, 'f' AS v, 60 AS n, 1 AS extra", ("cdf",)),
    Case("insert_by_name_evolving", "INSERT INTO {t} BY NAME SELECT 6 AS id, 'f' AS v, 60 AS n, 1 AS extra", conf=WIDE),
    Case("insert_some_columns", "INSERT INTO {t} (id) VALUES (6)", ("cdf", "partitioned", "mapped", "generated")),
    Case("insert_default_word", "INSERT INTO {t} (id, v, n) VALUES (6, DEFAULT, DEFAULT)", ("cdf",)),
    Case("insert_table", "INSERT INTO {t} TABLE {t}", ("cdf",)),
    Case("insert_with", "INSERT INTO {t} WITH x AS (SELECT 6 AS id) SELECT id, 'w', id FROM x", ("cdf",)),
    Case("insert_path", f"INSERT INTO delta.`{{path}}` VALUES {ROW}", ("cdf",)),
    Case("insert_args", "INSERT INTO {t} VALUES (:a, :b, :c)", args={"a": 6, "b": "f", "c": 60}),
    Case("insert_positional", "INSERT INTO {t} VALUES (?, ?, ?)", args=[6, "f", 60]),
    Case("insert_too_few", "INSERT INTO {t} VALUES (6, 'f')", ("cdf",)),
    Case("insert_too_many", "INSERT INTO {t} VALUES (6, 'f', 60, 1)", ("cdf",)),
    Case("insert_too_many_evolving", "INSERT INTO {t} SELECT 6, 'f', 60, 1 AS extra", ("cdf",), conf=WIDE),
    Case("insert_column_twice", "INSERT INTO {t} (id, id) VALUES (6, 6)", ("cdf",)),
    Case("insert_unknown_column", "INSERT INTO {t} (id, nope) VALUES (6, 6)", ("cdf",)),
    Case("insert_no_table", "INSERT INTO {u} VALUES (6, 'f', 60)", ("cdf",)),
    Case("insert_text_to_int", "INSERT INTO {t} VALUES ('6', 'f', 60)", ("cdf",)),
    Case("insert_bad_text", "INSERT INTO {t} VALUES ('x', 'f', 60)", ("cdf",)),
    Case("insert_overflow", "INSERT INTO {t} VALUES (6, 'f', 3000000000L)", ("cdf",)),
    Case("insert_overflow_legacy", "INSERT INTO {t} VALUES (6, 'f', 3000000000L)", ("cdf",), conf=LEGACY),
    Case("insert_strict", "INSERT INTO {t} VALUES (6, 'f', 60L)", ("cdf",), conf=STRICT),
    Case("insert_int_to_text", "INSERT INTO {t} VALUES (6, 6, 60)", ("cdf",)),
    Case("insert_struct_to_int", "INSERT INTO {t} VALUES (6, 'f', named_struct('a', 1))", ("cdf",)),
    Case("insert_date_to_int", "INSERT INTO {t} VALUES (6, 'f', DATE'2024-01-01')", ("cdf",)),
    Case("insert_check", "INSERT INTO {t} VALUES (6, 'f', 0)", ("cdf", "mapped"), setup=CHECKED),
    Case("insert_check_null", "INSERT INTO {t} VALUES (6, 'f', NULL)", ("cdf",), setup=CHECKED),
    Case("insert_not_null", "INSERT INTO {t} VALUES (NULL, 'f', 0)", ("none",), setup=NOT_NULL),
    Case("insert_not_null_left_out", "INSERT INTO {t} (v) VALUES ('f')", ("none",), setup=NOT_NULL),
    Case("insert_generated_wrong", "INSERT INTO {t} (id, v, n, g) VALUES (6, 'f', 60, 1)", ("generated",)),
    Case("insert_generated_right", "INSERT INTO {t} (id, v, n, g) VALUES (6, 'f', 60, 61)", ("generated",)),
    Case("insert_generated_positional", "INSERT INTO {t} VALUES (6, 'f', 60, 61)", ("generated",)),
    Case("insert_generated_null", "INSERT INTO {t} (id, v, n, g) VALUES (6, 'f', NULL, NULL)", ("generated",)),
    Case("insert_identity_given", "INSERT INTO {t} (id, v, n, k) VALUES (6, 'f', 60, 61)", ("identity",)),
    Case(
        "insert_identity_steps",
        ["INSERT INTO {t} (id) VALUES (1)", "INSERT INTO {t} (id) VALUES (2)"],
        ("none",),
        setup=[build(k={"dataType": "BIGINT", "generatedAlwaysAs": (10, 5)})],
    ),
    Case(
        "insert_identity_by_default",
        [
            "INSERT INTO {t} (id) VALUES (1)",
            "INSERT INTO {t} (id, k) VALUES (2, 50)",
            "INSERT INTO {t} (id) VALUES (3)",
        ],
        ("none",),
        setup=[build(k={"dataType": "BIGINT", "generatedByDefaultAs": (1, 1)})],
    ),
    Case(
        "insert_identity_sync",
        ["ALTER TABLE {t} ALTER COLUMN k SYNC IDENTITY", "INSERT INTO {t} (id) VALUES (3)"],
        ("none",),
        setup=[
            build(k={"dataType": "BIGINT", "generatedByDefaultAs": (1, 1)}),
            "INSERT INTO {t} (id, k) VALUES (2, 50)",
        ],
    ),
    # --- defaults and partitions ---------------------------------------------------------------------------------
    Case("insert_defaults", "INSERT INTO {t} (id) VALUES (1)", ("none",), setup=DEFAULTS),
    Case(
        "insert_defaults_word", "INSERT INTO {t} VALUES (1, DEFAULT, DEFAULT), (2, 'x', 9)", ("none",), setup=DEFAULTS
    ),
    Case("insert_defaults_partition", "INSERT INTO {t} PARTITION (v = 'p') (id) VALUES (1)", ("none",), setup=DEFAULTS),
    Case(
        "insert_defaults_in_partition",
        "INSERT INTO {t} PARTITION (v = 'p') VALUES (1, DEFAULT)",
        ("none",),
        setup=DEFAULTS,
    ),
    Case(
        "insert_partition_default", "INSERT INTO {t} PARTITION (v = DEFAULT) VALUES (1, 2)", ("none",), setup=DEFAULTS
    ),
    Case(
        "insert_partition_dynamic_default",
        "INSERT INTO {t} PARTITION (v) VALUES (1, 2, DEFAULT)",
        ("none",),
        setup=DEFAULTS,
    ),
    Case("insert_partition", "INSERT INTO {t} PARTITION (v = 'p') VALUES (6, 60)", ("partitioned",)),
    Case("insert_partition_dynamic", "INSERT INTO {t} PARTITION (v) SELECT 6, 60, 'p'", ("partitioned",)),
    Case("insert_partition_columns", "INSERT INTO {t} PARTITION (v = 'p') (n, id) VALUES (60, 6)", ("partitioned",)),
    Case("insert_partition_unknown", "INSERT INTO {t} PARTITION (n = 1) VALUES (6, 'x')", ("partitioned",)),
    Case("insert_partition_too_few", "INSERT INTO {t} PARTITION (v = 'p') VALUES (6)", ("partitioned",)),
    Case("insert_partition_null", "INSERT INTO {t} PARTITION (v = NULL) VALUES (6, 60)", ("partitioned",)),
    Case("insert_partition_empty", "INSERT INTO {t} VALUES (6, '', 60)", ("partitioned",)),
    Case("insert_partition_escaped", "INSERT INTO {t} VALUES (6, 'a/b=c %', 60)", ("partitioned",)),
    Case(
        "insert_two_partitions", "INSERT INTO {t} PARTITION (p = 'a', q) VALUES (9, 3)", ("none",), setup=TWO_PARTITIONS
    ),
    # --- OVERWRITE -----------------------------------------------------------------------------------------------
    Case("overwrite", f"INSERT OVERWRITE {{t}} (id, v, n) VALUES {ROWS}", EVERY),
    Case("overwrite_by_name", "INSERT OVERWRITE {t} BY NAME SELECT 60 AS n, 6 AS id, 'f' AS v", ("cdf", "partitioned")),
    Case("overwrite_with_nothing", "INSERT OVERWRITE {t} SELECT * FROM {t} WHERE false", ("cdf", "partitioned")),
    Case("overwrite_itself", "INSERT OVERWRITE {t} SELECT id, v, n + 1 FROM {t}", ("cdf", "dv")),
    Case("overwrite_partition", "INSERT OVERWRITE {t} PARTITION (v = 'a') VALUES (6, 60)", ("partitioned",)),
    Case("overwrite_partition_new", "INSERT OVERWRITE {t} PARTITION (v = 'new') VALUES (6, 60)", ("partitioned",)),
    Case("overwrite_dynamic", f"INSERT OVERWRITE {{t}} VALUES {ROWS}", ("partitioned", "cdf"), conf=DYNAMIC),
    Case(
        "overwrite_dynamic_partition",
        "INSERT OVERWRITE {t} PARTITION (p = 'a', q) VALUES (9, 1)",
        ("none",),
        setup=TWO_PARTITIONS,
        conf=DYNAMIC,
    ),
    Case(
        "overwrite_static_partition_of_two",
        "INSERT OVERWRITE {t} PARTITION (p = 'a', q) VALUES (9, 1)",
        ("none",),
        setup=TWO_PARTITIONS,
    ),
    Case(
        "overwrite_append_only",
        f"INSERT OVERWRITE {{t}} VALUES {ROW}",
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    Case("overwrite_check", "INSERT OVERWRITE {t} VALUES (1, 'x', -5)", ("cdf",), setup=CHECKED),
    # --- REPLACE WHERE -------------------------------------------------------------------------------------------
    Case("replace_where_rows", "INSERT INTO {t} REPLACE WHERE n >= 40 SELECT 9, 'z', 90", (*STORED, "clustered")),
    Case(
        "replace_where_partition", "INSERT INTO {t} REPLACE WHERE v = 'a' VALUES (9, 'a', 90)", ("partitioned", "cdf")
    ),
    Case("replace_where_mismatch", "INSERT INTO {t} REPLACE WHERE n >= 40 VALUES (9, 'z', 9)", ("cdf", "dv")),
    Case(
        "replace_where_partition_mismatch", "INSERT INTO {t} REPLACE WHERE v = 'a' VALUES (9, 'z', 9)", ("partitioned",)
    ),
    Case("replace_where_check", "INSERT INTO {t} REPLACE WHERE n < 0 VALUES (9, 'z', -5)", ("cdf",), setup=CHECKED),
    Case(
        "replace_where_not_null",
        "INSERT INTO {t} REPLACE WHERE v = 'a' VALUES (NULL, 'a')",
        ("none",),
        setup=["CREATE TABLE {t} (id INT NOT NULL, v STRING) USING delta"],
    ),
    Case(
        "replace_where_length",
        "INSERT INTO {t} REPLACE WHERE id = 1 VALUES (1, 'abcdef')",
        ("none",),
        setup=["CREATE TABLE {t} (id INT, v VARCHAR(3)) USING delta"],
    ),
    Case("replace_where_no_rows", "INSERT INTO {t} REPLACE WHERE n > 1000 VALUES (9, 'z', 2000)", ("cdf",)),
    Case("replace_where_unknown", "INSERT INTO {t} REPLACE WHERE nope = 1 VALUES (9, 'z', 2000)", ("cdf",)),
    Case("replace_where_true", "INSERT INTO {t} REPLACE WHERE true VALUES (9, 'z', 2000)", ("cdf",)),
    Case("replace_where_subset_of_columns", "INSERT INTO {t} (id, n) REPLACE WHERE n > 30 VALUES (9, 99)", ("cdf",)),
]

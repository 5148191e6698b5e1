"""ALTER TABLE in all its forms."""

from __future__ import annotations

from tests.gold.delta.case import NO_FEED, VECTORS, Case

MAP = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')"
NESTED = "CREATE TABLE {t} (id INT, s STRUCT<x: INT, y: STRING>, a ARRAY<STRUCT<e: INT>>, m MAP<STRING, STRUCT<f: INT>>) USING delta"
AFTER = ["DESCRIBE TABLE {t}"]
DEFAULTS = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"


def alter(name: str, clause: str, on: tuple = ("cdf",), **more) -> Case:
    return Case(name, f"ALTER TABLE {{t}} {clause}", on, **more)


def nested(name: str, clause: str) -> Case:
    return alter(name, clause, ("none",), setup=[NESTED])


MODE = "'delta.columnMapping.mode' = 'name'"
TO_INT = ["ALTER TABLE {t} ALTER COLUMN id TYPE INT"]


def add(rows: str) -> str:
    """One more file."""
    return f"INSERT INTO {{t}} SELECT /*+ COALESCE(1) */ * FROM VALUES {rows}"


def widened(
    name: str,
    first: list[str],
    then: list[str],
    clauses: str = "",
    columns: str = "id SMALLINT, v STRING",
    more: tuple[str, ...] = (),
) -> Case:
    """DROP FEATURE of a table that widens types: a file for each of `first`, then the statements."""
    properties = ", ".join(["'delta.enableTypeWidening' = 'true'", NO_FEED, *more])
    create = f"CREATE TABLE {{t}} ({columns}) USING delta {clauses} TBLPROPERTIES ({properties})"
    drop = "ALTER TABLE {t} DROP FEATURE 'typeWidening-preview'"
    return Case(name, drop, ("none",), setup=[create, *map(add, first), *then])


CASES = [
    # --- ADD COLUMNS ---------------------------------------------------------------------------------------------
    alter("add_column", "ADD COLUMNS (x INT COMMENT 'new', y STRING)", ("cdf", "partitioned", "mapped", "generated")),
    alter("add_column_first", "ADD COLUMN x INT FIRST", ("cdf", "mapped")),
    alter("add_column_after", "ADD COLUMN x INT AFTER id", ("cdf", "partitioned")),
    alter("add_column_after_unknown", "ADD COLUMN x INT AFTER nope"),
    alter("add_column_existing", "ADD COLUMN V INT"),
    alter("add_column_not_null", "ADD COLUMN x INT NOT NULL"),
    alter("add_column_void", "ADD COLUMN x VOID"),
    alter("add_column_bad_name", "ADD COLUMN `x y` INT"),
    alter("add_column_default", "ADD COLUMN x INT DEFAULT 5", setup=[DEFAULTS]),
    alter("add_column_default_without_feature", "ADD COLUMN x INT DEFAULT 5"),
    alter("add_column_generated", "ADD COLUMN x INT GENERATED ALWAYS AS (id + 1)"),
    nested("add_field", "ADD COLUMN s.z INT AFTER x"),
    nested("add_field_of_element", "ADD COLUMN a.element.z INT"),
    nested("add_field_of_value", "ADD COLUMN m.value.z INT FIRST"),
    nested("add_field_of_array", "ADD COLUMN a.z INT"),
    nested("add_field_of_unknown", "ADD COLUMN nope.z INT"),
    nested("add_field_of_int", "ADD COLUMN id.z INT"),
    # --- CHANGE COLUMN -------------------------------------------------------------------------------------------
    alter("comment_column", "ALTER COLUMN v COMMENT 'said'", ("cdf", "partitioned")),
    alter("move_column_first", "ALTER COLUMN n FIRST"),
    alter("move_column_after", "ALTER COLUMN id AFTER v"),
    alter("move_column_after_itself", "ALTER COLUMN id AFTER id"),
    alter("change_unknown", "ALTER COLUMN nope COMMENT 'x'"),
    alter("change_type", "ALTER COLUMN id TYPE BIGINT"),
    alter("change_type_same", "ALTER COLUMN id TYPE INT"),
    alter("change_type_text", "ALTER COLUMN id TYPE STRING"),
    alter("change_type_narrow", "ALTER COLUMN id TYPE SMALLINT"),
    alter("change_set_not_null", "ALTER COLUMN id SET NOT NULL"),
    Case(
        "change_drop_not_null",
        "ALTER TABLE {t} ALTER COLUMN id DROP NOT NULL",
        ("none",),
        setup=["CREATE TABLE {t} (id INT NOT NULL) USING delta"],
    ),
    alter("change_column_old", "CHANGE COLUMN v v STRING COMMENT 'old form' FIRST"),
    alter("change_column_old_rename", "CHANGE COLUMN v w STRING"),
    alter("set_default", "ALTER COLUMN n SET DEFAULT 3", setup=[DEFAULTS]),
    alter("set_default_without_feature", "ALTER COLUMN n SET DEFAULT 3"),
    alter("set_default_bad_type", "ALTER COLUMN n SET DEFAULT 'x'", setup=[DEFAULTS]),
    alter(
        "drop_default", "ALTER COLUMN n DROP DEFAULT", setup=[DEFAULTS, "ALTER TABLE {t} ALTER COLUMN n SET DEFAULT 3"]
    ),
    alter(
        "widen_type",
        "ALTER COLUMN n TYPE INT",
        ("none",),
        setup=[
            "CREATE TABLE {t} (id INT, n SMALLINT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
            "INSERT INTO {t} VALUES (1, 5)",
        ],
    ),
    alter(
        "widen_type_refused",
        "ALTER COLUMN n TYPE BIGINT",
        ("none",),
        setup=["CREATE TABLE {t} (id INT, n STRING) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"],
    ),
    nested("comment_field", "ALTER COLUMN s.x COMMENT 'inside'"),
    nested("move_field", "ALTER COLUMN s.y FIRST"),
    nested("comment_element", "ALTER COLUMN a.element.e COMMENT 'inside'"),
    alter("change_generated", "ALTER COLUMN n TYPE BIGINT", ("generated",)),
    alter("change_partition_comment", "ALTER COLUMN v COMMENT 'partition'", ("partitioned",)),
    # --- RENAME and DROP COLUMN ----------------------------------------------------------------------------------
    alter("rename_column", "RENAME COLUMN n TO m", ("mapped", "cdf")),
    alter("rename_column_enabled", "RENAME COLUMN v TO w", ("cdf", "partitioned", "clustered"), setup=[MAP]),
    alter("rename_column_existing", "RENAME COLUMN n TO v", ("mapped",)),
    alter("rename_column_case", "RENAME COLUMN n TO N", ("mapped",)),
    alter("rename_column_unknown", "RENAME COLUMN nope TO x", ("mapped",)),
    alter("rename_column_generated", "RENAME COLUMN n TO m", ("generated",), setup=[MAP]),
    alter(
        "rename_column_checked",
        "RENAME COLUMN n TO m",
        ("mapped",),
        setup=["ALTER TABLE {t} ADD CONSTRAINT c CHECK (n > 0)"],
    ),
    Case(
        "rename_column_and_write",
        [
            "ALTER TABLE {t} RENAME COLUMN n TO m",
            "INSERT INTO {t} VALUES (6, 'f', 60)",
            "UPDATE {t} SET m = 0 WHERE id = 1",
        ],
        ("mapped",),
    ),
    alter("drop_column", "DROP COLUMN n", ("mapped", "cdf")),
    alter("drop_columns", "DROP COLUMNS (v, n)", ("mapped",)),
    alter("drop_column_unknown", "DROP COLUMN nope", ("mapped",)),
    alter("drop_column_if_exists", "DROP COLUMN IF EXISTS nope", ("mapped",)),
    alter("drop_column_partition", "DROP COLUMN v", ("partitioned",), setup=[MAP]),
    alter("drop_column_clustering", "DROP COLUMN id", ("clustered",), setup=[MAP]),
    alter("drop_column_generated_source", "DROP COLUMN n", ("generated",), setup=[MAP]),
    alter(
        "drop_column_checked", "DROP COLUMN n", ("mapped",), setup=["ALTER TABLE {t} ADD CONSTRAINT c CHECK (n > 0)"]
    ),
    Case("drop_column_all", ["ALTER TABLE {t} DROP COLUMNS (id, v, n)"], ("mapped",)),
    Case("drop_and_add_column", ["ALTER TABLE {t} DROP COLUMN n", "ALTER TABLE {t} ADD COLUMN n STRING"], ("mapped",)),
    alter("replace_columns", "REPLACE COLUMNS (id INT, v STRING COMMENT 'c', n INT, x DATE)"),
    alter("replace_columns_fewer", "REPLACE COLUMNS (id INT)"),
    # --- properties ----------------------------------------------------------------------------------------------
    alter("set_properties", "SET TBLPROPERTIES ('a' = '1', 'delta.logRetentionDuration' = 'interval 3 days')"),
    alter("set_properties_same", "SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"),
    alter("set_property_unknown", "SET TBLPROPERTIES ('delta.nope' = '1')"),
    alter("set_property_bad", "SET TBLPROPERTIES ('delta.appendOnly' = 'maybe')"),
    alter("set_property_interval", "SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = '1 month')"),
    alter("unset_properties", "UNSET TBLPROPERTIES ('a')", setup=["ALTER TABLE {t} SET TBLPROPERTIES ('a' = '1')"]),
    alter("unset_property_missing", "UNSET TBLPROPERTIES ('nope')"),
    alter("unset_property_if_exists", "UNSET TBLPROPERTIES IF EXISTS ('nope')"),
    alter("unset_feed", "UNSET TBLPROPERTIES ('delta.enableChangeDataFeed')"),
    alter("enable_feed", "SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')", ("plain",)),
    alter("enable_vectors", "SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"),
    alter("enable_mapping", "SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"),
    alter("enable_mapping_versions", MAP.split("{t} ")[1], ("cdf", "plain")),
    alter("disable_mapping", "SET TBLPROPERTIES ('delta.columnMapping.mode' = 'none')", ("mapped",)),
    alter("mapping_name_to_id", "SET TBLPROPERTIES ('delta.columnMapping.mode' = 'id')", ("mapped",)),
    alter("enable_row_tracking", "SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')"),
    alter("enable_in_commit_timestamps", "SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')"),
    alter("enable_widening", "SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"),
    alter("enable_v2_checkpoint", "SET TBLPROPERTIES ('delta.checkpointPolicy' = 'v2')"),
    alter("set_feature", "SET TBLPROPERTIES ('delta.feature.timestampNtz' = 'supported')"),
    alter("set_versions", "SET TBLPROPERTIES ('delta.minReaderVersion' = '3', 'delta.minWriterVersion' = '7')"),
    alter(
        "set_versions_lower",
        "SET TBLPROPERTIES ('delta.minReaderVersion' = '1', 'delta.minWriterVersion' = '1')",
        ("mapped",),
    ),
    alter("set_versions_too_high", "SET TBLPROPERTIES ('delta.minReaderVersion' = '9')"),
    alter("set_max_column_id", "SET TBLPROPERTIES ('delta.columnMapping.maxColumnId' = '9')", ("mapped",)),
    alter("set_stats_columns", "SET TBLPROPERTIES ('delta.dataSkippingStatsColumns' = 'id, nope')"),
    alter("set_provider", "SET TBLPROPERTIES ('provider' = 'parquet')"),
    alter("set_location_property", "SET TBLPROPERTIES ('location' = '/tmp/x')"),
    Case("comment_on_table", "COMMENT ON TABLE {t} IS 'about'", ("cdf",)),
    Case("upgrade_protocol", lambda s: s.table.upgradeTableProtocol(3, 7), ("plain",)),
    Case("add_feature_support", lambda s: s.table.addFeatureSupport("deletionVectors"), ("plain",)),
    Case("add_feature_unknown", lambda s: s.table.addFeatureSupport("nope"), ("plain",)),
    # --- constraints ---------------------------------------------------------------------------------------------
    alter("add_constraint", "ADD CONSTRAINT positive CHECK (n > 0)", ("cdf", "mapped", "generated")),
    alter("add_constraint_violated", "ADD CONSTRAINT small CHECK (n < 30)"),
    alter("add_constraint_null", "ADD CONSTRAINT known CHECK (v <> 'zzz')"),
    alter(
        "add_constraint_twice",
        "ADD CONSTRAINT Positive CHECK (n > 1)",
        setup=["ALTER TABLE {t} ADD CONSTRAINT positive CHECK (n > 0)"],
    ),
    alter("add_constraint_unknown", "ADD CONSTRAINT c CHECK (nope > 0)"),
    alter("add_constraint_not_boolean", "ADD CONSTRAINT c CHECK (n + 1)"),
    alter("add_constraint_subquery", "ADD CONSTRAINT c CHECK (n IN (SELECT 1))"),
    alter(
        "drop_constraint", "DROP CONSTRAINT positive", setup=["ALTER TABLE {t} ADD CONSTRAINT positive CHECK (n > 0)"]
    ),
    alter("drop_constraint_missing", "DROP CONSTRAINT nope"),
    alter("drop_constraint_if_exists", "DROP CONSTRAINT IF EXISTS nope"),
    # --- clustering, features, names -----------------------------------------------------------------------------
    alter("cluster_by", "CLUSTER BY (v)", ("clustered", "cdf", "partitioned")),
    alter("cluster_by_none", "CLUSTER BY NONE", ("clustered", "cdf")),
    alter("cluster_by_unknown", "CLUSTER BY (nope)", ("clustered",)),
    alter("drop_feature_dv", "DROP FEATURE deletionVectors", ("dv",)),
    alter(
        "drop_feature_ict",
        "DROP FEATURE inCommitTimestamp",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')"],
    ),
    alter("drop_feature_mapping", "DROP FEATURE columnMapping", ("mapped",)),
    alter("drop_feature_unknown", "DROP FEATURE nope", ("dv",)),
    alter("drop_feature_absent", "DROP FEATURE v2Checkpoint", ("dv",)),
    alter("drop_feature_not_removable", "DROP FEATURE appendOnly", ("dv",)),
    alter("drop_feature_truncate", "DROP FEATURE v2Checkpoint TRUNCATE HISTORY", ("cdf",)),
    widened("drop_feature_widening", ["(1S, 'a')", "(2S, 'b')"], [*TO_INT, add("(3, 'c')"), add("(4, 'd')")]),
    widened(
        "drop_feature_widening_partitioned",
        ["(1S, 'a')", "(2S, 'b')", "(3S, 'a')"],
        [*TO_INT, add("(4, 'a')"), add("(5, 'c')")],
        "PARTITIONED BY (v)",
    ),
    widened("drop_feature_widening_wide_files", [], [*TO_INT, add("(3, 'c')")]),
    widened(
        "drop_feature_widening_vectors",
        ["(1S, 'a'), (2S, 'b')", "(5S, 'e'), (6S, 'f')"],
        [*TO_INT, add("(3, 'c'), (4, 'd')"), "DELETE FROM {t} WHERE id IN (1, 3)"],
        more=(VECTORS, MODE),
    ),
    widened(
        "drop_feature_widening_renamed",
        ["(1S, 'a')"],
        [
            *TO_INT,
            add("(2, 'b')"),
            "ALTER TABLE {t} DROP COLUMN v",
            "ALTER TABLE {t} RENAME COLUMN id TO k",
            add("(3)"),
        ],
        more=(MODE,),
    ),
    widened(
        "drop_feature_widening_property_gone",
        ["(1S, 'a')"],
        [*TO_INT, "ALTER TABLE {t} UNSET TBLPROPERTIES ('delta.enableTypeWidening')"],
    ),
    widened("drop_feature_widening_property_only", ["(1S, 'a')"], []),
    widened("drop_feature_widening_nothing_left", [], []),
    widened(
        "drop_feature_widening_field",
        ["(1, named_struct('x', 1Y, 'y', 1S))"],
        ["ALTER TABLE {t} ALTER COLUMN s.y TYPE INT", add("(2, named_struct('x', 1Y, 'y', 1))")],
        columns="id INT, s STRUCT<x: BYTE, y: SMALLINT>",
    ),
    widened(
        "drop_feature_widening_element",
        ["(1, array(1S))"],
        ["ALTER TABLE {t} ALTER COLUMN a.element TYPE INT", add("(2, array(70000))")],
        columns="id INT, a ARRAY<SMALLINT>",
    ),
    alter(
        "rename_table",
        "RENAME TO {u}",
        ("cdf",),
        look=["SELECT * FROM {u}", "DESCRIBE HISTORY {u}"],
    ),
    Case(
        "rename_table_and_write",
        ["ALTER TABLE {t} RENAME TO {u}", "INSERT INTO {u} VALUES (6, 'f', 60)", "SELECT * FROM {u}"],
        ("cdf",),
    ),
    Case(
        "rename_table_and_create",
        ["ALTER TABLE {t} RENAME TO {u}", "CREATE TABLE {t} (x INT) USING delta"],
        ("cdf",),
        look=["SELECT * FROM {u}"],
    ),
    Case(
        "rename_table_existing",
        "ALTER TABLE {t} RENAME TO {u}",
        ("cdf",),
        setup=["CREATE TABLE {u} (x INT) USING delta"],
    ),
    Case(
        "rename_table_external",
        "ALTER TABLE {t} RENAME TO {u}",
        ("none",),
        setup=["CREATE TABLE {t} (x INT) USING delta LOCATION '{home}/x'"],
        look=["SELECT * FROM {u}", "SELECT * FROM delta.`{home}/x`"],
    ),
    alter("rename_missing", "RENAME TO {u}", ("none",)),
    alter(
        "set_location",
        "SET LOCATION '{home}/other'",
        ("cdf",),
        setup=["CREATE TABLE delta.`{home}/other` (id INT, v STRING, n INT) USING delta"],
    ),
    alter(
        "set_location_other_schema",
        "SET LOCATION '{home}/other'",
        ("cdf",),
        setup=["CREATE TABLE delta.`{home}/other` (id STRING) USING delta"],
    ),
    alter("set_location_no_table", "SET LOCATION '{home}/nothing'", ("cdf",)),
    alter("add_partition", "ADD PARTITION (v = 'x')", ("partitioned",)),
    alter("drop_partition", "DROP PARTITION (v = 'a')", ("partitioned",)),
    alter("recover_partitions", "RECOVER PARTITIONS", ("partitioned",)),
    alter("set_serde", "SET SERDEPROPERTIES ('a' = 'b')"),
]

"""OPTIMIZE, REORG, VACUUM, RESTORE, CLONE, CONVERT, GENERATE and the methods of DeltaTable for them."""

from __future__ import annotations

import os

from tests.gold.delta.case import STORED, Case, Scene

UNCHECKED = {"spark.databricks.delta.retentionDurationCheck.enabled": "false"}
MORE = "INSERT INTO {t} (id, v, n) SELECT /*+ COALESCE(1) */ id + 10, v, n FROM {t}"
GONE = "DELETE FROM {t} WHERE id IN (1, 2)"
U_LOOK = ["SELECT * FROM {u}", "DESCRIBE HISTORY {u}", "SHOW TBLPROPERTIES {u}"]
TABLES = (*STORED, "partitioned", "clustered")


def data_files(s: Scene) -> list[str]:
    found = []
    for folder, _, names in os.walk(s.path):
        found += [
            n for n in names if n.endswith(".parquet") and "_delta_log" not in folder and "_change_data" not in folder
        ]
    return found


def how_many_files(s: Scene):
    return s.spark.createDataFrame([(len(data_files(s)),)], "data_files_on_disk int")


def parquet(by: str = "") -> list:
    def step(s: Scene):
        writer = s.frame("(1, 'a', 10), (2, 'b', 20)").write.format("parquet")
        (writer.partitionBy(by) if by else writer).save(f"{s.home}/p")

    return [step]


def api(call):
    """A call on the DeltaTable whose result is not told: delta-spark 3.3 and 4 return different things."""

    def step(s: Scene):
        call(s.table)

    return step


CASES = [
    # --- OPTIMIZE ------------------------------------------------------------------------------------------------
    Case("optimize", "OPTIMIZE {t}", (*TABLES, "tracked", "generated")),
    Case("optimize_after_delete", "OPTIMIZE {t}", ("cdf", "dv", "mapped"), setup=[GONE]),
    Case("optimize_one_file", ["OPTIMIZE {t}", "OPTIMIZE {t}"], ("cdf", "partitioned")),
    Case("optimize_where", "OPTIMIZE {t} WHERE v = 'a'", ("partitioned",), setup=[MORE]),
    Case("optimize_where_data", "OPTIMIZE {t} WHERE n = 1", ("partitioned", "cdf")),
    Case("optimize_where_clustered", "OPTIMIZE {t} WHERE id = 1", ("clustered",)),
    Case("optimize_path", "OPTIMIZE delta.`{path}`", ("cdf",)),
    Case("optimize_path_text", "OPTIMIZE '{path}'", ("cdf",)),
    Case("optimize_zorder", "OPTIMIZE {t} ZORDER BY (id)", (*STORED, "partitioned"), setup=[MORE]),
    Case("optimize_zorder_two", "OPTIMIZE {t} ZORDER BY (id, n)", ("cdf",), setup=[MORE]),
    Case("optimize_zorder_unknown", "OPTIMIZE {t} ZORDER BY (nope)", ("cdf",)),
    Case("optimize_zorder_partition", "OPTIMIZE {t} ZORDER BY (v)", ("partitioned",)),
    Case("optimize_zorder_clustered", "OPTIMIZE {t} ZORDER BY (id)", ("clustered",)),
    Case(
        "optimize_zorder_no_stats",
        "OPTIMIZE {t} ZORDER BY (n)",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.dataSkippingNumIndexedCols' = '1')"],
    ),
    Case("optimize_full", "OPTIMIZE {t} FULL", ("clustered", "cdf")),
    Case("optimize_missing", "OPTIMIZE {u}", ("cdf",)),
    Case("optimize_not_delta", "OPTIMIZE '{home}/p'", ("none",), setup=parquet()),
    Case("optimize_api", api(lambda t: t.optimize().executeCompaction()), ("cdf", "dv")),
    Case(
        "optimize_api_where",
        api(lambda t: t.optimize().where("v = 'a'").executeCompaction()),
        ("partitioned",),
        setup=[MORE],
    ),
    Case("optimize_api_zorder", api(lambda t: t.optimize().executeZOrderBy("id", "n")), ("cdf",)),
    Case(
        "optimize_user_metadata",
        "OPTIMIZE {t}",
        ("cdf",),
        conf={"spark.databricks.delta.commitInfo.userMetadata": "tidy"},
    ),
    Case("optimize_min_file_size", "OPTIMIZE {t}", ("cdf",), conf={"spark.databricks.delta.optimize.minFileSize": "1"}),
    Case(
        "optimize_append_only",
        "OPTIMIZE {t}",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    Case("reorg_purge", "REORG TABLE {t} APPLY (PURGE)", ("dv", "cdf", "mapped"), setup=[GONE]),
    Case("reorg_purge_nothing", "REORG TABLE {t} APPLY (PURGE)", ("dv",)),
    Case("reorg_purge_where", "REORG TABLE {t} WHERE v = 'a' APPLY (PURGE)", ("partitioned",)),
    Case("reorg_dropped_column", "REORG TABLE {t} APPLY (PURGE)", ("mapped",), setup=["ALTER TABLE {t} DROP COLUMN n"]),
    Case(
        "auto_compact",
        MORE,
        ("cdf", "partitioned"),
        conf={
            "spark.databricks.delta.autoCompact.enabled": "true",
            "spark.databricks.delta.autoCompact.minNumFiles": "2",
        },
    ),
    Case(
        "auto_compact_property",
        MORE,
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.autoOptimize.autoCompact' = 'true')"],
        conf={"spark.databricks.delta.autoCompact.minNumFiles": "2"},
    ),
    Case("auto_compact_too_few", MORE, ("cdf",), conf={"spark.databricks.delta.autoCompact.enabled": "true"}),
    # --- VACUUM --------------------------------------------------------------------------------------------------
    Case("vacuum_young", "VACUUM {t}", ("cdf",), setup=[GONE]),
    Case(
        "vacuum_zero",
        ["VACUUM {t} RETAIN 0 HOURS", how_many_files],
        ("plain", "cdf", "dv"),
        setup=["UPDATE {t} SET n = 0", "OPTIMIZE {t}"],
        conf=UNCHECKED,
    ),
    Case("vacuum_zero_result", "VACUUM {t} RETAIN 0 HOURS", ("plain",), setup=["UPDATE {t} SET n = 0"], conf=UNCHECKED),
    Case("vacuum_zero_checked", "VACUUM {t} RETAIN 0 HOURS", ("cdf",)),
    Case("vacuum_167", "VACUUM {t} RETAIN 167 HOURS", ("cdf",)),
    Case("vacuum_168", "VACUUM {t} RETAIN 168 HOURS", ("cdf",)),
    Case(
        "vacuum_longer_retention",
        "VACUUM {t} RETAIN 200 HOURS",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 30 days')"],
    ),
    Case(
        "vacuum_dry_run",
        "VACUUM {t} RETAIN 0 HOURS DRY RUN",
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED,
    ),
    Case("vacuum_dry_run_checked", "VACUUM {t} RETAIN 0 HOURS DRY RUN", ("plain",)),
    Case(
        "vacuum_lite",
        ["VACUUM {t} LITE RETAIN 0 HOURS", how_many_files],
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED,
    ),
    Case(
        "vacuum_lite_conf",
        ["VACUUM {t} RETAIN 0 HOURS", how_many_files],
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED | {"spark.databricks.delta.vacuum.lite.enabled": "true"},
    ),
    Case(
        "vacuum_full",
        ["VACUUM {t} FULL RETAIN 0 HOURS", how_many_files],
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED,
    ),
    Case("vacuum_negative", "VACUUM {t} RETAIN -1 HOURS", ("cdf",)),
    Case("vacuum_missing", "VACUUM {u}", ("cdf",)),
    Case("vacuum_path", "VACUUM delta.`{path}`", ("cdf",)),
    Case("vacuum_path_text", "VACUUM '{path}'", ("cdf",)),
    Case("vacuum_logging_off", "VACUUM {t}", ("cdf",), conf={"spark.databricks.delta.vacuum.logging.enabled": "false"}),
    Case("vacuum_api", api(lambda t: t.vacuum()), ("cdf",)),
    Case("vacuum_api_hours", api(lambda t: t.vacuum(0)), ("cdf",)),
    Case(
        "vacuumed_version",
        ["VACUUM {t} RETAIN 0 HOURS", "SELECT * FROM {t} VERSION AS OF 2"],
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED,
    ),
    # --- RESTORE -------------------------------------------------------------------------------------------------
    Case("restore", "RESTORE TABLE {t} TO VERSION AS OF 1", (*TABLES, "tracked", "generated")),
    Case("restore_deleted", "RESTORE TABLE {t} TO VERSION AS OF 2", (*STORED, "partitioned"), setup=[GONE]),
    Case("restore_empty", "RESTORE TABLE {t} VERSION AS OF 0", ("cdf", "dv")),
    Case("restore_current", "RESTORE {t} TO VERSION AS OF 2", ("cdf",)),
    Case(
        "restore_schema", "RESTORE TABLE {t} TO VERSION AS OF 2", ("cdf",), setup=["ALTER TABLE {t} ADD COLUMN x INT"]
    ),
    Case(
        "restore_properties",
        "RESTORE TABLE {t} TO VERSION AS OF 2",
        ("plain",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'a' = 'b')"],
    ),
    Case("restore_future", "RESTORE TABLE {t} TO VERSION AS OF 9", ("cdf",)),
    Case("restore_past", "RESTORE TABLE {t} TO TIMESTAMP AS OF '2001-01-01'", ("cdf",)),
    Case("restore_late", "RESTORE TABLE {t} TO TIMESTAMP AS OF '2201-01-01'", ("cdf",)),
    Case("restore_bad_time", "RESTORE TABLE {t} TO TIMESTAMP AS OF 'nope'", ("cdf",)),
    Case("restore_missing", "RESTORE TABLE {u} TO VERSION AS OF 0", ("cdf",)),
    Case(
        "restore_vacuumed",
        ["VACUUM {t} RETAIN 0 HOURS", "RESTORE TABLE {t} TO VERSION AS OF 2"],
        ("plain",),
        setup=["UPDATE {t} SET n = 0"],
        conf=UNCHECKED,
    ),
    Case(
        "restore_append_only",
        "RESTORE TABLE {t} TO VERSION AS OF 1",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    Case("restore_api", api(lambda t: t.restoreToVersion(1)), ("cdf",)),
    Case(
        "restore_and_feed",
        ["RESTORE TABLE {t} TO VERSION AS OF 2", "SELECT * FROM table_changes('{t}', 3)"],
        ("cdf",),
        setup=["UPDATE {t} SET n = 0 WHERE id = 1"],
    ),
    # --- CLONE ---------------------------------------------------------------------------------------------------
    Case("clone", "CREATE TABLE {u} SHALLOW CLONE {t}", TABLES, look=U_LOOK),
    Case("clone_version", "CREATE TABLE {u} SHALLOW CLONE {t} VERSION AS OF 1", ("cdf",), look=U_LOOK),
    Case(
        "clone_properties",
        "CREATE TABLE {u} SHALLOW CLONE {t} TBLPROPERTIES ('delta.appendOnly' = 'true', 'a' = 'b')",
        ("cdf",),
        look=U_LOOK,
    ),
    Case(
        "clone_existing", "CREATE TABLE {u} SHALLOW CLONE {t}", ("cdf",), setup=["CREATE TABLE {u} (x INT) USING delta"]
    ),
    Case(
        "clone_if_not_exists",
        "CREATE TABLE IF NOT EXISTS {u} SHALLOW CLONE {t}",
        ("cdf",),
        setup=["CREATE TABLE {u} (x INT) USING delta"],
        look=U_LOOK,
    ),
    Case(
        "clone_replace",
        "CREATE OR REPLACE TABLE {u} SHALLOW CLONE {t}",
        ("cdf",),
        setup=["CREATE TABLE {u} (x INT) USING delta"],
        look=U_LOOK,
    ),
    Case(
        "clone_replace_full",
        "CREATE OR REPLACE TABLE {u} SHALLOW CLONE {t}",
        ("cdf",),
        setup=["CREATE TABLE {u} AS SELECT 1 AS x"],
        look=U_LOOK,
    ),
    Case("clone_missing", "CREATE TABLE {t} SHALLOW CLONE {u}", ("none",)),
    Case("clone_future", "CREATE TABLE {u} SHALLOW CLONE {t} VERSION AS OF 9", ("cdf",)),
    Case("clone_parquet", "CREATE TABLE {t} SHALLOW CLONE parquet.`{home}/p`", ("none",), setup=parquet()),
    Case(
        "clone_and_write",
        ["CREATE TABLE {u} SHALLOW CLONE {t}", "UPDATE {u} SET n = 0 WHERE id = 1", "SELECT * FROM {u}"],
        ("cdf", "dv"),
    ),
    # --- CONVERT and GENERATE ------------------------------------------------------------------------------------
    Case(
        "convert",
        "CONVERT TO DELTA parquet.`{home}/p`",
        ("none",),
        setup=parquet(),
        look=[
            "SELECT * FROM delta.`{home}/p`",
            "DESCRIBE HISTORY delta.`{home}/p`",
        ],
    ),
    Case(
        "convert_no_statistics",
        "CONVERT TO DELTA parquet.`{home}/p` NO STATISTICS",
        ("none",),
        setup=parquet(),
        look=["SELECT * FROM delta.`{home}/p`"],
    ),
    Case(
        "convert_partitioned",
        "CONVERT TO DELTA parquet.`{home}/p` PARTITIONED BY (v STRING)",
        ("none",),
        setup=parquet("v"),
        look=["SELECT * FROM delta.`{home}/p`"],
    ),
    Case("convert_partition_missing", "CONVERT TO DELTA parquet.`{home}/p`", ("none",), setup=parquet("v")),
    Case(
        "convert_partition_wrong",
        "CONVERT TO DELTA parquet.`{home}/p` PARTITIONED BY (w STRING)",
        ("none",),
        setup=parquet("v"),
    ),
    Case(
        "convert_partition_type",
        "CONVERT TO DELTA parquet.`{home}/p` PARTITIONED BY (v INT)",
        ("none",),
        setup=parquet("v"),
    ),
    Case("convert_missing", "CONVERT TO DELTA parquet.`{home}/nope`", ("none",)),
    Case("convert_delta", "CONVERT TO DELTA delta.`{path}`", ("cdf",)),
    Case(
        "convert_twice",
        ["CONVERT TO DELTA parquet.`{home}/p`", "CONVERT TO DELTA parquet.`{home}/p`"],
        ("none",),
        setup=parquet(),
    ),
    Case("convert_other_format", "CONVERT TO DELTA csv.`{home}/p`", ("none",), setup=parquet()),
    Case("generate", "GENERATE symlink_format_manifest FOR TABLE {t}", ("plain", "partitioned", "dv")),
    Case("generate_bad_mode", "GENERATE nope FOR TABLE {t}", ("plain",)),
    Case("generate_with_vectors", "GENERATE symlink_format_manifest FOR TABLE {t}", ("dv",), setup=[GONE]),
    Case("generate_missing", "GENERATE symlink_format_manifest FOR TABLE {u}", ("plain",)),
]

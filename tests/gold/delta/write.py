"""DataFrameWriter and DataFrameWriterV2 on Delta tables, and the options of both."""

from __future__ import annotations

from tests.gold.delta.case import STORED, Case, Scene

NEW = "(6, 'a', 60), (7, 'g', 70)"


def save(
    mode: str = "append", values: str = NEW, columns: str = "id, v, n", by: tuple = (), path: bool = False, **options
):
    """Writes rows to the case's table, by name or by path."""

    def step(s: Scene):
        writer = s.frame(values, columns).write.format("delta").mode(mode).options(**options)
        writer = writer.partitionBy(*by) if by else writer
        return writer.save(s.path) if path else writer.saveAsTable(s.t)

    return step


def insert_into(overwrite: bool = False, values: str = NEW, columns: str = "id, v, n"):
    return lambda s: s.frame(values, columns).write.insertInto(s.t, overwrite=overwrite)


def v2(method: str, *arguments, values: str = NEW, columns: str = "id, v, n", **options):
    def step(s: Scene):
        from pyspark.sql import functions as f

        given = [f.expr(a) if isinstance(a, str) else a for a in arguments]
        writer = s.frame(values, columns).writeTo(s.t).using("delta").options(**options)
        return getattr(writer, method)(*given)

    return step


def new_path(**options):
    return lambda s: s.frame(NEW).write.format("delta").options(**options).save(f"{s.home}/new")


EXTRA = "id, v, n, extra"
WITH_EXTRA = "(6, 'a', 60, 1)"
NEW_PATH = ["SELECT * FROM delta.`{home}/new`", "SHOW TBLPROPERTIES delta.`{home}/new`"]
MORE_NESTED = [
    "CREATE TABLE {t} (id INT, s STRUCT<x: INT>) USING delta",
    "INSERT INTO {t} VALUES (1, named_struct('x', 1))",
]

CASES = [
    Case("append", save(), (*STORED, "partitioned", "tracked", "clustered")),
    Case("append_by_path", save(path=True), ("cdf", "partitioned")),
    Case("append_generated", save(), ("generated",)),
    Case("append_identity", save(), ("identity",)),
    Case("append_other_order", save(values="(60, 6, 'a')", columns="n, id, v"), ("cdf", "partitioned")),
    Case("append_fewer_columns", save(values="(6)", columns="id"), ("cdf", "mapped")),
    Case("append_other_case", save(columns="ID, V, n"), ("cdf",)),
    Case("append_extra_column", save(values=WITH_EXTRA, columns=EXTRA), ("cdf",)),
    Case("append_merge_schema", save(values=WITH_EXTRA, columns=EXTRA, mergeSchema="true"), (*STORED, "partitioned")),
    Case(
        "append_auto_merge",
        save(values=WITH_EXTRA, columns=EXTRA),
        ("cdf",),
        conf={"spark.databricks.delta.schema.autoMerge.enabled": "true"},
    ),
    Case("append_other_type", save(values="('x', 'a', 60)"), ("cdf",)),
    Case("append_wider_type", save(values="(6L, 'a', 60)"), ("cdf",)),
    Case("append_wider_type_merge", save(values="(6L, 'a', 60)", mergeSchema="true"), ("cdf",)),
    Case("append_type_conflict_merge", save(values="(DATE'2024-01-01', 'a', 60)", mergeSchema="true"), ("cdf",)),
    Case("append_duplicate_columns", save(columns="id, v, v"), ("cdf",)),
    Case("append_other_partitioning", save(by=("n",)), ("cdf", "partitioned")),
    Case(
        "append_nested_merge",
        save(values="(2, named_struct('x', 2, 'y', 'q'))", columns="id, s", mergeSchema="true"),
        ("none",),
        setup=MORE_NESTED,
    ),
    Case(
        "append_nested_extra",
        save(values="(2, named_struct('x', 2, 'y', 'q'))", columns="id, s"),
        ("none",),
        setup=MORE_NESTED,
    ),
    Case("append_user_metadata", save(userMetadata="because"), ("cdf",)),
    Case("append_max_records", save(maxRecordsPerFile="1"), ("cdf",)),
    Case("append_max_records_conf", save(), ("cdf",), conf={"spark.sql.files.maxRecordsPerFile": "1"}),
    Case("append_optimize_write", save(optimizeWrite="true"), ("cdf", "partitioned")),
    Case("append_compression", save(compression="zstd"), ("cdf",)),
    Case("append_data_change_off", save(dataChange="false"), ("cdf",)),
    Case("append_txn", save(txnAppId="app", txnVersion="1"), ("cdf",)),
    Case("append_txn_again", [save(txnAppId="app", txnVersion="1"), save(txnAppId="app", txnVersion="1")], ("cdf",)),
    Case("append_txn_next", [save(txnAppId="app", txnVersion="1"), save(txnAppId="app", txnVersion="2")], ("cdf",)),
    Case("append_txn_half", save(txnAppId="app"), ("cdf",)),
    Case("append_txn_bad", save(txnAppId="app", txnVersion="x"), ("cdf",)),
    Case(
        "append_txn_conf",
        [save(), save()],
        ("cdf",),
        conf={"spark.databricks.delta.write.txnAppId": "app", "spark.databricks.delta.write.txnVersion": "5"},
    ),
    Case(
        "append_txn_conf_reset",
        [save(), save()],
        ("cdf",),
        conf={
            "spark.databricks.delta.write.txnAppId": "app2",
            "spark.databricks.delta.write.txnVersion": "5",
            "spark.databricks.delta.write.txnVersion.autoReset.enabled": "true",
        },
    ),
    Case(
        "append_check", save(values="(6, 'a', -1)"), ("cdf",), setup=["ALTER TABLE {t} ADD CONSTRAINT c CHECK (n > 0)"]
    ),
    Case("append_unknown_option", save(noSuchOption="1"), ("cdf",)),
    Case("mode_error", save("error"), ("cdf",)),
    Case("mode_error_path", save("error", path=True), ("cdf",)),
    Case("mode_ignore", save("ignore"), ("cdf",)),
    Case("mode_ignore_path", save("ignore", path=True), ("cdf",)),
    # --- overwrite -----------------------------------------------------------------------------------------------
    Case("save_overwrite", save("overwrite"), (*STORED, "partitioned", "clustered")),
    Case("save_overwrite_path", save("overwrite", path=True), ("cdf", "partitioned")),
    Case("save_overwrite_fewer", save("overwrite", values="(6)", columns="id"), ("cdf",)),
    Case("save_overwrite_extra", save("overwrite", values=WITH_EXTRA, columns=EXTRA), ("cdf",)),
    Case(
        "save_overwrite_schema", save("overwrite", values="('x', 1.5D)", columns="a, b", overwriteSchema="true"), STORED
    ),
    Case(
        "save_overwrite_schema_path",
        save("overwrite", values="('x', 1.5D)", columns="a, b", overwriteSchema="true", path=True),
        ("cdf",),
    ),
    Case("save_overwrite_merge", save("overwrite", values=WITH_EXTRA, columns=EXTRA, mergeSchema="true"), ("cdf",)),
    Case("save_overwrite_other_type", save("overwrite", values="('x', 'a', 60)"), ("cdf",)),
    Case("save_overwrite_partitioning", save("overwrite", by=("n",)), ("cdf",)),
    Case(
        "save_overwrite_partitioning_schema",
        save("overwrite", by=("n",), overwriteSchema="true"),
        ("cdf", "partitioned"),
    ),
    Case(
        "save_replace_where",
        save("overwrite", values="(9, 'a', 90)", replaceWhere="v = 'a'"),
        ("cdf", "dv", "partitioned"),
    ),
    Case(
        "save_replace_where_path",
        save("overwrite", values="(9, 'a', 90)", replaceWhere="v = 'a'", path=True),
        ("cdf", "dv", "partitioned"),
    ),
    Case(
        "save_replace_where_mismatch",
        save("overwrite", values="(9, 'b', 90)", replaceWhere="v = 'a'", path=True),
        ("cdf", "partitioned"),
    ),
    Case(
        "save_replace_where_append", save("append", values="(9, 'a', 90)", replaceWhere="v = 'a'", path=True), ("cdf",)
    ),
    Case(
        "save_replace_where_schema",
        save("overwrite", replaceWhere="v = 'a'", overwriteSchema="true", path=True),
        ("partitioned",),
    ),
    Case(
        "save_replace_where_check",
        save("overwrite", values="(9, 'a', -5)", replaceWhere="v = 'a'"),
        ("cdf",),
        setup=["ALTER TABLE {t} ADD CONSTRAINT pos CHECK (n > 0)"],
    ),
    Case("save_replace_where_bad", save("overwrite", replaceWhere="v = = 'a'", path=True), ("cdf",)),
    Case("save_replace_where_unknown", save("overwrite", replaceWhere="nope = 'a'", path=True), ("cdf",)),
    Case(
        "save_replace_where_unchecked",
        save("overwrite", values="(9, 'b', 90)", replaceWhere="v = 'a'", path=True),
        ("cdf", "partitioned"),
        conf={"spark.databricks.delta.replaceWhere.constraintCheck.enabled": "false"},
    ),
    Case(
        "save_replace_where_data_columns_off",
        save("overwrite", values="(9, 'a', 90)", replaceWhere="v = 'a'", path=True),
        ("cdf",),
        conf={"spark.databricks.delta.replaceWhere.dataColumns.enabled": "false"},
    ),
    Case("save_dynamic", save("overwrite", partitionOverwriteMode="dynamic", path=True), ("partitioned", "cdf")),
    Case("save_dynamic_upper", save("overwrite", partitionOverwriteMode="DYNAMIC"), ("partitioned",)),
    Case("save_dynamic_bad", save("overwrite", partitionOverwriteMode="nope", path=True), ("partitioned",)),
    Case(
        "save_dynamic_and_replace_where",
        save("overwrite", partitionOverwriteMode="dynamic", replaceWhere="v = 'a'", path=True),
        ("partitioned",),
    ),
    Case(
        "save_dynamic_and_schema",
        save("overwrite", partitionOverwriteMode="dynamic", overwriteSchema="true", path=True),
        ("partitioned",),
    ),
    Case(
        "save_dynamic_conf",
        save("overwrite", path=True),
        ("partitioned",),
        conf={"spark.sql.sources.partitionOverwriteMode": "dynamic"},
    ),
    Case(
        "save_static_over_conf",
        save("overwrite", path=True, partitionOverwriteMode="static"),
        ("partitioned",),
        conf={"spark.sql.sources.partitionOverwriteMode": "dynamic"},
    ),
    Case("insert_into", insert_into(), ("cdf", "partitioned")),
    Case("insert_into_overwrite", insert_into(True), ("cdf", "partitioned")),
    Case("insert_into_by_position", insert_into(columns="a, b, c"), ("cdf",)),
    Case("insert_into_too_few", insert_into(values="(1, 'x')", columns="a, b"), ("cdf",)),
    # --- writeTo -------------------------------------------------------------------------------------------------
    Case("v2_append", v2("append"), ("cdf", "partitioned")),
    Case("v2_append_fewer", v2("append", values="(6)", columns="id"), ("cdf",)),
    Case("v2_append_extra", v2("append", values=WITH_EXTRA, columns=EXTRA), ("cdf",)),
    Case("v2_append_merge_schema", v2("append", values=WITH_EXTRA, columns=EXTRA, mergeSchema="true"), ("cdf",)),
    Case("v2_overwrite", v2("overwrite", "v = 'a'", values="(9, 'a', 90)"), ("cdf", "partitioned")),
    Case("v2_overwrite_all", v2("overwrite", "true"), ("cdf",)),
    Case("v2_overwrite_mismatch", v2("overwrite", "v = 'b'", values="(9, 'a', 90)"), ("partitioned",)),
    Case("v2_overwrite_partitions", v2("overwritePartitions"), ("cdf", "partitioned")),
    Case("v2_create_existing", v2("create"), ("cdf",)),
    Case("v2_create", v2("create"), ("none",)),
    Case("v2_replace", v2("replace", values="('x', 1)", columns="a, b"), ("cdf", "partitioned")),
    Case("v2_replace_missing", v2("replace"), ("none",)),
    Case("v2_create_or_replace", v2("createOrReplace"), ("cdf", "none")),
    Case("v2_append_missing", v2("append"), ("none",)),
    Case(
        "v2_create_with_everything",
        lambda s: (
            s.frame(NEW)
            .writeTo(s.t)
            .using("delta")
            .partitionedBy(__import__("pyspark.sql.functions").sql.functions.col("v"))
            .tableProperty("delta.appendOnly", "true")
            .tableProperty("my.key", "1")
            .create()
        ),
        ("none",),
    ),
    # --- new tables ----------------------------------------------------------------------------------------------
    Case("save_as_table_new", save(), ("none",)),
    Case("save_as_table_partitioned", save(by=("v",)), ("none",)),
    Case(
        "save_as_table_properties", save(**{"delta.appendOnly": "true", "delta.columnMapping.mode": "name"}), ("none",)
    ),
    Case("save_as_table_cdf_off", save(**{"delta.enableChangeDataFeed": "false"}), ("none",)),
    Case("save_as_table_all_partitions", save(by=("id", "v", "n")), ("none",)),
    Case("save_as_table_partition_unknown", save(by=("nope",)), ("none",)),
    Case("save_as_table_bad_names", save(values="(1, 2)", columns="`a b`, `c,d`"), ("none",)),
    Case("save_path_new", new_path(), ("none",), look=NEW_PATH),
    Case(
        "save_path_properties",
        new_path(**{"delta.appendOnly": "true", "delta.enableDeletionVectors": "true"}),
        ("none",),
        look=NEW_PATH,
    ),
    Case("save_path_bad_property", new_path(**{"delta.nope": "true"}), ("none",), look=NEW_PATH),
    Case("save_path_bad_value", new_path(**{"delta.appendOnly": "maybe"}), ("none",), look=NEW_PATH),
    Case("save_void", save(values="(1, NULL)", columns="id, z"), ("none",)),
]

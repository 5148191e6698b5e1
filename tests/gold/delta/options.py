"""Options of reads and writes with values that are odd, wrong or combined."""

from __future__ import annotations

from tests.gold.delta.case import Case, Scene
from tests.gold.delta.feed import read
from tests.gold.delta.write import EXTRA, NEW, WITH_EXTRA, save, v2


def bad(name: str, on: tuple = ("cdf",), mode: str = "append", **options) -> Case:
    return Case(name, save(mode, **options), on)


def load(*paths: str, **options):
    def step(s: Scene):
        return (
            s.spark.read.format("delta")
            .options(**options)
            .load([s.fill(p) for p in paths] if len(paths) > 1 else s.fill(paths[0]))
        )

    return step


def with_schema(s: Scene):
    return s.spark.read.format("delta").schema("id INT, v STRING").load(s.path)


def bucketed(s: Scene):
    s.frame(NEW).write.format("delta").bucketBy(2, "id").saveAsTable(s.t + "_u")


def other_format(s: Scene):
    s.frame(NEW).write.format("parquet").mode("append").saveAsTable(s.t)


def no_format(s: Scene):
    s.frame(NEW).write.mode("append").saveAsTable(s.t)


def option_path(s: Scene):
    s.frame(NEW).write.format("delta").option("path", f"{s.home}/o").saveAsTable(s.t + "_u")


def path_twice(s: Scene):
    s.frame(NEW).write.format("delta").option("path", f"{s.home}/o").save(f"{s.home}/q")


def insert_into_options(s: Scene):
    s.frame(WITH_EXTRA, EXTRA).write.option("mergeSchema", "true").insertInto(s.t)


def insert_into_dynamic(s: Scene):
    s.frame("(6, 'a', 60)").write.option("partitionOverwriteMode", "dynamic").insertInto(s.t, overwrite=True)


def insert_into_replace_where(s: Scene):
    s.frame("(6, 'a', 60)").write.option("replaceWhere", "v = 'a'").mode("overwrite").insertInto(s.t)


def insert_into_partitioned(s: Scene):
    s.frame(NEW).write.partitionBy("v").insertInto(s.t)


WHERE_A = "(6, 'a', 60)"
U = ["SELECT * FROM {u}", "SHOW TBLPROPERTIES {u}"]
CASES = [
    bad("option_merge_schema_bad", mergeSchema="abc"),
    bad("option_overwrite_schema_bad", mode="overwrite", overwriteSchema="1"),
    bad("option_overwrite_schema_append", overwriteSchema="true"),
    bad("option_txn_negative", txnAppId="a", txnVersion="-1"),
    bad("option_max_records_bad", maxRecordsPerFile="x"),
    bad("option_max_records_negative", maxRecordsPerFile="-5"),
    bad("option_compression_bad", compression="nope"),
    bad("option_optimize_write_bad", optimizeWrite="nope"),
    bad("option_data_change_bad", dataChange="nope"),
    bad("option_data_change_overwrite", mode="overwrite", dataChange="false"),
    bad("option_read_feed_on_write", readChangeFeed="maybe"),
    bad("option_max_files_on_write", maxFilesPerTrigger="0"),
    bad("option_starting_on_write", startingVersion="x"),
    bad("option_exclude_regex_on_write", excludeRegex="("),
    bad("option_replace_where_append", replaceWhere="v = 'a'"),
    bad("option_replace_where_empty", mode="overwrite", replaceWhere=""),
    bad("option_replace_where_not_boolean", mode="overwrite", replaceWhere="id"),
    bad("option_replace_where_syntax", mode="overwrite", replaceWhere="id = = 1"),
    bad("option_replace_where_subquery", mode="overwrite", replaceWhere="id IN (SELECT 1)"),
    bad("option_property_on_existing", **{"delta.appendOnly": "true"}),
    bad("option_metadata_empty", userMetadata=""),
    Case(
        "option_metadata_over_conf",
        save(userMetadata="option"),
        ("cdf",),
        conf={"spark.databricks.delta.commitInfo.userMetadata": "conf"},
    ),
    Case(
        "replace_where_merge_schema",
        save("overwrite", WITH_EXTRA, EXTRA, replaceWhere="v = 'a'", mergeSchema="true"),
        ("partitioned", "cdf"),
    ),
    Case(
        "replace_where_overwrite_schema",
        save("overwrite", WITH_EXTRA, EXTRA, replaceWhere="v = 'a'", overwriteSchema="true"),
        ("cdf",),
    ),
    Case(
        "replace_where_two",
        save("overwrite", "(6, 'a', 60), (7, 'd', 1)", replaceWhere="v IN ('a', 'd') AND n > 20"),
        ("partitioned", "dv"),
    ),
    Case("replace_where_null", save("overwrite", "(6, NULL, 60)", replaceWhere="v IS NULL"), ("partitioned", "cdf")),
    Case("replace_where_case", save("overwrite", WHERE_A, replaceWhere="V = 'a'"), ("cdf",)),
    Case(
        "dynamic_merge_schema",
        save("overwrite", WITH_EXTRA, EXTRA, partitionOverwriteMode="dynamic", mergeSchema="true"),
        ("partitioned",),
    ),
    Case("dynamic_nulls", save("overwrite", "(6, NULL, 60)", partitionOverwriteMode="dynamic"), ("partitioned",)),
    Case("dynamic_unpartitioned", save("overwrite", WHERE_A, partitionOverwriteMode="dynamic"), ("cdf",)),
    Case("save_overwrite_path_clustered", save("overwrite", path=True), ("clustered",)),
    Case("save_append_clustered", save("append"), ("clustered",)),
    Case("save_partition_mismatch", save("append", by=("id",)), ("partitioned",)),
    Case("save_partition_same", save("append", by=("v",)), ("partitioned",)),
    Case("save_partition_path", save("overwrite", by=("id",), path=True), ("partitioned",)),
    Case("save_bucketed", bucketed, ("none",)),
    Case("save_other_format", other_format, ("cdf",)),
    Case("save_no_format", no_format, ("cdf",)),
    Case("save_option_path", option_path, ("none",), look=[*U, "SELECT * FROM delta.`{home}/o`"]),
    Case("save_path_twice", path_twice, ("none",)),
    Case("insert_into_merge_schema", insert_into_options, ("cdf",)),
    Case("insert_into_dynamic", insert_into_dynamic, ("partitioned",)),
    Case("insert_into_replace_where", insert_into_replace_where, ("partitioned", "cdf")),
    Case("insert_into_partition_by", insert_into_partitioned, ("partitioned",)),
    Case("v2_overwrite_data", v2("overwrite", "n > 30", values="(8, 'x', 80)"), ("dv",)),
    Case("v2_overwrite_true", v2("overwrite", "true"), ("cdf",)),
    Case("v2_append_other_order", v2("append", values="(60, 6, 'a')", columns="n, id, v"), ("cdf",)),
    Case("v2_append_metadata", v2("append", userMetadata="why"), ("cdf",)),
    Case("v2_append_txn", v2("append", txnAppId="a", txnVersion="1"), ("cdf",)),
    Case("v2_overwrite_partitions_unpartitioned", v2("overwritePartitions"), ("cdf",)),
    Case("v2_append_overflow", v2("append", values="(3000000000L, 'a', 1)"), ("cdf",)),
    # --- reads ---------------------------------------------------------------------------------------------------
    Case("read_schema", with_schema, ("cdf",)),
    Case("read_two_paths", load("{path}", "{path}"), ("cdf",)),
    Case("read_partition_path", load("{path}/v=a"), ("partitioned",)),
    Case("read_log_path", load("{path}/_delta_log"), ("cdf",)),
    Case("read_missing", load("{home}/nope"), ("none",)),
    Case("read_empty_directory", load("{home}"), ("none",)),
    Case("read_glob", load("{home}/*"), ("none",)),
    Case("read_version_name_and_option", load("{path}@v1", versionAsOf="1"), ("cdf",)),
    Case("read_version_case", read(True, VersionAsOf="1"), ("cdf",)),
    Case("read_feed_bad", read(readChangeFeed="maybe", startingVersion="0"), ("cdf",)),
    Case("read_feed_false", read(readChangeFeed="false", startingVersion="0"), ("cdf",)),
    Case("read_feed_latest", read(readChangeFeed="true", startingVersion="latest"), ("cdf",)),
    Case(
        "read_feed_filter",
        lambda s: (
            read(readChangeFeed="true", startingVersion="0")(s)
            .where("_change_type = 'insert' AND _commit_version > 1")
            .select("id", "_change_type")
        ),
        ("cdf", "partitioned"),
    ),
    Case(
        "read_feed_schema",
        lambda s: s.spark.createDataFrame(
            [(str(read(readChangeFeed="true", startingVersion="0")(s).dtypes),)], "x string"
        ),
        ("cdf",),
    ),
    Case("read_unknown_option", read(True, nope="1"), ("cdf",)),
    Case("read_merge_schema", read(True, mergeSchema="true"), ("cdf",)),
    Case(
        "read_metadata",
        lambda s: s.spark.table(s.t).selectExpr("id", "_metadata.row_index", "_metadata.file_path IS NOT NULL AS p"),
        ("cdf", "dv"),
    ),
    Case(
        "read_row_ids",
        lambda s: s.spark.table(s.t).selectExpr("id", "_metadata.row_id", "_metadata.row_commit_version"),
        ("tracked",),
    ),
    Case(
        "read_file_name", lambda s: s.spark.table(s.t).selectExpr("input_file_name() LIKE '%.parquet' AS f"), ("cdf",)
    ),
]

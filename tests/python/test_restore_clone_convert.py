"""RESTORE, SHALLOW CLONE, CONVERT TO DELTA and GENERATE. Expected values are those of delta-spark 3.3.2: this file passes
on real Spark too (DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import json
from pathlib import Path

from tests.python.test_maintenance import actions, append, delta, fails, golden, history, last, load
from tests.rows import rows, sorted_rows

RESTORE_ROW = [
    "table_size_after_restore",
    "num_of_files_after_restore",
    "num_removed_files",
    "num_restored_files",
    "removed_files_size",
    "restored_files_size",
]
CLONE_ROW = [
    "source_table_size",
    "source_num_of_files",
    "num_removed_files",
    "num_copied_files",
    "removed_files_size",
    "copied_files_size",
]


def size(spark, table: str) -> int:
    return spark.sql(f"DESCRIBE DETAIL {table}").collect()[0].sizeInBytes


class TestRestore:
    def test_to_a_version(self, spark, delta_table_path):
        table = delta(delta_table_path)
        append(spark, delta_table_path, 0, 10)
        first = size(spark, table)
        append(spark, delta_table_path, 10, 20)
        second = size(spark, table)
        df = spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF 0")
        assert df.columns == RESTORE_ROW
        assert rows(df) == [(first, 1, 1, 0, second - first, 0)]
        assert sorted_rows(load(spark, delta_table_path).select("id")) == [(i,) for i in range(10)]
        entry = last(spark, table)
        assert (entry.version, entry.operation, entry.readVersion) == (2, "RESTORE", 1)
        assert (entry.isolationLevel, entry.isBlindAppend) == ("Serializable", False)
        assert entry.operationParameters == {"version": "0", "timestamp": None}
        assert entry.operationMetrics == {
            "tableSizeAfterRestore": str(first),
            "numOfFilesAfterRestore": "1",
            "numRemovedFiles": "1",
            "numRestoredFiles": "0",
            "removedFilesSize": str(second - first),
            "restoredFilesSize": "0",
        }
        assert rows(spark.sql(f"RESTORE {table} TO VERSION AS OF 1")) == [(second, 2, 0, 1, 0, second - first)]
        assert load(spark, delta_table_path).count() == 20
        feed = load(spark, delta_table_path, readChangeFeed="true", startingVersion="2")
        assert sorted_rows(feed.groupBy("_commit_version", "_change_type").count()) == [
            (2, "delete", 10),
            (3, "insert", 10),
        ]

    def test_schema_partitioning_and_properties_come_back(self, spark, delta_table_path):
        table = delta(delta_table_path)
        append(spark, delta_table_path, 0, 4, ["p"], **{"delta.logRetentionDuration": "interval 9 days"})
        frame = spark.range(3).selectExpr("id", "id * 2 wide")
        frame.write.format("delta").mode("overwrite").option("overwriteSchema", "true").save(delta_table_path)
        assert load(spark, delta_table_path).columns == ["id", "wide"]
        spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF 0")
        assert sorted_rows(load(spark, delta_table_path)) == [(0, 0, "s0"), (1, 1, "s1"), (2, 0, "s2"), (3, 1, "s3")]
        detail = spark.sql(f"DESCRIBE DETAIL {table}").collect()[0]
        assert detail.partitionColumns == ["p"]
        assert detail.properties["delta.logRetentionDuration"] == "interval 9 days"

    def test_to_a_timestamp(self, spark, delta_table_path):
        table = delta(delta_table_path)
        for i in range(3):
            append(spark, delta_table_path, i, i + 1)
        at = history(spark, table)[1].timestamp
        spark.sql(f"RESTORE TABLE {table} TO TIMESTAMP AS OF '{at}'")
        assert load(spark, delta_table_path).count() == 2
        parameters = last(spark, table).operationParameters
        assert parameters["version"] is None
        assert parameters["timestamp"].startswith(str(at)[:19])

    def test_deletion_vectors(self, spark, delta_table_path):
        golden("dv_ondisk", delta_table_path)
        table = delta(delta_table_path)
        versions = sorted(history(spark, table))
        earlier = {v: sorted_rows(load(spark, delta_table_path, versionAsOf=str(v))) for v in versions}
        for v in versions[1:-1]:
            spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF {v}")
            assert sorted_rows(load(spark, delta_table_path)) == earlier[v]

    def test_the_latest_version_is_nothing_to_do(self, spark, delta_table_path):
        table = delta(delta_table_path)
        append(spark, delta_table_path, 0, 4)
        assert rows(spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF 0")) == []
        assert last(spark, table).version == 0

    def test_errors(self, spark, delta_table_path, table_name):
        table = delta(delta_table_path)
        append(spark, delta_table_path, 0, 4)
        append(spark, delta_table_path, 0, 4)
        fails(spark, f"RESTORE TABLE {table} TO VERSION AS OF 9", "DELTA_CANNOT_RESTORE_TABLE_VERSION")
        fails(spark, f"RESTORE TABLE {table} TO VERSION AS OF -1", "PARSE_SYNTAX_ERROR", "ParseException")
        early, late, bad = "2001-01-01", "2101-01-01", "yesterday-ish"
        fails(spark, f"RESTORE TABLE {table} TO TIMESTAMP AS OF '{early}'", "DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER")
        fails(spark, f"RESTORE TABLE {table} TO TIMESTAMP AS OF '{late}'", "DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER")
        fails(spark, f"RESTORE TABLE {table} TO TIMESTAMP AS OF '{bad}'", "DELTA_TIMESTAMP_INVALID")
        fails(spark, f"RESTORE TABLE {table_name} TO VERSION AS OF 1", "TABLE_OR_VIEW_NOT_FOUND")

    def test_deleted_rows_come_back(self, spark, delta_table_path):
        table = delta(delta_table_path)
        append(spark, delta_table_path, 0, 10)
        spark.sql(f"DELETE FROM {table} WHERE id < 3")
        spark.sql(f"UPDATE {table} SET s = 'u' WHERE id = 5")
        spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF 0")
        assert sorted(rows(load(spark, delta_table_path).select("id", "s"))) == [(i, f"s{i}") for i in range(10)]
        feed = load(spark, delta_table_path, readChangeFeed="true", startingVersion="3")
        deletes = [r for r in sorted_rows(feed.select("_change_type", "id", "s")) if r[0] == "delete"]
        inserts = [r for r in sorted_rows(feed.select("_change_type", "id", "s")) if r[0] == "insert"]
        assert len(deletes) == 7 and ("delete", 5, "u") in deletes
        assert len(inserts) == 10 and ("insert", 5, "s5") in inserts


class TestClone:
    def test_rows_of_a_clone_get_ids_of_its_own(self, spark, delta_table_path):
        """The source's rewritten files hold ids that the clone gives again: it must not read them."""
        source, target = delta(delta_table_path), delta(delta_table_path + "_clone")
        spark.sql(f"CREATE TABLE {source} (id BIGINT) USING delta TBLPROPERTIES ('delta.enableRowTracking' = 'true')")
        spark.range(10).coalesce(1).write.format("delta").mode("append").save(delta_table_path)
        spark.range(100, 103).coalesce(1).write.format("delta").mode("append").save(delta_table_path)
        spark.sql(f"DELETE FROM {source} WHERE id < 10")
        spark.sql(f"UPDATE {source} SET id = 200 WHERE id = 101")
        spark.sql(f"CREATE TABLE {target} SHALLOW CLONE {source}")
        spark.range(20).coalesce(1).write.format("delta").mode("append").save(delta_table_path + "_clone")
        ids = [row[0] for row in spark.sql(f"SELECT _metadata.row_id FROM {target}").collect()]
        assert len(set(ids)) == len(ids) == 23
        names = [
            [v for k, v in actions(path, version, "metaData")[0]["configuration"].items() if "materialized" in k]
            for path, version in [(delta_table_path, 0), (delta_table_path + "_clone", 0)]
        ]
        assert len(names[0]) == len(names[1]) == 2
        assert not set(names[0]) & set(names[1])

    def test_a_path(self, spark, delta_table_path):
        source, target = delta(delta_table_path), delta(delta_table_path + "_clone")
        append(spark, delta_table_path, 0, 10, ["p"])
        append(spark, delta_table_path, 10, 20, ["p"])
        df = spark.sql(f"CREATE TABLE {target} SHALLOW CLONE {source}")
        assert df.columns == CLONE_ROW
        assert rows(df) == [(size(spark, source), 4, 0, 0, 0, 0)]
        assert sorted_rows(load(spark, delta_table_path + "_clone")) == sorted_rows(load(spark, delta_table_path))
        entry = last(spark, target)
        assert (entry.version, entry.operation, entry.readVersion, entry.isBlindAppend) == (0, "CLONE", -1, False)
        assert entry.operationParameters == {"source": f"delta.`file:{delta_table_path}`", "sourceVersion": "1"}
        assert entry.operationMetrics["sourceNumOfFiles"] == "4"
        adds = actions(delta_table_path + "_clone", 0, "add")
        assert all(a["path"].startswith(f"file:{delta_table_path}/p=") and a["dataChange"] for a in adds)
        append(spark, delta_table_path + "_clone", 100, 102, ["p"])
        assert load(spark, delta_table_path + "_clone").count() == 22
        assert load(spark, delta_table_path).count() == 20
        spark.sql(f"OPTIMIZE {target}")
        assert load(spark, delta_table_path + "_clone").count() == 22
        fails(spark, f"CREATE TABLE {target} SHALLOW CLONE {source}", "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION")
        fails(spark, f"CREATE OR REPLACE TABLE {target} SHALLOW CLONE {source}", "DELTA_UNSUPPORTED_NON_EMPTY_CLONE")

    def test_a_version_with_properties(self, spark, delta_table_path):
        source, target = delta(delta_table_path), delta(delta_table_path + "_clone")
        append(spark, delta_table_path, 0, 10)
        append(spark, delta_table_path, 10, 20)
        spark.sql(
            f"CREATE TABLE {target} SHALLOW CLONE {source} VERSION AS OF 0 "
            "TBLPROPERTIES ('my.key' = 'x', 'delta.appendOnly' = 'true')"
        )
        assert load(spark, delta_table_path + "_clone").count() == 10
        detail = spark.sql(f"DESCRIBE DETAIL {target}").collect()[0]
        assert (detail.properties["my.key"], detail.properties["delta.appendOnly"]) == ("x", "true")
        assert detail.id != spark.sql(f"DESCRIBE DETAIL {source}").collect()[0].id

    def test_named_tables(self, spark, table_name, delta_table_path):
        spark.sql(f"CREATE TABLE {table_name} USING delta AS SELECT 1 a, 'x' b")
        clone = table_name + "_c"
        try:
            spark.sql(f"CREATE TABLE {clone} SHALLOW CLONE {table_name}")
            assert rows(spark.table(clone)) == [(1, "x")]
            assert last(spark, clone).operationParameters == {
                "source": f"spark_catalog.default.{table_name}",
                "sourceVersion": "0",
            }
            assert rows(spark.sql(f"CREATE TABLE IF NOT EXISTS {clone} SHALLOW CLONE {table_name}")) == []
            fails(spark, f"CREATE TABLE {clone} SHALLOW CLONE {table_name}", "DELTA_TABLE_ALREADY_EXISTS")
            spark.sql(f"DROP TABLE {clone}")
            spark.sql(f"CREATE TABLE {clone} SHALLOW CLONE {table_name} LOCATION '{delta_table_path}'")
            assert spark.sql(f"DESCRIBE DETAIL {clone}").collect()[0].location == f"file:{delta_table_path}"
            assert rows(spark.table(clone)) == [(1, "x")]
        finally:
            spark.sql(f"DROP TABLE IF EXISTS {clone}")

    def test_parquet(self, spark, delta_table_path):
        spark.range(0, 7, 1, 1).write.parquet(delta_table_path)
        target = delta(delta_table_path + "_clone")
        spark.sql(f"CREATE TABLE {target} SHALLOW CLONE parquet.`{delta_table_path}`")
        assert sorted_rows(load(spark, delta_table_path + "_clone")) == [(i,) for i in range(7)]
        assert last(spark, target).operationParameters == {
            "source": f"parquet.`file:{delta_table_path}`",
            "sourceVersion": "-1",
        }

    def test_deletion_vectors(self, spark, delta_table_path):
        golden("dv_ondisk", delta_table_path)
        spark.sql(f"CREATE TABLE {delta(delta_table_path + '_clone')} SHALLOW CLONE {delta(delta_table_path)}")
        assert sorted_rows(load(spark, delta_table_path + "_clone")) == sorted_rows(load(spark, delta_table_path))
        vectors = [a["deletionVector"] for a in actions(delta_table_path + "_clone", 0, "add") if "deletionVector" in a]
        assert vectors and all(v["storageType"] == "p" for v in vectors)

    def test_errors(self, spark, delta_table_path, table_name):
        append(spark, delta_table_path, 0, 2)
        source = delta(delta_table_path)
        other = delta(delta_table_path + "_c")
        for kind in ("DEEP CLONE", "CLONE"):
            fails(spark, f"CREATE TABLE {table_name} {kind} {source}", "PARSE_SYNTAX_ERROR", "ParseException")
        fails(spark, f"CREATE TABLE {other} SHALLOW CLONE missing_{table_name}", "TABLE_OR_VIEW_NOT_FOUND")
        fails(spark, f"REPLACE TABLE {table_name} SHALLOW CLONE {source}", "DELTA_CANNOT_REPLACE_MISSING_TABLE")
        fails(
            spark,
            f"CREATE TABLE {other} SHALLOW CLONE {source} LOCATION '{delta_table_path}_d'",
            "DELTA_CLONE_AMBIGUOUS_TARGET",
            "IllegalArgumentException",
        )
        fails(
            spark,
            f"CREATE TABLE {other} SHALLOW CLONE {source} TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
            "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
            "UnsupportedOperationException",
        )


TYPED = (
    "id",
    "cast(id % 2 as int) p",
    "concat('x', id % 3) q",
    "named_struct('x', id, 'y', cast(id as string)) st",
    "array(id) a",
    "timestamp'2020-01-01 00:00:00.123456' ts",
    "cast(id as decimal(10,2)) d",
    "date'2020-01-01' dt",
    "id * 1.5d f",
    "if(id < 100, null, id) n",
    "repeat(chr(cast(97 + id as int)), 40) long_text",
)


class TestConvert:
    def test_partitions_and_statistics(self, spark, delta_table_path):
        frame = spark.range(0, 20, 1, 1).selectExpr(*TYPED)
        frame.write.partitionBy("p", "q").parquet(delta_table_path)
        parquet = f"parquet.`{delta_table_path}`"
        assert rows(spark.sql(f"CONVERT TO DELTA {parquet} PARTITIONED BY (p INT, q STRING)")) == []
        table = delta(delta_table_path)
        back = load(spark, delta_table_path)
        assert back.columns == ["id", "st", "a", "ts", "d", "dt", "f", "n", "long_text", "p", "q"]
        assert sorted_rows(back.select(*frame.columns)) == sorted_rows(frame)
        entry = last(spark, table)
        assert (entry.version, entry.operation, entry.readVersion, entry.isBlindAppend) == (0, "CONVERT", -1, False)
        assert entry.operationParameters == {
            "numFiles": "6",
            "partitionedBy": '["p","q"]',
            "collectStats": "true",
            "sourceFormat": "parquet",
        }
        assert entry.operationMetrics == {"numConvertedFiles": "6"}
        (add,) = [a for a in actions(delta_table_path, 0, "add") if a["partitionValues"] == {"p": "0", "q": "x1"}]
        stats = json.loads(add["stats"])
        assert stats["numRecords"] == 3  # 4, 10, 16
        long_text = {"minValues": "e" * 32, "maxValues": "q" * 32 + "\x7f"}
        for kind, number in (("minValues", 4), ("maxValues", 16)):
            assert stats[kind] == {
                "id": number,
                "st": {"x": number, "y": {4: "10", 16: "4"}[number]},
                "ts": "2020-01-01T00:00:00.123Z",
                "d": number,
                "dt": "2020-01-01",
                "f": number * 1.5,
                "long_text": long_text[kind],
            }
        assert stats["nullCount"] == {
            "id": 0,
            "st": {"x": 0, "y": 0},
            "a": 0,
            "ts": 0,
            "d": 0,
            "dt": 0,
            "f": 0,
            "n": 3,
            "long_text": 0,
        }
        assert rows(back.where("id = 16 and p = 0").select("q")) == [("x1",)]
        assert rows(spark.sql(f"CONVERT TO DELTA {parquet} PARTITIONED BY (p INT, q STRING)")) == []
        assert last(spark, table).version == 0
        append_row = spark.createDataFrame([(99, 1, "x9")], "id long, p int, q string")
        append_row.write.format("delta").mode("append").save(delta_table_path)
        assert load(spark, delta_table_path).count() == 21

    def test_without_statistics_and_merged_schemas(self, spark, delta_table_path):
        spark.range(0, 3, 1, 1).write.parquet(delta_table_path)
        spark.range(3, 5, 1, 1).selectExpr("id", "'e' extra").write.mode("append").parquet(delta_table_path)
        spark.sql(f"CONVERT TO DELTA parquet.`{delta_table_path}` NO STATISTICS")
        assert sorted_rows(load(spark, delta_table_path).select("id", "extra")) == [
            (0, None),
            (1, None),
            (2, None),
            (3, "e"),
            (4, "e"),
        ]
        assert all("stats" not in a for a in actions(delta_table_path, 0, "add"))
        assert last(spark, delta(delta_table_path)).operationParameters["collectStats"] == "false"

    def test_a_named_table(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} USING parquet AS SELECT 1 a, 'x' b")
        spark.sql(f"CONVERT TO DELTA {table_name}")
        assert rows(spark.table(table_name)) == [(1, "x")]
        entry = last(spark, table_name)
        assert entry.operation == "CONVERT"
        assert entry.operationParameters["catalogTable"] == f"`spark_catalog`.`default`.`{table_name}`"
        spark.sql(f"INSERT INTO {table_name} VALUES (2, 'y')")
        assert sorted_rows(spark.table(table_name)) == [(1, "x"), (2, "y")]
        assert rows(spark.sql(f"CONVERT TO DELTA {table_name}")) == []

    def test_errors(self, spark, delta_table_path, table_name):
        spark.range(0, 4, 1, 1).selectExpr("id", "cast(id % 2 as int) p", "concat('x', id) q").write.partitionBy(
            "p", "q"
        ).parquet(delta_table_path)
        convert = f"CONVERT TO DELTA parquet.`{delta_table_path}`"
        count = "DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME"
        fails(spark, convert, count)
        fails(spark, f"{convert} PARTITIONED BY (p INT)", count)
        name = "DELTA_UNEXPECTED_PARTITION_COLUMN_FROM_FILE_NAME"
        fails(spark, f"{convert} PARTITIONED BY (p INT, z STRING)", name)
        fails(spark, f"{convert} PARTITIONED BY (p INT, q INT)", "DELTA_FAILED_CAST_PARTITION_VALUE")
        Path(delta_table_path + "_empty").mkdir()
        fails(spark, f"CONVERT TO DELTA parquet.`{delta_table_path}_empty`", "DELTA_EMPTY_DIRECTORY")
        fails(spark, f"CONVERT TO DELTA `{delta_table_path}_x`", "DELTA_MISSING_PROVIDER_FOR_CONVERT")
        fails(spark, f"CONVERT TO DELTA json.`{delta_table_path}`", "DELTA_CONVERT_NON_PARQUET_TABLE")
        fails(spark, f"CONVERT TO DELTA {table_name}", "TABLE_OR_VIEW_NOT_FOUND")
        spark.range(1).write.parquet(delta_table_path + "_m/a=1")
        spark.range(1).selectExpr("cast(id as string) id").write.parquet(delta_table_path + "_m/a=2")
        merge = f"CONVERT TO DELTA parquet.`{delta_table_path}_m` PARTITIONED BY (a INT)"
        fails(spark, merge, "DELTA_FAILED_TO_MERGE_FIELDS")


class TestGenerate:
    def test_a_manifest_per_partition(self, spark, delta_table_path):
        append(spark, delta_table_path, 0, 4, ["p"])
        table = delta(delta_table_path)
        assert rows(spark.sql(f"GENERATE symlink_format_manifest FOR TABLE {table}")) == []
        root = Path(delta_table_path)
        manifests = {f.parent.name: f.read_text() for f in (root / "_symlink_format_manifest").rglob("manifest")}
        assert sorted(manifests) == ["p=0", "p=1"]
        for partition, text in manifests.items():
            (file,) = root.glob(f"{partition}/*.parquet")
            assert text.splitlines() == [f"file:{file}"]
        spark.createDataFrame([(9, 1, "z")], "id long, p int, s string").write.format("delta").mode("overwrite").save(
            delta_table_path
        )
        spark.sql(f"GENERATE symlink_format_manifest FOR TABLE {table}")
        assert [f.parent.name for f in (root / "_symlink_format_manifest").rglob("manifest")] == ["p=1"]

    def test_errors(self, spark, delta_table_path):
        golden("dv_ondisk", delta_table_path)
        table = delta(delta_table_path)
        fails(spark, f"GENERATE nope FOR TABLE {table}", "DELTA_MODE_NOT_SUPPORTED", "IllegalArgumentException")
        statement = f"GENERATE symlink_format_manifest FOR TABLE {table}"
        fails(spark, statement, "DELTA_UNSUPPORTED_GENERATE_WITH_DELETION_VECTORS", "UnsupportedOperationException")
        missing = f"GENERATE symlink_format_manifest FOR TABLE {delta(delta_table_path + '_missing')}"
        fails(spark, missing, "DELTA_MISSING_DELTA_TABLE")

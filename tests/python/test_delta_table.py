"""DeltaTable, every public method, as users write it. Passes on deltic with delta-spark 4 (PySpark 4 client) and with
deltic's own classes (PySpark 3.5 client), and on real Spark with delta-spark 3.3.2."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from delta.tables import DeltaTable
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StructField, StructType

from tests.errors import condition
from tests.rows import rows, sorted_rows

needs_clone = pytest.mark.skipif(not hasattr(DeltaTable, "clone"), reason="delta-spark 3.3.2's Python has no clone")
needs_drop_feature = pytest.mark.skipif(
    not hasattr(DeltaTable, "dropFeatureSupport"), reason="delta-spark 3.3.2's Python has no dropFeatureSupport"
)


@pytest.fixture
def path(spark, delta_table_path) -> str:
    """A table of (id bigint, name string), ids 0 to 4, one file, one commit."""
    write(spark, delta_table_path, [(i, f"n{i}") for i in range(5)])
    return delta_table_path


def write(spark, path: str, data: list, schema: str = "id bigint, name string", mode: str = "append", **options):
    df = spark.createDataFrame(data, schema).coalesce(1)
    df.write.format("delta").mode(mode).options(**options).save(path)


def load(spark, path: str):
    return spark.read.format("delta").load(path)


def versions(spark, path: str) -> int:
    """How many commits the table has."""
    return spark.sql(f"DESCRIBE HISTORY delta.`{path}`").count()


def an_hour_ago(path: str, version: int) -> None:
    """Makes a commit an hour old: its time is its file's."""
    then = dt.datetime.now().timestamp() - 3600
    os.utime(Path(path) / "_delta_log" / f"{version:020d}.json", (then, then))


def minutes_ago(minutes: int) -> str:
    then = dt.datetime.now(dt.timezone.utc) - dt.timedelta(minutes=minutes)
    return then.strftime("%Y-%m-%d %H:%M:%S")


def operation(table: DeltaTable) -> str:
    return table.history(1).collect()[0].operation


def metrics(result) -> dict:
    """The one row that a method returns; delta-spark 3.3.2 returns none for some."""
    assert result.count() == 1
    return result.collect()[0].asDict()


def refused(action) -> str:
    """The condition of the error that `action` raises. Connect clients of delta-spark 4 ask the server late."""
    with pytest.raises(AnalysisException) as caught:
        action()
    return condition(caught.value)


def test_copied_files_do_not_change_in_commit_timestamps(spark, delta_table_path):
    """Times of files that were copied later than all commits say nothing where in-commit timestamps are (delta-spark's
    DeltaHistoryManager.getActiveCommitAtTime)."""
    target = f"delta.`{delta_table_path}`"
    for version in range(3):
        write(spark, delta_table_path, [(version, "a")])
    spark.sql(f"ALTER TABLE {target} SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')")
    for version in range(4, 6):
        write(spark, delta_table_path, [(version, "a")])
    tomorrow = dt.datetime.now().timestamp() + 86400
    for file in Path(delta_table_path, "_delta_log").glob("*.json"):
        os.utime(file, (tomorrow, tomorrow))
    history = spark.sql(f"DESCRIBE HISTORY {target}").select("version", F.col("timestamp").cast("string")).collect()
    times = dict(history)
    for version, count in [(3, 3), (4, 4), (5, 5)]:
        found = spark.sql(f"SELECT count(*) FROM {target} TIMESTAMP AS OF '{times[version]}'").collect()[0][0]
        assert found == count
    with pytest.raises(Exception, match="before the earliest version"):
        spark.sql(f"SELECT * FROM {target} TIMESTAMP AS OF '2001-01-01'").collect()


class TestWhichTable:
    def test_is_delta_table(self, spark, path, tmp_path):
        assert DeltaTable.isDeltaTable(spark, path)
        assert DeltaTable.isDeltaTable(spark, f"{path}/")
        assert DeltaTable.isDeltaTable(spark, f"{path}/part=1")  # in a table
        assert not DeltaTable.isDeltaTable(spark, f"{path}/_delta_log")
        assert not DeltaTable.isDeltaTable(spark, str(tmp_path))
        assert not DeltaTable.isDeltaTable(spark, str(tmp_path / "missing"))

    def test_for_path(self, spark, path):
        assert sorted_rows(DeltaTable.forPath(spark, path).toDF().select("id")) == [(0,), (1,), (2,), (3,), (4,)]

    def test_for_path_with_settings_of_another_file_system(self, spark, path):
        settings = {"fs.fake.impl": "org.example.FakeFileSystem", "fs.fake.impl.disable.cache": "true"}
        assert (
            DeltaTable.forPath(spark, path, settings).toDF().count() == DeltaTable.forPath(spark, path).toDF().count()
        )

    def test_for_path_of_no_table(self, spark, tmp_path):
        spark.range(1).write.parquet(str(tmp_path / "parquet"))
        for missing in (tmp_path / "missing", tmp_path / "parquet"):
            with pytest.raises(AnalysisException) as caught:
                DeltaTable.forPath(spark, str(missing)).toDF().collect()
            assert condition(caught.value) == "DELTA_MISSING_DELTA_TABLE"
            assert f"[DELTA_MISSING_DELTA_TABLE] `{missing}` is not a Delta table." in str(caught.value)

    def test_for_name(self, spark, path, table_name):
        spark.range(3).write.format("delta").saveAsTable(table_name)
        assert sorted_rows(DeltaTable.forName(spark, table_name).toDF()) == [(0,), (1,), (2,)]
        assert sorted_rows(DeltaTable.forName(spark, f"default.{table_name}").toDF()) == [(0,), (1,), (2,)]
        assert DeltaTable.forName(spark, f"delta.`{path}`").toDF().count() == 5

    def test_for_name_of_no_table(self, spark, table_name):
        spark.range(1).createOrReplaceTempView(f"{table_name}_view")
        assert (
            refused(lambda: DeltaTable.forName(spark, f"{table_name}_view").toDF().collect())
            == "DELTA_MISSING_DELTA_TABLE"
        )
        assert refused(lambda: DeltaTable.forName(spark, table_name).toDF().collect()) == "DELTA_MISSING_DELTA_TABLE"
        spark.sql(f"CREATE TABLE {table_name} (id INT) USING parquet")
        assert refused(lambda: DeltaTable.forName(spark, table_name).toDF().collect()) == "DELTA_MISSING_DELTA_TABLE"

    def test_to_df_follows_the_table(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        write(spark, path, [(5, "n5")])
        assert table.toDF().count() == 6
        assert table.toDF().columns == ["id", "name"]
        assert table.alias("t").toDF().select("t.name").where("t.id = 5").collect()[0][0] == "n5"

    def test_history(self, spark, path):
        write(spark, path, [(5, "n5")])
        write(spark, path, [(6, "n6")])
        history = DeltaTable.forPath(spark, path).history()
        assert history.columns == [
            *("version", "timestamp", "userId", "userName", "operation", "operationParameters", "job", "notebook"),
            *("clusterId", "readVersion", "isolationLevel", "isBlindAppend", "operationMetrics", "userMetadata"),
            "engineInfo",
        ]
        assert rows(history.select("version", "operation")) == [(2, "WRITE"), (1, "WRITE"), (0, "WRITE")]
        assert rows(DeltaTable.forPath(spark, path).history(2).select("version")) == [(2,), (1,)]
        assert rows(DeltaTable.forPath(spark, path).history(0).select("version")) == []

    def test_detail(self, spark, path):
        detail = DeltaTable.forPath(spark, path).detail()
        row = detail.collect()[0]
        assert (row.format, row.location, row.numFiles) == ("delta", f"file:{path}", 1)
        assert (row.partitionColumns, row.clusteringColumns) == ([], [])
        assert row.properties == {"delta.enableChangeDataFeed": "true"}
        assert (row.minReaderVersion, row.minWriterVersion) == (1, 7)


class TestDelete:
    @pytest.mark.parametrize(
        ("where", "left", "count"),
        [("id > 2", [0, 1, 2], 2), ("column", [0, 2, 3, 4], 1), (None, [], 5), ("id > 99", range(5), 0)],
        ids=["text", "column", "all", "none"],
    )
    def test_delete(self, spark, path, where, left, count):
        if where == "column":
            where = F.col("name") == "n1"  # made once there is a session
        table = DeltaTable.forPath(spark, path)
        result = table.delete(where) if where is not None else table.delete()
        assert sorted_rows(table.toDF().select("id")) == [(i,) for i in left]
        if result is not None:
            assert metrics(result) == {"num_affected_rows": count}
            assert [field.dataType.simpleString() for field in result.schema] == ["bigint"]
        assert versions(spark, path) == (2 if count else 1)
        if count:
            assert operation(table) == "DELETE"

    def test_delete_under_an_alias(self, spark, path):
        DeltaTable.forPath(spark, path).alias("t").delete("t.id >= 3")
        DeltaTable.forPath(spark, path).alias("s").alias("t").delete(F.col("t.id") == 0)
        assert sorted_rows(load(spark, path)) == [(1, "n1"), (2, "n2")]

    def test_delete_by_columns_of_the_table_s_rows(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        table.delete(table.toDF()["id"] > 2)
        assert sorted_rows(table.toDF().select("id")) == [(0,), (1,), (2,)]

    def test_an_unknown_column(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        assert refused(lambda: table.delete("nope = 1")).startswith("UNRESOLVED_COLUMN")
        assert versions(spark, path) == 1

    def test_a_condition_of_no_use(self, spark, path):
        with pytest.raises(TypeError, match="must be a Spark SQL Column or a string"):
            DeltaTable.forPath(spark, path).delete(1)


class TestUpdate:
    def test_update(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        result = table.update("id < 2", {"name": "concat(name, '!')"})
        if result is not None:
            assert metrics(result) == {"num_affected_rows": 2}
        assert sorted_rows(table.toDF().where("id < 3")) == [(0, "n0!"), (1, "n1!"), (2, "n2")]
        table.update(F.col("id") == 4, {"name": F.lit("four"), "id": F.col("id") * 10})
        assert sorted_rows(table.toDF().where("id > 2")) == [(3, "n3"), (40, "four")]
        table.update(set={"name": "'x'"})
        assert rows(table.toDF().select("name").distinct()) == [("x",)]
        assert operation(table) == "UPDATE"

    def test_update_under_an_alias(self, spark, path):
        DeltaTable.forPath(spark, path).alias("t").update("t.id = 1", {"t.name": "upper(t.name)"})
        assert sorted_rows(load(spark, path).where("id = 1")) == [(1, "N1")]

    def test_update_inside_a_struct(self, spark, delta_table_path):
        spark.sql("SELECT 1L AS id, struct(1 AS a, 'x' AS b) AS s").write.format("delta").save(delta_table_path)
        DeltaTable.forPath(spark, delta_table_path).update(set={"s.b": "'y'"})
        assert rows(load(spark, delta_table_path)) == [(1, (1, "y"))]

    def test_arguments_of_no_use(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        with pytest.raises(ValueError, match="'set' cannot be None"):
            table.update("id = 1")
        with pytest.raises(TypeError, match="must be a dict"):
            table.update("id = 1", [("name", "x")])
        with pytest.raises(TypeError, match="must contain only strings with column names"):
            table.update("id = 1", {1: "x"})
        with pytest.raises(TypeError, match="must contain only Spark SQL Columns or strings"):
            table.update("id = 1", {"name": 1})
        with pytest.raises(TypeError, match="must be a Spark SQL Column or a string"):
            table.update(1, {"name": "x"})
        assert refused(lambda: table.update(set={"nope": "1"})).startswith(("UNRESOLVED_COLUMN", "DELTA_"))
        assert versions(spark, path) == 1


class TestMerge:
    @pytest.fixture
    def source(self, spark):
        return spark.createDataFrame([(3, "N3"), (4, "N4"), (5, "N5")], "id bigint, name string")

    def test_all_columns(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        result = (
            table.alias("t")
            .merge(source.alias("s"), "t.id = s.id")
            .whenMatchedUpdateAll()
            .whenNotMatchedInsertAll()
            .execute()
        )
        if result is not None:
            assert metrics(result) == {
                "num_affected_rows": 3,
                "num_updated_rows": 2,
                "num_deleted_rows": 0,
                "num_inserted_rows": 1,
            }
        assert sorted_rows(table.toDF()) == [(0, "n0"), (1, "n1"), (2, "n2"), (3, "N3"), (4, "N4"), (5, "N5")]
        assert operation(table) == "MERGE"
        assert versions(spark, path) == 2

    def test_every_clause(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        (
            table.alias("t")
            .merge(source.alias("s"), F.col("t.id") == F.col("s.id"))
            .whenMatchedUpdate("s.id = 3", {"name": "s.name"})
            .whenMatchedDelete(F.col("s.id") == 4)
            .whenNotMatchedInsert("s.id = 5", {"id": "s.id", "name": F.lit("new")})
            .whenNotMatchedBySourceUpdate("t.id = 0", {"name": "'gone'"})
            .whenNotMatchedBySourceDelete("t.id = 1")
            .execute()
        )
        assert sorted_rows(table.toDF()) == [(0, "gone"), (2, "n2"), (3, "N3"), (5, "new")]

    def test_clauses_without_conditions(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        (
            table.alias("t")
            .merge(source.alias("s"), "t.id = s.id")
            .whenMatchedUpdate(set={"t.name": "s.name"})
            .whenNotMatchedInsert(values={"t.id": "s.id"})
            .whenNotMatchedBySourceUpdate(set={"t.name": "null"})
            .execute()
        )
        assert sorted_rows(load(spark, path)) == [(0, None), (1, None), (2, None), (3, "N3"), (4, "N4"), (5, None)]
        table.alias("t").merge(source.alias("s"), "t.id = s.id").whenMatchedDelete().execute()
        table.alias("t").merge(source.alias("s"), "t.id = s.id").whenNotMatchedBySourceDelete().execute()
        assert rows(load(spark, path)) == []

    def test_conditions_of_star_clauses(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        (
            table.alias("t")
            .merge(source.alias("s"), "t.id = s.id")
            .whenMatchedUpdateAll("s.id = 3")
            .whenNotMatchedInsertAll("s.id = 99")
            .execute()
        )
        assert sorted_rows(table.toDF().where("id > 2")) == [(3, "N3"), (4, "n4")]

    def test_a_source_that_is_a_query(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        newest = source.where("id = 5").select("id", F.upper("name").alias("name"))
        table.alias("t").merge(newest.alias("s"), "t.id = s.id").whenNotMatchedInsertAll().execute()
        assert table.toDF().count() == 6

    def test_the_table_as_its_own_source(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        own = table.toDF().where("id = 1").withColumn("name", F.lit("own"))
        table.alias("t").merge(own.alias("s"), "t.id = s.id").whenMatchedUpdateAll().execute()
        assert sorted_rows(table.toDF().where("id < 3")) == [(0, "n0"), (1, "own"), (2, "n2")]

    def test_schema_evolution(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        source = spark.createDataFrame([(4, "N4", 1.5), (5, "N5", 2.5)], "id bigint, name string, score double")
        (
            table.alias("t")
            .merge(source.alias("s"), "t.id = s.id")
            .withSchemaEvolution()
            .whenMatchedUpdateAll()
            .whenNotMatchedInsertAll()
            .execute()
        )
        assert sorted_rows(load(spark, path).where("id > 2")) == [(3, "n3", None), (4, "N4", 1.5), (5, "N5", 2.5)]

    def test_several_source_rows_for_one(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        source = spark.createDataFrame([(1, "a"), (1, "b")], "id bigint, name string")
        merge = table.alias("t").merge(source.alias("s"), "t.id = s.id").whenMatchedUpdateAll()
        with pytest.raises(PySparkException) as caught:
            merge.execute()
        assert "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE" in str(caught.value)
        assert versions(spark, path) == 1

    def test_arguments_of_no_use(self, spark, path, source):
        table = DeltaTable.forPath(spark, path)
        with pytest.raises(ValueError, match="'source' in merge cannot be None"):
            table.merge(None, "a = b")
        with pytest.raises(TypeError, match="Type of 'source' in merge must be DataFrame"):
            table.merge("source", "a = b")
        with pytest.raises(ValueError, match="'condition' in merge cannot be None"):
            table.merge(source, None)
        with pytest.raises(TypeError, match="must be a Spark SQL Column or a string"):
            table.merge(source, 1)
        with pytest.raises(ValueError, match="'set' in whenMatchedUpdate cannot be None"):
            table.merge(source, "a = b").whenMatchedUpdate()
        with pytest.raises(ValueError, match="'values' in whenNotMatchedInsert cannot be None"):
            table.merge(source, "a = b").whenNotMatchedInsert()
        with pytest.raises(ValueError, match="'set' in whenNotMatchedBySourceUpdate cannot be None"):
            table.merge(source, "a = b").whenNotMatchedBySourceUpdate()


class TestUpkeep:
    @pytest.fixture
    def partitioned(self, spark, delta_table_path) -> str:
        """Partitions p = 0 and p = 1 of two files each."""
        for i in range(2):
            df = spark.createDataFrame([(i, 0), (i + 10, 1)], "id bigint, p int").coalesce(1)
            df.write.format("delta").mode("append").partitionBy("p").save(delta_table_path)
        return delta_table_path

    def test_compaction(self, spark, path):
        write(spark, path, [(5, "n5")])
        table = DeltaTable.forPath(spark, path)
        result = table.optimize().executeCompaction()
        row = metrics(result)
        assert result.columns == ["path", "metrics"]
        assert row["path"] == f"file:{path}"
        assert (row["metrics"].numFilesAdded, row["metrics"].numFilesRemoved) == (1, 2)
        assert row["metrics"].totalConsideredFiles == 2
        assert table.toDF().count() == 6
        assert operation(table) == "OPTIMIZE"
        assert versions(spark, path) == 3

    def test_compaction_of_some_partitions(self, spark, partitioned):
        table = DeltaTable.forPath(spark, partitioned)
        row = metrics(table.optimize().where("p = 1").executeCompaction())
        assert (row["metrics"].numFilesAdded, row["metrics"].numFilesRemoved) == (1, 2)
        row = metrics(table.optimize().where("p >= 0").where("p < 1").executeCompaction())
        assert row["metrics"].numFilesRemoved == 2
        assert sorted_rows(table.toDF().select("id")) == [(0,), (1,), (10,), (11,)]

    def test_a_filter_on_no_partition_column(self, spark, partitioned):
        optimize = DeltaTable.forPath(spark, partitioned).optimize().where("id = 1")
        assert refused(optimize.executeCompaction) == "DELTA_NON_PARTITION_COLUMN_REFERENCE"

    def test_z_order(self, spark, path):
        write(spark, path, [(5, "n5")])
        table = DeltaTable.forPath(spark, path)
        row = metrics(table.optimize().executeZOrderBy("id", "name"))
        assert row["metrics"].zOrderStats is not None
        metrics(table.optimize().executeZOrderBy(["name"]))
        assert table.toDF().count() == 6
        with pytest.raises(TypeError, match="Z-order column must be str"):
            table.optimize().executeZOrderBy(1)

    def test_vacuum(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        table.vacuum()
        table.vacuum(168)
        table.vacuum(200.5)
        assert table.toDF().count() == 5

    def test_vacuum_of_what_may_be_read(self, spark, path):
        with pytest.raises(PySparkException, match="Are you sure you would like to vacuum files with such a low"):
            DeltaTable.forPath(spark, path).vacuum(0)

    def test_generate(self, spark, delta_table_path):
        # A session with the change feed off: Delta writes no manifest for a table whose rows may be in other files.
        spark.range(3).write.format("delta").save(delta_table_path)
        DeltaTable.forPath(spark, delta_table_path).generate("symlink_format_manifest")
        manifest = Path(delta_table_path) / "_symlink_format_manifest" / "manifest"
        assert all(line.startswith(f"file:{delta_table_path}/part-") for line in manifest.read_text().split())

    def test_generate_of_an_unknown_mode(self, spark, path):
        with pytest.raises(PySparkException) as caught:
            DeltaTable.forPath(spark, path).generate("nope")
        assert condition(caught.value) == "DELTA_MODE_NOT_SUPPORTED"

    def test_restore_to_version(self, spark, path):
        write(spark, path, [(9, "n9")])
        table = DeltaTable.forPath(spark, path)
        result = table.restoreToVersion(0)
        row = metrics(result)
        assert result.columns == [
            *("table_size_after_restore", "num_of_files_after_restore", "num_removed_files", "num_restored_files"),
            *("removed_files_size", "restored_files_size"),
        ]
        assert (row["num_of_files_after_restore"], row["num_removed_files"], row["num_restored_files"]) == (1, 1, 0)
        assert table.toDF().count() == 5
        assert operation(table) == "RESTORE"
        assert versions(spark, path) == 3

    def test_restore_to_a_time(self, spark, path):
        an_hour_ago(path, version=0)
        write(spark, path, [(9, "n9")])
        table = DeltaTable.forPath(spark, path)
        metrics(table.restoreToTimestamp(minutes_ago(30)))
        assert table.toDF().count() == 5

    def test_restore_arguments(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        with pytest.raises(ValueError, match="version needs to be an int"):
            table.restoreToVersion("0")
        with pytest.raises(ValueError, match="timestamp needs to be a string"):
            table.restoreToTimestamp(0)
        with pytest.raises(PySparkException):
            table.restoreToVersion(7)
        assert versions(spark, path) == 1

    def test_upgrade_table_protocol(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        for asked, got in (((1, 5), (1, 4)), ((2, 5), (2, 5))):
            table.upgradeTableProtocol(*asked)
            row = table.detail().collect()[0]
            assert (row.minReaderVersion, row.minWriterVersion) == got
        with pytest.raises(ValueError, match="readerVersion needs to be an integer|readerVersion needs to be an int"):
            table.upgradeTableProtocol("1", 5)
        with pytest.raises(ValueError, match="writerVersion needs to be an integer|writerVersion needs to be an int"):
            table.upgradeTableProtocol(1, "5")

    def test_add_feature_support(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        table.addFeatureSupport("appendOnly")
        table.addFeatureSupport("deletionVectors")
        row = table.detail().collect()[0]
        assert (row.minReaderVersion, row.minWriterVersion) == (3, 7)
        assert {"appendOnly", "changeDataFeed", "deletionVectors"} <= set(row.tableFeatures)
        with pytest.raises(ValueError, match="featureName needs to be a string"):
            table.addFeatureSupport(1)
        with pytest.raises(Exception) as caught:  # noqa: B017 - classic sessions raise Py4JJavaError
            table.addFeatureSupport("nope")
        assert condition(caught.value) == "DELTA_UNSUPPORTED_FEATURES_IN_CONFIG"

    @needs_drop_feature
    def test_drop_feature_support(self, spark, path):
        table = DeltaTable.forPath(spark, path)
        table.addFeatureSupport("inCommitTimestamp")
        table.dropFeatureSupport("inCommitTimestamp")
        assert "inCommitTimestamp" not in table.detail().collect()[0].tableFeatures
        with pytest.raises(PySparkException) as caught:
            table.dropFeatureSupport("nope")
        assert condition(caught.value) == "DELTA_FEATURE_DROP_UNSUPPORTED_CLIENT_FEATURE"


class TestConvert:
    def test_convert_to_delta(self, spark, delta_table_path):
        spark.range(3).write.parquet(delta_table_path)
        table = DeltaTable.convertToDelta(spark, f"parquet.`{delta_table_path}`")
        assert sorted_rows(table.toDF()) == [(0,), (1,), (2,)]
        assert operation(table) == "CONVERT"
        assert versions(spark, delta_table_path) == 1

    @pytest.mark.parametrize("schema", ["p int", StructType([StructField("p", IntegerType())])], ids=["text", "type"])
    def test_convert_partitions(self, spark, delta_table_path, schema):
        df = spark.createDataFrame([(1, 0), (2, 1)], "id bigint, p int")
        df.write.partitionBy("p").parquet(delta_table_path)
        table = DeltaTable.convertToDelta(spark, f"parquet.`{delta_table_path}`", schema)
        assert sorted_rows(table.toDF().select("id", "p")) == [(1, 0), (2, 1)]
        assert table.detail().collect()[0].partitionColumns == ["p"]


@needs_clone
class TestClone:
    @pytest.fixture
    def target(self, delta_table_path) -> str:
        return str(Path(delta_table_path).parent / "copy")

    def test_clone(self, spark, path, target):
        copy = DeltaTable.forPath(spark, path).clone(target, isShallow=True)
        assert copy.toDF().count() == 5
        assert operation(DeltaTable.forPath(spark, target)) == "CLONE"
        assert list(Path(target).glob("*.parquet")) == []

    def test_clone_as_a_table(self, spark, path, table_name):
        copy = DeltaTable.forPath(spark, path).clone(
            table_name, isShallow=True, properties={"delta.appendOnly": "true"}
        )
        assert copy.toDF().count() == 5
        assert copy.detail().collect()[0].properties["delta.appendOnly"] == "true"

    def test_clone_over_a_table(self, spark, path, target):
        table = DeltaTable.forPath(spark, path)
        table.clone(target, isShallow=True)
        with pytest.raises(PySparkException):
            table.clone(target, isShallow=True)
        write(spark, path, [(9, "n9")])
        # delta-spark's CloneTableBase: only an empty table may be replaced by a clone.
        with pytest.raises(PySparkException) as caught:
            table.clone(target, isShallow=True, replace=True)
        assert condition(caught.value) == "DELTA_UNSUPPORTED_NON_EMPTY_CLONE"
        DeltaTable.forPath(spark, target).delete()
        assert table.clone(target, isShallow=True, replace=True).toDF().count() == 6

    def test_clone_of_an_older_version(self, spark, path, target):
        write(spark, path, [(9, "n9")])
        table = DeltaTable.forPath(spark, path)
        assert table.cloneAtVersion(0, target, isShallow=True).toDF().count() == 5

    def test_clone_of_a_time(self, spark, path, target):
        an_hour_ago(path, version=0)
        write(spark, path, [(9, "n9")])
        table = DeltaTable.forPath(spark, path)
        copy = table.cloneAtTimestamp(minutes_ago(30), target, isShallow=True)
        assert copy.toDF().count() == 5

    def test_arguments_of_no_use(self, spark, path, target):
        table = DeltaTable.forPath(spark, path)
        for call in (
            lambda: table.clone(1),
            lambda: table.clone(target, isShallow=1),
            lambda: table.clone(target, replace=1),
            lambda: table.clone(target, properties=1),
            lambda: table.clone(target, properties={1: "x"}),
            lambda: table.cloneAtVersion("0", target),
            lambda: table.cloneAtTimestamp(0, target),
        ):
            with pytest.raises(ValueError, match="needs to be"):
                call()

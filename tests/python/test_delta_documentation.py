"""What Delta's documentation shows users to do, done: batch reads and writes, updates, change feed, utilities, optimization,
constraints. Passes on deltic and on real Spark, with the same results."""

from __future__ import annotations

import pytest
from delta.tables import DeltaTable
from pyspark.errors import PySparkException
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import changes, sorted_rows


@pytest.fixture
def people(spark, table_name) -> str:
    """A table of people: id, name, born, country."""
    spark.sql(f"CREATE TABLE {table_name} (id INT, name STRING, born DATE, country STRING) USING delta")
    spark.sql(
        f"INSERT INTO {table_name} VALUES (1, 'Ann', DATE'1980-02-03', 'CH'), (2, 'Bo', DATE'1999-12-31', 'IT'), "
        "(3, 'Cy', NULL, 'CH')"
    )
    return table_name


def of(spark, table: str, columns: str = "*", where: str = "true") -> list[tuple]:
    return sorted_rows(spark.sql(f"SELECT {columns} FROM {table} WHERE {where}"))


def refused(action) -> str:
    with pytest.raises(PySparkException) as caught:
        action()
    return condition(caught.value) or str(caught.value)


class TestBatch:
    def test_create_by_writing(self, spark, table_name):
        df = spark.range(3)
        df.write.format("delta").saveAsTable(table_name)
        assert of(spark, table_name) == [(0,), (1,), (2,)]

    def test_create_by_writing_to_a_path(self, spark, delta_table_path):
        spark.range(3).write.format("delta").mode("overwrite").save(delta_table_path)
        assert spark.read.format("delta").load(delta_table_path).count() == 3
        assert of(spark, f"delta.`{delta_table_path}`") == [(0,), (1,), (2,)]

    def test_create_with_the_v2_writer(self, spark, table_name):
        writer = spark.range(3).withColumn("p", F.lit("x")).writeTo(table_name).using("delta")
        writer.partitionedBy("p").tableProperty("my.key", "v").createOrReplace()
        assert of(spark, table_name, "id, p") == [(0, "x"), (1, "x"), (2, "x")]

    def test_create_with_the_builder(self, spark, table_name):
        builder = DeltaTable.createIfNotExists(spark).tableName(table_name)
        builder = builder.addColumn("id", "INT").addColumn("name", "STRING", comment="full name")
        builder.addColumn("at", "TIMESTAMP").addColumn("day", "DATE", generatedAlwaysAs="CAST(at AS DATE)").execute()
        spark.sql(f"INSERT INTO {table_name} (id, name, at) VALUES (1, 'a', TIMESTAMP'2024-05-06 07:08:09')")
        assert [str(row["day"]) for row in spark.table(table_name).collect()] == ["2024-05-06"]

    def test_partitions_and_comments(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (id INT COMMENT 'key', country STRING) USING delta PARTITIONED BY (country) COMMENT 'c'"
        )
        detail = spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]
        assert (detail["partitionColumns"], detail["description"]) == (["country"], "c")

    def test_external_tables_share_their_files(self, spark, table_name, delta_table_path):
        spark.range(2).write.format("delta").save(delta_table_path)
        spark.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{delta_table_path}'")
        spark.sql(f"DROP TABLE {table_name}")
        assert spark.read.format("delta").load(delta_table_path).count() == 2

    def test_time_travel(self, spark, people):
        spark.sql(f"DELETE FROM {people} WHERE id = 1")
        assert of(spark, f"{people} VERSION AS OF 1", "id") == [(1,), (2,), (3,)]
        assert spark.read.option("versionAsOf", 1).table(people).count() == 3
        latest = str(spark.sql(f"DESCRIBE HISTORY {people} LIMIT 1").collect()[0]["timestamp"])
        assert spark.read.option("timestampAsOf", latest).table(people).count() == 2

    def test_an_accident_mended_from_an_older_version(self, spark, people):
        spark.sql(f"DELETE FROM {people} WHERE country = 'CH'")
        spark.sql(f"INSERT INTO {people} SELECT * FROM {people} VERSION AS OF 1 WHERE country = 'CH'")
        assert of(spark, people, "id") == [(1,), (2,), (3,)]

    def test_a_wrong_update_mended_by_merge(self, spark, people):
        spark.sql(f"UPDATE {people} SET name = 'wrong'")
        spark.sql(
            f"MERGE INTO {people} t USING (SELECT * FROM {people} VERSION AS OF 1) s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET *"
        )
        assert of(spark, people, "name") == [("Ann",), ("Bo",), ("Cy",)]

    def test_append_and_overwrite(self, spark, people):
        row = spark.sql("SELECT 4 AS id, 'Di' AS name, DATE'2000-01-01' AS born, 'CH' AS country")
        row.write.mode("append").saveAsTable(people)
        assert len(of(spark, people)) == 4
        row.write.mode("overwrite").saveAsTable(people)
        assert of(spark, people, "id") == [(4,)]

    def test_selective_overwrite(self, spark, people):
        row = spark.sql("SELECT 9 AS id, 'Zoe' AS name, CAST(NULL AS DATE) AS born, 'CH' AS country")
        row.write.mode("overwrite").option("replaceWhere", "country = 'CH'").saveAsTable(people)
        assert of(spark, people, "id") == [(2,), (9,)]
        bad = row.withColumn("country", F.lit("IT"))
        write = bad.write.mode("overwrite").option("replaceWhere", "country = 'CH'")
        assert "DELTA_REPLACE_WHERE_MISMATCH" in refused(lambda: write.saveAsTable(people))

    def test_dynamic_partition_overwrite(self, spark, delta_table_path):
        df = spark.createDataFrame([(1, "a"), (2, "b")], "id int, p string")
        df.write.format("delta").partitionBy("p").save(delta_table_path)
        one = spark.createDataFrame([(9, "b")], "id int, p string")
        writer = one.write.format("delta").mode("overwrite").option("partitionOverwriteMode", "dynamic")
        writer.save(delta_table_path)
        assert of(spark, f"delta.`{delta_table_path}`") == [(1, "a"), (9, "b")]

    def test_idempotent_writes(self, spark, delta_table_path):
        for version in (1, 1, 2):
            writer = spark.range(1).write.format("delta").mode("append")
            writer.option("txnAppId", "app").option("txnVersion", version).save(delta_table_path)
        assert spark.read.format("delta").load(delta_table_path).count() == 2

    def test_user_metadata(self, spark, people):
        spark.conf.set("spark.databricks.delta.commitInfo.userMetadata", "session")
        try:
            spark.sql(f"UPDATE {people} SET name = upper(name) WHERE id = 1")
        finally:
            spark.conf.unset("spark.databricks.delta.commitInfo.userMetadata")
        history = spark.sql(f"DESCRIBE HISTORY {people}").collect()
        assert [row["userMetadata"] for row in history] == ["session", None, None]

    def test_schema_enforcement_and_evolution(self, spark, people):
        row = spark.sql("SELECT 5 AS id, 'Ed' AS name, CAST(NULL AS DATE) AS born, 'FR' AS country, 1.5D AS score")
        assert refused(lambda: row.write.mode("append").format("delta").saveAsTable(people))
        row.write.mode("append").option("mergeSchema", "true").saveAsTable(people)
        assert of(spark, people, "id, score", "id IN (1, 5)") == [(1, None), (5, 1.5)]

    def test_rename_and_drop_of_a_column_by_rewriting(self, spark, people):
        df = spark.read.table(people).withColumnRenamed("born", "birthday").drop("country")
        df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(people)
        assert spark.table(people).columns == ["id", "name", "birthday"]

    def test_alter_columns(self, spark, people):
        spark.sql(f"ALTER TABLE {people} ADD COLUMNS (city STRING COMMENT 'where' AFTER name, n STRUCT<a: INT>)")
        spark.sql(f"ALTER TABLE {people} ADD COLUMNS (n.b STRING)")
        spark.sql(f"ALTER TABLE {people} ALTER COLUMN city FIRST")
        assert spark.table(people).columns == ["city", "id", "name", "born", "country", "n"]
        assert dict(spark.table(people).dtypes)["n"] == "struct<a:int,b:string>"

    def test_column_mapping(self, spark, people):
        spark.sql(f"ALTER TABLE {people} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')")
        spark.sql(f"ALTER TABLE {people} RENAME COLUMN born TO `date of birth`")
        spark.sql(f"ALTER TABLE {people} DROP COLUMN country")
        assert spark.table(people).columns == ["id", "name", "date of birth"]

    def test_table_properties_by_default(self, spark, table_name):
        spark.conf.set("spark.databricks.delta.properties.defaults.appendOnly", "true")
        try:
            spark.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        finally:
            spark.conf.unset("spark.databricks.delta.properties.defaults.appendOnly")
        spark.sql(f"INSERT INTO {table_name} VALUES (1)")
        assert refused(lambda: spark.sql(f"DELETE FROM {table_name}").collect()) == "DELTA_CANNOT_MODIFY_APPEND_ONLY"

    @pytest.mark.parametrize(
        ("default", "given", "stored"),
        [
            ({"enableChangeDataFeed": "false"}, "", {"enableChangeDataFeed": "false"}),
            (
                {"enableChangeDataFeed": "true"},
                "TBLPROPERTIES ('DELTA.enableChangeDataFeed' = 'false')",
                {"enableChangeDataFeed": "false"},
            ),
            ({"nope": "1", "appendonly": "true", "checkpointInterval": "7"}, "", {"checkpointInterval": "7"}),
            (
                {"feature.timestampNtz": "supported", "minWriterVersion": "5", "checkpointInterval": "7"},
                "TBLPROPERTIES ('delta.ignoreProtocolDefaults' = 'true')",
                {"checkpointInterval": "7"},
            ),
        ],
    )
    def test_which_defaults_count(self, spark, table_name, default, given, stored):
        """DeltaConfigs.mergeGlobalConfigs: a property's own name, nothing else; the table's own properties win."""
        prefix = "spark.databricks.delta.properties.defaults."
        settings = {prefix + name: value for name, value in ({"enableChangeDataFeed": "false"} | default).items()}
        feed = spark.conf.get(prefix + "enableChangeDataFeed", "unset")
        try:
            for name, value in settings.items():
                spark.conf.set(name, value)
            spark.sql(f"CREATE TABLE {table_name} (id INT) USING delta {given}")
        finally:
            for name in settings:
                spark.conf.unset(name)
            if feed != "unset":
                spark.conf.set(prefix + "enableChangeDataFeed", feed)
        detail = spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]
        expected = {f"delta.{name}": value for name, value in ({"enableChangeDataFeed": "false"} | stored).items()}
        assert detail.properties == expected
        assert "timestampNtz" not in detail.tableFeatures

    def test_views_see_the_table_as_it_is(self, spark, people):
        spark.sql(f"CREATE OR REPLACE TEMP VIEW doc_view AS SELECT name FROM {people} WHERE country = 'CH'")
        spark.sql(f"DELETE FROM {people} WHERE id = 1")
        assert of(spark, "doc_view") == [("Cy",)]


class TestUpdates:
    def test_delete_and_update(self, spark, people):
        table = DeltaTable.forName(spark, people)
        table.delete("born < '1990-01-01'")
        table.update(F.col("country") == "CH", {"country": F.lit("Switzerland")})
        table.update("id = 2", {"name": "concat(name, '!')"})
        assert of(spark, people, "id, name, country") == [(2, "Bo!", "IT"), (3, "Cy", "Switzerland")]

    def test_upsert(self, spark, people):
        news = spark.createDataFrame([(2, "Bob", "IT"), (7, "Gil", "FR")], "id int, name string, country string")
        merge = DeltaTable.forName(spark, people).alias("t").merge(news.alias("s"), "t.id = s.id")
        merge = merge.whenMatchedUpdate(set={"name": "s.name"})
        merge.whenNotMatchedInsert(values={"id": "s.id", "name": "s.name", "country": "s.country"}).execute()
        assert of(spark, people, "id, name") == [(1, "Ann"), (2, "Bob"), (3, "Cy"), (7, "Gil")]

    def test_rows_that_the_source_no_longer_has(self, spark, people):
        source = spark.table(people).where("id <> 3")
        merge = DeltaTable.forName(spark, people).alias("t").merge(source.alias("s"), "t.id = s.id")
        merge.whenMatchedUpdateAll().whenNotMatchedBySourceDelete().execute()
        assert of(spark, people, "id") == [(1,), (2,)]

    def test_schema_evolution_in_merge(self, spark, people):
        source = spark.sql("SELECT 1 AS id, 'Anna' AS name, CAST(NULL AS DATE) AS born, 'CH' AS country, 'x' AS extra")
        spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "true")
        try:
            merge = DeltaTable.forName(spark, people).alias("t").merge(source.alias("s"), "t.id = s.id")
            merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
        finally:
            spark.conf.unset("spark.databricks.delta.schema.autoMerge.enabled")
        assert of(spark, people, "id, name, extra", "id < 3") == [(1, "Anna", "x"), (2, "Bo", None)]

    def test_duplicates_are_not_inserted(self, spark, people):
        logs = spark.table(people).union(spark.sql("SELECT 9, 'New', NULL, 'FR'"))
        merge = DeltaTable.forName(spark, people).alias("t").merge(logs.alias("s"), "t.id = s.id")
        merge.whenNotMatchedInsertAll().execute()
        assert of(spark, people, "id") == [(1,), (2,), (3,), (9,)]

    def test_slowly_changing_dimension(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (id INT, address STRING, current BOOLEAN, from_ INT, to_ INT) USING delta"
        )
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 'old', true, 1, NULL), (2, 'same', true, 1, NULL)")
        updates = spark.createDataFrame([(1, "new", 5), (3, "first", 5)], "id int, address string, at int")
        table = DeltaTable.forName(spark, table_name)
        changed = updates.alias("u").join(table.toDF().alias("c"), "id").where("c.current AND u.address <> c.address")
        staged = changed.selectExpr("CAST(NULL AS INT) AS key", "id", "u.address", "at").union(
            updates.selectExpr("id AS key", "id", "address", "at")
        )
        merge = table.alias("c").merge(staged.alias("s"), "c.id = s.key")
        merge = merge.whenMatchedUpdate("c.current AND c.address <> s.address", {"current": "false", "to_": "s.at"})
        new = {"id": "s.id", "address": "s.address", "current": "true", "from_": "s.at"}
        merge.whenNotMatchedInsert(values=new).execute()
        assert of(spark, table_name) == [
            (1, "new", True, 5, None), (1, "old", False, 1, 5), (2, "same", True, 1, None), (3, "first", True, 5, None),
        ]  # fmt: skip

    def test_a_stream_of_changes_applied(self, spark, people):
        """The latest change of each key wins; deletions delete."""
        feed = spark.createDataFrame(
            [(1, "Ann2", False, 1), (1, "Ann3", False, 2), (2, None, True, 3), (8, "Hal", False, 4), (9, "x", True, 5)],
            "id int, name string, deleted boolean, at int",
        )
        latest = feed.selectExpr("id", "struct(at, name, deleted) AS c").groupBy("id").agg(F.max("c").alias("c"))
        source = latest.selectExpr("id", "c.name", "c.deleted")
        merge = DeltaTable.forName(spark, people).alias("t").merge(source.alias("s"), "t.id = s.id")
        merge = merge.whenMatchedDelete("s.deleted = true").whenMatchedUpdate(set={"name": "s.name"})
        merge.whenNotMatchedInsert("s.deleted = false", {"id": "s.id", "name": "s.name"}).execute()
        assert of(spark, people, "id, name") == [(1, "Ann3"), (3, "Cy"), (8, "Hal")]


class TestChangeFeed:
    def test_enabled_for_a_table_and_read(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (id INT, v STRING) USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true)"
        )
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 'a'), (2, 'b')")
        spark.sql(f"UPDATE {table_name} SET v = 'c' WHERE id = 1")
        spark.sql(f"DELETE FROM {table_name} WHERE id = 2")
        reader = spark.read.option("readChangeFeed", "true").option("startingVersion", 1)
        expected = [
            (1, "insert", 1, "a"), (1, "insert", 2, "b"), (2, "update_postimage", 1, "c"), (2, "update_preimage", 1, "a"),
            (3, "delete", 2, "b"),
        ]  # fmt: skip
        assert changes(reader.table(table_name), "id", "v") == expected
        assert changes(spark.sql(f"SELECT * FROM table_changes('{table_name}', 1)"), "id", "v") == expected
        assert changes(reader.option("endingVersion", 1).table(table_name), "id", "v") == expected[:2]

    def test_not_before_it_was_enabled(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT) USING delta TBLPROPERTIES (delta.enableChangeDataFeed = false)")
        spark.sql(f"ALTER TABLE {table_name} SET TBLPROPERTIES (delta.enableChangeDataFeed = true)")
        reader = spark.read.option("readChangeFeed", "true")
        assert (
            refused(lambda: reader.option("startingVersion", 0).table(table_name).collect())
            == "DELTA_MISSING_CHANGE_DATA"
        )
        assert reader.option("startingVersion", 1).table(table_name).collect() == []


class TestUtilities:
    def test_history(self, spark, people):
        table = DeltaTable.forName(spark, people)
        assert [row["operation"] for row in table.history().collect()] == ["WRITE", "CREATE TABLE"]
        assert table.history(1).collect()[0]["operationMetrics"]["numOutputRows"] == "3"

    def test_detail(self, spark, people):
        detail = DeltaTable.forName(spark, people).detail().collect()[0]
        assert (detail["format"], detail["numFiles"]) == ("delta", 1)
        assert detail["name"].endswith(people)

    def test_restore(self, spark, people):
        spark.sql(f"DELETE FROM {people}")
        DeltaTable.forName(spark, people).restoreToVersion(1)
        assert len(of(spark, people)) == 3
        spark.sql(f"RESTORE TABLE {people} TO VERSION AS OF 0")
        assert of(spark, people) == []

    def test_vacuum(self, spark, people):
        spark.sql(f"DELETE FROM {people} WHERE id = 1")
        assert refused(lambda: spark.sql(f"VACUUM {people} RETAIN 0 HOURS").collect())
        spark.sql(f"VACUUM {people} RETAIN 168 HOURS")
        assert of(spark, people, "id") == [(2,), (3,)]

    def test_convert(self, spark, delta_table_path):
        spark.createDataFrame([(1, "a")], "id int, p string").write.partitionBy("p").parquet(delta_table_path)
        table = DeltaTable.convertToDelta(spark, f"parquet.`{delta_table_path}`", "p STRING")
        assert sorted_rows(table.toDF()) == [(1, "a")]
        assert DeltaTable.isDeltaTable(spark, delta_table_path)

    def test_manifest(self, spark, delta_table_path):
        spark.range(3).write.format("delta").save(delta_table_path)
        DeltaTable.forPath(spark, delta_table_path).generate("symlink_format_manifest")
        manifest = spark.read.text(f"{delta_table_path}/_symlink_format_manifest/manifest")
        assert all(row[0].endswith(".parquet") for row in manifest.collect())

    def test_shallow_clone(self, spark, people):
        target = f"{people}_clone"
        spark.sql(f"CREATE OR REPLACE TABLE {target} SHALLOW CLONE {people}")
        try:
            spark.sql(f"UPDATE {target} SET name = 'clone'")
            assert of(spark, target, "name") == [("clone",)] * 3
            assert of(spark, people, "name") == [("Ann",), ("Bo",), ("Cy",)]
        finally:
            spark.sql(f"DROP TABLE {target}")


class TestOptimization:
    def test_compaction_and_z_order(self, spark, delta_table_path):
        for i in range(4):
            spark.range(i, i + 1).withColumn("p", F.lit(i % 2)).write.format("delta").mode("append").partitionBy(
                "p"
            ).save(delta_table_path)
        table = DeltaTable.forPath(spark, delta_table_path)
        table.optimize().where("p = 0").executeCompaction()
        assert table.detail().collect()[0]["numFiles"] == 3
        spark.sql(f"OPTIMIZE delta.`{delta_table_path}` ZORDER BY (id)")
        assert table.detail().collect()[0]["numFiles"] == 2

    def test_auto_compaction(self, spark, delta_table_path):
        conf = {
            "spark.databricks.delta.autoCompact.enabled": "true",
            "spark.databricks.delta.autoCompact.minNumFiles": "3",
        }
        for key, value in conf.items():
            spark.conf.set(key, value)
        try:
            for i in range(3):
                spark.range(i, i + 1).coalesce(1).write.format("delta").mode("append").save(delta_table_path)
        finally:
            for key in conf:
                spark.conf.unset(key)
        history = DeltaTable.forPath(spark, delta_table_path).history().collect()
        assert history[0]["operation"] == "OPTIMIZE" and history[0]["operationParameters"]["auto"] == "true"

    def test_clustering(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT, v STRING) USING delta CLUSTER BY (id)")
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 'a'), (2, 'b')")
        spark.sql(f"OPTIMIZE {table_name}")
        spark.sql(f"ALTER TABLE {table_name} CLUSTER BY (v)")
        assert spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]["clusteringColumns"] == ["v"]
        spark.sql(f"ALTER TABLE {table_name} CLUSTER BY NONE")
        assert spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]["clusteringColumns"] == []


class TestConstraints:
    def test_not_null(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT NOT NULL, v STRING) USING delta")
        insert = f"INSERT INTO {table_name} VALUES (NULL, 'a')"
        assert "DELTA_NOT_NULL_CONSTRAINT_VIOLATED" in refused(lambda: spark.sql(insert).collect())
        spark.sql(f"ALTER TABLE {table_name} ALTER COLUMN id DROP NOT NULL")
        spark.sql(insert)
        assert of(spark, table_name) == [(None, "a")]

    def test_check(self, spark, people):
        spark.sql(f"ALTER TABLE {people} ADD CONSTRAINT known CHECK (country IN ('CH', 'IT', 'FR'))")
        insert = f"INSERT INTO {people} VALUES (5, 'x', NULL, 'XX')"
        assert "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES" in refused(lambda: spark.sql(insert).collect())
        assert (
            refused(lambda: spark.sql(f"ALTER TABLE {people} ADD CONSTRAINT ch CHECK (country = 'CH')").collect())
            == "DELTA_NEW_CHECK_CONSTRAINT_VIOLATION"
        )
        spark.sql(f"ALTER TABLE {people} DROP CONSTRAINT known")
        spark.sql(insert)
        assert len(of(spark, people)) == 4

    def test_default_values(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (id INT, v STRING DEFAULT 'none') USING delta "
            "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
        )
        spark.sql(f"INSERT INTO {table_name} (id) VALUES (1)")
        spark.sql(f"INSERT INTO {table_name} VALUES (2, DEFAULT)")
        assert of(spark, table_name) == [(1, "none"), (2, "none")]

    def test_type_widening(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (n SMALLINT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"
        )
        spark.sql(f"INSERT INTO {table_name} VALUES (1)")
        spark.sql(f"ALTER TABLE {table_name} ALTER COLUMN n TYPE INT")
        spark.sql(f"INSERT INTO {table_name} VALUES (100000)")
        assert of(spark, table_name) == [(1,), (100000,)]

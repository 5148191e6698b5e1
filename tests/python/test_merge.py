"""MERGE: what real Spark + Delta recorded for every case (tests/gold/merge), DataFrame.mergeInto, other readers' view of
merged tables, conflicts. Passes on real Spark too (DELTIC_TEST_MASTER=local[2]), except what is marked deltic."""

from __future__ import annotations

import pytest

from tests.encoding import encode_rows
from tests.errors import condition
from tests.gold.corpora import corpus
from tests.rows import changes, rows, sorted_rows

MERGES = corpus("merge")


@pytest.mark.parametrize("name", MERGES.parameters())
def test_recorded_by_real_spark(spark, name):
    MERGES.check(spark, name)


def make_target(spark, name, **properties):
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    spark.sql(
        f"CREATE TABLE {name} (id INT, v STRING) USING delta TBLPROPERTIES ('my.key' = 'x'{', ' if listed else ''}{listed})"
    )
    spark.sql(f"INSERT INTO {name} VALUES (1, 'a'), (2, 'b'), (3, 'c')")


@pytest.fixture
def source(spark):
    return spark.createDataFrame([(2, "B"), (4, "D")], "id int, v string")


class TestMergeInto:
    """df.mergeInto, which clients of Spark 4 have."""

    @pytest.fixture(autouse=True)
    def _needs_merge_into(self, spark):
        if not hasattr(spark.range(1), "mergeInto"):
            pytest.skip("this client has no mergeInto")

    def test_update_all_and_insert_all(self, spark, source, table_name):
        make_target(spark, table_name)
        from pyspark.sql import functions as F

        merge = source.alias("s").mergeInto(table_name, F.expr(f"{table_name}.id = s.id"))
        merge.whenMatched().updateAll().whenNotMatched().insertAll().merge()
        assert sorted_rows(spark.table(table_name)) == [(1, "a"), (2, "B"), (3, "c"), (4, "D")]

    def test_every_action(self, spark, source, table_name):
        from pyspark.sql import functions as F

        make_target(spark, table_name)
        merge = source.alias("s").mergeInto(table_name, F.expr(f"{table_name}.id = s.id"))
        merge = merge.whenMatched(F.expr("s.v = 'none'")).delete()
        merge = merge.whenMatched().update({"v": F.concat(F.col("s.v"), F.lit("!"))})
        merge = merge.whenNotMatched(F.col("s.id") > 3).insert({"id": F.col("s.id") * 10, "v": F.lit("new")})
        merge = merge.whenNotMatchedBySource(F.col("id") == 1).update({"v": F.lit("old")})
        merge = merge.whenNotMatchedBySource().delete()
        merge.merge()
        assert sorted_rows(spark.table(table_name)) == [(1, "old"), (2, "B!"), (40, "new")]

    def test_columns_of_the_source_dataframe(self, spark, source, table_name):
        from pyspark.sql import functions as F

        make_target(spark, table_name)
        merge = source.mergeInto(table_name, source.id == F.col(f"{table_name}.id"))
        merge.whenMatched().update({"v": source.v}).whenNotMatched().insert({"id": source.id}).merge()
        assert sorted_rows(spark.table(table_name)) == [(1, "a"), (2, "B"), (3, "c"), (4, None)]

    def test_with_schema_evolution(self, spark, table_name):
        from pyspark.sql import functions as F

        make_target(spark, table_name)
        wider = spark.createDataFrame([(2, "B", 1.5), (4, "D", 2.5)], "id int, v string, w double").alias("s")
        merge = wider.mergeInto(table_name, F.expr(f"{table_name}.id = s.id")).whenMatched().updateAll()
        merge.whenNotMatched().insertAll().withSchemaEvolution().merge()
        assert spark.table(table_name).schema.simpleString() == "struct<id:int,v:string,w:double>"
        assert sorted_rows(spark.table(table_name)) == [(1, "a", None), (2, "B", 1.5), (3, "c", None), (4, "D", 2.5)]

    def test_unknown_column(self, spark, source, table_name):
        from pyspark.sql import functions as F

        make_target(spark, table_name)
        merge = source.alias("s").mergeInto(table_name, F.expr(f"{table_name}.id = s.nope")).whenMatched().delete()
        with pytest.raises(Exception) as caught:
            merge.merge()
        assert condition(caught.value) == "DELTA_MERGE_UNRESOLVED_EXPRESSION"


@pytest.mark.deltic
class TestSchemaEvolutionInSql:
    """MERGE WITH SCHEMA EVOLUTION, which Spark 3.5 does not parse: Delta 4 gives the rows that the setting gives."""

    def test_adds_columns(self, spark, table_name):
        make_target(spark, table_name)
        done = spark.sql(
            f"MERGE WITH SCHEMA EVOLUTION INTO {table_name} t USING (SELECT 2 AS id, 'B' AS v, true AS w) s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        assert rows(done) == [(1, 1, 0, 0)]
        assert sorted_rows(spark.table(table_name)) == [(1, "a", None), (2, "B", True), (3, "c", None)]


class TestTargets:
    def test_path(self, spark, source, delta_table_path):
        spark.createDataFrame([(1, "a"), (2, "b")], "id int, v string").write.format("delta").save(delta_table_path)
        source.createOrReplaceTempView("merge_path_source")
        done = spark.sql(
            f"MERGE INTO delta.`{delta_table_path}` t USING merge_path_source s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        assert rows(done) == [(2, 1, 0, 1)]
        df = spark.read.format("delta").load(delta_table_path)
        assert sorted_rows(df) == [(1, "a"), (2, "B"), (4, "D")]

    def test_cte(self, spark, table_name):
        make_target(spark, table_name)
        spark.sql(
            f"WITH s AS (SELECT 2 AS id, 'B' AS v) MERGE INTO {table_name} t USING s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET v = s.v"
        )
        assert sorted_rows(spark.table(table_name)) == [(1, "a"), (2, "B"), (3, "c")]

    def test_many_files_and_rows(self, spark, delta_table_path):
        """More rows than one batch, matches in some of the files only."""
        path = f"delta.`{delta_table_path}`"
        for part in range(4):
            df = spark.range(part * 5000, (part + 1) * 5000).selectExpr(
                "id", "id % 7 AS grp", "CAST(id AS STRING) AS v"
            )
            df.write.format("delta").mode("append").option("delta.enableDeletionVectors", "true").save(delta_table_path)
        spark.range(4000, 12000, 2).selectExpr("id", "concat('n', id) AS v").createOrReplaceTempView(
            "merge_many_source"
        )
        done = spark.sql(
            f"MERGE INTO {path} t USING merge_many_source s ON t.id = s.id WHEN MATCHED AND s.id % 10 = 0 THEN DELETE "
            "WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED BY SOURCE AND t.grp = 3 AND t.id < 4000 THEN DELETE"
        )
        by_source = sum(1 for i in range(4000) if i % 7 == 3)
        assert rows(done) == [(4000 + by_source, 3200, 800 + by_source, 0)]
        df = spark.read.format("delta").load(delta_table_path)
        assert df.count() == 20000 - 800 - by_source
        assert df.where("v LIKE 'n%'").count() == 3200
        assert df.where("v LIKE 'n%' AND v <> concat('n', id)").count() == 0
        version = spark.sql(f"DESCRIBE HISTORY {path} LIMIT 1").collect()[0]["version"]
        feed = spark.read.format("delta").options(readChangeFeed="true", startingVersion=version).load(delta_table_path)
        counted = {row[0]: row[1] for row in rows(feed.groupBy("_change_type").count())}
        assert counted == {"update_preimage": 3200, "update_postimage": 3200, "delete": 800 + by_source}


@pytest.mark.deltic
@pytest.mark.oracle
class TestRealSparkReads:
    def test_merged_table(self, spark, oracle, delta_table_path):
        path = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {path} (id INT, v STRING, p STRING) USING delta PARTITIONED BY (p) TBLPROPERTIES "
            "('delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true', 'delta.columnMapping.mode' = 'name')"
        )
        spark.sql(f"INSERT INTO {path} SELECT id, concat('v', id), CAST(id % 3 AS STRING) FROM range(100)")
        for start in (10, 50):
            spark.range(start, start + 80).selectExpr(
                "CAST(id AS INT) AS id", "concat('w', id) AS v", "CAST(id % 4 AS STRING) AS p"
            ).createOrReplaceTempView("merge_interop_source")
            spark.sql(
                f"MERGE INTO {path} t USING merge_interop_source s ON t.id = s.id WHEN MATCHED AND s.id % 5 = 0 THEN DELETE "
                "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT * "
                "WHEN NOT MATCHED BY SOURCE AND t.id < 5 THEN UPDATE SET v = 'old'"
            )
        df = spark.read.format("delta").load(delta_table_path)
        assert oracle.read(delta_table_path)["rows"] == encode_rows(df)
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        feed = spark.read.format("delta").options(**options).load(delta_table_path)
        assert oracle.read(delta_table_path, **options)["rows"] == encode_rows(feed)
        assert len(changes(feed, "id")) > 200

"""cache(), persist(), CACHE TABLE: kept rows, and when they are computed anew. Passes on real Spark too."""

from __future__ import annotations

import pytest
from pyspark import StorageLevel
from pyspark.sql import functions as F

from tests.rows import rows, sorted_rows


@pytest.fixture(autouse=True)
def nothing_kept(spark):
    spark.catalog.clearCache()
    yield
    spark.catalog.clearCache()


def level_of(df) -> tuple:
    level = df.storageLevel
    return (level.useDisk, level.useMemory, level.deserialized)


class TestDataFrames:
    def test_levels(self, spark):
        df = spark.range(3).withColumn("x", F.lit("levels"))
        assert level_of(df) == (False, False, False)
        df.persist(StorageLevel.DISK_ONLY)
        assert level_of(df) == (True, False, False)
        df.unpersist()
        assert level_of(df) == (False, False, False)
        df.cache()
        assert level_of(df) == (True, True, True)

    def test_random_rows_stay(self, spark):
        df = spark.range(5).withColumn("r", F.rand(3) + F.monotonically_increasing_id()).cache()
        assert rows(df) == rows(df)

    def test_files_may_go(self, spark, delta_table_path):
        spark.range(3).write.parquet(delta_table_path)
        df = spark.read.parquet(delta_table_path).cache()
        assert df.count() == 3
        other = spark.read.parquet(delta_table_path)
        assert sorted_rows(df) == sorted_rows(other) == [(0,), (1,), (2,)]

    def test_inside_larger_queries(self, spark):
        df = spark.range(10).withColumn("k", F.col("id") % 3).cache()
        assert df.count() == 10
        assert sorted_rows(df.groupBy("k").count()) == [(0, 4), (1, 3), (2, 3)]
        assert sorted_rows(df.filter("k = 1").select("id")) == [(1,), (4,), (7,)]
        joined = df.alias("a").join(df.alias("b"), F.col("a.id") == F.col("b.id") + 1)
        assert joined.count() == 9
        df.createOrReplaceTempView("kept")
        assert rows(spark.sql("SELECT count(*) FROM kept WHERE id IN (SELECT max(id) FROM kept)")) == [(1,)]

    def test_an_append_is_seen(self, spark, delta_table_path):
        spark.range(2).write.format("delta").save(delta_table_path)
        df = spark.read.format("delta").load(delta_table_path).cache()
        assert df.count() == 2
        spark.range(2, 5).write.format("delta").mode("append").save(delta_table_path)
        assert spark.read.format("delta").load(delta_table_path).count() == 5

    def test_an_overwrite_is_seen(self, spark, delta_table_path):
        spark.range(2).write.format("delta").save(delta_table_path)
        df = spark.read.format("delta").load(delta_table_path).filter("id >= 0").cache()
        assert df.count() == 2
        spark.range(7).write.format("delta").mode("overwrite").save(delta_table_path)
        assert spark.read.format("delta").load(delta_table_path).filter("id >= 0").count() == 7

    def test_a_version_is_its_own(self, spark, delta_table_path):
        spark.range(2).write.format("delta").save(delta_table_path)
        spark.range(3).write.format("delta").mode("append").save(delta_table_path)

        def at(version):
            return spark.read.format("delta").option("versionAsOf", version).load(delta_table_path)

        assert at(0).cache().count() == 2
        assert at(1).count() == 5

    def test_unpersist_gives_new_rows(self, spark, delta_table_path):
        spark.range(2).write.parquet(delta_table_path)
        df = spark.read.parquet(delta_table_path).cache()
        assert df.count() == 2
        df.unpersist()
        spark.range(3).write.mode("append").parquet(delta_table_path)
        assert spark.read.parquet(delta_table_path).count() == 5


class TestTables:
    @pytest.fixture
    def table(self, spark):
        spark.sql("DROP TABLE IF EXISTS kept_table")
        spark.range(3).write.format("delta").saveAsTable("kept_table")
        yield "kept_table"
        spark.sql("DROP TABLE IF EXISTS kept_table")

    def test_cache_table(self, spark, table):
        assert not spark.catalog.isCached(table)
        spark.sql(f"CACHE TABLE {table}")
        assert spark.catalog.isCached(table)
        assert spark.table(table).count() == 3
        spark.sql(f"INSERT INTO {table} VALUES (9)")
        assert spark.table(table).count() == 4
        assert spark.catalog.isCached(table)
        spark.sql(f"UNCACHE TABLE {table}")
        assert not spark.catalog.isCached(table)

    def test_lazy(self, spark, table):
        spark.sql(f"CACHE LAZY TABLE {table}")
        assert spark.catalog.isCached(table)

    def test_catalog(self, spark, table):
        spark.catalog.cacheTable(table)
        assert spark.catalog.isCached(table)
        spark.catalog.uncacheTable(table)
        assert not spark.catalog.isCached(table)
        spark.catalog.cacheTable(table)
        spark.catalog.clearCache()
        assert not spark.catalog.isCached(table)

    def test_as_select(self, spark, table):
        spark.sql(f"CACHE TABLE kept_view AS SELECT id * 2 AS d FROM {table}")
        assert sorted_rows(spark.table("kept_view")) == [(0,), (2,), (4,)]
        assert spark.catalog.isCached("kept_view")
        spark.sql("UNCACHE TABLE kept_view")
        spark.catalog.dropTempView("kept_view")

    def test_refresh(self, spark, table):
        spark.sql(f"CACHE TABLE {table}")
        spark.sql(f"REFRESH TABLE {table}")
        assert spark.table(table).count() == 3

    def test_a_table_that_is_not_there(self, spark):
        with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND"):
            spark.sql("CACHE TABLE no_such_table")
        spark.sql("UNCACHE TABLE IF EXISTS no_such_table")

"""INSERT in the forms that the recorded corpus cannot hold: what Spark 4 and Delta 4 added, and several in one statement."""

from __future__ import annotations

import pyspark
import pytest

from tests.rows import sorted_rows

SPARK_4_CLIENT = pytest.mark.skipif(pyspark.__version__ < "4", reason="the client has no clusterBy")


@pytest.fixture
def table(spark, table_name):
    spark.sql(f"CREATE TABLE {table_name} (id INT, v STRING) USING delta")
    spark.sql(f"INSERT INTO {table_name} VALUES (1, 'a'), (2, 'b')")
    return table_name


@pytest.mark.deltic
class TestSchemaEvolutionInSql:
    """INSERT WITH SCHEMA EVOLUTION, as Delta 4.3 documents it: new columns are added, older rows have NULL there."""

    ROWS = [(1, "a", None), (2, "b", None), (3, "c", True)]

    def test_by_position(self, spark, table):
        spark.sql(f"INSERT WITH SCHEMA EVOLUTION INTO {table} SELECT 3 AS id, 'c' AS v, true AS w")
        assert sorted_rows(spark.table(table)) == self.ROWS
        assert spark.table(table).columns == ["id", "v", "w"]

    def test_by_name(self, spark, table):
        spark.sql(f"INSERT WITH SCHEMA EVOLUTION INTO {table} BY NAME SELECT true AS w, 'c' AS v, 3 AS id")
        assert sorted_rows(spark.table(table)) == self.ROWS

    def test_overwrite(self, spark, table):
        spark.sql(f"INSERT WITH SCHEMA EVOLUTION OVERWRITE {table} SELECT 3 AS id, 'c' AS v, true AS w")
        assert sorted_rows(spark.table(table)) == self.ROWS[2:]

    def test_goes_before_the_setting(self, spark, table):
        spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "false")
        try:
            spark.sql(f"INSERT WITH SCHEMA EVOLUTION INTO {table} SELECT 3 AS id, 'c' AS v, true AS w")
        finally:
            spark.conf.unset("spark.databricks.delta.schema.autoMerge.enabled")
        assert sorted_rows(spark.table(table)) == self.ROWS


@pytest.mark.deltic
@SPARK_4_CLIENT
class TestWriteToClusterBy:
    """DataFrameWriterV2.clusterBy of Spark 4."""

    def clustering(self, spark, table):
        return spark.sql(f"DESCRIBE DETAIL {table}").collect()[0]["clusteringColumns"]

    def test_create_and_replace(self, spark, table_name):
        df = spark.createDataFrame([(1, "a")], "id int, v string")
        df.writeTo(table_name).using("delta").clusterBy("id").create()
        assert self.clustering(spark, table_name) == ["id"]
        df.writeTo(table_name).using("delta").clusterBy("v", "id").createOrReplace()
        assert self.clustering(spark, table_name) == ["v", "id"]
        df.writeTo(table_name).using("delta").replace()
        assert self.clustering(spark, table_name) == []

    def test_not_with_partitions(self, spark, table_name):
        from pyspark.sql import functions as f

        df = spark.createDataFrame([(1, "a")], "id int, v string")
        with pytest.raises(Exception, match="DELTA_CLUSTER_BY_WITH_PARTITIONED_BY"):
            df.writeTo(table_name).using("delta").partitionedBy(f.col("v")).clusterBy("id").create()
        assert not spark.catalog.tableExists(table_name)


class TestReplacedTables:
    """A table that DataFrameWriterV2 replaces stays where it is (DeltaCatalog.createDeltaTable)."""

    def test_external(self, spark, table_name, delta_table_path):
        spark.sql(f"CREATE TABLE {table_name} (id BIGINT) USING delta LOCATION '{delta_table_path}'")
        spark.sql(f"INSERT INTO {table_name} VALUES (1), (2)")
        for method, rows in [("createOrReplace", [(10,)]), ("replace", [(11,)])]:
            getattr(spark.createDataFrame(rows, "id bigint").writeTo(table_name).using("delta"), method)()
            assert sorted_rows(spark.table(table_name)) == rows
            assert sorted_rows(spark.read.format("delta").load(delta_table_path)) == rows
            detail = spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]
            assert detail.location.removeprefix("file:") == delta_table_path
        described = spark.sql(f"DESCRIBE EXTENDED {table_name}").collect()
        assert [row.data_type for row in described if row.col_name == "Type"] == ["EXTERNAL"]

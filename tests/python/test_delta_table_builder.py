"""DeltaTable's builders: create, createIfNotExists, replace, createOrReplace. Passes on every client and on real Spark;
see test_delta_table.py."""

from __future__ import annotations

import datetime as dt

import pytest
from delta.tables import DeltaTable, IdentityGenerator
from pyspark.errors import AnalysisException
from pyspark.sql.types import IntegerType, LongType, StringType, StructField, StructType

import delta
from tests.errors import condition
from tests.rows import rows


def operation(table: DeltaTable) -> str:
    return table.history(1).collect()[0].operation


def refused(action) -> str:
    """The condition of the error that `action` raises."""
    with pytest.raises(AnalysisException) as caught:
        action()
    return condition(caught.value)


class TestBuilder:
    def test_create_by_name(self, spark, table_name):
        table = (
            DeltaTable.create(spark)
            .tableName(table_name)
            .comment("people")
            .addColumn("id", "BIGINT", nullable=False)
            .addColumn("name", StringType(), comment="as in the passport")
            .addColumn("p", dataType="int")
            .partitionedBy("p")
            .property("delta.appendOnly", "false")
            .execute()
        )
        fields = table.toDF().schema.fields
        assert [(f.name, f.dataType.simpleString(), f.nullable) for f in fields] == [
            ("id", "bigint", False),
            ("name", "string", True),
            ("p", "int", True),
        ]
        assert fields[1].metadata == {"comment": "as in the passport"}
        row = table.detail().collect()[0]
        assert (row.name, row.description) == (f"spark_catalog.default.{table_name}", "people")
        assert row.partitionColumns == ["p"]
        assert row.properties["delta.appendOnly"] == "false"
        assert operation(table) == "CREATE TABLE"
        create = DeltaTable.create(spark).tableName(table_name).addColumn("id", "int")
        assert refused(create.execute) == "TABLE_OR_VIEW_ALREADY_EXISTS"

    def test_create_at_a_location(self, spark, delta_table_path):
        table = DeltaTable.create(spark).location(delta_table_path).addColumn("id", "int").execute()
        assert table.toDF().columns == ["id"]
        assert DeltaTable.isDeltaTable(spark, delta_table_path)

    def test_create_a_table_at_a_location(self, spark, delta_table_path, table_name):
        DeltaTable.create(spark).tableName(table_name).location(delta_table_path).addColumn("id", "int").execute()
        spark.createDataFrame([(1,)], "id int").write.format("delta").mode("append").save(delta_table_path)
        assert rows(spark.table(table_name)) == [(1,)]

    @pytest.mark.deltic  # delta-spark 3.3.2 stumbles over it (None.get)
    def test_create_by_path_as_name(self, spark, delta_table_path):
        DeltaTable.create(spark).tableName(f"delta.`{delta_table_path}`").addColumn("id", "int").execute()
        assert DeltaTable.isDeltaTable(spark, delta_table_path)

    def test_create_nowhere(self, spark):
        create = DeltaTable.create(spark).addColumn("id", "int")
        assert refused(create.execute) == "DELTA_CREATE_TABLE_MISSING_TABLE_NAME_OR_LOCATION"

    def test_create_if_not_exists(self, spark, delta_table_path, table_name):
        for _ in range(2):
            table = DeltaTable.createIfNotExists(spark).tableName(table_name).addColumn("id", "int").execute()
        assert table.history().count() == 1
        DeltaTable.createIfNotExists(spark).tableName(table_name).addColumn("other", "string").execute()
        assert table.toDF().columns == ["id"]

    def test_replace(self, spark, table_name):
        replace = DeltaTable.replace(spark).tableName(table_name).addColumn("id", "int")
        assert refused(replace.execute) in ("TABLE_OR_VIEW_NOT_FOUND", "DELTA_CANNOT_REPLACE_MISSING_TABLE")
        spark.range(3).write.format("delta").saveAsTable(table_name)
        table = DeltaTable.replace(spark).tableName(table_name).addColumn("other", "string").execute()
        assert table.toDF().columns == ["other"] and table.toDF().count() == 0
        assert operation(table) == "REPLACE TABLE"

    def test_create_or_replace(self, spark, table_name):
        for column in ("a", "b"):
            table = DeltaTable.createOrReplace(spark).tableName(table_name).addColumn(column, "int").execute()
            assert table.toDF().columns == [column]
        assert rows(table.history().select("version", "operation")) == [
            (1, "CREATE OR REPLACE TABLE"),
            (0, "CREATE OR REPLACE TABLE"),
        ]

    def test_add_columns(self, spark, table_name):
        schema = StructType(
            [StructField("id", LongType(), False), StructField("s", StructType([]).add("x", IntegerType()))]
        )
        table = DeltaTable.create(spark).tableName(table_name).addColumns(schema).execute()
        assert table.toDF().schema.simpleString() == "struct<id:bigint,s:struct<x:int>>"
        assert table.toDF().schema["id"].nullable is False
        table = DeltaTable.replace(spark).tableName(table_name).addColumns([StructField("z", StringType())]).execute()
        assert table.toDF().columns == ["z"]

    @pytest.mark.skipif(hasattr(delta, "__version__"), reason="delta-spark 4 wants the session of Connect clients")
    def test_the_active_session(self, spark, table_name):
        table = DeltaTable.create().tableName(table_name).addColumn("id", "int").execute()
        assert table.toDF().columns == ["id"]

    def test_generated_columns(self, spark, table_name):
        table = (
            DeltaTable.create(spark)
            .tableName(table_name)
            .addColumn("at", "timestamp")
            .addColumn("day", "date", generatedAlwaysAs="CAST(at AS DATE)")
            .execute()
        )
        spark.sql("SELECT timestamp'2024-05-06 07:08:09' AS at").write.format("delta").mode("append").saveAsTable(
            table_name
        )
        assert rows(table.toDF().select("day")) == [(dt.date(2024, 5, 6),)]

    def test_identity_columns(self, spark, table_name):
        table = (
            DeltaTable.create(spark)
            .tableName(table_name)
            .addColumn("id", "bigint", generatedAlwaysAs=IdentityGenerator(start=10, step=5))
            .addColumn("other", "bigint", generatedByDefaultAs=IdentityGenerator())
            .addColumn("name", "string")
            .execute()
        )
        spark.createDataFrame([("a",)], "name string").write.format("delta").mode("append").saveAsTable(table_name)
        spark.createDataFrame([(7, "b")], "other bigint, name string").write.format("delta").mode("append").saveAsTable(
            table_name
        )
        (a_id, a_other, _), (b_id, b_other, _) = rows(table.toDF().orderBy("name"))
        assert a_id >= 10 and b_id > a_id and a_id % 5 == b_id % 5 == 0  # the numbers may have gaps
        assert a_other >= 1 and b_other == 7

    def test_cluster_by(self, spark, table_name):
        table = (
            DeltaTable.create(spark)
            .tableName(table_name)
            .addColumn("a", "int")
            .addColumn("b", "int")
            .clusterBy("a", "b")
        ).execute()
        assert table.detail().collect()[0].clusteringColumns == ["a", "b"]

    def test_arguments_of_no_use(self, spark):
        builder = DeltaTable.create(spark)
        for call, text in (
            (lambda: builder.tableName(1), "Identifier must be str"),
            (lambda: builder.location(1), "Location must be str"),
            (lambda: builder.comment(1), "Table comment must be str"),
            (lambda: builder.addColumn(1, "int"), "Column name must be str"),
            (lambda: builder.addColumn("a", 1), "Column data type must be str or DataType"),
            (lambda: builder.addColumn("a", "int", nullable=1), "Column nullable must be bool"),
            (lambda: builder.addColumn("a", "int", generatedAlwaysAs=1), "Generated always as expression must be str"),
            (
                lambda: builder.addColumn("a", "int", generatedByDefaultAs="1"),
                "Generated by default expression must be",
            ),
            (lambda: builder.addColumn("a", "int", comment=1), "Column comment must be str|Comment must be str"),
            (lambda: builder.addColumns(1), "Schema must be StructType"),
            (lambda: builder.addColumns(["a"]), "Column in existing schema must be StructField"),
            (lambda: builder.partitionedBy(1), "Partitioning column must be str"),
            (lambda: builder.clusterBy(1), "Clustering column must be str"),
            (lambda: builder.property("a", 1), "Key and value of property must be string"),
        ):
            with pytest.raises(TypeError, match=text):
                call()
        with pytest.raises(ValueError, match="cannot both be set"):
            builder.addColumn("a", "bigint", generatedAlwaysAs="1", generatedByDefaultAs=IdentityGenerator())
        with pytest.raises(ValueError, match="requires step to be non-zero"):
            builder.addColumn("a", "bigint", generatedAlwaysAs=IdentityGenerator(step=0))

"""Delta tables by name: saveAsTable, CREATE TABLE, INSERT, DROP. Passes on deltic and on real Spark."""

from __future__ import annotations

import datetime as dt

import pytest
from pyspark.errors import AnalysisException

from tests.errors import condition
from tests.rows import rows, sorted_rows


def people(spark, *names: str, first_id: int = 1):
    """(id bigint, name string), ids counted up from first_id."""
    return spark.createDataFrame([(first_id + i, name) for i, name in enumerate(names)], ["id", "name"])


class TestNamedTables:
    def test_save_as_table(self, spark_session, table_name):
        people(spark_session, "a").write.format("delta").saveAsTable(table_name)
        people(spark_session, "b", first_id=2).write.format("delta").mode("append").saveAsTable(table_name)
        assert sorted_rows(spark_session.table(table_name)) == [(1, "a"), (2, "b")]
        people(spark_session, "c").write.format("delta").mode("overwrite").saveAsTable(table_name)
        assert rows(spark_session.read.table(table_name)) == [(1, "c")]

    def test_save_as_an_existing_table(self, spark_session, table_name):
        people(spark_session, "a").write.format("delta").saveAsTable(table_name)
        with pytest.raises(AnalysisException) as caught:
            people(spark_session, "b").write.format("delta").saveAsTable(table_name)
        assert condition(caught.value) == "TABLE_OR_VIEW_ALREADY_EXISTS"

    def test_create_insert_select_drop(self, spark_session, table_name):
        spark_session.sql(f"CREATE TABLE {table_name} (id BIGINT, name STRING, d DATE) USING delta PARTITIONED BY (d)")
        spark_session.sql(f"INSERT INTO {table_name} VALUES (1, 'a', DATE'2025-01-01'), (2, NULL, NULL)")
        spark_session.sql(f"INSERT INTO {table_name} (name, id) VALUES ('c', 3)")
        assert sorted_rows(spark_session.sql(f"SELECT id, name, d FROM {table_name}")) == [
            (1, "a", dt.date(2025, 1, 1)),
            (2, None, None),
            (3, "c", None),
        ]
        spark_session.sql(f"INSERT OVERWRITE {table_name} SELECT 9, 'z', DATE'2025-02-02'")
        assert rows(spark_session.table(table_name)) == [(9, "z", dt.date(2025, 2, 2))]
        spark_session.sql(f"DROP TABLE {table_name}")
        with pytest.raises(AnalysisException) as caught:
            spark_session.table(table_name).collect()
        assert condition(caught.value) == "TABLE_OR_VIEW_NOT_FOUND"

    def test_create_if_not_exists_and_again(self, spark_session, table_name):
        spark_session.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        spark_session.sql(f"CREATE TABLE IF NOT EXISTS {table_name} (other INT) USING delta")
        assert spark_session.table(table_name).columns == ["id"]
        with pytest.raises(AnalysisException) as caught:
            spark_session.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        assert condition(caught.value) == "TABLE_OR_VIEW_ALREADY_EXISTS"

    def test_create_table_as_select(self, spark_session, table_name):
        spark_session.sql(f"CREATE TABLE {table_name} USING delta AS SELECT id, id * 2 AS double FROM range(3)")
        assert sorted_rows(spark_session.table(table_name)) == [(0, 0), (1, 2), (2, 4)]

    def test_an_external_table_outlives_its_name(self, spark_session, delta_table_path, table_name):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        spark_session.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{delta_table_path}'")
        assert rows(spark_session.table(table_name)) == [(1, "a")]
        spark_session.sql(f"DROP TABLE {table_name}")
        assert rows(spark_session.sql(f"SELECT * FROM delta.`{delta_table_path}`")) == [(1, "a")]

    def test_history_of_sql_statements(self, spark_session, table_name):
        spark_session.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        spark_session.sql(f"INSERT INTO {table_name} VALUES (1)")
        found = spark_session.sql(f"DESCRIBE HISTORY {table_name}").orderBy("version").collect()
        assert [(row.version, row.operation) for row in found] == [(0, "CREATE TABLE"), (1, "WRITE")]

    def test_writing_by_path_in_sql(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        spark_session.sql(f"INSERT INTO delta.`{delta_table_path}` VALUES (2, 'b')")
        assert sorted_rows(spark_session.sql(f"SELECT * FROM delta.`{delta_table_path}`")) == [(1, "a"), (2, "b")]

    def test_insert_into_with_the_dataframe_writer(self, spark_session, table_name):
        people(spark_session, "a").write.format("delta").saveAsTable(table_name)
        people(spark_session, "b", first_id=2).write.insertInto(table_name)
        assert sorted_rows(spark_session.table(table_name)) == [(1, "a"), (2, "b")]

"""Persistent views: CREATE VIEW, ALTER VIEW … AS, DROP VIEW. Passes on real Spark too (DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import pytest
from pyspark.errors import AnalysisException

from tests.errors import condition, seen
from tests.rows import rows, sorted_rows


@pytest.fixture
def people(spark, table_name):
    spark.sql(f"CREATE TABLE {table_name} (id INT, name STRING) USING delta")
    spark.sql(f"INSERT INTO {table_name} VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid')")
    return table_name


@pytest.fixture
def view(spark, table_name):
    name = f"{table_name}_v"
    spark.sql(f"DROP VIEW IF EXISTS {name}")
    yield name
    spark.sql(f"DROP VIEW IF EXISTS {name}")


def refused(spark, statement, expected):
    with pytest.raises(AnalysisException) as raised:
        spark.sql(statement).collect()
    assert condition(raised.value) == seen(expected)
    return raised.value


class TestRows:
    def test_follows_its_table(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT id, upper(name) AS name FROM {people} WHERE id > 1")
        assert sorted_rows(spark.table(view)) == [(2, "BOB"), (3, "CID")]
        spark.sql(f"INSERT INTO {people} VALUES (4, 'Dee')")
        assert rows(spark.sql(f"SELECT v.name FROM {view} v JOIN {people} p ON p.id = v.id WHERE v.id > 3")) == [
            ("DEE",)
        ]
        assert rows(spark.sql(f"SELECT spark_catalog.default.{view}.id FROM {view} ORDER BY id LIMIT 1")) == [(2,)]

    def test_columns_of_its_own(self, spark, people, view):
        spark.sql(
            f"CREATE VIEW {view} (a COMMENT 'the number', b) COMMENT 'two' AS SELECT id, id FROM {people} WHERE id = 1"
        )
        shown = spark.table(view)
        assert shown.columns == ["a", "b"] and rows(shown) == [(1, 1)]
        assert shown.schema["a"].metadata == {"comment": "the number"}
        assert spark.catalog.getTable(view).tableType == "VIEW"
        assert spark.catalog.getTable(view).description == "two"

    def test_over_views_and_ctes(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS WITH few AS (SELECT * FROM {people} WHERE id < 3) SELECT * FROM few")
        spark.sql(f"CREATE VIEW {view}2 AS SELECT count(*) AS n FROM {view}")
        try:
            assert rows(spark.table(f"{view}2")) == [(2,)]
            assert view in [table.name for table in spark.catalog.listTables()]
            shown = spark.sql(f"SHOW VIEWS LIKE '{view}*'")
            assert [row.viewName for row in shown.sort("viewName").collect()] == [view, f"{view}2"]
        finally:
            spark.sql(f"DROP VIEW {view}2")

    def test_names_mean_what_they_meant_when_it_was_made(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT id FROM {people}")
        spark.range(7).createOrReplaceTempView(people)  # hides the table, but not from the view
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {view}_db")
        try:
            spark.sql(f"USE {view}_db")
            assert sorted_rows(spark.table(f"default.{view}")) == [(1,), (2,), (3,)]
        finally:
            spark.sql("USE default")
            spark.sql(f"DROP DATABASE {view}_db")
            spark.catalog.dropTempView(people)

    def test_its_columns_stay(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT * FROM {people}")
        spark.sql(f"ALTER TABLE {people} ADD COLUMN extra INT FIRST")
        assert spark.table(view).columns == ["id", "name"] and len(rows(spark.table(view))) == 3
        spark.sql(f"CREATE OR REPLACE TABLE {people} (id SMALLINT) USING delta")
        refused(spark, f"SELECT * FROM {view}", "INCOMPATIBLE_VIEW_SCHEMA_CHANGE")

    def test_its_types_stay(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT * FROM {people}")
        spark.sql(f"CREATE OR REPLACE TABLE {people} USING delta AS SELECT CAST(7 AS SMALLINT) AS id, 'x' AS name")
        assert spark.table(view).schema["id"].dataType.simpleString() == "int" and rows(spark.table(view)) == [(7, "x")]
        spark.sql(f"CREATE OR REPLACE TABLE {people} USING delta AS SELECT 7L AS id, 'x' AS name")
        refused(spark, f"SELECT * FROM {view}", "CANNOT_UP_CAST_DATATYPE")

    def test_alter_as(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT id FROM {people}")
        spark.sql(f"ALTER VIEW {view} AS SELECT name FROM {people} WHERE id = 2")
        assert rows(spark.table(view)) == [("Bob",)]
        spark.sql(f"ALTER VIEW {view} SELECT 1 AS one")
        assert rows(spark.table(view)) == [(1,)]

    def test_as_the_source_of_a_merge(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT id + 2 AS id, 'new' AS name FROM {people}")
        spark.sql(
            f"MERGE INTO {people} t USING {view} s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
        assert sorted_rows(spark.table(people)) == [(1, "Ann"), (2, "Bob"), (3, "new"), (4, "new"), (5, "new")]


class TestRefused:
    def test_a_name_that_is_taken(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT 1 AS a")
        refused(spark, f"CREATE VIEW {view} AS SELECT 2 AS a", "TABLE_OR_VIEW_ALREADY_EXISTS")
        spark.sql(f"CREATE VIEW IF NOT EXISTS {view} AS SELECT 3 AS a")
        assert rows(spark.table(view)) == [(1,)]
        spark.sql(f"CREATE OR REPLACE VIEW {view} AS SELECT 4 AS a")
        assert rows(spark.table(view)) == [(4,)]
        refused(spark, f"CREATE VIEW {people} AS SELECT 2 AS a", "_LEGACY_ERROR_TEMP_1278")
        refused(spark, f"CREATE OR REPLACE VIEW {people} AS SELECT 2 AS a", "_LEGACY_ERROR_TEMP_1278")

    def test_what_it_may_not_read(self, spark, people, view):
        refused(spark, f"CREATE VIEW {view} AS SELECT * FROM {people}_nope", "TABLE_OR_VIEW_NOT_FOUND")
        refused(spark, f"CREATE VIEW {view} AS SELECT nope FROM {people}", "UNRESOLVED_COLUMN.WITH_SUGGESTION")
        spark.range(3).createOrReplaceTempView("for_views")
        refused(spark, f"CREATE VIEW {view} AS SELECT * FROM for_views", "INVALID_TEMP_OBJ_REFERENCE")
        spark.sql(f"CREATE VIEW {view} AS SELECT id FROM {people}")
        refused(spark, f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM {view}", "RECURSIVE_VIEW")
        refused(spark, f"ALTER VIEW {view} AS SELECT * FROM {view}", "RECURSIVE_VIEW")

    def test_columns_that_do_not_fit(self, spark, people, view):
        refused(spark, f"CREATE VIEW {view} AS SELECT id, id FROM {people}", "COLUMN_ALREADY_EXISTS")
        refused(
            spark,
            f"CREATE VIEW {view} (a) AS SELECT * FROM {people}",
            "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        )

    def test_writes_into_it(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT * FROM {people}")
        refused(spark, f"INSERT INTO {view} VALUES (9, 'x')", "_LEGACY_ERROR_TEMP_1010")
        refused(spark, f"DROP TABLE {view}", "WRONG_COMMAND_FOR_OBJECT_TYPE")
        refused(spark, f"DROP VIEW {people}", "WRONG_COMMAND_FOR_OBJECT_TYPE")
        assert len(rows(spark.table(people))) == 3

    def test_its_table_is_gone(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT * FROM {people}")
        spark.sql(f"DROP TABLE {people}")
        refused(spark, f"SELECT * FROM {view}", "TABLE_OR_VIEW_NOT_FOUND")

    def test_as_a_table(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} AS SELECT * FROM {people}")
        refused(spark, f"ALTER TABLE {view} ADD COLUMN x INT", "_LEGACY_ERROR_TEMP_1013")
        refused(spark, f"ALTER TABLE {view} RENAME TO {view}_2", "_LEGACY_ERROR_TEMP_1252")
        refused(spark, f"ALTER VIEW {people} AS SELECT 1 AS a", "_LEGACY_ERROR_TEMP_1015")
        refused(spark, f"ALTER VIEW {view}_nope AS SELECT 1 AS a", "TABLE_OR_VIEW_NOT_FOUND")
        refused(spark, f"OPTIMIZE {view}", "_LEGACY_ERROR_TEMP_1013")
        refused(spark, f"DESCRIBE HISTORY {view}", "_LEGACY_ERROR_TEMP_1013")
        refused(spark, f"CREATE TABLE {view} (id INT) USING delta", "TABLE_OR_VIEW_ALREADY_EXISTS")
        refused(spark, f"CREATE OR REPLACE TABLE {view} (id INT) USING delta", "DELTA_CANNOT_WRITE_INTO_VIEW")
        refused(spark, f"DELETE FROM {view} WHERE id = 1", "DELTA_UNSUPPORTED_SOURCE")
        assert len(rows(spark.table(view))) == 3


class TestDescription:
    def test_describe_extended(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} (a, b) COMMENT 'two' AS SELECT id, name FROM {people}")
        shown = {row.col_name: row.data_type for row in spark.sql(f"DESCRIBE EXTENDED {view}").collect()}
        assert shown["a"] == "int" and shown["Type"] == "VIEW" and shown["Comment"] == "two"
        assert shown["View Text"] == f"SELECT id, name FROM {people}"
        assert shown["View Catalog and Namespace"] == "spark_catalog.default"
        assert shown["View Query Output Columns"] == "[id, name]"

    def test_show_create_table(self, spark, people, view):
        spark.sql(
            f"CREATE VIEW {view} (a COMMENT 'it\\'s', b) COMMENT 'two' TBLPROPERTIES ('k' = 'v') "
            f"AS SELECT id, name FROM {people}"
        )
        text = spark.sql(f"SHOW CREATE TABLE {view}").collect()[0][0]
        assert text == (
            f"CREATE VIEW default.{view} (\n  a COMMENT 'it\\'s',\n  b)\nCOMMENT 'two'\n"
            f"TBLPROPERTIES (\n  'k' = 'v')\nAS SELECT id, name FROM {people}\n"
        )

    def test_properties_and_name(self, spark, people, view):
        spark.sql(f"CREATE VIEW {view} TBLPROPERTIES ('k' = 'v') AS SELECT id FROM {people}")
        spark.sql(f"ALTER VIEW {view} SET TBLPROPERTIES ('a' = 'b', 'k' = 'w')")
        assert sorted_rows(spark.sql(f"SHOW TBLPROPERTIES {view}")) == [("a", "b"), ("k", "w")]
        spark.sql(f"ALTER VIEW {view} UNSET TBLPROPERTIES ('a')")
        refused(spark, f"ALTER VIEW {view} UNSET TBLPROPERTIES ('a')", "UNSET_NONEXISTENT_PROPERTIES")
        spark.sql(f"DROP VIEW IF EXISTS {view}_2")
        spark.sql(f"ALTER VIEW {view} RENAME TO {view}_2")
        assert rows(spark.sql(f"SHOW TBLPROPERTIES {view}_2")) == [("k", "w")]
        refused(spark, f"ALTER VIEW {view}_2 RENAME TO {people}", "TABLE_OR_VIEW_ALREADY_EXISTS")
        spark.sql(f"DROP VIEW {view}_2")

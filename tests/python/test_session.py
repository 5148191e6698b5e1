"""Sessions, views, SQL text, the catalog, errors. Expected values are Spark's: this file passes on real Spark too
(DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import decimal
import threading

import pyspark
import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException

from tests.errors import condition
from tests.rows import rows

D = decimal.Decimal


def setting(spark, key: str) -> str | None:
    """None when it has no value."""
    try:
        return spark.conf.get(key)
    except Exception:
        return None


class TestSessionAndViews:
    def test_temp_view(self, spark, staff):
        staff.createOrReplaceTempView("staff_view")
        assert rows(spark.sql("SELECT count(*) FROM staff_view WHERE pay > 75")) == [(3,)]
        assert spark.catalog.tableExists("staff_view")
        with pytest.raises(AnalysisException) as caught:
            staff.createTempView("staff_view")
        assert condition(caught.value) == "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"
        assert spark.catalog.dropTempView("staff_view")
        assert not spark.catalog.tableExists("staff_view")

    def test_global_temp_view(self, spark, staff):
        staff.createOrReplaceGlobalTempView("staff_global")
        assert spark.table("global_temp.staff_global").count() == 5
        spark.catalog.dropGlobalTempView("staff_global")

    def test_sql_parameters(self, spark):
        assert rows(spark.sql("SELECT :a + 1, :b", args={"a": 1, "b": "x"})) == [(2, "x")]
        assert rows(spark.sql("SELECT ? * 2", args=[21])) == [(42,)]

    def test_sql_clauses(self, spark, staff):
        staff.createOrReplaceTempView("staff_sql")
        got = spark.sql(
            "WITH paid AS (SELECT * FROM staff_sql WHERE pay IS NOT NULL) "
            "SELECT team, sum(pay) AS total FROM paid GROUP BY team HAVING sum(pay) > 75 ORDER BY total DESC LIMIT 2"
        )
        assert rows(got) == [("dev", 180.0), (None, 90.0)]
        assert rows(spark.sql("SELECT id FROM staff_sql WHERE pay = (SELECT max(pay) FROM staff_sql)")) == [(1,)]
        assert rows(
            spark.sql("SELECT name FROM staff_sql s WHERE EXISTS (SELECT 1 FROM staff_sql t WHERE t.id = s.id + 4)")
        ) == [("Ann",)]
        assert rows(
            spark.sql("SELECT x FROM staff_sql LATERAL VIEW explode(array(id, id * 10)) t AS x WHERE id = 2")
        ) == [(2,), (20,)]
        spark.catalog.dropTempView("staff_sql")

    @pytest.mark.skipif(pyspark.__version__ < "4", reason="PySpark 3.5's Connect client has no DataFrames in SQL text")
    def test_sql_over_dataframes(self, spark):
        df = spark.range(5)
        assert rows(spark.sql("SELECT id FROM {df} WHERE id > {n}", df=df, n=3)) == [(4,)]
        assert rows(spark.sql("SELECT {df[id]} FROM {df} WHERE id > :m", {"m": 3}, df=df)) == [(4,)]
        assert rows(spark.sql("SELECT id + ? FROM {df} WHERE id > ?", [10, 3], df=df)) == [(14,)]

    def test_values(self, spark):
        assert rows(spark.sql("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(n, s) ORDER BY n DESC")) == [
            (2, "b"),
            (1, "a"),
        ]

    def test_conf(self, spark):
        spark.conf.set("spark.sql.shuffle.partitions", "7")
        assert spark.conf.get("spark.sql.shuffle.partitions") == "7"
        spark.conf.unset("spark.sql.shuffle.partitions")
        assert spark.conf.get("no.such.key", "fallback") == "fallback"
        assert spark.conf.isModifiable("spark.sql.shuffle.partitions") is True
        with pytest.raises(Exception) as caught:
            spark.conf.get("no.such.key")
        assert condition(caught.value) == "SQL_CONF_NOT_FOUND"

    def test_a_default_of_the_callers(self, spark):
        # As the documentation of RuntimeConfig.get: it goes before the setting's own.
        spark.conf.unset("spark.sql.sources.partitionOverwriteMode")
        assert spark.conf.get("spark.sql.sources.partitionOverwriteMode", "DYNAMIC") == "DYNAMIC"
        assert spark.conf.get("spark.sql.sources.partitionOverwriteMode") == "STATIC"
        spark.conf.set("spark.sql.sources.partitionOverwriteMode", "STATIC")
        assert spark.conf.get("spark.sql.sources.partitionOverwriteMode", "DYNAMIC") == "STATIC"
        spark.conf.unset("spark.sql.sources.partitionOverwriteMode")

    @pytest.mark.parametrize(
        "key,value,told",
        [
            ("spark.sql.shuffle.partitions", "0", "The value of spark.sql.shuffle.partitions must be positive"),
            ("spark.sql.shuffle.partitions", "-1", "The value of spark.sql.shuffle.partitions must be positive"),
            ("spark.sql.shuffle.partitions", "2147483648", "spark.sql.shuffle.partitions should be int"),
            ("spark.sql.leafNodeDefaultParallelism", "0", "leafNodeDefaultParallelism must be positive"),
            ("spark.sql.sources.partitionOverwriteMode", "foo", "one of"),
            ("spark.sql.storeAssignmentPolicy", "foo", "ANSI, LEGACY, STRICT"),
            ("spark.sql.mapKeyDedupPolicy", "foo", "EXCEPTION, LAST_WIN"),
            ("spark.sql.legacy.timeParserPolicy", "foo", "CORRECTED, EXCEPTION, LEGACY"),
            ("spark.sql.timestampType", "foo", "TIMESTAMP_LTZ, TIMESTAMP_NTZ"),
            ("spark.sql.parquet.compression.codec", "foo", "one of"),
            ("spark.databricks.delta.snapshotPartitions", "0", "partition number must be positive"),
            ("spark.databricks.delta.optimize.maxFileSize", "-1", "maxFileSize has to be positive"),
            ("spark.databricks.delta.optimize.maxDeletedRowsRatio", "2", "must be in range [0.0, 1.0]"),
            ("spark.databricks.delta.optimize.maxDeletedRowsRatio", "x", "should be double"),
        ],
    )
    def test_values_that_a_setting_does_not_take(self, spark, key, value, told):
        before = setting(spark, key)
        with pytest.raises(IllegalArgumentException) as caught:
            spark.conf.set(key, value)
        assert told in str(caught.value)
        with pytest.raises(IllegalArgumentException):
            spark.sql(f"SET {key}={value}")
        assert setting(spark, key) == before

    def test_values_in_any_case(self, spark):
        key = "spark.sql.sources.partitionOverwriteMode"
        spark.conf.set(key, "dynamic")
        assert spark.conf.get(key) == "dynamic"
        spark.conf.unset(key)

    def test_time_zone(self, spark):
        spark.conf.set("spark.sql.session.timeZone", "America/New_York")
        try:
            assert rows(spark.sql("SELECT CAST(TIMESTAMP'2025-01-01 00:00:00Z' AS STRING)")) == [
                ("2024-12-31 19:00:00",)
            ]
        finally:
            spark.conf.set("spark.sql.session.timeZone", "UTC")

    def test_catalog(self, spark, table_name):
        spark.range(1).write.format("delta").saveAsTable(table_name)
        assert spark.catalog.currentDatabase() == "default"
        assert table_name in [table.name for table in spark.catalog.listTables()]
        assert [column.name for column in spark.catalog.listColumns(table_name)] == ["id"]
        assert spark.catalog.tableExists(table_name)
        assert "default" in [database.name for database in spark.catalog.listDatabases()]

    def test_databases_by_qualified_names(self, spark):
        assert spark.catalog.getDatabase("spark_catalog.default").name == "default"
        assert spark.catalog.databaseExists("spark_catalog.default")
        assert not spark.catalog.databaseExists("spark_catalog.no_such")
        assert not spark.catalog.databaseExists("no_such")

    def test_functions(self, spark):
        spark.udf.register("twiceOf", lambda x: x * 2, "int")
        assert spark.catalog.functionExists("abs") and spark.catalog.functionExists("twiceof")
        assert not spark.catalog.functionExists("no_such") and not spark.catalog.functionExists("abs", "default")

    def test_show_tables(self, spark, table_name):
        spark.range(1).write.format("delta").saveAsTable(table_name)
        assert ("default", table_name, False) in rows(spark.sql("SHOW TABLES"))

    def test_database(self, spark):
        spark.sql("CREATE DATABASE IF NOT EXISTS client_db")
        spark.sql("CREATE TABLE client_db.t (a INT) USING delta")
        spark.sql("INSERT INTO client_db.t VALUES (1)")
        spark.sql("USE client_db")
        assert rows(spark.table("t")) == [(1,)]
        spark.sql("USE default")
        spark.sql("DROP DATABASE client_db CASCADE")
        assert not spark.catalog.databaseExists("client_db")

    def test_the_same_plan_twice(self, staff):
        df = staff.where("id < 3")
        assert rows(df) == rows(df)

    def test_input_files_and_metadata(self, spark, delta_table_path):
        spark.range(3).coalesce(1).write.format("delta").save(delta_table_path)
        files = spark.read.format("delta").load(delta_table_path).inputFiles()
        assert len(files) == 1 and files[0].endswith(".parquet")


class TestErrors:
    @pytest.mark.parametrize(
        "query,expected",
        [
            ("SELECT nope FROM range(1)", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("SELECT nope", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"),
            ("SELECT no_such_function(1)", "UNRESOLVED_ROUTINE"),
            ("SELECT * FROM no_such_table", "TABLE_OR_VIEW_NOT_FOUND"),
            ("SELECT abs()", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"),
            ("SELECT 1 + array(1)", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"),
            ("SELECT id, count(*) FROM range(3)", "MISSING_GROUP_BY"),
            ("SELECT id, id + 1 FROM range(3) GROUP BY id + 1", "MISSING_AGGREGATION"),
            ("SELECT sum(max(id)) FROM range(3)", "NESTED_AGGREGATE_FUNCTION"),
            ("SELECT 1 UNION SELECT 1, 2", "NUM_COLUMNS_MISMATCH"),
            ("SELECT (SELECT id FROM range(3))", "SCALAR_SUBQUERY_TOO_MANY_ROWS"),
            ("SELECT CAST(array(1) AS INT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"),
            ("SELEC 1", "PARSE_SYNTAX_ERROR"),
            ("SELECT (1", "PARSE_SYNTAX_ERROR"),
        ],
    )
    def test_conditions(self, spark, query, expected):
        with pytest.raises(Exception) as caught:
            spark.sql(query).collect()
        assert condition(caught.value) == expected

    def test_parse_errors_are_their_own_class(self, spark):
        from pyspark.errors import ParseException

        with pytest.raises(ParseException):
            spark.sql("SELEC 1")

    def test_ansi_mode(self, spark):
        assert rows(spark.sql("SELECT CAST('x' AS INT), 1 / 0, array(1)[5]")) == [(None, None, None)]
        spark.conf.set("spark.sql.ansi.enabled", "true")
        try:
            for query, expected in (
                ("SELECT CAST('x' AS INT)", "CAST_INVALID_INPUT"),
                ("SELECT 1 / 0", "DIVIDE_BY_ZERO"),
                ("SELECT array(1)[5]", "INVALID_ARRAY_INDEX"),
                ("SELECT 2147483647 + 1", "ARITHMETIC_OVERFLOW"),
            ):
                with pytest.raises(Exception) as caught:
                    spark.sql(query).collect()
                assert condition(caught.value) == expected
        finally:
            spark.conf.set("spark.sql.ansi.enabled", "false")


class TestClient:
    def test_a_session_that_a_release_thread_collects_ends(self, spark):
        """PySpark 3.5's pool of release threads must not wait for itself: see deltic/release_pool.py."""
        from pyspark.sql.connect.client.reattach import ExecutePlanResponseReattachableIterator as Iterator

        spark.range(1).collect()
        if not hasattr(Iterator, "shutdown"):
            pytest.skip("this client's sessions do not wait for the pool")
        Iterator._initialize_pool_if_necessary()
        Iterator._release_thread_pool.apply_async(Iterator.shutdown).get(timeout=30)
        assert spark.range(3).count() == 3

    def test_a_session_that_is_collected_while_a_release_waits_ends(self, spark):
        """In the main thread, too: it may hold what the release waits for."""
        from pyspark.sql.connect.client.reattach import ExecutePlanResponseReattachableIterator as Iterator

        spark.range(1).collect()
        if not hasattr(Iterator, "shutdown"):
            pytest.skip("this client's sessions do not wait for the pool")
        Iterator._initialize_pool_if_necessary()
        held = threading.Event()
        rescue = threading.Timer(20, held.set)
        rescue.start()
        Iterator._release_thread_pool.apply_async(held.wait)
        Iterator.shutdown()
        waited = held.is_set()
        rescue.cancel()
        held.set()
        assert not waited
        assert spark.range(3).count() == 3

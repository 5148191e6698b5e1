"""Identity columns: numbers, what writers may give, marks and SYNC IDENTITY, on real Spark where its SQL has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.errors import condition, seen
from tests.python.test_table_features import GOLDEN, fails, failure, schema_fields
from tests.rows import sorted_rows


class TestIdentityColumns:
    """On a table of real Spark: k always from 10 by 5, at 25; k2 by default from 1 by 1, at 3; v."""

    @pytest.fixture
    def path(self, tmp_path):
        return shutil.copytree(GOLDEN / "identity_columns" / "table", str(tmp_path / "identity_columns"))

    def test_numbers_go_on(self, spark, path):
        spark.sql(f"INSERT INTO delta.`{path}` (v) VALUES ('e'), ('f')")
        found = [row[0] for row in spark.sql(f"SELECT k FROM delta.`{path}` ORDER BY k").collect()]
        assert len(set(found)) == 6 and found[-1] > found[-2] > 25 and all((k - 10) % 5 == 0 for k in found)
        marks = {name: f["metadata"].get("delta.identity.highWaterMark") for name, f in schema_fields(path).items()}
        assert marks["k"] == found[-1] and marks["k2"] >= 5

    def test_by_default_takes_values(self, spark, path):
        spark.sql(f"INSERT INTO delta.`{path}` (k2, v) VALUES (1000, 'g')")
        spark.sql(f"INSERT INTO delta.`{path}` (v) VALUES ('h')")
        found = dict(spark.sql(f"SELECT v, k2 FROM delta.`{path}` WHERE v IN ('g', 'h')").collect())
        assert found["g"] == 1000 and 3 < found["h"] < 1000

    def test_always_refuses_values(self, spark, path):
        expected = "DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED"
        fails(spark, f"INSERT INTO delta.`{path}` (k, v) VALUES (7, 'x')", expected)
        fails(spark, f"INSERT INTO delta.`{path}` VALUES (7, 7, 'x')", expected)
        frame = spark.createDataFrame([(7, "q")], "k bigint, v string")
        with pytest.raises(Exception) as caught:
            frame.write.format("delta").mode("append").save(path)
        assert condition(caught.value) == seen(expected)

    def test_dataframes(self, spark, path):
        spark.createDataFrame([("q",)], "v string").write.format("delta").mode("append").save(path)
        assert spark.sql(f"SELECT count(DISTINCT k), count(*) FROM delta.`{path}`").collect()[0] == (5, 5)

    def test_commits_say_that_only_marks_moved(self, spark, path):
        """IDENTITY_COMMITINFO_TAG (OptimisticTransaction.isIdentityOnlyMetadataUpdate): others go on beside them."""

        def tag() -> str | None:
            log = max(Path(path, "_delta_log").glob("*.json")).read_text()
            info = next(a["commitInfo"] for a in map(json.loads, log.splitlines()) if "commitInfo" in a)
            return info.get("tags", {}).get("delta.identity.schemaUpdate")

        table = f"delta.`{path}`"
        spark.sql(f"INSERT INTO {table} (v) VALUES ('e')")
        assert tag() == "true"
        merge = f"MERGE INTO {table} t USING (SELECT 'm' w) s ON t.v = s.w WHEN NOT MATCHED THEN INSERT (v) VALUES (w)"
        spark.sql(merge)
        assert tag() == "true"
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN k2 SYNC IDENTITY")
        assert tag() == "true"
        frame = spark.createDataFrame([("q", 1)], "v string, n int")
        frame.write.format("delta").mode("append").option("mergeSchema", "true").save(path)
        assert tag() is None
        spark.sql(f"DELETE FROM {table} WHERE v = 'q'")
        assert tag() is None

    def test_sync(self, spark, path):
        spark.sql(f"INSERT INTO delta.`{path}` (k2, v) VALUES (1000, 'g')")
        spark.sql(f"ALTER TABLE delta.`{path}` ALTER COLUMN k2 SYNC IDENTITY")
        assert schema_fields(path)["k2"]["metadata"]["delta.identity.highWaterMark"] == 1000
        spark.sql(f"INSERT INTO delta.`{path}` (v) VALUES ('h')")
        assert spark.sql(f"SELECT k2 > 1000 FROM delta.`{path}` WHERE v = 'h'").collect()[0][0]
        fails(
            spark,
            f"ALTER TABLE delta.`{path}` ALTER COLUMN v SYNC IDENTITY",
            "DELTA_IDENTITY_COLUMNS_ALTER_NON_IDENTITY_COLUMN",
        )

    @pytest.mark.deltic  # Spark 3.5's SQL has no identity columns
    def test_sync_does_not_go_back(self, spark, delta_table_path):
        """delta-spark's IdentityColumn.syncIdentity: the mark stays, unless it may be lowered."""
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id BIGINT GENERATED ALWAYS AS IDENTITY, v STRING) USING delta")

        def after_sync():
            spark.sql(f"DELETE FROM {table} WHERE id > 2")
            spark.sql(f"ALTER TABLE {table} ALTER COLUMN id SYNC IDENTITY")
            spark.sql(f"INSERT INTO {table} (v) VALUES ('next')")
            return spark.sql(f"SELECT max(id) FROM {table}").collect()[0][0]

        spark.sql(f"INSERT INTO {table} (v) VALUES ('a'), ('b'), ('c'), ('d'), ('e')")
        assert after_sync() == 6
        name = "spark.databricks.delta.identityColumn.allowSyncIdentityToLowerHighWaterMark.enabled"
        spark.conf.set(name, "true")
        try:
            assert after_sync() == 3
        finally:
            spark.conf.unset(name)

    @pytest.mark.deltic
    def test_sync_before_the_start(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id BIGINT GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY 3), "
            "v STRING) USING delta"
        )
        spark.sql(f"INSERT INTO {table} VALUES (5, 'a')")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN id SYNC IDENTITY")
        assert "delta.identity.highWaterMark" not in schema_fields(delta_table_path)["id"]["metadata"]
        spark.sql(f"INSERT INTO {table} (v) VALUES ('b')")
        assert spark.sql(f"SELECT max(id) FROM {table}").collect()[0][0] == 10

    @pytest.mark.deltic
    def test_in_sql(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id BIGINT GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY -5), "
            "n BIGINT GENERATED ALWAYS AS IDENTITY, v STRING) USING delta"
        )
        spark.sql(f"INSERT INTO {table} (v) VALUES ('a'), ('b')")
        spark.sql(f"INSERT INTO {table} (v) VALUES ('c')")
        assert sorted_rows(spark.table(table)) == [(0, 3, "c"), (10, 1, "a"), (5, 2, "b")]

    @pytest.mark.deltic
    def test_numbers_of_all_64_bits(self, spark, delta_table_path):
        """Spark 4's grammar: an INTEGER_VALUE or a BIGINT_LITERAL, with or without a minus."""
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (a BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 9223372036854775806 INCREMENT BY 1L), "
            "b BIGINT GENERATED ALWAYS AS IDENTITY (INCREMENT BY 1 START WITH -9223372036854775808), "
            "c BIGINT GENERATED ALWAYS AS IDENTITY (START WITH -5l INCREMENT BY -3000000000), v STRING) USING delta"
        )
        spark.sql(f"INSERT INTO {table} (v) VALUES ('x')")
        spark.sql(f"INSERT INTO {table} (v) VALUES ('y')")
        assert sorted_rows(spark.table(table)) == [
            (2**63 - 2, -(2**63), -5, "x"),
            (2**63 - 1, -(2**63) + 1, -3000000005, "y"),
        ]

    @pytest.mark.deltic
    def test_past_the_last_number(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 999999999999999990 "
            "INCREMENT BY 900000000000000000), v STRING) USING delta"
        )
        values = ", ".join(f"('{i}')" for i in range(12))
        assert "long overflow" in failure(spark, f"INSERT INTO {table} (v) VALUES {values}")
        assert spark.table(table).count() == 0

    @pytest.mark.deltic
    @pytest.mark.parametrize(
        "column, tail, expected",
        [
            ("id INT GENERATED ALWAYS AS IDENTITY", "", "DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE"),
            ("id BIGINT GENERATED ALWAYS AS IDENTITY (INCREMENT BY 0)", "", "DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP"),
            ("id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 9223372036854775808)", "", "PARSE_SYNTAX_ERROR"),
            (
                "id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1 START WITH 2)",
                "",
                "IDENTITY_COLUMNS_DUPLICATED_SEQUENCE_GENERATOR_OPTION",
            ),
            (
                "id BIGINT GENERATED ALWAYS AS IDENTITY",
                "PARTITIONED BY (id)",
                "DELTA_IDENTITY_COLUMNS_PARTITION_NOT_SUPPORTED",
            ),
        ],
    )
    def test_definitions_that_are_refused(self, spark, delta_table_path, column, tail, expected):
        fails(spark, f"CREATE TABLE delta.`{delta_table_path}` ({column}, v STRING) USING delta {tail}", expected)

"""Rows of Delta tables under their tables' rules: constraints, lengths, generated, identity and default columns, column
mapping, statistics, clustering. Values and errors are those of real Spark 3.5.5 + Delta 3.3.2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.errors import condition, seen
from tests.rows import sorted_rows

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"


def failure(spark, statement: str) -> str:
    """The message of the error that the statement ends in."""
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    return str(caught.value)


def fails(spark, statement: str, expected: str) -> None:
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    assert condition(caught.value) == seen(expected)


def actions(path: str | Path, kind: str) -> list[dict]:
    """The actions of one kind in the log, oldest first."""
    out = []
    for commit in sorted((Path(path) / "_delta_log").glob("*.json")):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if kind in action:
                out.append(action[kind])
    return out


def stats(path: str | Path) -> list[dict]:
    return [json.loads(add["stats"]) for add in actions(path, "add")]


def schema_fields(path: str | Path) -> dict[str, dict]:
    """The fields of the latest schema in the log, by name."""
    fields = json.loads(actions(path, "metaData")[-1]["schemaString"])["fields"]
    return {field["name"]: field for field in fields}


@pytest.fixture
def golden(tmp_path):
    """Copies of tables that real Spark wrote."""

    def copy(name: str) -> str:
        shutil.copytree(GOLDEN / name / "table", tmp_path / name)
        return str(tmp_path / name)

    tmp_path.chmod(0o777)
    return copy


class TestConstraints:
    @pytest.fixture
    def checked(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id INT, v STRING, s STRUCT<x: INT, y: STRING>) USING delta")
        spark.sql(f"INSERT INTO {table} VALUES (1, 'a', named_struct('x', 1, 'y', 'q'))")
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT pos CHECK (id > 0)")
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT vlen CHECK (length(v) < 3 AND s.x >= 0)")
        return table

    def test_rows_that_satisfy_them_are_written(self, spark, checked):
        spark.sql(f"INSERT INTO {checked} VALUES (2, 'ab', named_struct('x', 0, 'y', NULL))")
        assert sorted_rows(spark.table(checked).select("id", "v")) == [(1, "a"), (2, "ab")]

    def test_the_message_shows_the_row(self, spark, checked):
        message = failure(spark, f"INSERT INTO {checked} VALUES (-1, 'a', named_struct('x', 1, 'y', 'q'))")
        assert "CHECK constraint pos (id > 0) violated by row with values:\n - id : -1" in message
        message = failure(spark, f"INSERT INTO {checked} VALUES (2, 'abcd', named_struct('x', 1, 'y', 'q'))")
        assert (
            "CHECK constraint vlen ((length(v) < 3) AND (s.x >= 0)) violated by row with values:\n"
            " - s.x : 1\n - v : abcd" in message
        )

    def test_null_is_not_true(self, spark, checked):
        message = failure(spark, f"INSERT INTO {checked} VALUES (NULL, 'a', named_struct('x', 1, 'y', 'q'))")
        assert "CHECK constraint pos (id > 0) violated by row with values:\n - id : null" in message
        fails(spark, f"INSERT INTO {checked} VALUES (2, 'ab', NULL)", "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES")

    def test_nothing_is_committed(self, spark, checked, delta_table_path):
        before = spark.sql(f"DESCRIBE HISTORY {checked}").count()
        values = "(5, 'a', named_struct('x', 1, 'y', 'q')), (-5, 'a', named_struct('x', 1, 'y', 'q'))"
        fails(spark, f"INSERT INTO {checked} VALUES {values}", "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES")
        assert spark.sql(f"DESCRIBE HISTORY {checked}").count() == before
        assert spark.table(checked).count() == 1

    def test_rows_that_are_filtered_away_are_not_checked(self, spark, checked):
        spark.range(-5, 5).createOrReplaceTempView("numbers_around_zero")
        spark.sql(
            f"INSERT INTO {checked} SELECT CAST(a.id AS INT), 'a', named_struct('x', 1, 'y', 'q') "
            "FROM numbers_around_zero a JOIN numbers_around_zero b ON a.id = b.id + 7"
        )
        assert sorted_rows(spark.table(checked).select("id")) == [(1,), (2,), (3,), (4,)]

    def test_values_of_every_type(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (a INT, d DATE, t TIMESTAMP, f DOUBLE, e DECIMAL(5,2), l BOOLEAN) USING delta")
        spark.sql(
            f"ALTER TABLE {table} ADD CONSTRAINT w CHECK "
            "(a > 0 AND d > '2020-01-01' AND t > '2020-01-01' AND f > 0 AND e > 0 AND l)"
        )
        message = failure(
            spark,
            f"INSERT INTO {table} VALUES (-1, DATE'2024-01-02', TIMESTAMP'2024-01-02 03:04:05', 1.5, 1.5, true)",
        )
        assert (
            "violated by row with values:\n - a : -1\n - d : 19724\n - e : 1.50\n - f : 1.5\n - l : true\n"
            " - t : 1704164645000000" in message
        )


class TestNotNull:
    @pytest.fixture
    def table(self, spark, delta_table_path):
        name = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {name} (id INT NOT NULL, s STRUCT<x: INT NOT NULL, y: STRING> NOT NULL, "
            "o STRUCT<w: INT NOT NULL>) USING delta"
        )
        return name

    @pytest.mark.parametrize(
        "values, column",
        [
            ("NULL, named_struct('x', 1, 'y', 'q'), named_struct('w', 1)", "id"),
            ("1, NULL, named_struct('w', 1)", "s"),
            ("1, named_struct('x', CAST(NULL AS INT), 'y', 'q'), named_struct('w', 1)", "s.x"),
            ("1, named_struct('x', 1, 'y', 'q'), named_struct('w', CAST(NULL AS INT))", "o.w"),
            ("1, named_struct('x', 1, 'y', 'q'), NULL", "o.w"),
        ],
    )
    def test_columns_and_fields(self, spark, table, values, column):
        message = failure(spark, f"INSERT INTO {table} VALUES ({values})")
        assert f"[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] NOT NULL constraint violated for column: {column}." in message

    def test_a_good_row(self, spark, table):
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 1, 'y', NULL), named_struct('w', 2))")
        assert sorted_rows(spark.table(table)) == [(1, (1, None), (2,))]

    def test_a_missing_column(self, spark, table, delta_table_path):
        fails(spark, f"INSERT INTO {table} (s) VALUES (named_struct('x', 1, 'y', 'q'))", "DELTA_INSERT_COLUMN_MISMATCH")
        with pytest.raises(Exception) as caught:
            spark.sql("SELECT named_struct('x', 1, 'y', 'q') s").write.format("delta").mode("append").save(
                delta_table_path
            )
        assert condition(caught.value) == "DELTA_MISSING_NOT_NULL_COLUMN_VALUE"

    def test_inside_arrays_it_is_refused(self, spark, delta_table_path):
        statement = f"CREATE TABLE delta.`{delta_table_path}` (a ARRAY<STRUCT<z: INT NOT NULL>>) USING delta"
        fails(spark, statement, "DELTA_NESTED_NOT_NULL_CONSTRAINT")


class TestCharAndVarchar:
    @pytest.fixture
    def table(self, spark, delta_table_path):
        name = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {name} (c CHAR(5), v VARCHAR(3), s STRUCT<c: CHAR(2)>, a ARRAY<VARCHAR(2)>) USING delta"
        )
        return name

    def test_what_fits(self, spark, table):
        spark.sql(
            f"INSERT INTO {table} VALUES ('ab', 'abc', named_struct('c', 'a'), array('ab')), (NULL, NULL, NULL, NULL)"
        )
        found = spark.sql(f"SELECT length(c), length(v), length(a[0]) FROM {table} WHERE c IS NOT NULL")
        assert sorted_rows(found) == [(5, 3, 2)]

    @pytest.mark.parametrize(
        "values, check",
        [
            ("'abcdef', 'abc', named_struct('c', 'a'), array('ab')", "((c IS NULL) OR (length(c) <= 5))"),
            ("'ab', 'abcd', named_struct('c', 'a'), array('ab')", "((v IS NULL) OR (length(v) <= 3))"),
            ("'ab', 'abc  ', named_struct('c', 'a'), array('ab')", "((v IS NULL) OR (length(v) <= 3))"),
            ("'ab', 'abc', named_struct('c', 'abc'), array('ab')", "IS NULL) OR (length(s."),
            ("'ab', 'abc', named_struct('c', 'a'), array('abc')", "((a IS NULL) OR forall(a, "),
        ],
    )
    def test_what_is_too_long(self, spark, table, values, check):
        message = failure(spark, f"INSERT INTO {table} VALUES ({values})")
        assert "DELTA_EXCEED_CHAR_VARCHAR_LIMIT" in message and check in message

    def test_dataframes_too(self, spark, table, delta_table_path):
        row = ("x", "abcdef", ("a",), ["b"])
        frame = spark.createDataFrame([row], "c string, v string, s struct<c: string>, a array<string>")
        with pytest.raises(Exception) as caught:
            frame.write.format("delta").mode("append").save(delta_table_path)
        assert 'Value "abcdef" exceeds char/varchar type length limitation' in str(caught.value)


class TestGeneratedColumns:
    """On tables of real Spark: id BIGINT, ts TIMESTAMP, d DATE from ts (the partitioning), id2 BIGINT from id."""

    @pytest.fixture
    def table(self, golden):
        return f"delta.`{golden('generated_columns')}`"

    def test_computed_when_absent(self, spark, table):
        spark.sql(f"INSERT INTO {table} (id, ts) VALUES (10, TIMESTAMP'2024-05-06 07:08:09'), (11, NULL)")
        found = spark.sql(f"SELECT id, CAST(d AS STRING), id2 FROM {table} WHERE id >= 10")
        assert sorted_rows(found) == [(10, "2024-05-06", 20), (11, None, 22)]

    def test_computed_for_dataframes(self, spark, golden):
        path = golden("generated_columns")
        frame = spark.sql("SELECT CAST(12 AS BIGINT) id, TIMESTAMP'2024-05-06 07:08:09' ts")
        frame.write.format("delta").mode("append").save(path)
        found = spark.sql(f"SELECT CAST(d AS STRING), id2 FROM delta.`{path}` WHERE id = 12")
        assert sorted_rows(found) == [("2024-05-06", 24)]

    def test_given_values_must_agree(self, spark, table):
        spark.sql(f"INSERT INTO {table} (id, ts, id2) VALUES (13, NULL, 26)")
        message = failure(spark, f"INSERT INTO {table} (id, ts, id2) VALUES (14, NULL, 5)")
        assert "[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint Generated Column (id2 <=> " in message
        assert "violated by row with values:\n - id : 14\n - id2 : 5" in message

    def test_every_column_by_position(self, spark, table):
        spark.sql(f"INSERT INTO {table} VALUES (15, NULL, NULL, 30)")
        fails(spark, f"INSERT INTO {table} VALUES (15, NULL)", "DELTA_INSERT_COLUMN_ARITY_MISMATCH")

    def test_reading_shows_no_expressions(self, spark, table):
        assert "generationExpression" not in spark.table(table).select("id2").schema.json()

    @pytest.mark.deltic  # Spark 3.5's SQL takes them only through DeltaTable.create
    def test_in_sql(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id INT, d DATE, y INT GENERATED ALWAYS AS (year(d)) COMMENT 'of d') USING delta "
            "PARTITIONED BY (y)"
        )
        spark.sql(f"INSERT INTO {table} (id, d) VALUES (1, DATE'2024-01-02')")
        assert sorted_rows(spark.table(table).select("id", "y")) == [(1, 2024)]
        assert schema_fields(delta_table_path)["y"]["metadata"]["delta.generationExpression"] == "year(d)"

    @pytest.mark.deltic
    @pytest.mark.parametrize(
        "column, expected",
        [
            ("z DOUBLE GENERATED ALWAYS AS (rand())", "DELTA_NON_DETERMINISTIC_EXPRESSION_IN_GENERATED_COLUMN"),
            ("z STRING GENERATED ALWAYS AS (id + 1)", "DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH"),
            ("z BIGINT GENERATED ALWAYS AS (id * 2)", "DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH"),
            ("z INT GENERATED ALWAYS AS (nope + 1)", "DELTA_INVALID_GENERATED_COLUMN_REFERENCES"),
            ("z BIGINT GENERATED ALWAYS AS (sum(id))", "DELTA_AGGREGATE_IN_GENERATED_COLUMN"),
            ("z DATE GENERATED ALWAYS AS (current_date())", "DELTA_UNSUPPORTED_EXPRESSION_GENERATED_COLUMN"),
            ("z INT GENERATED ALWAYS AS (explode(array(id)))", "DELTA_UNSUPPORTED_EXPRESSION_GENERATED_COLUMN"),
            (
                "w INT GENERATED ALWAYS AS (id), z INT GENERATED ALWAYS AS (w + 1)",
                "DELTA_INVALID_GENERATED_COLUMN_REFERENCES",
            ),
        ],
    )
    def test_expressions_that_are_refused(self, spark, delta_table_path, column, expected):
        fails(spark, f"CREATE TABLE delta.`{delta_table_path}` (id INT, {column}) USING delta", expected)


class TestDefaults:
    @pytest.fixture
    def table(self, spark, delta_table_path):
        name = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {name} (id INT, v STRING DEFAULT 'x', w INT DEFAULT 1 + 1, t DATE DEFAULT CURRENT_DATE()) "
            "USING delta TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
        )
        return name

    def rows(self, spark, table):
        return sorted_rows(spark.sql(f"SELECT id, v, w, t IS NULL FROM {table}"))

    def test_the_schema(self, table, delta_table_path):
        fields = schema_fields(delta_table_path)
        assert fields["v"]["metadata"] == {"CURRENT_DEFAULT": "'x'", "EXISTS_DEFAULT": "'x'"}
        assert fields["w"]["metadata"] == {"CURRENT_DEFAULT": "1 + 1", "EXISTS_DEFAULT": "2"}

    def test_columns_that_are_left_out(self, spark, table):
        spark.sql(f"INSERT INTO {table} (id) VALUES (1)")
        spark.sql(f"INSERT INTO {table} (id, v) SELECT 5, 'z'")
        assert self.rows(spark, table) == [(1, "x", 2, False), (5, "z", 2, False)]

    def test_the_keyword(self, spark, table):
        spark.sql(f"INSERT INTO {table} (id, v) VALUES (2, DEFAULT)")
        spark.sql(f"INSERT INTO {table} VALUES (3, DEFAULT, DEFAULT, DEFAULT), (4, 'q', 7, NULL)")
        spark.sql(f"INSERT INTO {table} VALUES (DEFAULT, 'y', 1, NULL)")
        assert self.rows(spark, table) == [
            (2, "x", 2, False),
            (3, "x", 2, False),
            (4, "q", 7, True),
            (None, "y", 1, True),
        ]
        fails(spark, f"INSERT INTO {table} (id, v) VALUES (2, upper(DEFAULT))", "_LEGACY_ERROR_TEMP_1339")

    def test_dataframes(self, spark, table, delta_table_path):
        spark.createDataFrame([(7,)], "id int").write.format("delta").mode("append").save(delta_table_path)
        assert self.rows(spark, table) == [(7, "x", 2, False)]

    def test_too_few_values(self, spark, table):
        fails(spark, f"INSERT INTO {table} VALUES (4)", "DELTA_INSERT_COLUMN_ARITY_MISMATCH")

    def test_definitions_that_are_refused(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        fails(
            spark,
            f"CREATE TABLE {table} (id INT, v STRING DEFAULT 'x') USING delta",
            "WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED",
        )
        allowed = "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
        fails(
            spark,
            f"CREATE TABLE {table} (id INT DEFAULT 'abc') USING delta {allowed}",
            "INVALID_DEFAULT_VALUE.DATA_TYPE",
        )

    def test_columns_without_default(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (a INT, b STRING, c INT NOT NULL) USING delta")
        spark.sql(f"INSERT INTO {table} (c) VALUES (1)")
        spark.sql(f"INSERT INTO {table} BY NAME SELECT 3 c")
        spark.sql(f"INSERT INTO {table} VALUES (DEFAULT, DEFAULT, 4)")
        assert sorted_rows(spark.table(table)) == [(None, None, 1), (None, None, 3), (None, None, 4)]
        fails(spark, f"INSERT INTO {table} (a) VALUES (1)", "DELTA_INSERT_COLUMN_MISMATCH")


class TestColumnMapping:
    def test_a_new_table(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id INT, a ARRAY<STRUCT<z: INT>>, m MAP<STRING, STRUCT<k: INT>>, `x y` INT) USING "
            "delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', "
            "'delta.minWriterVersion' = '5')"
        )
        spark.sql(f"INSERT INTO {table} VALUES (1, array(named_struct('z', 2)), map('k', named_struct('k', 3)), 4)")
        assert sorted_rows(spark.table(table)) == [(1, [(2,)], {"k": (3,)}, 4)]
        fields = schema_fields(delta_table_path)
        ids = {name: field["metadata"]["delta.columnMapping.id"] for name, field in fields.items()}
        assert ids == {"id": 1, "a": 2, "m": 4, "x y": 6}
        assert fields["id"]["metadata"]["delta.columnMapping.physicalName"].startswith("col-")
        metadata = actions(delta_table_path, "metaData")[-1]
        assert metadata["configuration"]["delta.columnMapping.maxColumnId"] == "6"
        protocol = actions(delta_table_path, "protocol")[-1]
        assert (protocol["minReaderVersion"], protocol["minWriterVersion"]) == (2, 5)
        physical = fields["id"]["metadata"]["delta.columnMapping.physicalName"]
        assert stats(delta_table_path)[0]["minValues"][physical] == 1
        assert "columnMapping" not in spark.table(table).schema.json()

    def test_id_mode(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id INT, s STRUCT<x: INT>) USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'id')"
        )
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 2))")
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN s.x TO y")
        spark.sql(f"INSERT INTO {table} VALUES (2, named_struct('y', 3))")
        assert sorted_rows(spark.sql(f"SELECT id, s.y FROM {table}")) == [(1, 2), (2, 3)]

    def test_merge_schema_adds_ids(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id INT) USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name')")
        frame = spark.createDataFrame([(1, "x")], "id int, `b c` string")
        frame.write.format("delta").mode("append").option("mergeSchema", "true").save(delta_table_path)
        assert schema_fields(delta_table_path)["b c"]["metadata"]["delta.columnMapping.id"] == 2
        assert sorted_rows(spark.table(table)) == [(1, "x")]

    @pytest.mark.parametrize("name", ["column_mapping_name", "column_mapping_id"])
    def test_tables_of_spark_are_continued(self, spark, golden, name):
        path = golden(name)
        before = encode_rows(spark.read.format("delta").load(path))
        spark.sql(f"INSERT INTO delta.`{path}` SELECT * FROM delta.`{path}`")
        after = encode_rows(spark.read.format("delta").load(path))
        assert after == sorted(before * 2, key=lambda row: json.dumps(row, sort_keys=True))


class TestStatistics:
    def test_dates_before_the_first_year(self, spark, delta_table_path):
        """java.time writes the year before the first as 0000, and the one before as -0001."""
        df = spark.sql("SELECT 1 AS id, make_date(-43, 3, 15) AS d UNION ALL SELECT 2, make_date(0, 1, 1)").coalesce(1)
        df.write.format("delta").save(delta_table_path)
        found = stats(delta_table_path)[0]
        assert (found["minValues"]["d"], found["maxValues"]["d"]) == ("-0043-03-15", "0000-01-01")
        assert spark.read.format("delta").load(delta_table_path).where("d < make_date(-1, 1, 1)").count() == 1

    def test_a_number_of_columns(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (a INT, s STRUCT<x: INT, y: INT>, b INT) USING delta "
            "TBLPROPERTIES ('delta.dataSkippingNumIndexedCols' = '2')"
        )
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 2, 'y', 3), 4)")
        assert stats(delta_table_path)[0]["minValues"] == {"a": 1, "s": {"x": 2}}

    def test_listed_columns(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (a INT, s STRUCT<x: INT, y: INT>, b INT) USING delta "
            "TBLPROPERTIES ('delta.dataSkippingStatsColumns' = 's.y,b')"
        )
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 2, 'y', 3), 4)")
        assert stats(delta_table_path)[0]["minValues"] == {"s": {"y": 3}, "b": 4}
        fails(
            spark,
            f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.dataSkippingStatsColumns' = 'nope')",
            "DELTA_COLUMN_NOT_FOUND_IN_SCHEMA",
        )


class TestClustering:
    def domain(self, path):
        return json.loads(actions(path, "domainMetadata")[-1]["configuration"])["clusteringColumns"]

    def test_a_clustered_table(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id INT, s STRUCT<x: INT>, v STRING) USING delta CLUSTER BY (id, s.x)")
        assert self.domain(delta_table_path) == [["id"], ["s", "x"]]
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 2), 'v')")
        spark.sql(f"ALTER TABLE {table} CLUSTER BY (v)")
        assert self.domain(delta_table_path) == [["v"]]
        assert spark.sql(f"DESCRIBE DETAIL {table}").collect()[0]["clusteringColumns"] == ["v"]
        spark.sql(f"ALTER TABLE {table} CLUSTER BY NONE")
        assert self.domain(delta_table_path) == []
        history = spark.sql(f"DESCRIBE HISTORY {table}").select("operation", "operationParameters").collect()
        assert history[1] == ("CLUSTER BY", {"oldClusteringColumns": "id,s.x", "newClusteringColumns": "v"})
        assert sorted_rows(spark.table(table)) == [(1, (2,), "v")]

    def test_a_table_becomes_clustered(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id INT, v STRING) USING delta")
        spark.sql(f"ALTER TABLE {table} CLUSTER BY (id)")
        assert self.domain(delta_table_path) == [["id"]]
        assert {"clustering", "domainMetadata"} <= set(actions(delta_table_path, "protocol")[-1]["writerFeatures"])

    @pytest.mark.parametrize(
        "columns, tail, expected",
        [
            ("a INT, b INT, c INT, d INT, e INT", "CLUSTER BY (a, b, c, d, e)", "DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS"),
            ("a MAP<INT, INT>", "CLUSTER BY (a)", "DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED"),
            (
                "a INT, b INT",
                "CLUSTER BY (b) TBLPROPERTIES ('delta.dataSkippingNumIndexedCols' = '1')",
                "DELTA_CLUSTERING_COLUMN_MISSING_STATS",
            ),
        ],
    )
    def test_definitions_that_are_refused(self, spark, delta_table_path, columns, tail, expected):
        fails(spark, f"CREATE TABLE delta.`{delta_table_path}` ({columns}) USING delta {tail}", expected)


class TestVoid:
    def test_a_void_column(self, spark, delta_table_path):
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} USING delta AS SELECT 1 a, NULL b")
        spark.sql(f"INSERT INTO {table} VALUES (2, NULL)")
        spark.sql("SELECT 3 a, 4 b").write.format("delta").mode("append").option("mergeSchema", "true").save(
            delta_table_path
        )
        assert schema_fields(delta_table_path)["b"]["type"] == "integer"
        assert sorted_rows(spark.table(table)) == [(1, None), (2, None), (3, 4)]


class TestBounds:
    """tests/data/golden/dv_ondisk and plain: the statistics of new files."""

    @pytest.mark.parametrize("vectors", [True, False])
    def test_new_files_say_that_they_are_tight(self, spark, delta_table_path, vectors):
        table = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {table} (id BIGINT, v STRING) USING delta "
            f"TBLPROPERTIES ('delta.enableDeletionVectors' = '{str(vectors).lower()}')"
        )
        spark.sql(f"INSERT INTO {table} VALUES (1L, 'a')")
        spark.sql(f"UPDATE {table} SET v = 'b' WHERE id = 1")
        tail = ',"tightBounds":true}' if vectors else "}"
        for version, v in ((1, "a"), (2, "b")):
            text = Path(delta_table_path, "_delta_log", f"{version:020d}.json").read_text()
            added = [a["add"] for a in map(json.loads, text.splitlines()) if "add" in a]
            values = f'{{"id":1,"v":"{v}"}}'
            assert [a["stats"] for a in added] == [
                f'{{"numRecords":1,"minValues":{values},"maxValues":{values},"nullCount":{{"id":0,"v":0}}{tail}'
            ]

"""ALTER TABLE on Delta tables: columns, properties, constraints, features. Errors, schemas and history are those of real
Spark 3.5.5 + Delta 3.3.2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException

from tests.errors import condition, seen
from tests.rows import sorted_rows

NESTED = (
    "(id INT COMMENT 'ident', s STRUCT<x: INT, y: STRING>, a ARRAY<STRUCT<z: INT>>, m MAP<STRING, STRUCT<k: INT>>, "
    "v STRING) USING delta"
)
VALUES = "1, named_struct('x', 1, 'y', 'b'), array(named_struct('z', 1)), map('k', named_struct('k', 1)), 'v'"
MAPPED = "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"


def fails(spark, statement: str, expected: str, *texts: str) -> None:
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    assert condition(caught.value) == seen(expected)
    for text in texts:
        assert text in str(caught.value)


def last(spark, table: str) -> tuple[str, dict]:
    """Operation and parameters of the latest version; JSON parameters parsed."""
    row = spark.sql(f"DESCRIBE HISTORY {table} LIMIT 1").collect()[0]
    parameters = {}
    for key, value in row["operationParameters"].items():
        parameters[key] = json.loads(value) if value[:1] in ("[", "{") else value
    return row["operation"], parameters


def latest(path: str, kind: str) -> dict:
    """The latest action of one kind in the log."""
    for commit in sorted((Path(path) / "_delta_log").glob("*.json"), reverse=True):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if kind in action:
                return action[kind]
    raise AssertionError(f"no {kind}")


def schema(path: str) -> dict:
    return json.loads(latest(path, "metaData")["schemaString"])


def names(path: str) -> list[str]:
    return [field["name"] for field in schema(path)["fields"]]


def configuration(path: str) -> dict:
    return latest(path, "metaData")["configuration"]


@pytest.fixture
def make(spark, delta_table_path):
    """Makes the table delta.`delta_table_path` from a definition, with rows, and returns its name."""

    def create(definition: str, *rows: str) -> str:
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} {definition}")
        for values in rows:
            spark.sql(f"INSERT INTO {table} VALUES ({values})")
        return table

    return create


class TestAddColumns:
    def test_positions_and_comments(self, spark, make, delta_table_path):
        table = make(NESTED, VALUES)
        spark.sql(f"ALTER TABLE {table} ADD COLUMNS (n1 INT COMMENT 'c' FIRST, n2 STRING AFTER id)")
        assert names(delta_table_path) == ["n1", "id", "n2", "s", "a", "m", "v"]
        assert last(spark, table) == (
            "ADD COLUMNS",
            {
                "columns": [
                    {
                        "column": {"name": "n1", "type": "integer", "nullable": True, "metadata": {"comment": "c"}},
                        "position": "FIRST",
                    },
                    {
                        "column": {"name": "n2", "type": "string", "nullable": True, "metadata": {}},
                        "position": "AFTER id",
                    },
                ]
            },
        )
        assert sorted_rows(spark.table(table).select("n1", "id", "n2")) == [(None, 1, None)]

    def test_nested_fields(self, spark, make, delta_table_path):
        table = make(NESTED, VALUES)
        spark.sql(f"ALTER TABLE {table} ADD COLUMN s.w DOUBLE AFTER x")
        spark.sql(f"ALTER TABLE {table} ADD COLUMN a.element.q STRING")
        spark.sql(f"ALTER TABLE {table} ADD COLUMN m.value.q STRING FIRST")
        assert last(spark, table)[1]["columns"][0]["column"]["name"] == "m.value.q"
        expected = [(1, (1, None, "b"), [(1, None)], {"k": (None, 1)}, "v")]
        assert sorted_rows(spark.table(table)) == expected
        spark.sql(
            f"INSERT INTO {table} VALUES (2, named_struct('x', 2, 'w', 1.5D, 'y', 'c'), "
            "array(named_struct('z', 2, 'q', 'r')), map('l', named_struct('q', 't', 'k', 2)), 'w')"
        )
        assert sorted_rows(spark.table(table))[1] == (2, (2, 1.5, "c"), [(2, "r")], {"l": ("t", 2)}, "w")

    @pytest.mark.parametrize(
        "column, expected",
        [
            ("id STRING", "FIELDS_ALREADY_EXISTS"),
            ("nn INT NOT NULL", "DELTA_OPERATION_NOT_ALLOWED"),
            ("st STRUCT<p: INT NOT NULL>", "DELTA_OPERATION_NOT_ALLOWED"),
            ("zz.w INT", "_LEGACY_ERROR_TEMP_1331"),
            ("zz INT AFTER nope", "FIELD_NOT_FOUND"),
            ("`a b` INT", "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES"),
            ("dd INT DEFAULT 3", "WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED"),
        ],
    )
    def test_what_is_refused(self, spark, make, column, expected):
        table = make(NESTED)
        fails(spark, f"ALTER TABLE {table} ADD COLUMN {column}", expected)

    def test_twice_the_same(self, spark, make):
        fails(spark, f"ALTER TABLE {make(NESTED)} ADD COLUMNS (d1 INT, D1 INT)", "COLUMN_ALREADY_EXISTS")

    def test_char_columns(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta")
        spark.sql(f"ALTER TABLE {table} ADD COLUMN cc CHAR(3)")
        assert last(spark, table)[1]["columns"][0]["column"]["type"] == "char(3)"
        field = schema(delta_table_path)["fields"][1]
        assert (field["type"], field["metadata"]) == ("string", {"__CHAR_VARCHAR_TYPE_STRING": "char(3)"})
        fails(spark, f"INSERT INTO {table} VALUES (1, 'abcd')", "DELTA_EXCEED_CHAR_VARCHAR_LIMIT")


class TestChangeColumn:
    def test_comment_and_position(self, spark, make, delta_table_path):
        table = make(NESTED, VALUES)
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN v COMMENT 'hello'")
        column = {"name": "v", "type": "string", "nullable": True, "metadata": {"comment": "hello"}}
        assert last(spark, table) == ("CHANGE COLUMN", {"column": column})
        spark.sql(f"ALTER TABLE {table} CHANGE COLUMN v v STRING COMMENT 'hello2' FIRST")
        assert last(spark, table)[1]["position"] == "FIRST"
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN v AFTER id")
        assert last(spark, table)[1]["position"] == "AFTER id"
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN s.x COMMENT 'nested'")
        assert last(spark, table)[1]["column"]["name"] == "s.x"
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN s.y FIRST")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN a.element.z COMMENT 'el'")
        assert names(delta_table_path) == ["id", "v", "s", "a", "m"]
        described = [tuple(row) for row in spark.sql(f"DESCRIBE {table}").collect()]
        assert described[:3] == [
            ("id", "int", "ident"),
            ("v", "string", "hello2"),
            ("s", "struct<y:string,x:int>", None),
        ]
        assert sorted_rows(spark.table(table)) == [(1, "v", ("b", 1), [(1,)], {"k": (1,)})]

    @pytest.mark.parametrize(
        "change, expected",
        [
            ("ALTER COLUMN nope COMMENT 'x'", "_LEGACY_ERROR_TEMP_1331"),
            ("ALTER COLUMN v AFTER nope", "_LEGACY_ERROR_TEMP_1331"),
            ("ALTER COLUMN id TYPE BIGINT", "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP"),
            ("ALTER COLUMN id TYPE STRING", "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP"),
            ("ALTER COLUMN id TYPE SMALLINT", "NOT_SUPPORTED_CHANGE_COLUMN"),
            ("ALTER COLUMN id SET NOT NULL", "_LEGACY_ERROR_TEMP_2330"),
            ("CHANGE COLUMN v vvv STRING", "_LEGACY_ERROR_TEMP_0034"),
            ("ALTER COLUMN id SET DEFAULT 3", "WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED"),
        ],
    )
    def test_what_is_refused(self, spark, make, change, expected):
        with pytest.raises(Exception) as caught:
            spark.sql(f"ALTER TABLE {make(NESTED)} {change}")
        assert condition(caught.value) in (expected, "") or "Renaming column is not supported" in str(caught.value)

    def test_the_same_type_is_no_change(self, spark, make):
        table = make(NESTED)
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN v TYPE STRING")
        assert spark.sql(f"DESCRIBE HISTORY {table}").count() == 1

    def test_drop_not_null(self, spark, make):
        table = make("(id INT NOT NULL, v STRING) USING delta")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN id DROP NOT NULL")
        spark.sql(f"INSERT INTO {table} VALUES (NULL, 'a')")
        assert last(spark, table)[0] == "WRITE"
        assert sorted_rows(spark.table(table)) == [(None, "a")]

    def test_char_becomes_longer_and_a_string(self, spark, make, delta_table_path):
        table = make("(id INT, c CHAR(3)) USING delta")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN c TYPE VARCHAR(10)")
        assert last(spark, table)[1]["column"]["type"] == "varchar(10)"
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN c TYPE STRING")
        assert schema(delta_table_path)["fields"][1]["metadata"] == {}

    def test_defaults(self, spark, make):
        table = make(
            "(id INT, v STRING DEFAULT 'x', w INT DEFAULT 1) USING delta "
            "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
        )
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN v SET DEFAULT 'yy'")
        assert last(spark, table)[1]["column"]["metadata"] == {"EXISTS_DEFAULT": "'x'", "CURRENT_DEFAULT": "'yy'"}
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN w DROP DEFAULT")
        assert last(spark, table)[1]["column"]["metadata"] == {"EXISTS_DEFAULT": "1"}
        spark.sql(f"INSERT INTO {table} (id) VALUES (1)")
        assert sorted_rows(spark.table(table)) == [(1, "yy", None)]
        alter = f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT "
        fails(spark, alter + "'abc'", "INVALID_DEFAULT_VALUE.DATA_TYPE")
        fails(spark, alter + "rand()", "INVALID_DEFAULT_VALUE.NOT_CONSTANT")
        fails(spark, alter + "nope", "INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION")


class TestTypeWidening:
    def test_widening(self, spark, make, delta_table_path):
        table = make("(b TINYINT, st STRUCT<n: SMALLINT>, a ARRAY<SMALLINT>, m MAP<SMALLINT, INT>) USING delta")
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('n', 4S), array(5S), map(6S, 7))")
        fails(spark, f"ALTER TABLE {table} ALTER COLUMN b TYPE INT", "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP")
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')")
        assert latest(delta_table_path, "protocol")["readerFeatures"] == ["typeWidening-preview"]
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN b TYPE SMALLINT")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN b TYPE INT")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN st.n TYPE INT")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN a.element TYPE INT")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN m.key TYPE INT")
        fields = schema(delta_table_path)["fields"]
        assert fields[0]["metadata"]["delta.typeChanges"] == [
            {"toType": "short", "fromType": "byte", "tableVersion": 3},
            {"toType": "integer", "fromType": "short", "tableVersion": 4},
        ]
        assert fields[1]["type"]["fields"][0]["metadata"]["delta.typeChanges"][0]["tableVersion"] == 5
        assert fields[2]["metadata"]["delta.typeChanges"] == [
            {"toType": "integer", "fromType": "short", "tableVersion": 6, "fieldPath": "element"}
        ]
        assert fields[3]["metadata"]["delta.typeChanges"][0]["fieldPath"] == "key"
        spark.sql(f"INSERT INTO {table} VALUES (1000, named_struct('n', 40000), array(50000), map(60000, 7))")
        assert sorted_rows(spark.table(table)) == [
            (1, (4,), [5], {6: 7}),
            (1000, (40000,), [50000], {60000: 7}),
        ]
        fails(spark, f"ALTER TABLE {table} ALTER COLUMN b TYPE BIGINT", "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP")


class TestRenameAndDrop:
    def test_without_column_mapping(self, spark, make):
        table = make(NESTED)
        advice = "ALTER TABLE table_name SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
        fails(spark, f"ALTER TABLE {table} RENAME COLUMN v TO vv", "DELTA_UNSUPPORTED_RENAME_COLUMN", advice)
        fails(spark, f"ALTER TABLE {table} DROP COLUMN v", "DELTA_UNSUPPORTED_DROP_COLUMN", advice)
        fails(spark, f"ALTER TABLE {table} RENAME COLUMN nope TO vv", "_LEGACY_ERROR_TEMP_1331")
        fails(spark, f"ALTER TABLE {table} DROP COLUMN nope", "_LEGACY_ERROR_TEMP_1331")
        spark.sql(f"ALTER TABLE {table} DROP COLUMN IF EXISTS nope")

    def test_rename(self, spark, make, delta_table_path):
        table = make("(id INT, s STRUCT<x: INT, y: STRING>, p STRING) USING delta PARTITIONED BY (p) " + MAPPED)
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 1, 'y', 'b'), 'p1')")
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN id TO `i d`")
        assert last(spark, table) == ("RENAME COLUMN", {"oldColumnPath": "id", "newColumnPath": "i d"})
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN s.x TO xx")
        assert last(spark, table)[1] == {"oldColumnPath": "s.x", "newColumnPath": "s.xx"}
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN p TO q")
        assert latest(delta_table_path, "metaData")["partitionColumns"] == ["q"]
        fails(spark, f"ALTER TABLE {table} RENAME COLUMN q TO s", "FIELDS_ALREADY_EXISTS")
        spark.sql(f"INSERT INTO {table} VALUES (2, named_struct('xx', 2, 'y', 'c'), 'p2')")
        assert sorted_rows(spark.sql(f"SELECT `i d`, s.xx, q FROM {table}")) == [(1, 1, "p1"), (2, 2, "p2")]

    def test_drop(self, spark, make, delta_table_path):
        table = make("(id INT, s STRUCT<x: INT, y: STRING>, n INT, p STRING) USING delta PARTITIONED BY (p) " + MAPPED)
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 1, 'y', 'b'), 5, 'p1')")
        spark.sql(f"ALTER TABLE {table} DROP COLUMN s.y")
        assert last(spark, table) == ("DROP COLUMNS", {"columns": ["s.y"]})
        spark.sql(f"ALTER TABLE {table} DROP COLUMNS (n)")
        fails(spark, f"ALTER TABLE {table} DROP COLUMN p", "DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN")
        fails(spark, f"ALTER TABLE {table} DROP COLUMN s.x", "DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA")
        # A column of the same name is another column.
        spark.sql(f"ALTER TABLE {table} ADD COLUMN n INT")
        assert sorted_rows(spark.sql(f"SELECT id, s.x, n, p FROM {table}")) == [(1, 1, None, "p1")]
        assert configuration(delta_table_path)["delta.columnMapping.maxColumnId"] == "7"

    def test_what_depends_on_a_column(self, spark, make):
        table = make("(id INT, v STRING, w INT) USING delta " + MAPPED)
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT cc CHECK (length(v) < 5)")
        for change in ("RENAME COLUMN v TO vv", "DROP COLUMN v"):
            fails(spark, f"ALTER TABLE {table} {change}", "DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE", "cc -> length")
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN w TO ww")

    def test_clustering_columns(self, spark, make, delta_table_path):
        table = make("(a INT, b INT) USING delta CLUSTER BY (b) " + MAPPED)
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN b TO bb")
        assert spark.sql(f"DESCRIBE DETAIL {table}").collect()[0]["clusteringColumns"] == ["bb"]
        fails(spark, f"ALTER TABLE {table} DROP COLUMN bb", "DELTA_UNSUPPORTED_DROP_CLUSTERING_COLUMN")


class TestReplaceColumns:
    def test_order_comments_and_additions(self, spark, make, delta_table_path):
        table = make("(id INT, v STRING) USING delta", "1, 'a'")
        spark.sql(f"ALTER TABLE {table} REPLACE COLUMNS (v STRING COMMENT 'cc', id INT, n DOUBLE)")
        assert names(delta_table_path) == ["v", "id", "n"]
        operation, parameters = last(spark, table)
        assert operation == "REPLACE COLUMNS"
        assert parameters["columns"][0] == {
            "name": "v",
            "type": "string",
            "nullable": True,
            "metadata": {"comment": "cc"},
        }
        assert sorted_rows(spark.table(table)) == [("a", 1, None)]

    def test_comments_stay_unless_there_are_new_ones(self, spark, make):
        """As recorded from real Spark."""
        table = make("(id INT COMMENT 'i', v STRING COMMENT 'old') USING delta")
        spark.sql(f"ALTER TABLE {table} REPLACE COLUMNS (v STRING COMMENT 'new', id INT)")
        comments = {field.name: field.metadata.get("comment") for field in spark.table(table).schema.fields}
        assert comments == {"v": "new", "id": "i"}

    @pytest.mark.parametrize("columns", ["id INT", "id STRING, v STRING", "id INT, w STRING"])
    def test_what_is_refused(self, spark, make, columns):
        table = make("(id INT, v STRING) USING delta")
        fails(
            spark,
            f"ALTER TABLE {table} REPLACE COLUMNS ({columns})",
            "DELTA_UNSUPPORTED_ALTER_TABLE_REPLACE_COL_OP",
            "Failed to change schema from:\nroot\n |-- id: integer (nullable = true)",
        )


class TestProperties:
    def test_set_and_unset(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta")
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('a.b' = 'c', 'delta.appendOnly' = 'true')")
        assert last(spark, table) == (
            "SET TBLPROPERTIES",
            {"properties": {"a.b": "c", "delta.appendOnly": "true"}},
        )
        spark.sql(f"ALTER TABLE {table} UNSET TBLPROPERTIES ('a.b', 'delta.appendOnly', 'no.such')")
        assert last(spark, table) == (
            "UNSET TBLPROPERTIES",
            {"properties": ["a.b", "delta.appendOnly", "no.such"], "ifExists": "true"},
        )
        assert set(configuration(delta_table_path)) == {"delta.enableChangeDataFeed"}

    @pytest.mark.parametrize(
        "properties, expected",
        [
            ("'delta.nope' = 'c'", "DELTA_UNKNOWN_CONFIGURATION"),
            ("'delta.constraints.zz' = 'id < 10'", "DELTA_ADD_CONSTRAINTS"),
            ("'delta.columnMapping.maxColumnId' = '5'", "DELTA_CANNOT_MODIFY_TABLE_PROPERTY"),
            ("'delta.feature.nope' = 'supported'", "DELTA_UNSUPPORTED_FEATURES_IN_CONFIG"),
            ("'delta.columnMapping.mode' = 'id'", "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE"),
            (
                "'delta.enableDeletionVectors' = 'true', 'delta.compatibility.symlinkFormatManifest.enabled' = 'true'",
                "DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED."
                "PERSISTENT_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION",
            ),
        ],
    )
    def test_what_is_refused(self, spark, make, properties, expected):
        table = make("(id INT) USING delta")
        fails(spark, f"ALTER TABLE {table} SET TBLPROPERTIES ({properties})", expected)

    def test_protocol_versions(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta")
        upgrade = "('delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')"
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES {upgrade}")
        assert latest(delta_table_path, "protocol") == {"minReaderVersion": 2, "minWriterVersion": 5}
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.feature.deletionVectors' = 'supported')")
        protocol = latest(delta_table_path, "protocol")
        assert sorted(protocol["readerFeatures"]) == ["columnMapping", "deletionVectors"]
        assert "delta.minReaderVersion" not in configuration(delta_table_path)

    def test_column_mapping_keeps_names(self, spark, make, delta_table_path):
        table = make("(id INT, s STRUCT<x: INT>, p STRING) USING delta PARTITIONED BY (p)")
        spark.sql(f"INSERT INTO {table} VALUES (1, named_struct('x', 1), 'p1')")
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')")
        fields = schema(delta_table_path)["fields"]
        mapping = [
            (f["metadata"]["delta.columnMapping.id"], f["metadata"]["delta.columnMapping.physicalName"]) for f in fields
        ]
        assert mapping == [(1, "id"), (2, "s"), (4, "p")]
        assert configuration(delta_table_path)["delta.columnMapping.maxColumnId"] == "4"
        spark.sql(f"ALTER TABLE {table} RENAME COLUMN id TO i")
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'none')")
        assert last(spark, table)[0] == "REMOVE COLUMN MAPPING"
        assert names(delta_table_path) == ["i", "s", "p"]
        assert all(not field["metadata"] for field in schema(delta_table_path)["fields"])
        assert sorted_rows(spark.table(table)) == [(1, (1,), "p1")]

    def test_comments(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        spark.sql(f"COMMENT ON TABLE {table_name} IS 'tc'")
        assert last(spark, table_name) == ("SET TBLPROPERTIES", {"properties": {"comment": "tc"}})
        assert spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]["description"] == "tc"


class TestConstraints:
    def test_add_and_drop(self, spark, make, delta_table_path):
        table = make("(id INT, v STRING) USING delta", "1, 'a'")
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT Pos CHECK (id > 0 AND length(v) < 3)")
        expression = "id > 0 AND length ( v ) < 3"
        assert last(spark, table) == ("ADD CONSTRAINT", {"name": "Pos", "expr": expression})
        assert configuration(delta_table_path)["delta.constraints.pos"] == expression
        assert "checkConstraints" in latest(delta_table_path, "protocol")["writerFeatures"]
        spark.sql(f"ALTER TABLE {table} DROP CONSTRAINT POS")
        assert last(spark, table) == ("DROP CONSTRAINT", {"name": "POS", "expr": expression, "existed": "true"})
        spark.sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS nope")
        assert last(spark, table) == ("DROP CONSTRAINT", {"name": "nope", "existed": "false"})
        spark.sql(f"INSERT INTO {table} VALUES (-1, 'a')")

    def test_what_is_refused(self, spark, make):
        table = make("(id INT, v STRING) USING delta", "1, 'a'")
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT pos CHECK (id > 0)")
        add = f"ALTER TABLE {table} ADD CONSTRAINT "
        fails(spark, add + "pos CHECK (id > 1)", "DELTA_CONSTRAINT_ALREADY_EXISTS", "Old constraint:\nid > 0")
        fails(
            spark,
            add + "big CHECK (id > 100)",
            "DELTA_NEW_CHECK_CONSTRAINT_VIOLATION",
            "1 rows in ",
            "violate the new CHECK constraint (id > 100)",
        )
        fails(
            spark,
            add + "bad CHECK (id + 1)",
            "DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
            "CHECK constraint 'bad' (id + 1) should be a boolean expression",
        )
        fails(spark, add + "bad2 CHECK (nope > 1)", "UNRESOLVED_COLUMN.WITH_SUGGESTION")
        fails(spark, add + "bad3 CHECK (sum(id))", "DELTA_NON_BOOLEAN_CHECK_CONSTRAINT")
        for text, calls in (
            ("count(id) > 0", "count(id)"),
            ("id > max(id) + sum(DISTINCT id)", "max(id), sum(DISTINCT id)"),
            ("CASE WHEN any(id > 0) THEN true END", "any((id > 0))"),
        ):
            fails(
                spark,
                add + f"bad4 CHECK ({text})",
                "INVALID_WHERE_CONDITION",
                f"contains invalid expressions: {calls}.",
            )
        fails(
            spark,
            add + "bad6 CHECK (explode(array(id)) = 1)",
            "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
            "outside the SELECT clause, found: 'Filter (explode(array(id",
        )
        for text in ("sum(id) OVER () > 0", "row_number() OVER (ORDER BY id)"):
            with pytest.raises(AnalysisException, match="not allowed to use window functions inside WHERE clause"):
                spark.sql(add + f"bad5 CHECK ({text})")
        fails(spark, f"ALTER TABLE {table} DROP CONSTRAINT nope", "DELTA_CONSTRAINT_DOES_NOT_EXIST")


class TestDropFeature:
    def test_at_once(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta TBLPROPERTIES ('delta.feature.checkConstraints' = 'supported')")
        spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT c CHECK (id > 0)")
        drop = f"ALTER TABLE {table} DROP FEATURE checkConstraints"
        fails(spark, drop, "DELTA_CANNOT_DROP_CHECK_CONSTRAINT_FEATURE", "dropped first: `c`.")
        spark.sql(f"ALTER TABLE {table} DROP CONSTRAINT c")
        spark.sql(drop)
        assert last(spark, table) == (
            "DROP FEATURE",
            {"featureName": "checkConstraints", "truncateHistory": "false"},
        )
        assert "checkConstraints" not in latest(delta_table_path, "protocol")["writerFeatures"]

    def test_in_commit_timestamps(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')")
        spark.sql(f"ALTER TABLE {table} DROP FEATURE inCommitTimestamp")
        assert configuration(delta_table_path)["delta.enableInCommitTimestamps"] == "false"
        assert "inCommitTimestamp" not in latest(delta_table_path, "protocol")["writerFeatures"]

    def test_reader_features_without_traces(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta TBLPROPERTIES ('delta.feature.vacuumProtocolCheck' = 'supported')")
        spark.sql(f"ALTER TABLE {table} DROP FEATURE vacuumProtocolCheck")
        protocol = latest(delta_table_path, "protocol")
        assert protocol["minReaderVersion"] == 1 and "readerFeatures" not in protocol
        operations = [row[0] for row in spark.sql(f"DESCRIBE HISTORY {table}").select("operation").collect()]
        assert operations == ["DROP FEATURE", "Empty Commit", "CREATE TABLE"]

    def test_traces_in_the_history(self, spark, make, delta_table_path):
        table = make("(id INT) USING delta " + MAPPED, "1")
        drop = f"ALTER TABLE {table} DROP FEATURE columnMapping"
        fails(spark, drop, "DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD", "delta.logRetentionDuration=30 days")
        assert "delta.columnMapping.mode" not in configuration(delta_table_path)
        fails(spark, drop, "DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST")
        assert sorted_rows(spark.table(table)) == [(1,)]

    def test_widened_types(self, spark, make, delta_table_path):
        table = make("(b TINYINT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')", "1")
        spark.sql(f"ALTER TABLE {table} ALTER COLUMN b TYPE INT")
        drop = f"ALTER TABLE {table} DROP FEATURE `typeWidening-preview`"
        fails(spark, drop, "DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD")
        assert schema(delta_table_path)["fields"][0]["metadata"] == {}
        assert sorted_rows(spark.table(table)) == [(1,)]

    @pytest.mark.parametrize(
        "feature, expected",
        [
            ("appendOnly", "DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE"),
            ("deletionVectors", "DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE"),
            ("columnMapping", "DELTA_FEATURE_DROP_FEATURE_NOT_PRESENT"),
            ("nope", "DELTA_FEATURE_DROP_UNSUPPORTED_CLIENT_FEATURE"),
        ],
    )
    def test_what_is_refused(self, spark, make, feature, expected):
        table = make("(id INT) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')")
        fails(spark, f"ALTER TABLE {table} DROP FEATURE {feature}", expected)


class TestCreateTableLike:
    def test_schema_and_properties(self, spark, table_name):
        source = f"{table_name}_source"
        spark.sql(f"DROP TABLE IF EXISTS {source}")
        spark.sql(
            f"CREATE TABLE {source} (id INT COMMENT 'i', v VARCHAR(3)) USING delta "
            "TBLPROPERTIES ('k1' = 'v1', 'delta.columnMapping.mode' = 'name')"
        )
        try:
            spark.sql(f"CREATE TABLE {table_name} LIKE {source} USING delta TBLPROPERTIES ('zz' = 'yy')")
        finally:
            spark.sql(f"DROP TABLE {source}")
        detail = spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]
        assert {"k1": "v1", "zz": "yy", "delta.columnMapping.mode": "name"}.items() <= detail["properties"].items()
        described = [tuple(row)[:3] for row in spark.sql(f"DESCRIBE {table_name}").collect()]
        assert described == [("id", "int", "i"), ("v", "string", None)]
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 'abc')")
        assert sorted_rows(spark.table(table_name)) == [(1, "abc")]


class TestNamesAndPlaces:
    def test_set_location(self, spark, make, delta_table_path, table_name):
        make("(id INT) USING delta", "7")
        spark.sql(f"CREATE TABLE {table_name} (id INT) USING delta")
        spark.sql(f"ALTER TABLE {table_name} SET LOCATION '{delta_table_path}'")
        assert sorted_rows(spark.table(table_name)) == [(7,)]

    def test_rename_to(self, spark, make, delta_table_path, table_name):
        make("(id INT) USING delta", "7")
        spark.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{delta_table_path}'")
        spark.sql(f"ALTER TABLE {table_name} RENAME TO {table_name}_b")
        try:
            assert sorted_rows(spark.table(f"{table_name}_b")) == [(7,)]
            fails(spark, f"SELECT * FROM {table_name}", "TABLE_OR_VIEW_NOT_FOUND")
        finally:
            spark.sql(f"DROP TABLE IF EXISTS {table_name}_b")

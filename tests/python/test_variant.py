"""VARIANT on a Spark 4 client: values, tables, files. Expected values are those of Spark 4.1.1 + Delta 4.1.0
(tools/oracle/setup-4); the functions have a corpus of their own (tests/gold/functions/variant.sql), tables that Spark
wrote are in tests/data/golden/variant_*. The tables that ours() writes were read by that Spark, which gave the same rows.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyspark
import pytest

from tests.errors import condition
from tests.fixtures.config import SparkConfig

pytestmark = pytest.mark.skipif(
    pyspark.__version__ < "4" or SparkConfig().master_url != "deltic", reason="VARIANT needs Spark 4"
)

NO_CDF = "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')"
DOCS = ['{"a":1,"b":[true,null,1.5]}', "null", '"text"', "12345678901", "[]", "{}"]


def fails(spark, statement: str, expected: str) -> None:
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    assert condition(caught.value) == expected, str(caught.value)[:300]


def log(path, kind: str) -> list[dict]:
    commits = sorted((Path(path) / "_delta_log").glob("*.json"))
    found = [json.loads(line) for commit in commits for line in commit.read_text().splitlines()]
    return [action[kind] for action in found if kind in action]


def texts(df) -> list[tuple]:
    """Rows with variants as JSON, sorted."""
    rows = [tuple(v.toJson() if type(v).__name__ == "VariantVal" else v for v in row) for row in df.collect()]
    return sorted(rows, key=repr)


@pytest.fixture
def table(spark, tmp_path):
    """A table (id, v) of DOCS and a NULL, in two commits."""
    path = str(tmp_path / "t")
    spark.sql(f"CREATE TABLE delta.`{path}` (id BIGINT, v VARIANT) USING delta {NO_CDF}")
    values = ", ".join(f"({i}, parse_json('{doc}'))" for i, doc in enumerate(DOCS))
    spark.sql(f"INSERT INTO delta.`{path}` VALUES {values}")
    spark.sql(f"INSERT INTO delta.`{path}` VALUES (99, NULL)")
    return path


# --- the client --------------------------------------------------------------------------------------------


def test_values_arrive_as_variants(spark):
    row = spark.sql(
        "SELECT parse_json('{\"a\":[1,\"x\"]}') v, CAST(NULL AS VARIANT) n, parse_json('null') j"
    ).collect()[0]
    assert row.v.toPython() == {"a": [1, "x"]}
    assert row.n is None
    assert row.j.toJson() == "null"


def test_values_come_from_the_client(spark):
    from pyspark.sql.types import Row, VariantVal

    made = VariantVal.parseJson('{"k":[1,2.5,"three",null]}')
    df = spark.createDataFrame([Row(id=1, v=made), Row(id=2, v=None)], "id int, v variant")
    assert df.schema.simpleString() == "struct<id:int,v:variant>"
    assert texts(df) == [(1, '{"k":[1,2.5,"three",null]}'), (2, None)]
    assert texts(df.selectExpr("v:k[2]::string")) == [("three",), (None,)] or texts(
        df.selectExpr("v:k[2]::string")
    ) == [(None,), ("three",)]
    nested = spark.createDataFrame([Row(a=[made, None], m={"x": made}, s=Row(v=made))],
                                   "a array<variant>, m map<string, variant>, s struct<v: variant>")  # fmt: skip
    got = nested.collect()[0]
    assert got.a[0].toJson() == made.toJson() and got.a[1] is None
    assert got.m["x"].toJson() == got.s.v.toJson() == made.toJson()


def test_pandas_and_arrow(spark):
    df = spark.sql("SELECT id, parse_json(concat('{\"id\":', id, '}')) v FROM range(3)")
    pdf = df.toPandas()
    assert [v.toJson() for v in pdf.v] == ['{"id":0}', '{"id":1}', '{"id":2}']
    field = df.toArrow().schema.field("v")
    assert [part.name for part in field.type] == ["value", "metadata"]
    assert field.type.field("metadata").metadata == {b"variant": b"true"}


def test_schema_texts(spark):
    df = spark.sql("SELECT parse_json('1') v, array(parse_json('1')) a")
    assert df.schema.json() == (
        '{"fields":[{"metadata":{},"name":"v","nullable":false,"type":"variant"},{"metadata":{},"name":"a",'
        '"nullable":false,"type":{"containsNull":false,"elementType":"variant","type":"array"}}],"type":"struct"}'
    )
    described = spark.sql("DESCRIBE SELECT parse_json('1') v").collect()
    assert [(r.col_name, r.data_type) for r in described] == [("v", "variant")]


def test_python_functions(spark):
    from pyspark.sql import functions as F
    from pyspark.sql.types import VariantType, VariantVal

    df = spark.sql("SELECT parse_json('{\"a\":1}') v, array(parse_json('2')) a UNION ALL SELECT NULL, NULL")
    text = F.udf(lambda v, a: None if v is None else v.toJson() + a[0].toJson(), "string")
    assert texts(df.select(text("v", "a"))) == sorted([('{"a":1}2',), (None,)], key=repr)
    made = F.udf(lambda i: VariantVal.parseJson(f"[{i}]"), VariantType())
    assert texts(spark.range(2).select(made("id"))) == [("[0]",), ("[1]",)]


def test_names_of_columns(spark):
    columns = spark.sql("SELECT variant_get(parse_json('1'), '$', 'int'), parse_json('2')").columns
    assert columns == ["variant_get(parse_json(1), $)", "parse_json(2)"]


def test_damaged_bytes_from_the_client(spark):
    from pyspark.sql.types import VariantVal

    for value, metadata in [(b"", b"\x01\x00\x00"), (b"\x02\xff", b"\x01\x00\x00"), (b"\x00", b""), (b"\x00", b"\x07")]:
        df = spark.createDataFrame([(VariantVal(value, metadata),)], "v variant")
        with pytest.raises(Exception) as caught:
            df.selectExpr("v::string").collect()
        assert condition(caught.value) == "MALFORMED_VARIANT"


# --- tables ------------------------------------------------------------------------------------------------


def test_protocol_and_statistics(spark, table):
    assert log(table, "protocol")[-1] == {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": ["variantType"],
        "writerFeatures": ["variantType", "appendOnly", "invariants"],
    }
    first, second = (json.loads(add["stats"]) for add in log(table, "add"))
    assert first == {"numRecords": 6, "minValues": {"id": 0}, "maxValues": {"id": 5}, "nullCount": {"id": 0, "v": 0}}
    assert second == {"numRecords": 1, "minValues": {"id": 99}, "maxValues": {"id": 99}, "nullCount": {"id": 0, "v": 1}}


def test_the_files_have_the_groups_that_delta_demands(spark, tmp_path):
    """PROTOCOL.md › Variant Data Type: a struct of two required binary fields, value and metadata."""
    import pyarrow.parquet as pq

    path = str(tmp_path / "t")
    spark.sql(
        f"CREATE TABLE delta.`{path}` USING delta AS SELECT parse_json('1') v, named_struct('w', parse_json('2'), "
        "'plain', named_struct('value', X'00', 'metadata', X'01')) s, array(parse_json('3'), NULL) a, "
        "map('k', parse_json('4')) m UNION ALL SELECT NULL, NULL, NULL, NULL"
    )
    text = str(pq.ParquetFile(next(Path(path).glob("*.parquet"))).schema)
    required = [line.strip() for line in text.splitlines() if line.strip().startswith("required binary")]
    variants = [line for line in required if " value" in line or " metadata" in line]
    assert len(variants) == 8, text
    assert text.count("optional binary field_id=-1 value;") == 1  # of the plain struct
    stats = json.loads(log(path, "add")[0]["stats"])
    assert stats["nullCount"] == {"v": 1, "s": {"w": 1, "plain": {"value": 1, "metadata": 1}}, "a": 1, "m": 1}
    assert texts(spark.read.format("delta").load(path).selectExpr("v", "s.w", "a[0]", "a[1]", "m['k']")) == [
        ("1", "2", "3", None, "4"),
        (None, None, None, None, None),
    ]


def test_rows_change(spark, table):
    spark.sql(f"ALTER TABLE delta.`{table}` SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')")
    spark.sql(f"UPDATE delta.`{table}` SET v = parse_json('\"new\"') WHERE v:a::int = 1")
    spark.sql(f"DELETE FROM delta.`{table}` WHERE v IS NULL")
    spark.sql(
        f"MERGE INTO delta.`{table}` t USING (SELECT explode(array(2, 50)) id, parse_json('[9]') v) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    spark.sql(f"OPTIMIZE delta.`{table}`")
    rows = {0: '"new"', 1: "null", 2: "[9]", 3: "12345678901", 4: "[]", 5: "{}", 50: "[9]"}
    df = spark.read.format("delta").load(table)
    assert texts(df) == sorted(rows.items(), key=repr)
    feed = spark.read.format("delta").options(readChangeFeed="true", startingVersion=4).load(table)
    assert texts(feed.select("_change_type", "id", "v")) == [
        ("delete", 99, None),
        ("insert", 50, "[9]"),
        ("update_postimage", 0, '"new"'),
        ("update_postimage", 2, "[9]"),
        ("update_preimage", 0, DOCS[0]),
        ("update_preimage", 2, '"text"'),
    ]
    assert texts(spark.read.format("delta").option("versionAsOf", 1).load(table)) == sorted(enumerate(DOCS), key=repr)


def test_filters_on_variants(spark, table):
    df = spark.read.format("delta").load(table)
    assert df.where("v IS NOT NULL").count() == 6
    assert texts(df.where("v IS NULL").select("id")) == [(99,)]
    assert texts(df.where("is_variant_null(v)").select("id")) == [(1,)]
    assert texts(df.where("variant_get(v, '$.b[0]', 'boolean')").select("id")) == [(0,)]


@pytest.mark.parametrize("mode", ["name", "id"])
def test_column_mapping(spark, tmp_path, mode):
    path = str(tmp_path / "t")
    spark.sql(
        f"CREATE TABLE delta.`{path}` (id BIGINT, old VARIANT, s STRUCT<v: VARIANT>, a ARRAY<VARIANT>) USING delta "
        f"TBLPROPERTIES ('delta.columnMapping.mode' = '{mode}', 'delta.enableDeletionVectors' = 'true')"
    )
    insert = f"INSERT INTO delta.`{path}` SELECT %d, parse_json('%d'), named_struct('v', parse_json('[%d]')), array()"
    spark.sql(insert % (1, 1, 1))
    spark.sql(f"ALTER TABLE delta.`{path}` RENAME COLUMN old TO new")
    spark.sql(f"ALTER TABLE delta.`{path}` RENAME COLUMN s.v TO w")
    spark.sql(insert.replace("'v'", "'w'") % (2, 2, 2))
    spark.sql(f"UPDATE delta.`{path}` SET new = parse_json('true') WHERE id = 2")
    df = spark.read.format("delta").load(path)
    assert texts(df.select("id", "new", "s.w")) == [(1, "1", "[1]"), (2, "true", "[2]")]


def test_the_feature_comes_with_the_column(spark, tmp_path):
    path = str(tmp_path / "t")
    spark.range(2).write.format("delta").save(path)
    assert len(log(path, "protocol")) == 1
    spark.sql(f"ALTER TABLE delta.`{path}` ADD COLUMN v VARIANT")
    assert log(path, "protocol")[-1]["readerFeatures"] == ["variantType"]
    wide = spark.sql("SELECT 5L id, parse_json('{}') v, parse_json('[1]') w")
    wide.write.format("delta").mode("append").option("mergeSchema", "true").save(path)
    assert texts(spark.read.format("delta").load(path)) == [(0, None, None), (1, None, None), (5, "{}", "[1]")]


def test_a_variant_is_no_partition_or_cluster(spark, tmp_path):
    create = f"CREATE TABLE delta.`{tmp_path}/%s` (id INT, v VARIANT) USING delta %s"
    fails(spark, create % ("p", "PARTITIONED BY (v)"), "INVALID_PARTITION_COLUMN_DATA_TYPE")


def test_what_compares_variants_is_refused(spark, table):
    """Also ANSI or not: there is no order and no equality."""
    t = f"delta.`{table}`"
    fails(spark, f"CREATE TABLE {t}_c (id INT, v VARIANT) USING delta CLUSTER BY (v)".replace("`_c", "_c`"),
          "DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED")  # fmt: skip
    fails(spark, f"DELETE FROM {t} WHERE v = parse_json('8')", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE")
    merge = f"MERGE INTO {t} t USING (SELECT parse_json('3') v) s ON t.v = s.v WHEN MATCHED THEN DELETE"
    fails(spark, merge, "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE")
    fails(spark, f"ALTER TABLE {t} ADD CONSTRAINT e CHECK (v = v)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE")
    fails(spark, f"OPTIMIZE {t} ZORDER BY (v)", "DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT")
    fails(spark, f"ALTER TABLE {t} DROP FEATURE variantType", "DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE")
    df = spark.read.format("delta").load(table)
    for frame in (df.distinct(), df.dropDuplicates(["v"]), df.intersect(df), df.exceptAll(df)):
        with pytest.raises(Exception) as caught:
            frame.collect()
        assert condition(caught.value) == "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE"
    assert df.dropDuplicates(["id"]).count() == 7


def test_what_is_stored_becomes_a_variant(spark, tmp_path):
    t = f"delta.`{tmp_path}/t`"
    spark.sql(f"CREATE TABLE {t} (id INT, v VARIANT NOT NULL) USING delta")
    fails(spark, f"INSERT INTO {t} VALUES (1, NULL)", "DELTA_NOT_NULL_CONSTRAINT_VIOLATED")
    fails(spark, f"INSERT INTO {t} VALUES (2, named_struct('a', 1))", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION")
    spark.sql(f"INSERT INTO {t} VALUES (1, 5)")
    spark.sql(f"INSERT INTO {t} VALUES (2, 'text')")
    spark.sql(f"ALTER TABLE {t} ADD CONSTRAINT c CHECK (variant_get(v, '$', 'string') IS NOT NULL)")
    fails(spark, f"INSERT INTO {t} VALUES (3, parse_json('null'))", "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES")
    spark.sql(f"UPDATE {t} SET v = 7 WHERE id = 1")
    assert texts(spark.table(t)) == [(1, "7"), (2, '"text"')]
    s = f"delta.`{tmp_path}/s`"
    spark.sql(f"CREATE TABLE {s} (s STRING, n INT) USING delta")
    spark.sql(f"INSERT INTO {s} SELECT v, 1 FROM {t} WHERE id = 2")
    spark.sql(f"INSERT INTO {s} VALUES ('y', parse_json('5'))")
    assert texts(spark.table(s)) == [("text", 1), ("y", 5)]


def test_defaults_and_previews(spark, tmp_path):
    t = f"delta.`{tmp_path}/d`"
    spark.sql(f"CREATE TABLE {t} (id INT, v VARIANT DEFAULT parse_json('1')) USING delta "
              "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')")  # fmt: skip
    spark.sql(f"INSERT INTO {t} (id) VALUES (1)")
    assert texts(spark.table(t)) == [(1, "1")]
    spark.sql(f"CREATE TABLE delta.`{tmp_path}/p` (v VARIANT) USING delta {NO_CDF[:-1]}, "
              "'delta.feature.variantType-preview' = 'supported')")  # fmt: skip
    assert log(tmp_path / "p", "protocol")[0]["readerFeatures"] == ["variantType-preview"]
    spark.sql(f"ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableVariantShredding' = 'true')")
    assert set(log(tmp_path / "d", "protocol")[-1]["readerFeatures"]) == {"variantShredding-preview", "variantType"}
    spark.sql(f"INSERT INTO {t} VALUES (2, parse_json('[2]'))")
    assert texts(spark.table(t)) == [(1, "1"), (2, "[2]")]


def test_show(spark):
    df = spark.sql(
        "SELECT parse_json('\"hello\"') a, parse_json('null') c, parse_json(NULL) d, array(parse_json('\"x\"'), NULL) e, "
        "named_struct('v', parse_json('\"y\"'), 'w', parse_json('[1]')) s, map('k', parse_json('true')) m"
    )
    assert df._show_string().splitlines()[3] == '|"hello"|null|NULL|["x", NULL]|{"y", [1]}|{k -> true}|'
    nested = spark.sql("SELECT array(TIMESTAMP'2024-02-29 01:02:03Z'::variant)::string").collect()[0][0]
    assert nested == '["2024-02-29 01:02:03+00:00"]'


# --- files of others ---------------------------------------------------------------------------------------


def parquet(tmp_path, value_type, rows: list):
    """A directory with one Parquet file of (id, v)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tmp_path.mkdir()
    data = pa.table({"id": pa.array(range(len(rows)), pa.int64()), "v": pa.array(rows, value_type)})
    pq.write_table(data, tmp_path / "part-0.parquet")
    return str(tmp_path)


def group(*fields):
    import pyarrow as pa

    return pa.struct([pa.field(name, kind) for name, kind in fields])


def read(spark, path):
    return spark.read.schema("id bigint, v variant").parquet(path)


def test_groups_in_either_order(spark, tmp_path):
    import pyarrow as pa

    one = {"value": b"\x0c\x07", "metadata": b"\x01\x00\x00"}
    for i, order in enumerate((("value", "metadata"), ("metadata", "value"))):
        path = parquet(tmp_path / str(i), group(*((name, pa.binary()) for name in order)), [one, None])
        assert texts(read(spark, path)) == [(0, "7"), (1, None)]


def test_shredded_groups(spark, tmp_path):
    """The cases of parquet-format VariantShredding.md: a typed value, one that does not fit, a missing field."""
    import pyarrow as pa

    metadata = b"\x01\x02\x00\x01\x02ab"  # names a, b
    field = group(("value", pa.binary()), ("typed_value", pa.int64()))
    shape = group(("metadata", pa.binary()), ("value", pa.binary()), ("typed_value", group(("a", field))))
    rows = [
        {"metadata": metadata, "value": None, "typed_value": {"a": {"value": None, "typed_value": 34}}},
        {"metadata": metadata, "value": None, "typed_value": {"a": {"value": b"\x09no", "typed_value": None}}},
        {"metadata": metadata, "value": b"\x02\x01\x01\x00\x01\x04", "typed_value": {"a": {"value": None}}},
        {"metadata": metadata, "value": b"\x04", "typed_value": None},
        None,
    ]
    got = texts(read(spark, parquet(tmp_path / "t", shape, rows)))
    assert got == [(0, '{"a":34}'), (1, '{"a":"no"}'), (2, '{"b":true}'), (3, "true"), (4, None)]


def test_damaged_groups_are_errors(spark, tmp_path):
    import pyarrow as pa

    pair = group(("value", pa.binary()), ("metadata", pa.binary()))
    for i, row in enumerate(
        [
            {"value": b"\x02\x05", "metadata": b"\x01\x00\x00"},
            {"value": None, "metadata": b"\x01\x00\x00"},
            {"value": b"\x00", "metadata": None},
            {"value": b"\x03\x01\x00\xff", "metadata": b"\x01\x00\x00"},
        ]
    ):
        path = parquet(tmp_path / f"bad{i}", pair, [row])
        with pytest.raises(Exception) as caught:
            read(spark, path).selectExpr("v::string").collect()
        assert condition(caught.value) == "MALFORMED_VARIANT"
    for i, shape in enumerate([pa.string(), group(("metadata", pa.binary()), ("typed_value", pa.time64("us")))]):
        path = parquet(tmp_path / f"shape{i}", shape, [None])
        with pytest.raises(Exception) as caught:
            read(spark, path).collect()
        assert condition(caught.value) == "INVALID_VARIANT_SHREDDING_SCHEMA"


def test_duckdb_reads_what_is_written(spark, table):
    import duckdb

    connection = duckdb.connect()
    for extension in Path(__import__("duckdb_extension_delta").__file__).parent.rglob("*.duckdb_extension"):
        connection.execute(f"LOAD '{extension}'")
    rows = connection.execute(f"SELECT id, v FROM delta_scan('{table}') ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [0, 1, 2, 3, 4, 5, 99]

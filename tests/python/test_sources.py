"""Parquet, CSV, JSON and text files by path, with Spark's common options. Passes on real Spark too."""

from __future__ import annotations

import bz2
import datetime as dt
import decimal
import gzip
import json
import re
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException, PySparkException
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import rows, sorted_rows


@pytest.fixture
def folder(delta_table_path) -> Path:
    path = Path(delta_table_path)
    path.mkdir()
    return path


def put(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def hadoop_blocks(codec: str):
    """Packs texts as blocks of one chunk, as Hadoop's BlockCompressorStream does; its buffers hold 256 KiB."""
    compressed = pa.Codec(codec)

    def pack(*texts: bytes) -> bytes:
        size = 1 << 16
        texts = tuple(text[at : at + size] for text in texts for at in range(0, len(text), size))
        chunks = [compressed.compress(text, asbytes=True) for text in texts]
        return b"".join(struct.pack(">II", len(t), len(c)) + c for t, c in zip(texts, chunks, strict=True))

    return pack


CODECS = {
    "bz2": lambda *texts: b"".join(bz2.compress(text) for text in texts),
    "lz4": hadoop_blocks("lz4_raw"),
    "snappy": hadoop_blocks("snappy"),
}


def data_files(path: str | Path, suffix: str = "") -> list[Path]:
    return sorted(f for f in Path(path).rglob("part-*") if f.name.endswith(suffix))


@pytest.fixture(scope="module")
def mixed(spark):
    return spark.createDataFrame(
        [
            (1, "a", 1.5, dt.date(2025, 1, 2), dt.datetime(2025, 1, 2, 3, 4, 5), True),
            (2, None, None, None, None, False),
            (3, 'quo"te, comma', -0.25, dt.date(1999, 12, 31), dt.datetime(1999, 12, 31, 23, 59, 59), None),
        ],
        "id int, s string, d double, day date, at timestamp, flag boolean",
    )


class TestParquet:
    def test_round_trip(self, spark, mixed, delta_table_path):
        mixed.write.parquet(delta_table_path)
        back = spark.read.parquet(delta_table_path)
        assert back.schema.simpleString() == mixed.schema.simpleString()
        assert sorted_rows(back) == sorted_rows(mixed)
        assert (Path(delta_table_path) / "_SUCCESS").exists()
        assert data_files(delta_table_path, ".snappy.parquet")

    def test_the_mark_at_the_end_can_be_left_out(self, spark, mixed, folder):
        setting = "mapreduce.fileoutputcommitter.marksuccessfuljobs"

        def marked(name, **options):
            mixed.select("id").write.options(**options).parquet(str(folder / name))
            assert data_files(folder / name)
            return (folder / name / "_SUCCESS").exists()

        assert marked("default")
        assert not marked("option", **{setting: "false"})
        assert marked("no boolean", **{setting: "no"})
        spark.conf.set(setting, "false")
        try:
            assert not marked("session")
            assert marked("both", **{setting: "true"})
        finally:
            spark.conf.unset(setting)

    def test_nested_round_trip(self, spark, delta_table_path):
        df = spark.createDataFrame(
            [(1, [(1, {"k": [1.5]})], decimal.Decimal("1.23")), (2, None, None)],
            "id int, a array<struct<x:int,m:map<string,array<double>>>>, d decimal(12,2)",
        )
        df.write.parquet(delta_table_path)
        back = spark.read.parquet(delta_table_path)
        assert back.schema.simpleString() == df.schema.simpleString()
        assert sorted_rows(back) == sorted_rows(df)

    @pytest.mark.parametrize("codec", ["gzip", "zstd", "uncompressed"])
    def test_compression(self, spark, mixed, delta_table_path, codec):
        mixed.write.option("compression", codec).parquet(delta_table_path)
        assert sorted_rows(spark.read.parquet(delta_table_path)) == sorted_rows(mixed)

    def test_modes(self, spark, delta_table_path):
        spark.range(2).write.parquet(delta_table_path)
        with pytest.raises(AnalysisException) as caught:
            spark.range(1).write.parquet(delta_table_path)
        assert condition(caught.value) == "PATH_ALREADY_EXISTS"
        spark.range(3).write.mode("ignore").parquet(delta_table_path)
        assert spark.read.parquet(delta_table_path).count() == 2
        spark.range(3).write.mode("append").parquet(delta_table_path)
        assert spark.read.parquet(delta_table_path).count() == 5
        spark.range(1).write.mode("overwrite").parquet(delta_table_path)
        assert spark.read.parquet(delta_table_path).count() == 1

    def test_partitions(self, spark, delta_table_path):
        df = spark.createDataFrame([(1, 2024, "x"), (2, 2025, "y/z"), (3, 2025, None)], "id int, year int, p string")
        df.write.partitionBy("year", "p").parquet(delta_table_path)
        assert (Path(delta_table_path) / "year=2025" / "p=y%2Fz").is_dir()
        assert (Path(delta_table_path) / "year=2025" / "p=__HIVE_DEFAULT_PARTITION__").is_dir()
        back = spark.read.parquet(delta_table_path)
        assert back.schema.simpleString() == "struct<id:int,year:int,p:string>"
        assert sorted_rows(back) == sorted_rows(df)
        assert rows(back.where("year = 2024").select("id")) == [(1,)]

    def test_partition_type_inference_can_be_off(self, spark, delta_table_path):
        spark.range(1).withColumn("p", F.lit(7)).write.partitionBy("p").parquet(delta_table_path)
        assert spark.read.parquet(delta_table_path).schema["p"].dataType.simpleString() == "int"
        spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        try:
            assert spark.read.parquet(delta_table_path).schema["p"].dataType.simpleString() == "string"
        finally:
            spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "true")

    def test_merge_schema(self, spark, delta_table_path):
        spark.range(1).write.parquet(delta_table_path + "/p=1")
        spark.range(1).withColumn("extra", F.lit("e")).write.parquet(delta_table_path + "/p=2")
        back = spark.read.option("mergeSchema", "true").parquet(delta_table_path)
        assert sorted(back.columns) == ["extra", "id", "p"]
        assert sorted_rows(back.select("p", "extra")) == [(1, None), (2, "e")]

    def test_a_schema_of_the_users(self, spark, mixed, delta_table_path):
        mixed.write.parquet(delta_table_path)
        back = spark.read.schema("s string, id int, missing double").parquet(delta_table_path)
        assert back.columns == ["s", "id", "missing"]
        assert sorted_rows(back.select("id", "missing")) == [(1, None), (2, None), (3, None)]

    @pytest.mark.parametrize(
        "wanted, value, found",
        [
            ("bigint", pa.array([1.5]), "DOUBLE"),
            ("boolean", pa.array([1.5]), "DOUBLE"),
            ("string", pa.array([1], pa.int32()), "INT32"),
            ("bigint", pa.array([decimal.Decimal("1.25")], pa.decimal128(10, 2)), "FIXED_LEN_BYTE_ARRAY"),
        ],
    )
    def test_a_column_of_another_type(self, spark, folder, wanted, value, found):
        pq.write_table(pa.table({"id": pa.array([7], pa.int64()), "c": value}), folder / "a file.parquet")
        df = spark.read.schema(f"id bigint, c {wanted}").parquet(str(folder))
        assert rows(df.select("id")) == [(7,)]
        text = f"a%20file.parquet. Column: [c], Expected: {wanted}, Found: {found}."
        with pytest.raises(PySparkException, match=re.escape(text)):
            df.collect()
        with pytest.raises(PySparkException, match=re.escape(text)):
            df.where("c IS NULL").select("id").collect()

    def test_several_paths_and_globs(self, spark, delta_table_path):
        for i in range(3):
            spark.range(i, i + 1).write.parquet(f"{delta_table_path}/part{i}")
        assert spark.read.parquet(f"{delta_table_path}/part0", f"{delta_table_path}/part2").count() == 2
        assert spark.read.parquet(f"{delta_table_path}/part*").count() == 3
        assert spark.read.parquet(f"{delta_table_path}/part[01]").count() == 2

    def test_sql_by_path(self, spark, delta_table_path):
        spark.range(3).write.parquet(delta_table_path)
        assert rows(spark.sql(f"SELECT sum(id) FROM parquet.`{delta_table_path}`")) == [(3,)]

    def test_a_missing_path(self, spark, delta_table_path):
        with pytest.raises(AnalysisException) as caught:
            spark.read.parquet(delta_table_path)  # Connect is lazy: the error may come with the first use
            spark.read.parquet(delta_table_path).collect()
        assert condition(caught.value) == "PATH_NOT_FOUND"
        assert delta_table_path in str(caught.value)

    def test_an_empty_folder(self, spark, folder):
        with pytest.raises(AnalysisException) as caught:
            spark.read.parquet(str(folder)).collect()
        assert condition(caught.value) == "UNABLE_TO_INFER_SCHEMA"

    def test_hidden_files_are_skipped(self, spark, delta_table_path):
        spark.range(2).write.parquet(delta_table_path)
        (Path(delta_table_path) / "_notes").write_text("not parquet")
        (Path(delta_table_path) / ".hidden.parquet").write_text("not parquet")
        assert spark.read.parquet(delta_table_path).count() == 2


class TestCsv:
    def test_round_trip_with_header(self, spark, mixed, delta_table_path):
        mixed.write.option("header", True).csv(delta_table_path)
        back = spark.read.schema(mixed.schema).option("header", True).csv(delta_table_path)
        assert sorted_rows(back) == sorted_rows(mixed)

    def test_written_text(self, spark, delta_table_path):
        df = spark.createDataFrame([(1, 'say "hi"', "a,b", None, "")], "i int, q string, c string, n string, e string")
        df.coalesce(1).write.option("header", "true").csv(delta_table_path)
        (part,) = data_files(delta_table_path, ".csv")
        assert part.read_text() == 'i,q,c,n,e\n1,"say \\"hi\\"","a,b",,""\n'

    def test_without_header_all_strings(self, spark, folder):
        df = spark.read.csv(put(folder, "a.csv", "1,x\n2,\n"))
        assert df.schema.simpleString() == "struct<_c0:string,_c1:string>"
        assert rows(df) == [("1", "x"), ("2", None)]

    def test_infer_schema(self, spark, folder):
        text = "i,l,d,s,b,day,at\n1,3000000000,1.5,x,true,2025-01-02,2025-01-02 03:04:05\n2,,,,,,\n"
        df = spark.read.option("header", "true").option("inferSchema", "true").csv(put(folder, "a.csv", text))
        assert df.schema.simpleString() == ("struct<i:int,l:bigint,d:double,s:string,b:boolean,day:date,at:timestamp>")
        assert rows(df)[0] == (
            1, 3000000000, 1.5, "x", True, dt.date(2025, 1, 2), dt.datetime(2025, 1, 2, 3, 4, 5),
        )  # fmt: skip

    def test_separator_quote_and_null_value(self, spark, folder):
        path = put(folder, "a.csv", "a;b\n'x;y';NA\n")
        df = spark.read.options(header=True, sep=";", quote="'", nullValue="NA").csv(path)
        assert rows(df) == [("x;y", None)]

    def test_tabs_and_comments(self, spark, folder):
        path = put(folder, "a.tsv", "# note\n1\tx\n")
        assert rows(spark.read.csv(path, sep="\t", comment="#", schema="i int, s string")) == [(1, "x")]

    def test_multi_line(self, spark, folder):
        path = put(folder, "a.csv", 'i,s\n1,"two\nlines"\n')
        assert rows(spark.read.option("header", True).option("multiLine", True).csv(path)) == [("1", "two\nlines")]

    def test_date_and_timestamp_formats(self, spark, folder):
        path = put(folder, "a.csv", "02/01/2025,02.01.2025 03:04\n")
        df = spark.read.options(dateFormat="dd/MM/yyyy", timestampFormat="dd.MM.yyyy HH:mm").csv(
            path, schema="d date, t timestamp"
        )
        assert rows(df) == [(dt.date(2025, 1, 2), dt.datetime(2025, 1, 2, 3, 4))]

    def test_permissive(self, spark, folder):
        path = put(folder, "a.csv", "1,x\nbad,y\n3\n4,z,extra\n")
        df = spark.read.schema("i int, s string, _corrupt_record string").csv(path)
        assert rows(df.orderBy("s", "i")) == [
            (3, None, "3"), (1, "x", None), (None, "y", "bad,y"), (4, "z", "4,z,extra"),
        ]  # fmt: skip

    def test_drop_malformed(self, spark, folder):
        path = put(folder, "a.csv", "1,x\nbad,y\n3,z\n")
        df = spark.read.schema("i int, s string").option("mode", "DROPMALFORMED").csv(path)
        assert rows(df) == [(1, "x"), (3, "z")]

    def test_fail_fast(self, spark, folder):
        path = put(folder, "a.csv", "1,x\nbad,y\n")
        with pytest.raises(Exception) as caught:
            spark.read.schema("i int, s string").option("mode", "FAILFAST").csv(path).collect()
        assert "MALFORMED_RECORD_IN_PARSING" in str(caught.value)

    def test_gzip(self, spark, folder):
        with gzip.open(folder / "a.csv.gz", "wt") as f:
            f.write("1,x\n")
        assert rows(spark.read.csv(str(folder / "a.csv.gz"))) == [("1", "x")]

    def test_trimming(self, spark, folder):
        path = put(folder, "a.csv", " 1 , x \n")
        df = spark.read.options(ignoreLeadingWhiteSpace=True, ignoreTrailingWhiteSpace=True).csv(path)
        assert rows(df) == [("1", "x")]
        assert rows(spark.read.csv(path)) == [(" 1 ", " x ")]

    def test_a_folder(self, spark, folder):
        put(folder, "a.csv", "h\n1\n")
        put(folder, "b.csv", "h\n2\n")
        df = spark.read.option("header", True).csv(str(folder))
        assert sorted_rows(df) == [("1",), ("2",)]


class TestJson:
    def test_round_trip(self, spark, mixed, delta_table_path):
        mixed.write.json(delta_table_path)
        assert sorted_rows(spark.read.schema(mixed.schema).json(delta_table_path)) == sorted_rows(mixed)

    def test_written_text(self, spark, delta_table_path):
        df = spark.createDataFrame([(1, None, [1, 2], ("x",))], "i int, n string, a array<int>, s struct<k:string>")
        df.coalesce(1).write.json(delta_table_path)
        (part,) = data_files(delta_table_path, ".json")
        assert part.read_text() == '{"i":1,"a":[1,2],"s":{"k":"x"}}\n'

    def test_inference(self, spark, folder):
        lines = [
            {"b": 1, "a": {"x": [1, 2.5]}, "t": "2025-01-01"},
            {"b": None, "c": [{"y": True}], "a": {"z": "s"}},
        ]
        path = put(folder, "a.json", "\n".join(json.dumps(line) for line in lines))
        df = spark.read.json(path)
        assert df.schema.simpleString() == (
            "struct<a:struct<x:array<double>,z:string>,b:bigint,c:array<struct<y:boolean>>,t:string>"
        )
        assert rows(df) == [(([1.0, 2.5], None), 1, None, "2025-01-01"), ((None, "s"), None, [(True,)], None)]

    def test_conflicting_types_become_strings(self, spark, folder):
        df = spark.read.json(put(folder, "a.json", '{"v":1}\n{"v":"x"}\n'))
        assert df.schema.simpleString() == "struct<v:string>"
        assert rows(df) == [("1",), ("x",)]

    def test_multi_line(self, spark, folder):
        path = put(folder, "a.json", '[\n {"i": 1},\n {"i": 2}\n]\n')
        assert rows(spark.read.option("multiLine", True).json(path)) == [(1,), (2,)]

    def test_permissive(self, spark, folder):
        path = put(folder, "a.json", '{"i": 1}\n{broken\n{"i": "x"}\n')
        df = spark.read.schema("i int, _corrupt_record string").json(path)
        assert rows(df) == [(1, None), (None, "{broken"), (None, '{"i": "x"}')]

    def test_fail_fast(self, spark, folder):
        path = put(folder, "a.json", '{"i": 1}\n{broken\n')
        with pytest.raises(Exception) as caught:
            spark.read.schema("i int").option("mode", "FAILFAST").json(path).collect()
        assert "MALFORMED_RECORD_IN_PARSING" in str(caught.value)


class TestText:
    def test_round_trip(self, spark, delta_table_path):
        df = spark.createDataFrame([("one",), ("two ☃",)], "value string")
        df.write.text(delta_table_path)
        assert sorted_rows(spark.read.text(delta_table_path)) == [("one",), ("two ☃",)]

    def test_lines(self, spark, folder):
        path = put(folder, "a.txt", "one\n\nthree")
        df = spark.read.text(path)
        assert df.schema.simpleString() == "struct<value:string>"
        assert rows(df) == [("one",), ("",), ("three",)]

    def test_whole_text(self, spark, folder):
        path = put(folder, "a.txt", "one\ntwo\n")
        assert rows(spark.read.text(path, wholetext=True)) == [("one\ntwo\n",)]

    @pytest.mark.parametrize("damage", [b"no gzip at all", gzip.compress(bytes(range(256)) * 400)[:200]])
    def test_a_damaged_file_is_named(self, spark, folder, damage):
        (folder / "broken.txt.gz").write_bytes(damage)
        with pytest.raises(Exception) as caught:
            spark.read.text(str(folder)).collect()
        assert "broken.txt.gz" in str(caught.value)

    @pytest.mark.parametrize("suffix", CODECS)
    def test_other_codecs(self, spark, folder, suffix):
        pack = CODECS[suffix]
        long = "".join(f"line {i}\n" for i in range(50_000))
        (folder / f"a.txt.{suffix}").write_bytes(pack(b"one\n", b"two\n") + pack(b"three"))
        (folder / f"b.txt.{suffix}").write_bytes(pack(long.encode()))
        (folder / f"c.txt.{suffix}").write_bytes(b"")
        assert sorted_rows(spark.read.text(str(folder / f"a.txt.{suffix}"))) == [("one",), ("three",), ("two",)]
        assert spark.read.text(str(folder)).count() == 50_003
        (folder / f"d.csv.{suffix}").write_bytes(pack(b"1,x\n"))
        assert rows(spark.read.csv(str(folder / f"d.csv.{suffix}"), schema="a int, b string")) == [(1, "x")]
        (folder / f"e.json.{suffix}").write_bytes(pack(b'{"a":1}\n'))
        assert rows(spark.read.json(str(folder / f"e.json.{suffix}"))) == [(1,)]

    @pytest.mark.parametrize("suffix", CODECS)
    def test_other_codecs_damaged(self, spark, folder, suffix):
        whole = CODECS[suffix](b"".join(b"line %d\n" % i for i in range(5000)))
        (folder / f"cut.txt.{suffix}").write_bytes(whole[: len(whole) - 20])
        with pytest.raises(Exception):  # noqa: B017
            spark.read.text(str(folder)).collect()

    def test_more_than_one_column_is_refused(self, spark, mixed, delta_table_path):
        with pytest.raises(AnalysisException):
            mixed.write.text(delta_table_path)


class TestGenericReader:
    def test_format_and_load(self, spark, delta_table_path):
        spark.range(3).write.format("parquet").save(delta_table_path)
        assert spark.read.format("parquet").load(delta_table_path).count() == 3

    def test_path_option(self, spark, delta_table_path):
        spark.range(3).write.format("parquet").option("path", delta_table_path).save()
        assert spark.read.format("parquet").option("path", delta_table_path).load().count() == 3

    def test_file_uri(self, spark, delta_table_path):
        spark.range(3).write.parquet(f"file:{delta_table_path}")
        assert spark.read.parquet(f"file://{delta_table_path}").count() == 3

    def test_file_metadata_column(self, spark, delta_table_path):
        spark.range(1).coalesce(1).write.parquet(delta_table_path)
        (row,) = spark.read.parquet(delta_table_path).select("_metadata.file_name", "_metadata.file_size").collect()
        (part,) = data_files(delta_table_path, ".parquet")
        assert (row.file_name, row.file_size) == (part.name, part.stat().st_size)

    def test_input_file_name(self, spark, delta_table_path):
        spark.range(1).coalesce(1).write.parquet(delta_table_path)
        (row,) = spark.read.parquet(delta_table_path).select(F.input_file_name()).collect()
        assert row[0].endswith(data_files(delta_table_path, ".parquet")[0].name)

    def test_input_file_name_of_two_sources(self, spark, delta_table_path):
        spark.range(1).coalesce(1).write.parquet(delta_table_path)
        df = spark.read.parquet(delta_table_path)
        with pytest.raises(AnalysisException) as error:
            df.join(spark.read.parquet(delta_table_path), "id").select(F.input_file_name()).collect()
        assert condition(error.value) == "MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION"

    def test_table_over_one_file(self, spark, delta_table_path):
        spark.range(1).coalesce(1).write.option("header", "true").csv(delta_table_path)
        (part,) = data_files(delta_table_path, ".csv")
        before = sorted(path.name for path in part.parent.iterdir())
        spark.sql(f"CREATE TABLE over_one_file (id BIGINT) USING csv OPTIONS (header 'true') LOCATION '{part}'")
        try:
            assert rows(spark.table("over_one_file")) == [(0,)]
        finally:
            spark.sql("DROP TABLE over_one_file")
        assert part.is_file()
        assert sorted(path.name for path in part.parent.iterdir()) == before


class TestTablesOfFiles:
    def test_a_location_that_is_gone(self, spark, table_name, folder):
        spark.sql(f"CREATE TABLE {table_name} (a INT) USING parquet LOCATION '{folder / 'new'}'")
        assert spark.table(table_name).count() == 0
        spark.sql(f"INSERT INTO {table_name} VALUES (1)")
        assert rows(spark.table(table_name)) == [(1,)]
        for file in sorted((folder / "new").iterdir()):
            file.unlink()
        (folder / "new").rmdir()
        spark.catalog.refreshTable(table_name)
        assert spark.table(table_name).count() == 0

    def test_partitions(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT, p STRING, q INT) USING parquet PARTITIONED BY (p, q)")
        assert rows(spark.sql(f"SHOW PARTITIONS {table_name}")) == []
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 'b', 1), (2, 'a', 1), (3, 'a', 2), (4, 'a', 2)")
        spark.catalog.recoverPartitions(table_name)
        assert rows(spark.sql(f"SHOW PARTITIONS {table_name}")) == [("p=a/q=1",), ("p=a/q=2",), ("p=b/q=1",)]

    def test_partitions_of_a_table_without(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT) USING parquet")
        with pytest.raises(AnalysisException) as caught:
            spark.sql(f"SHOW PARTITIONS {table_name}")
        assert condition(caught.value) == "INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY"
        assert f"`spark_catalog`.`default`.`{table_name}` is not partitioned" in str(caught.value)

    def test_appended_rows_have_the_tables_format_and_columns(self, spark, table_name):
        df = spark.createDataFrame([(1, "a")], "i int, s string")
        df.write.format("parquet").saveAsTable(table_name)
        append = df.write.mode("append")
        with pytest.raises(AnalysisException, match="doesn't match the specified format `CSVDataSourceV2`"):
            append.format("csv").saveAsTable(table_name)
        with pytest.raises(AnalysisException, match="The column number of the existing table .* doesn't match"):
            df.select("s").write.mode("append").format("parquet").saveAsTable(table_name)
        with pytest.raises(AnalysisException, match="Cannot resolve 's' given input columns"):
            df.toDF("i", "x").write.mode("append").format("parquet").saveAsTable(table_name)
        df.select("s", "i").write.mode("append").format("parquet").saveAsTable(table_name)
        assert rows(spark.table(table_name)) == [(1, "a"), (1, "a")]


class TestRefusedWrites:
    """Spark's messages, with what they are about filled in."""

    @pytest.fixture(scope="class")
    def df(self, spark):
        return spark.createDataFrame([(1, "a")], "i int, s string")

    def test_a_partition_column_that_is_not_there(self, df, folder):
        text = "Partition column `nope` not found in schema struct<i:int,s:string>"
        with pytest.raises(AnalysisException, match=text):
            df.write.partitionBy("nope").parquet(str(folder / "t"))

    def test_text_of_two_columns(self, df, folder):
        with pytest.raises(AnalysisException, match="supports only a single column, and you have 2 columns"):
            df.write.text(str(folder / "t"))

    def test_a_codec_that_is_not_there(self, df, folder):
        with pytest.raises(IllegalArgumentException, match=r"Codec \[nope\] is not available"):
            df.write.parquet(str(folder / "t"), compression="nope")


class TestSinks:
    """The data sinks noop, which computes rows and drops them, and console, which shows them on the driver's output."""

    @pytest.mark.parametrize("mode", ["append", "overwrite"])
    def test_noop(self, spark, mode):
        spark.range(3).write.format("noop").mode(mode).save()

    @pytest.mark.parametrize("mode", ["error", "ignore"])
    def test_noop_in_other_modes(self, spark, mode):
        with pytest.raises(AnalysisException, match="please use Append or Overwrite modes instead"):
            spark.range(3).write.format("noop").mode(mode).save()

    def test_noop_computes_every_column(self, spark):
        bad = spark.range(3).selectExpr("id", "raise_error('as asked') AS e")
        with pytest.raises(Exception, match="as asked"):
            bad.write.format("noop").mode("append").save()

    @pytest.mark.parametrize("mode", ["append", "overwrite", "error", "ignore"])
    def test_console(self, spark, mode):
        df = spark.range(30).withColumn("s", F.lit("x" * 30))
        df.write.format("console").option("numRows", 2).option("truncate", "false").mode(mode).save()


@pytest.mark.deltic
def test_corrupt_files_are_not_ignored(spark, tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no more")
    reader = spark.read.schema("a int").option("ignoreCorruptFiles", "true")
    with pytest.raises(Exception, match="ignoreCorruptFiles"):
        reader.parquet(str(tmp_path)).collect()
    assert spark.read.schema("a int").option("ignoreCorruptFiles", "false").csv(str(tmp_path)).count() == 1

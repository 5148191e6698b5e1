"""OPTIMIZE that copies the pages of files by other writers (PyArrow, DuckDB, delta-rs, us): the rows, as three readers
see them, and the new file's own statistics. Expected values come from the files that were merged."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import random
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.python.test_maintenance import actions, delta, live_files, load

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pc = pytest.importorskip("pyarrow.compute")

pytestmark = [pytest.mark.deltic]
ROWS = 5000  # of each file
FILES = 3
MERGED = "Deltic"  # what merged files say that they were created by
INTS, STRINGS = ("id", "i8", "i16", "i32", "d", "ts"), ("s", "u")


def some(values, seed: int):
    """The values with a tenth of them None."""
    draw = random.Random(seed)
    return [None if draw.random() < 0.1 else value for value in values]


def table(number: int, nested: bool = True) -> pa.Table:
    """Rows of every type; the distinct values of one file are partly those of the next."""
    ids = range(number * ROWS, (number + 1) * ROWS)
    day, instant = dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc)
    fields = {
        "id": (pa.int64(), list(ids)),
        "b": (pa.bool_(), some([i % 3 == 0 for i in ids], 1)),
        "i8": (pa.int8(), some([i % 200 - 100 for i in ids], 2)),
        "i16": (pa.int16(), some([i * 7 % 30000 - 15000 for i in ids], 3)),
        "i32": (pa.int32(), some([i * 31 - 100 for i in ids], 4)),
        "f": (pa.float32(), some([i % 50 / 4 - 3 for i in ids], 5)),
        "g": (pa.float64(), some([-0.0 if i % 7 == 0 else i / 3 for i in ids], 6)),
        "s": (pa.string(), some([f"value {(i + number * 13) % 40}" for i in ids], 7)),
        "u": (pa.string(), some([f"unique {i} of all, with an ü" for i in ids], 8)),
        "x": (pa.binary(), some([bytes([i % 256, 255]) for i in ids], 9)),
        "d": (pa.date32(), some([day + dt.timedelta(days=i % 900) for i in ids], 10)),
        "ts": (pa.timestamp("us", "UTC"), some([instant + dt.timedelta(microseconds=i * 1001) for i in ids], 11)),
        "small": (pa.decimal128(9, 2), some([decimal.Decimal(i % 100 - 50).scaleb(-2) for i in ids], 12)),
        "large": (pa.decimal128(38, 10), some([decimal.Decimal(i - 7000) * 10**15 for i in ids], 13)),
        "none": (pa.string(), [None] * ROWS),
    }
    if nested:
        lists = [[] if i % 5 == 0 else [i % 11, None, i] for i in ids]
        fields |= {
            "l": (pa.list_(pa.int64()), some(lists, 14)),
            "t": (pa.struct([("a", pa.int32()), ("b", pa.string())]), some([{"a": i % 9, "b": None} for i in ids], 15)),
            "m": (pa.map_(pa.string(), pa.int32()), some([[("k", i % 4), (f"k{i % 3}", None)] for i in ids], 16)),
            "ll": (pa.list_(pa.list_(pa.string())), some([[["a"], [], [None, f"b{i % 6}"]] for i in ids], 17)),
        }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in fields.items()})


def live(path: str) -> list[str]:
    return [str(Path(path) / unquote(name)) for name in sorted(live_files(path))]


def by_id(files: list[str]) -> pa.Table:
    read = [pq.ParquetFile(file).read().replace_schema_metadata(None) for file in files]
    return pa.concat_tables([part.cast(read[0].schema) for part in read]).sort_by("id")


def check_statistics(file: str) -> None:
    """Every bound and count of the footer is that of the values; nothing is left of the inputs' page indexes."""
    parquet = pq.ParquetFile(file)
    for g in range(parquet.metadata.num_row_groups):
        group, values = parquet.metadata.row_group(g), parquet.read_row_group(g)
        for c in range(group.num_columns):
            chunk = group.column(c)
            if "." in chunk.path_in_schema or not chunk.is_stats_set:
                continue
            column = values[chunk.path_in_schema]
            assert chunk.num_values == group.num_rows and not chunk.has_offset_index
            assert chunk.statistics.null_count == column.null_count, chunk.path_in_schema
            if chunk.statistics.has_min_max:
                try:
                    bounds = chunk.statistics.min, chunk.statistics.max
                except pa.ArrowNotImplementedError:  # older PyArrow: decimals
                    continue
                assert bounds == tuple(pc.min_max(column).as_py().values()), chunk.path_in_schema


def optimize(spark, path: str) -> str:
    """Merges the table's files; the new one, which three readers find to have the rows of the old ones."""
    before, old = load(spark, path).orderBy("id").collect(), live(path)
    expected = by_id(old)
    spark.sql(f"OPTIMIZE {delta(path)}").collect()
    (file,) = live(path)
    assert by_id([file]).equals(expected)
    assert load(spark, path).orderBy("id").collect() == before
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}"' for name in expected.column_names)
        ours, theirs = (f"SELECT {columns} FROM read_parquet({files})" for files in ([file], old))
        for one, other in ((ours, theirs), (theirs, ours)):
            assert connection.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchone() == (0,)
    check_statistics(file)
    return file


def is_merged(file: str) -> bool:
    return pq.ParquetFile(file).metadata.created_by.startswith(MERGED)


def converted(spark, path: str, tables: list[pa.Table], **options) -> str:
    Path(path).mkdir()
    for i, part in enumerate(tables):
        pq.write_table(part, f"{path}/part-{i}.parquet", **options)
    spark.sql(f"CONVERT TO DELTA parquet.`{path}`")
    return path


@pytest.fixture
def codec(spark):
    key = "spark.sql.parquet.compression.codec"
    before = spark.conf.get(key, None)
    yield lambda name: spark.conf.set(key, name)
    spark.conf.unset(key) if before is None else spark.conf.set(key, before)


WRITERS = {
    "plain": {"use_dictionary": False},
    "dictionaries": {},
    "dictionaries-v2": {"data_page_version": "2.0"},
    "small-pages": {"data_page_size": 4096, "write_batch_size": 64, "data_page_version": "2.0"},
    "fallback": {"dictionary_pagesize_limit": 8192, "data_page_size": 8192, "write_batch_size": 256},
    "page-index": {"write_page_index": True, "write_page_checksum": True},
    "delta": {
        "use_dictionary": False,
        "column_encoding": dict.fromkeys(INTS, "DELTA_BINARY_PACKED")
        | {"s": "DELTA_BYTE_ARRAY", "u": "DELTA_LENGTH_BYTE_ARRAY", "f": "BYTE_STREAM_SPLIT", "g": "BYTE_STREAM_SPLIT"},
        "data_page_version": "2.0",
    },
    "row-groups": {"row_group_size": 1700},
}


class TestPyArrow:
    @pytest.mark.parametrize("name", WRITERS)
    def test_pages_of_every_kind(self, spark, delta_table_path, name):
        options = WRITERS[name]
        rows = [table(i) for i in range(FILES)]
        if name == "row-groups":  # of fewer rows than are worth keeping, but for those of long strings
            rows = [
                part.append_column("long", pa.array([random.Random(i).randbytes(90).hex() * 10 for i in range(ROWS)]))
                for part in rows
            ]
            rows = [part.select(["id", "long"]) for part in rows]
        path = converted(spark, delta_table_path, rows, **options)
        assert is_merged(optimize(spark, path))

    @pytest.mark.parametrize("name", ["none", "zstd", "snappy"])
    @pytest.mark.parametrize("writer", ["dictionaries", "small-pages"])
    def test_codecs(self, spark, delta_table_path, codec, name, writer):
        path = converted(spark, delta_table_path, [table(i) for i in range(2)], compression=name, **WRITERS[writer])
        codec(name)
        assert is_merged(optimize(spark, path))

    def test_strings_get_a_dictionary_and_delta_statistics_hold(self, spark, delta_table_path):
        path = converted(spark, delta_table_path, [table(i, nested=False) for i in range(FILES)], use_dictionary=False)
        file = optimize(spark, path)
        group = pq.ParquetFile(file).metadata.row_group(0)
        chunks = {group.column(c).path_in_schema: group.column(c) for c in range(group.num_columns)}
        assert "PLAIN_DICTIONARY" in chunks["s"].encodings and "PLAIN_DICTIONARY" not in chunks["u"].encodings
        (add,) = actions(path, 1, "add")
        stats = json.loads(add["stats"])
        assert stats["numRecords"] == FILES * ROWS
        rows = by_id([file])
        for name in ("id", "i8", "i16", "i32", "s", "d"):
            low, high = pc.min_max(rows[name]).as_py().values()
            assert (stats["minValues"][name], stats["maxValues"][name]) == tuple(
                value if isinstance(value, (int, str)) else str(value) for value in (low, high)
            )
        assert stats["nullCount"] == {name: rows[name].null_count for name in rows.column_names}

    def test_a_dictionary_that_grows_too_large_is_given_up(self, spark, delta_table_path):
        draw = random.Random(5)
        rows = [
            pa.table({"id": range(n * ROWS, (n + 1) * ROWS), "s": [draw.randbytes(80).hex() for _ in range(ROWS)]})
            for n in range(FILES)
        ]
        path = converted(spark, delta_table_path, rows)
        file = optimize(spark, path)
        chunk = pq.ParquetFile(file).metadata.row_group(0).column(1)
        assert is_merged(file) and chunk.dictionary_page_offset is None

    def test_no_rows_in_some_files(self, spark, delta_table_path):
        path = converted(spark, delta_table_path, [table(0), table(1).slice(0, 0), table(2)])
        assert is_merged(optimize(spark, path))


class TestNotMerged:
    """What is read and written as rows: the result is the same but for the file's maker."""

    @pytest.mark.parametrize(
        "options",
        [{"compression": "gzip"}, {"use_deprecated_int96_timestamps": True}, {"use_compliant_nested_type": False}],
        ids=str,
    )
    def test_files_that_are_not_as_we_write_them(self, spark, delta_table_path, options):
        path = converted(spark, delta_table_path, [table(i) for i in range(2)], **options)
        before = load(spark, path).orderBy("id").collect()
        spark.sql(f"OPTIMIZE {delta(path)}").collect()
        (file,) = live(path)
        assert not is_merged(file) and load(spark, path).orderBy("id").collect() == before

    def test_small_row_groups(self, spark, delta_table_path):
        path = converted(spark, delta_table_path, [table(i) for i in range(2)], row_group_size=500)
        assert not is_merged(optimize(spark, path))

    def test_a_column_added_since(self, spark, delta_table_path):
        path = converted(spark, delta_table_path, [table(i, nested=False) for i in range(2)])
        spark.sql(f"ALTER TABLE {delta(path)} ADD COLUMN more INT")
        before = load(spark, path).orderBy("id").collect()
        spark.sql(f"OPTIMIZE {delta(path)}").collect()
        (file,) = live(path)
        assert not is_merged(file) and load(spark, path).orderBy("id").collect() == before

    def test_a_damaged_page_is_told(self, spark, delta_table_path):
        path = converted(spark, delta_table_path, [table(i, nested=False) for i in range(2)], use_dictionary=False)
        file = Path(path) / "part-0.parquet"
        chunk = pq.ParquetFile(file).metadata.row_group(0).column(8)
        data = bytearray(file.read_bytes())
        start = chunk.data_page_offset + 100
        data[start : start + 2000] = b"\xff" * 2000
        file.write_bytes(data)
        with pytest.raises(Exception, match="part-0.parquet"):
            spark.sql(f"OPTIMIZE {delta(path)}").collect()
        assert len(live(path)) == 2


class TestOthers:
    @pytest.mark.parametrize("version", ["V1", "V2"])
    def test_duckdb(self, spark, delta_table_path, version):
        duckdb = pytest.importorskip("duckdb")
        Path(delta_table_path).mkdir()
        with duckdb.connect() as connection:
            for number in range(FILES):
                rows = table(number).drop_columns(["b"])  # noqa: F841
                file = f"{delta_table_path}/part-{number}.parquet"
                connection.execute(f"COPY (SELECT * FROM rows) TO '{file}' (PARQUET_VERSION {version})")
        spark.sql(f"CONVERT TO DELTA parquet.`{delta_table_path}`")
        assert is_merged(optimize(spark, delta_table_path))

    def test_delta_rs(self, spark, delta_table_path):
        deltalake = pytest.importorskip("deltalake")
        for number in range(FILES):
            deltalake.write_deltalake(delta_table_path, table(number, nested=False), mode="append")
        assert is_merged(optimize(spark, delta_table_path))
        rows = pa.table(deltalake.DeltaTable(delta_table_path).to_pyarrow_table())
        assert rows.num_rows == FILES * ROWS

    def test_ours_by_partition(self, spark, delta_table_path):
        for start in (0, 20000, 40000):
            frame = spark.range(start, start + 20000, 1, 1).selectExpr(
                "id", "concat('p ', id % 2) p", "concat('s', id % 100) s", "array(id, null) l"
            )
            frame.write.format("delta").mode("append").partitionBy("p").save(delta_table_path)
        before = load(spark, delta_table_path).orderBy("id").collect()
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        files = live(delta_table_path)
        assert len(files) == 2 and all(is_merged(file) for file in files)
        assert {Path(file).parent.name for file in files} == {"p=p 0", "p=p 1"}
        assert load(spark, delta_table_path).orderBy("id").collect() == before
        assert {add["partitionValues"]["p"] for add in actions(delta_table_path, 3, "add")} == {"p 0", "p 1"}

    def test_ours_with_mapped_columns(self, spark, delta_table_path):
        spark.sql(
            f"CREATE TABLE {delta(delta_table_path)} (id BIGINT, s STRUCT<a: INT, b: ARRAY<STRING>>) USING delta "
            "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
        )
        for start in (0, 5000):
            spark.sql(
                f"INSERT INTO {delta(delta_table_path)} SELECT id, named_struct('a', CAST(id AS INT), 'b', "
                f"array(CAST(id AS STRING))) FROM range({start}, {start + 5000}, 1, 1)"
            )
        spark.sql(f"ALTER TABLE {delta(delta_table_path)} RENAME COLUMN s TO renamed")
        before = load(spark, delta_table_path).orderBy("id").collect()
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        (file,) = live(delta_table_path)
        assert is_merged(file) and load(spark, delta_table_path).orderBy("id").collect() == before

    def test_row_ids_stay(self, spark, delta_table_path):
        spark.sql(
            f"CREATE TABLE {delta(delta_table_path)} (id BIGINT) USING delta "
            "TBLPROPERTIES ('delta.enableRowTracking' = 'true')"
        )
        for start in (0, 5000):
            spark.sql(f"INSERT INTO {delta(delta_table_path)} SELECT id FROM range({start}, {start + 5000}, 1, 1)")
        frame = load(spark, delta_table_path).selectExpr("id", "_metadata.row_id", "_metadata.row_commit_version")
        before = frame.orderBy("id").collect()
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        assert len(live(delta_table_path)) == 1
        frame = load(spark, delta_table_path).selectExpr("id", "_metadata.row_id", "_metadata.row_commit_version")
        assert frame.orderBy("id").collect() == before

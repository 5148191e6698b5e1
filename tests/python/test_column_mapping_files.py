"""Tables whose column mapping cannot be followed: a mode that nobody knows, fields without ids, files without field ids.
The errors are those of real Spark 3.5.5 + Delta 3.3.2, where these tests pass too."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.rows import rows

UNKNOWN = "The column mapping mode `foo` is not supported for this Delta version"
MISSING = "Missing column ID in column mapping mode `name` in the field: id"
NO_IDS = "Spark read schema expects field Ids, but Parquet file schema doesn't contain any field Ids"


def edit(path: Path, old: str, new: str) -> None:
    """Changes text of the log, and forgets what was derived from it."""
    log = path / "_delta_log"
    for commit in log.glob("*.json"):
        text = commit.read_text()
        commit.write_text(text.replace(old, new))
    for derived in list(log.glob("*.crc")):
        derived.unlink()


def message(spark, what) -> str:
    with pytest.raises(Exception) as caught:
        if callable(what):
            what()
        else:
            spark.sql(what).collect()
    return str(caught.value)


class TestAModeThatNobodyKnows:
    @pytest.fixture
    def path(self, spark, delta_table_path):
        """A table of one row with the mode foo. Its log was edited before anybody read it."""
        spark.sql(
            f"CREATE TABLE delta.`{delta_table_path}` (id INT, v STRING) USING delta "
            "TBLPROPERTIES ('some.key' = 'x', 'delta.enableChangeDataFeed' = 'false')"
        )
        spark.sql(f"INSERT INTO delta.`{delta_table_path}` VALUES (1, 'a')")
        other = Path(delta_table_path).with_name(Path(delta_table_path).name + "_foo")
        Path(delta_table_path).rename(other)
        edit(other, '"some.key":"x"', '"delta.columnMapping.mode":"foo"')
        return other

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM {t}",
            "SELECT count(*) FROM {t}",
            "SELECT * FROM {t} VERSION AS OF 0",
            "INSERT INTO {t} VALUES (2, 'b')",
            "DELETE FROM {t} WHERE id = 1",
            "UPDATE {t} SET v = 'z'",
            "MERGE INTO {t} t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE",
            "ALTER TABLE {t} SET TBLPROPERTIES ('x' = 'y')",
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
            "ALTER TABLE {t} UNSET TBLPROPERTIES ('delta.columnMapping.mode')",
            "ALTER TABLE {t} ADD COLUMN n INT",
            "RESTORE {t} TO VERSION AS OF 0",
        ],
    )
    def test_is_neither_read_nor_written(self, spark, path, statement):
        before = sorted(path.rglob("*"))
        assert UNKNOWN in message(spark, statement.format(t=f"delta.`{path}`"))
        assert sorted(path.rglob("*")) == before

    DESCRIPTIONS = [
        "DESCRIBE {t}",
        "DESCRIBE TABLE EXTENDED {t}",
        "DESCRIBE DETAIL {t}",
        "DESCRIBE HISTORY {t}",
        "SHOW COLUMNS IN {t}",
        "SHOW TBLPROPERTIES {t}",
    ]

    @pytest.mark.parametrize("statement", DESCRIPTIONS)
    def test_is_described(self, spark, path, statement):
        assert rows(spark.sql(statement.format(t=f"delta.`{path}`")))

    @pytest.mark.parametrize("statement", DESCRIPTIONS)
    def test_is_not_where_features_are_listed(self, spark, path, statement):
        """Whether the mode is one that asks for a feature is looked at first (DeltaLog.assertTableFeaturesMatchMetadata)."""
        edit(path, '"minWriterVersion":2', '"minWriterVersion":7,"writerFeatures":[]')
        assert UNKNOWN in message(spark, statement.format(t=f"delta.`{path}`"))

    def test_dataframes(self, spark, path):
        frame = spark.createDataFrame([(2, "b")], "id int, v string")
        assert UNKNOWN in message(spark, lambda: spark.read.format("delta").load(str(path)).collect())
        assert UNKNOWN in message(spark, lambda: frame.write.format("delta").mode("append").save(str(path)))
        assert UNKNOWN in message(spark, lambda: frame.write.format("delta").mode("overwrite").save(str(path)))

    def test_streams(self, spark, path):
        def run():
            reader = spark.readStream.format("delta").load(str(path))
            writer = reader.writeStream.format("delta").option("checkpointLocation", f"{path}_checkpoint")
            writer.trigger(availableNow=True).start(f"{path}_target").awaitTermination()

        assert UNKNOWN in message(spark, run)

    def test_what_the_log_tells_can_be_seen(self, spark, path):
        history = spark.sql(f"DESCRIBE HISTORY delta.`{path}`").select("version", "operation")
        assert rows(history) == [(1, "WRITE"), (0, "CREATE TABLE")]
        assert spark.sql(f"DESCRIBE DETAIL delta.`{path}`").collect()[0].properties["delta.columnMapping.mode"] == "foo"

    def test_is_not_made(self, spark, delta_table_path):
        create = f"CREATE TABLE delta.`{delta_table_path}` (id INT) USING delta TBLPROPERTIES"
        assert UNKNOWN in message(spark, f"{create} ('delta.columnMapping.mode' = 'foo')")

    def test_a_mode_without_ids(self, spark, path):
        edit(path, '"delta.columnMapping.mode":"foo"', '"delta.columnMapping.mode":"NAME"')
        other = path.with_name(path.name + "_name")
        path.rename(other)
        for statement in ("SELECT * FROM {t}", "INSERT INTO {t} VALUES (2, 'b')", "DELETE FROM {t} WHERE id = 1"):
            assert MISSING in message(spark, statement.format(t=f"delta.`{other}`"))


def without_ids(path: Path, keep: tuple[int, ...] = ()) -> None:
    """Rewrites the table's data files with the field ids of `keep` only."""

    def field(f: pa.Field) -> pa.Field:
        kind = f.type
        if pa.types.is_struct(kind):
            kind = pa.struct([field(kind.field(i)) for i in range(kind.num_fields)])
        given = (f.metadata or {}).get(b"PARQUET:field_id")
        kept = {b"PARQUET:field_id": given} if given in [str(k).encode() for k in keep] else None
        return pa.field(f.name, kind, f.nullable, kept)

    for file in path.rglob("*.parquet"):
        if "_delta_log" in file.parts:
            continue
        table = pq.read_table(file)
        schema = pa.schema([field(f) for f in table.schema])
        columns = [column.combine_chunks().cast(schema.field(i).type) for i, column in enumerate(table.columns)]
        size = file.stat().st_size
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), file)
        checksum = file.with_name(f".{file.name}.crc")
        checksum.unlink(missing_ok=True)
        for commit in (path / "_delta_log").glob("*.json"):
            lines = commit.read_text().split("\n")
            edited = [
                line.replace(f'"size":{size}', f'"size":{file.stat().st_size}') if file.name in line else line
                for line in lines
            ]
            commit.write_text("\n".join(edited))
    edit(path, "\0", "\0")


class TestFilesWithoutFieldIds:
    COLUMNS = "id INT, v STRING, s STRUCT<x: INT, y: STRING>"

    def make(self, spark, place: str, keep: tuple[int, ...] = (), columns: str = COLUMNS, clauses: str = "") -> Path:
        made = Path(place)
        spark.sql(
            f"CREATE TABLE delta.`{made}` ({columns}) USING delta {clauses} TBLPROPERTIES "
            "('delta.columnMapping.mode' = 'id', 'delta.enableChangeDataFeed' = 'false')"
        )
        values = "(1, 'a', struct(1, 'b'))" if columns == self.COLUMNS else "(1, 'a', 5)"
        spark.sql(f"INSERT INTO delta.`{made}` SELECT * FROM VALUES {values}")
        path = made.with_name(made.name + "_edited")
        made.rename(path)
        without_ids(path, keep)
        return path

    def test_without_any(self, spark, delta_table_path):
        t = f"delta.`{self.make(spark, delta_table_path)}`"
        for query in (
            f"SELECT * FROM {t}",
            f"SELECT v FROM {t}",
            f"SELECT s.x FROM {t}",
            f"DELETE FROM {t} WHERE id = 1",
        ):
            assert NO_IDS in message(spark, query)

    @pytest.mark.deltic
    def test_the_file_is_named(self, spark, delta_table_path):
        path = self.make(spark, delta_table_path)
        told = message(spark, f"SELECT * FROM delta.`{path}`")
        assert next(path.glob("*.parquet")).name in told

    def test_what_needs_no_column(self, spark, delta_table_path):
        t = f"delta.`{self.make(spark, delta_table_path)}`"
        assert rows(spark.sql(f"SELECT count(*) FROM {t}")) == [(1,)]
        assert rows(spark.sql(f"SELECT 1 FROM {t}")) == [(1,)]
        assert rows(spark.sql(f"SELECT input_file_name() <> '' FROM {t}")) == [(True,)]

    def test_partition_columns_are_not_in_files(self, spark, delta_table_path):
        path = self.make(spark, delta_table_path, columns="id INT, v STRING, p INT", clauses="PARTITIONED BY (p)")
        assert rows(spark.sql(f"SELECT p, count(*) FROM delta.`{path}` GROUP BY p")) == [(5, 1)]
        assert NO_IDS in message(spark, f"SELECT p, id FROM delta.`{path}`")

    def test_a_column_added_later(self, spark, delta_table_path):
        t = f"delta.`{self.make(spark, delta_table_path)}`"
        spark.sql(f"ALTER TABLE {t} ADD COLUMN late INT")
        assert NO_IDS in message(spark, f"SELECT late FROM {t}")

    def test_with_some(self, spark, delta_table_path):
        # What has no id is missing, as a column that was added later.
        t = f"delta.`{self.make(spark, delta_table_path, keep=(1,))}`"
        spark.sql(f"ALTER TABLE {t} ADD COLUMN late INT")
        assert rows(spark.sql(f"SELECT id, v, s, late FROM {t}")) == [(1, None, None, None)]
        assert rows(spark.sql(f"SELECT late FROM {t}")) == [(None,)]

    def test_with_one_in_a_struct(self, spark, delta_table_path):
        t = f"delta.`{self.make(spark, delta_table_path, keep=(4,))}`"
        assert rows(spark.sql(f"SELECT id, v FROM {t}")) == [(None, None)]

    def test_a_file_written_after_it(self, spark, delta_table_path):
        t = f"delta.`{self.make(spark, delta_table_path)}`"
        spark.sql(f"INSERT INTO {t} (id) VALUES (7)")
        assert rows(spark.sql(f"SELECT id FROM {t} WHERE id = 7")) == [(7,)]
        assert NO_IDS in message(spark, f"SELECT id FROM {t}")
        assert NO_IDS in message(spark, f"OPTIMIZE {t}")

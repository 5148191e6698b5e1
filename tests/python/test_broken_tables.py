"""Tables that somebody damaged: the right error with the file and the version, or what can still be read; the server lives
on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import rows

pytestmark = [pytest.mark.deltic, pytest.mark.usefixtures("the_server_lives_on")]


@pytest.fixture
def table(spark, delta_table_path):
    """Twelve commits of one row each, a checkpoint at 10."""
    for i in range(12):
        spark.createDataFrame([(i, f"n{i}")], "id bigint, v string").coalesce(1).write.format("delta").mode(
            "append"
        ).save(delta_table_path)
    # A copy, so that nothing the server remembers of the table can hide what is done to its files.
    copy = delta_table_path + "_broken"
    shutil.copytree(delta_table_path, copy)
    return Path(copy)


def log_file(table: Path, name: str | int) -> Path:
    return table / "_delta_log" / (f"{name:020}.json" if isinstance(name, int) else name)


def listing(table: Path) -> set[str]:
    return {str(path.relative_to(table)) for path in table.rglob("*") if path.is_file()}


def load(spark, table: Path | str, **options):
    return spark.read.format("delta").options(**options).load(str(table))


class TestBrokenTables:
    def test_a_log_entry_that_is_no_json(self, spark, table):
        log_file(table, 11).write_text('{"add": {"path"\n')
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert log_file(table, 11).name in str(caught.value)

    def test_a_log_entry_cut_in_half(self, spark, table):
        text = log_file(table, 11).read_text()
        log_file(table, 11).write_text(text[: len(text) // 2])
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert log_file(table, 11).name in str(caught.value)

    def test_a_gap_in_the_log(self, spark, table):
        shutil.rmtree(table / "_delta_log" / "_sidecars", ignore_errors=True)
        for name in ("_last_checkpoint", f"{10:020}.checkpoint.parquet"):
            (table / "_delta_log" / name).unlink(missing_ok=True)
        log_file(table, 5).unlink()
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        text = str(caught.value)
        assert condition(caught.value) == "DELTA_VERSIONS_NOT_CONTIGUOUS"
        assert "are not contiguous" in text and str(log_file(table, 5)) in text and "version 11" in text

    def test_a_log_without_metadata(self, spark, table):
        (table / "_delta_log" / "_last_checkpoint").unlink()
        (table / "_delta_log" / f"{10:020}.checkpoint.parquet").unlink()
        lines = log_file(table, 0).read_text().splitlines()
        log_file(table, 0).write_text("\n".join(line for line in lines if '"metaData"' not in line))
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert condition(caught.value) == "DELTA_STATE_RECOVER_ERROR"
        assert str(table) in str(caught.value) and "version: 11" in str(caught.value)

    @pytest.mark.parametrize("column", ["nothing", "ID"])
    def test_a_partition_column_that_is_none(self, spark, table, column):
        """As delta-spark's Metadata.partitionSchema, which looks names up as they are spelled."""
        commit = json.loads(next(line for line in log_file(table, 0).read_text().splitlines() if '"metaData"' in line))
        commit["metaData"]["partitionColumns"] = [column]
        log_file(table, 12).write_text(json.dumps(commit) + "\n")
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        text = str(caught.value)
        assert f"{column} does not exist. Available: id, v" in text and str(table) in text and "version 12" in text

    def test_columns_that_differ_by_case_only(self, spark, table):
        commit = json.loads(next(line for line in log_file(table, 0).read_text().splitlines() if '"metaData"' in line))
        schema = json.loads(commit["metaData"]["schemaString"])
        schema["fields"].append({"name": "ID", "type": "long", "nullable": True, "metadata": {}})
        commit["metaData"]["schemaString"] = json.dumps(schema)
        log_file(table, 12).write_text(json.dumps(commit) + "\n")
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert condition(caught.value) == "DELTA_DUPLICATE_COLUMNS_FOUND" and str(table) in str(caught.value)

    @pytest.mark.parametrize("rule", ["no JSON at all", "{}", '{"expression":{}}', '{"notNull":{}}'])
    def test_an_invariant_that_nobody_understands(self, spark, table, rule):
        """delta-spark Invariants.getFromSchema: what the rule forbids is unknown, so nothing is written."""
        commit = json.loads(next(line for line in log_file(table, 0).read_text().splitlines() if '"metaData"' in line))
        schema = json.loads(commit["metaData"]["schemaString"])
        schema["fields"][0]["metadata"] = {"delta.invariants": rule}
        commit["metaData"]["schemaString"] = json.dumps(schema)
        log_file(table, 12).write_text(json.dumps(commit) + "\n")
        before = listing(table)
        assert load(spark, table).count() == 12
        with pytest.raises(PySparkException) as caught:
            spark.createDataFrame([(99, "x")], "id bigint, v string").write.format("delta").mode("append").save(
                str(table)
            )
        assert condition(caught.value) == "DELTA_UNRECOGNIZED_INVARIANT"
        assert listing(table) == before

    @pytest.mark.parametrize("text", ["garbage", '{"add":{"path":', ""])
    def test_a_damaged_compaction_is_survived(self, spark, table, text):
        (table / "_delta_log" / f"{11:020}.{11:020}.compacted.json").write_text(text)
        (table / "_delta_log" / f"{3:020}.{9:020}.compacted.json").write_text(text)
        assert load(spark, table).count() == 12
        assert load(spark, table, versionAsOf=9).count() == 10

    @pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "another cardinality"])
    def test_a_broken_deletion_vector(self, spark, delta_table_path, harm):
        copy = Path(delta_table_path)
        shutil.copytree(Path(__file__).parents[1] / "data" / "golden" / "dv_ondisk" / "table", copy)
        vectors = sorted(copy.glob("*.bin"))
        for path in vectors:
            data = bytearray(path.read_bytes())
            if harm == "flipped":
                data[len(data) // 2] ^= 4
            elif harm == "cut":
                data = data[:-3]
            elif harm == "empty":
                data = bytearray()
            path.write_bytes(data)
        if harm == "another cardinality":
            for path in sorted((copy / "_delta_log").glob("*.json")):
                path.write_text(path.read_text().replace('"cardinality":', '"cardinality":1'))
                path.with_suffix(".crc").unlink(missing_ok=True)  # which would tell as well
        with pytest.raises(PySparkException) as caught:
            load(spark, copy).select(F.sum("id")).collect()
        assert (condition(caught.value) or "").startswith("DELTA_DELETION_VECTOR_")
        assert any(str(path) in str(caught.value) for path in vectors), str(caught.value)

    @pytest.mark.parametrize(
        ("fields", "partitions", "configuration", "expected"),
        [
            ({}, [], {"delta.constraints.c": "id"}, "DELTA_NON_BOOLEAN_CHECK_CONSTRAINT"),
            ({}, [], {"delta.constraints.c": "NULL"}, "DELTA_NON_BOOLEAN_CHECK_CONSTRAINT"),
            ({"v": "string"}, ["v"], {}, "DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE"),
            ({"v": "variant"}, ["v"], {}, "DELTA_INVALID_PARTITION_COLUMN_TYPE"),
            ({"ID": "long"}, [], {}, "DELTA_DUPLICATE_COLUMNS_FOUND"),
        ],
    )
    def test_metadata_that_no_table_can_have(
        self, spark, delta_table_path, fields, partitions, configuration, expected
    ):
        """They are refused, and nobody else is any the worse for them."""
        identity = {"delta.identity.start": 1, "delta.identity.step": 1, "delta.identity.allowExplicitInsert": True}
        columns = [{"name": "id", "type": "long", "nullable": True, "metadata": {}}]
        for name, kind in fields.items():
            metadata = identity if kind == "string" else {}
            columns.append({"name": name, "type": kind, "nullable": True, "metadata": metadata})
        features = ["identityColumns", "checkConstraints", "invariants", "appendOnly", "variantType"]
        actions = [
            {
                "protocol": {
                    "minReaderVersion": 3,
                    "minWriterVersion": 7,
                    "readerFeatures": ["variantType"],
                    "writerFeatures": features,
                }
            },
            {
                "metaData": {
                    "id": "x",
                    "format": {"provider": "parquet", "options": {}},
                    "schemaString": json.dumps({"type": "struct", "fields": columns}),
                    "partitionColumns": partitions,
                    "configuration": configuration,
                    "createdTime": 1,
                }
            },
        ]
        log = Path(delta_table_path) / "_delta_log"
        log.mkdir(parents=True)
        (log / f"{0:020}.json").write_text("".join(json.dumps(action) + "\n" for action in actions))
        with pytest.raises(PySparkException) as caught:
            spark.sql(f"INSERT INTO delta.`{delta_table_path}` (id) VALUES (5)").collect()
        assert condition(caught.value) == expected
        assert spark.range(3).agg(F.sum("id")).collect()[0][0] == 3

    def test_a_log_without_its_beginning(self, spark, table):
        for name in ("_last_checkpoint", f"{10:020}.checkpoint.parquet"):
            (table / "_delta_log" / name).unlink()
        log_file(table, 0).unlink()
        with pytest.raises(PySparkException):
            load(spark, table).collect()

    def test_a_checkpoint_that_is_no_parquet(self, spark, table):
        name = f"{10:020}.checkpoint.parquet"
        (table / "_delta_log" / name).write_bytes(b"PAR1 but not really PAR1")
        for version in range(11):
            log_file(table, version).unlink()
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert name in str(caught.value)

    def test_a_last_checkpoint_that_lies(self, spark, table):
        (table / "_delta_log" / "_last_checkpoint").write_text('{"version": 99, "size": 1}')
        assert load(spark, table).count() == 12

    def test_a_last_checkpoint_that_is_no_json(self, spark, table):
        (table / "_delta_log" / "_last_checkpoint").write_text("}{")
        assert load(spark, table).count() == 12

    def test_a_checksum_that_disagrees(self, spark, table):
        """A lost file would come back, or a live one be gone, without a word: nothing else in the log tells."""
        checksum = log_file(table, 11).with_suffix(".crc")
        text = log_file(table, 11).read_text()
        lines = [line for line in text.splitlines(keepends=True) if not line.startswith('{"add"')]
        log_file(table, 11).write_text("".join(lines))
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert "Failed verification at version 11" in str(caught.value)
        assert checksum.name in str(caught.value)
        log_file(table, 11).write_text(text)
        assert load(spark, table).count() == 12

    def test_a_checksum_that_disagrees_may_be_let_pass(self, spark, table):
        checksum = log_file(table, 11).with_suffix(".crc")
        checksum.write_text(checksum.read_text().replace('"numFiles":', '"numFiles":1'))
        with pytest.raises(PySparkException, match="Number of files - Expected: 1"):
            load(spark, table).collect()
        spark.conf.set("spark.databricks.delta.checksum.mismatch.fatal", "false")
        try:
            assert load(spark, table).count() == 12
        finally:
            spark.conf.unset("spark.databricks.delta.checksum.mismatch.fatal")

    def test_a_checksum_that_is_no_checksum(self, spark, table):
        log_file(table, 11).with_suffix(".crc").write_text('{"numFi')
        assert load(spark, table).count() == 12

    def test_a_missing_data_file(self, spark, table):
        add = next(json.loads(line)["add"] for line in log_file(table, 11).read_text().splitlines() if '"add"' in line)
        (table / add["path"]).unlink()
        with pytest.raises(PySparkException) as caught:
            load(spark, table).select(F.sum("id"), F.max("v")).collect()
        assert add["path"] in str(caught.value)
        assert rows(load(spark, table).where("id = 3").select("v")) == [("n3",)]

    @pytest.mark.parametrize("harm", ["cut", "empty", "garbage"])
    def test_a_broken_data_file(self, spark, table, harm):
        add = next(json.loads(line)["add"] for line in log_file(table, 11).read_text().splitlines() if '"add"' in line)
        path = table / add["path"]
        data = path.read_bytes()
        path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "garbage": b"x" * len(data)}[harm])
        with pytest.raises(PySparkException) as caught:
            load(spark, table).select(F.sum("id"), F.max("v")).collect()
        assert add["path"] in str(caught.value)
        assert "Encountered error while reading file" in str(caught.value)  # as Spark 3.5

    def test_a_protocol_from_the_future(self, spark, table):
        text = json.dumps(
            {
                "protocol": {
                    "minReaderVersion": 3,
                    "minWriterVersion": 7,
                    "readerFeatures": ["timeMachine"],
                    "writerFeatures": ["timeMachine"],
                }
            }
        )
        log_file(table, 12).write_text(text + "\n")
        with pytest.raises(PySparkException) as caught:
            load(spark, table).collect()
        assert "DELTA_UNSUPPORTED_FEATURES_FOR_READ" in str(caught.value) and "timeMachine" in str(caught.value)

    def test_a_writer_feature_from_the_future(self, spark, table):
        text = json.dumps(
            {"protocol": {"minReaderVersion": 1, "minWriterVersion": 7, "writerFeatures": ["ink", "changeDataFeed"]}}
        )
        log_file(table, 12).write_text(text + "\n")
        assert load(spark, table).count() == 12
        before = listing(table)
        with pytest.raises(PySparkException) as caught:
            spark.createDataFrame([(99, "x")], "id bigint, v string").write.format("delta").mode("append").save(
                str(table)
            )
        assert "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE" in str(caught.value) and "ink" in str(caught.value)
        assert listing(table) == before

    def test_an_empty_log_folder(self, spark, delta_table_path):
        (Path(delta_table_path) / "_delta_log").mkdir(parents=True)
        with pytest.raises(PySparkException):
            load(spark, delta_table_path).collect()

    def test_a_file_in_place_of_a_table(self, spark, delta_table_path):
        Path(delta_table_path).write_text("not a table")
        with pytest.raises(PySparkException):
            load(spark, delta_table_path).collect()
        with pytest.raises(PySparkException):
            spark.range(1).write.format("delta").mode("append").save(delta_table_path)
        assert Path(delta_table_path).read_text() == "not a table"

    def test_path_escapes_are_not_followed_out_of_the_table(self, spark, table):
        lines = log_file(table, 11).read_text().splitlines()
        add = next(json.loads(line) for line in lines if '"add"' in line)
        add["add"]["path"] = "no%2Fsuch/..%2F..%2Fetc%2Fpasswd"
        log_file(table, 12).write_text(json.dumps(add) + "\n")
        with pytest.raises(PySparkException):
            load(spark, table).select(F.sum("id")).collect()

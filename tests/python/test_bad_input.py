"""Wrong, broken and hostile input: the right error, the server lives on, nothing is written."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from pathlib import Path

import grpc
import pytest
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import functions as F
from pyspark.sql.connect import proto

from tests.errors import condition
from tests.rows import rows, sorted_rows

pytestmark = pytest.mark.deltic


@pytest.fixture(scope="module")
def address(delta_spark):
    return delta_spark.engine.server.url.removeprefix("sc://")


@pytest.fixture(autouse=True)
def the_server_lives_on(spark, delta_spark):
    pid = delta_spark.engine.server.pid
    yield
    assert delta_spark.engine.server.running and delta_spark.engine.server.pid == pid
    assert rows(spark.sql("SELECT 1")) == [(1,)]


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


class Rpc:
    """Raw calls, for messages that no client would send."""

    def __init__(self, address: str) -> None:
        self.channel = grpc.insecure_channel(address)
        self.session_id = str(uuid.uuid4())

    def request(self, **kwargs) -> proto.ExecutePlanRequest:
        request = proto.ExecutePlanRequest(session_id=self.session_id, operation_id=str(uuid.uuid4()), **kwargs)
        request.user_context.user_id = "raw"
        return request

    def execute(self, request: proto.ExecutePlanRequest | bytes):
        call = self.channel.unary_stream(
            "/spark.connect.SparkConnectService/ExecutePlan",
            request_serializer=lambda message: message if isinstance(message, bytes) else message.SerializeToString(),
            response_deserializer=proto.ExecutePlanResponse.FromString,
        )
        return call(request, timeout=60)


@pytest.fixture
def rpc(address):
    made = Rpc(address)
    yield made
    made.channel.close()


def message(number: int, payload: bytes) -> bytes:
    """A length-delimited protobuf field."""

    def varint(n: int) -> bytes:
        out = bytearray()
        while n > 0x7F:
            out.append(n & 0x7F | 0x80)
            n >>= 7
        return bytes(out + bytes([n]))

    return varint(number << 3 | 2) + varint(len(payload)) + payload


class TestUnknownThings:
    def test_an_empty_relation(self, rpc):
        request = rpc.request()
        request.plan.root.SetInParent()
        with pytest.raises(grpc.RpcError) as caught:
            list(rpc.execute(request))
        assert caught.value.code() in (
            grpc.StatusCode.INTERNAL,
            grpc.StatusCode.INVALID_ARGUMENT,
            grpc.StatusCode.UNIMPLEMENTED,
        )

    def test_an_unknown_relation_is_named(self, rpc):
        request = rpc.request()
        request.plan.root.co_group_map.func.python_udf.eval_type = 1
        request.plan.root.co_group_map.input.range.end = 1
        request.plan.root.co_group_map.input.range.step = 1
        with pytest.raises(grpc.RpcError) as caught:
            list(rpc.execute(request))
        text = caught.value.details().lower()
        assert "cogroup" in text

    def test_an_unknown_extension(self, rpc):
        request = rpc.request()
        request.plan.root.extension.type_url = "type.googleapis.com/no.such.Message"
        with pytest.raises(grpc.RpcError) as caught:
            list(rpc.execute(request))
        assert "no.such.Message" in caught.value.details()

    def test_an_empty_plan(self, rpc):
        with pytest.raises(grpc.RpcError):
            list(rpc.execute(rpc.request()))

    def test_a_session_id_that_is_none(self, rpc):
        rpc.session_id = "not-a-uuid"
        request = rpc.request()
        request.plan.root.range.end = 1
        with pytest.raises(grpc.RpcError) as caught:
            list(rpc.execute(request))
        assert "INVALID_HANDLE" in caught.value.details() or "not-a-uuid" in caught.value.details()

    def test_an_unknown_function_is_named(self, spark):
        with pytest.raises(AnalysisException) as caught:
            spark.range(1).select(F.call_function("no_such_fn", "id")).collect()
        assert condition(caught.value) == "UNRESOLVED_ROUTINE" and "no_such_fn" in str(caught.value)

    def test_a_schema_that_is_no_struct(self, spark, delta_table_path):
        Path(delta_table_path).write_text("1,a\n", encoding="utf-8")
        for schema in ("int", "a: int, b: string", "struct<a: int, b: string>"):
            with pytest.raises(PySparkException) as caught:
                spark.read.schema(schema).csv(delta_table_path).collect()
            assert condition(caught.value) == "PARSE_SYNTAX_ERROR"
        assert spark.range(1).count() == 1

    def test_an_unknown_write_mode(self, spark, delta_table_path):
        with pytest.raises(Exception):  # noqa: B017 - raised by the client or the server
            spark.range(1).write.format("delta").mode("sideways").save(delta_table_path)
        assert not Path(delta_table_path).exists()

    def test_an_option_with_a_wrong_value(self, spark, delta_table_path):
        spark.range(1).write.format("delta").save(delta_table_path)
        for options in (
            {"versionAsOf": "x"},
            {"versionAsOf": "-1"},
            {"readChangeFeed": "true", "startingVersion": "x"},
        ):
            with pytest.raises(PySparkException):
                load(spark, delta_table_path, **options).collect()

    def test_an_unknown_table_property(self, spark, delta_table_path):
        with pytest.raises(PySparkException) as caught:
            spark.range(1).write.format("delta").option("delta.noSuchProperty", "1").save(delta_table_path)
        assert condition(caught.value) == "DELTA_UNKNOWN_CONFIGURATION"
        assert not (Path(delta_table_path) / "_delta_log").exists() or not any(
            (Path(delta_table_path) / "_delta_log").glob("*.json")
        )


class TestDeepPlans:
    @pytest.mark.parametrize("depth", [500, 10_000])
    def test_relations(self, rpc, depth):
        plan = message(15, b"\x10\x01\x18\x01")  # range: end 1, step 1
        for _ in range(depth):
            plan = message(4, message(1, plan))  # filter.input
        request = rpc.request().SerializeToString() + message(3, message(1, plan))
        with pytest.raises(grpc.RpcError):
            list(rpc.execute(request))

    def test_expressions(self, rpc):
        expression = message(1, b"\x30\x01")  # literal
        for _ in range(10_000):
            expression = message(3, message(1, b"-") + message(2, expression))
        project = message(3, message(3, expression))
        request = rpc.request().SerializeToString() + message(3, message(1, project))
        with pytest.raises(grpc.RpcError):
            list(rpc.execute(request))

    @pytest.mark.parametrize(
        "text",
        [
            "(" * 20_000 + "1" + ")" * 20_000,
            "-" * 30_000 + "1",
            "NOT " * 20_000 + "true",
            "array(" * 10_000 + "1" + ")" * 10_000,
            " + ".join(["1"] * 50_000),
        ],
        ids=["parentheses", "minus", "not", "calls", "sum"],
    )
    def test_sql_text(self, spark, text):
        try:
            spark.sql(f"SELECT {text}").collect()
        except PySparkException as error:
            assert len(str(error)) < 3 * len(text) + 2_000  # a parse error shows the text, as in Spark

    def test_deep_subqueries(self, spark):
        text = "SELECT 1 AS a"
        for _ in range(2000):
            text = f"SELECT * FROM ({text})"
        with pytest.raises(PySparkException):
            spark.sql(text).collect()


class TestBytes:
    def test_garbage(self, rpc):
        for garbage in (b"\xff" * 100, b"\x0a\xff\xff\xff\xff\x0f", bytes(range(256))):
            with pytest.raises(grpc.RpcError):
                list(rpc.execute(garbage))

    def arrow(self, spark) -> bytes:
        import pyarrow as pa

        sink = pa.BufferOutputStream()
        table = pa.table({"i": pa.array(range(1000), pa.int64()), "s": [f"text {i}" for i in range(1000)]})
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return sink.getvalue().to_pybytes()

    @pytest.mark.parametrize("keep", [0, 1, 7, 100, 0.5, 0.9])
    def test_a_cut_arrow_stream(self, rpc, spark, keep):
        data = self.arrow(spark)
        request = rpc.request()
        request.plan.root.local_relation.data = data[: int(keep * len(data)) if isinstance(keep, float) else keep]
        request.plan.root.local_relation.schema = "i bigint, s string"
        with pytest.raises(grpc.RpcError):
            list(rpc.execute(request))

    def test_flipped_bytes_in_an_arrow_stream(self, rpc, spark):
        data = bytearray(self.arrow(spark))
        for at in range(0, len(data), 97):
            broken = bytes(data[:at]) + bytes([data[at] ^ 0xFF]) + bytes(data[at + 1 :])
            request = rpc.request()
            request.plan.root.local_relation.data = broken
            request.plan.root.local_relation.schema = "i bigint, s string"
            try:
                list(rpc.execute(request))
            except grpc.RpcError as error:
                assert error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

    def test_a_schema_that_does_not_fit_the_data(self, rpc, spark):
        request = rpc.request()
        request.plan.root.local_relation.data = self.arrow(spark)
        request.plan.root.local_relation.schema = "only_one array<int>"
        with pytest.raises(grpc.RpcError):
            list(rpc.execute(request))

    def test_a_client_that_goes_away(self, rpc, spark):
        for _ in range(5):
            request = rpc.request()
            request.plan.root.range.start, request.plan.root.range.end, request.plan.root.range.step = 0, 50_000_000, 1
            stream = rpc.execute(request)
            assert next(stream).session_id == rpc.session_id
            stream.cancel()
        assert rows(spark.range(3).agg(F.sum("id"))) == [(3,)]

    @pytest.mark.parametrize("act", ["collect", "show", "cache", "write"])
    def test_an_interrupted_query(self, spark, delta_table_path, act):
        query = "SELECT sum(a.id * b.id % 7) AS s FROM range(3000000) a JOIN range(3000000) b ON a.id % 5 <= b.id % 7"
        raised: list[BaseException] = []
        started = threading.Event()

        def run():
            spark.addTag("to-be-interrupted")
            started.set()
            try:
                df = spark.sql(query)
                if act == "cache":
                    df.cache()
                if act == "show":
                    df.show()
                elif act == "write":
                    df.write.format("delta").save(delta_table_path)
                else:
                    df.collect()
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        started.wait(10)
        for _ in range(600):
            spark.interruptAll()
            if not thread.is_alive():
                break
            thread.join(0.05)
        thread.join(30)
        spark.catalog.clearCache()
        assert not thread.is_alive()
        assert raised and "OPERATION_CANCELED" in str(raised[0])
        assert not Path(delta_table_path, "_delta_log").exists()


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


class TestFailedWrites:
    def test_a_row_that_fails(self, spark, delta_table_path):
        spark.range(5).write.format("delta").save(delta_table_path)
        bad = spark.range(100_000).select(
            F.when(F.col("id") < 99_999, F.col("id")).otherwise(F.raise_error(F.lit("boom"))).alias("id")
        )
        with pytest.raises(PySparkException) as caught:
            bad.write.format("delta").mode("append").save(delta_table_path)
        assert "boom" in str(caught.value)
        assert load(spark, delta_table_path).count() == 5
        assert not log_file(Path(delta_table_path), 1).exists()

    def test_a_folder_that_cannot_be_made(self, spark, delta_table_path):
        Path(delta_table_path).write_text("in the way")
        with pytest.raises(PySparkException):
            spark.range(1).write.format("delta").save(delta_table_path + "/below")

    def test_a_not_null_column(self, spark, delta_table_path):
        spark.sql(f"CREATE TABLE delta.`{delta_table_path}` (id BIGINT NOT NULL, v STRING) USING delta")
        with pytest.raises(PySparkException) as caught:
            spark.createDataFrame([(1, "a"), (None, "b")], "id bigint, v string").write.format("delta").mode(
                "append"
            ).save(delta_table_path)
        assert "DELTA_NOT_NULL_CONSTRAINT_VIOLATED" in str(caught.value)
        assert load(spark, delta_table_path).count() == 0

    def test_many_writers_at_once(self, delta_spark, spark, delta_table_path):
        from deltic import get_session

        spark.createDataFrame([], "id bigint, writer int").write.format("delta").save(delta_table_path)
        failures: list[BaseException] = []
        # Kept to the end: PySpark 3.5 clients share a thread pool that goes with the first session that ends.
        sessions = [get_session(delta_spark.engine.server) for _ in range(4)]

        def append(writer: int) -> None:
            try:
                for i in range(5):
                    sessions[writer].createDataFrame([(i, writer)], "id bigint, writer int").write.format("delta").mode(
                        "append"
                    ).save(delta_table_path)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=append, args=(writer,)) for writer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert not failures
        expected = sorted(((i, writer) for writer in range(4) for i in range(5)), key=repr)
        assert sorted_rows(load(spark, delta_table_path)) == expected
        assert log_file(Path(delta_table_path), 20).exists() and not log_file(Path(delta_table_path), 21).exists()

"""Wrong, broken and hostile input: the right error, the server lives on, nothing is written."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path

import grpc
import pytest
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import functions as F
from pyspark.sql.connect import proto

from tests.errors import condition
from tests.python.test_broken_tables import load, log_file
from tests.rows import rows, sorted_rows

pytestmark = [pytest.mark.deltic, pytest.mark.usefixtures("the_server_lives_on")]


@pytest.fixture(scope="module")
def address(delta_spark):
    return delta_spark.engine.server.url.removeprefix("sc://")


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

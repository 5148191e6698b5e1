"""Delta Connect beneath DeltaTable: what runs and how often, its errors, and messages that no client would send."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import textwrap
import threading
import uuid
from pathlib import Path

import grpc
import pytest
from delta.tables import DeltaTable
from deltic.delta import descriptors, messages
from google.protobuf import any_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from pyspark.errors import PySparkException
from pyspark.errors.exceptions import connect as connect_exceptions
from pyspark.sql.connect import proto

from delta import exceptions as delta_exceptions
from tests.rows import rows, sorted_rows

pytestmark = pytest.mark.deltic
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(spark, delta_table_path) -> str:
    spark.createDataFrame([(i, f"n{i}") for i in range(5)], "id bigint, name string").write.format("delta").save(
        delta_table_path
    )
    return delta_table_path


def commits(path: str) -> int:
    return len(list((Path(path) / "_delta_log").glob("*.json")))


def delete_frame(spark, path: str, condition: str):
    """A DataFrame over a DELETE that has not run."""
    from pyspark.sql.connect.functions import expr

    plan = DeltaTable.forPath(spark, path)._plan

    def fill(message, client):
        message.delete_from_table.target.CopyFrom(plan.plan(client))
        message.delete_from_table.condition.CopyFrom(expr(condition).to_plan(client))

    return messages.frame(messages.DeltaPlan(fill), spark)


class TestOnce:
    def test_analysing_does_not_run_it(self, spark, path, capsys):
        df = delete_frame(spark, path, "id = 1")
        assert df.schema.simpleString() == "struct<num_affected_rows:bigint>"
        assert df.columns == ["num_affected_rows"]
        df.explain()
        df.printSchema()
        df.createOrReplaceTempView("not_run")
        df.select("num_affected_rows").where("num_affected_rows > 0").schema  # noqa: B018
        assert df.isLocal() in (True, False) and df.isStreaming is False
        capsys.readouterr()
        assert commits(path) == 1

    @pytest.mark.parametrize(
        "use",
        [
            lambda df: df.collect(),
            lambda df: df.toPandas(),
            lambda df: df.show(),
            lambda df: df.count(),
            lambda df: df.selectExpr("num_affected_rows + 1").collect(),
            lambda df: df.describe().collect(),
        ],
        ids=["collect", "toPandas", "show", "count", "select", "describe"],
    )
    def test_using_it_runs_it_once(self, spark, path, use, capsys):
        use(delete_frame(spark, path, "id = 1"))
        capsys.readouterr()
        assert commits(path) == 2
        assert spark.read.format("delta").load(path).count() == 4

    def test_the_rows_that_methods_return_are_kept(self, spark, path):
        result = DeltaTable.forPath(spark, path).delete("id < 2")
        for _ in range(2):
            assert rows(result) == [(2,)]
        assert commits(path) == 2


class TestErrors:
    @pytest.mark.parametrize("name", sorted(delta_exceptions.__all__) if hasattr(delta_exceptions, "__all__") else [])
    def test_every_class_arrives(self, name):
        classes = [f"io.delta.exceptions.{name}", "java.util.ConcurrentModificationException", "java.lang.Object"]
        if name != "DeltaConcurrentModificationException":
            classes.insert(1, "io.delta.exceptions.DeltaConcurrentModificationException")
        info = ErrorInfo(reason=classes[0], metadata={"classes": json.dumps(classes)})
        arguments = (info, "the text") if not hasattr(connect_exceptions, "EXCEPTION_CLASS_MAPPING") else (
            info, "the text", None)  # fmt: skip
        error = connect_exceptions.convert_exception(*arguments)
        assert isinstance(error, getattr(delta_exceptions, name)) and isinstance(error, PySparkException)
        assert isinstance(error, connect_exceptions.SparkConnectException)
        assert "the text" in str(error)

    def test_a_lost_race(self, spark, path, delta_spark):
        """Two writers update the same rows until one of them loses."""
        other = type(delta_spark)(delta_spark.spark_config, delta_spark.delta_config)
        lost: list[BaseException] = []
        done = threading.Event()

        def write(session) -> None:
            table = DeltaTable.forPath(session, path)
            for i in range(300):
                if done.is_set():
                    return
                try:
                    table.update("id = 1", {"name": f"'{i}'"})
                except BaseException as error:
                    lost.append(error)
                    done.set()

        sessions = [spark, other.get_spark_session()]
        threads = [threading.Thread(target=write, args=(session,)) for session in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        other.stop_spark_session()
        assert lost, "no race was lost"
        known = (
            delta_exceptions.ConcurrentAppendException,
            delta_exceptions.ConcurrentDeleteReadException,
            delta_exceptions.ConcurrentDeleteDeleteException,
        )
        assert isinstance(lost[0], known), lost[0]
        assert "DELTA_CONCURRENT_" in str(lost[0])


class TestBadMessages:
    @pytest.fixture
    def channel(self, delta_spark):
        with grpc.insecure_channel(delta_spark.engine.server.url.removeprefix("sc://")) as channel:
            yield channel

    @pytest.fixture(autouse=True)
    def the_server_lives_on(self, spark, delta_spark):
        pid = delta_spark.engine.server.pid
        yield
        assert delta_spark.engine.server.running and delta_spark.engine.server.pid == pid
        assert rows(spark.sql("SELECT 1")) == [(1,)]

    @staticmethod
    def error_of(channel, plan: proto.Plan) -> str:
        request = proto.ExecutePlanRequest(session_id=str(uuid.uuid4()), operation_id=str(uuid.uuid4()), plan=plan)
        request.user_context.user_id = "raw"
        with pytest.raises(grpc.RpcError) as caught:
            list(proto.SparkConnectServiceStub(channel).ExecutePlan(request, timeout=60))
        return caught.value.details()

    def relation_error(self, channel, fill=None, value: bytes | None = None) -> str:
        plan = proto.Plan()
        if value is None:
            message = messages.DeltaRelation()
            fill(message)
            plan.root.extension.Pack(message)
        else:
            plan.root.extension.CopyFrom(
                any_pb2.Any(type_url="type.googleapis.com/delta.connect.DeltaRelation", value=value)
            )
        return self.error_of(channel, plan)

    def command_error(self, channel, fill) -> str:
        message = messages.DeltaCommand()
        fill(message)
        plan = proto.Plan()
        plan.command.extension.Pack(message)
        return self.error_of(channel, plan)

    def test_bytes_that_are_no_message(self, channel):
        for value in (b"\xff\xff\xff", b"\x0a\x7f", b"\x0a\x02\x08"):
            assert "DeltaRelation is malformed" in self.relation_error(channel, value=value)

    def test_nothing(self, channel):
        assert "DeltaRelation needs the field relation_type" in self.relation_error(channel, value=b"")
        assert "DeltaCommand needs the field command_type" in self.command_error(channel, lambda m: None)

    def test_a_kind_of_the_future(self, channel):
        assert "needs the field relation_type" in self.relation_error(channel, value=b"\xa2\x06\x00")  # field 100

    def test_missing_fields(self, channel, path):
        def table(m):
            m.path.path = path

        for fill, text in (
            (lambda m: m.scan.SetInParent(), "Scan needs the field table"),
            (lambda m: m.scan.table.SetInParent(), "DeltaTable needs the field access_type"),
            (lambda m: m.scan.table.path.SetInParent(), "DeltaTable.Path needs the field path"),
            (lambda m: m.describe_history.SetInParent(), "DescribeHistory needs the field table"),
            (lambda m: m.describe_detail.SetInParent(), "DescribeDetail needs the field table"),
            (lambda m: m.convert_to_delta.SetInParent(), "ConvertToDelta needs the field identifier"),
            (lambda m: table(m.restore_table.table), "RestoreTable needs the field version_or_timestamp"),
            (lambda m: m.is_delta_table.SetInParent(), "IsDeltaTable needs the field path"),
            (lambda m: m.delete_from_table.SetInParent(), "DeleteFromTable needs the field target"),
            (lambda m: m.update_table.SetInParent(), "UpdateTable needs the field target"),
            (lambda m: m.merge_into_table.SetInParent(), "MergeIntoTable needs the field target"),
            (lambda m: m.optimize_table.SetInParent(), "OptimizeTable needs the field table"),
        ):
            assert text in self.relation_error(channel, fill)
        for fill, text in (
            (lambda m: m.clone_table.SetInParent(), "CloneTable needs the field table"),
            (lambda m: table(m.clone_table.table), "CloneTable needs the field target"),
            (lambda m: m.vacuum_table.SetInParent(), "VacuumTable needs the field table"),
            (lambda m: table(m.generate.table), "Generate needs the field mode"),
            (lambda m: m.create_delta_table.SetInParent(), "CreateDeltaTable needs the field mode"),
            (lambda m: table(m.add_feature_support.table), "AddFeatureSupport needs the field feature_name"),
            (lambda m: table(m.drop_feature_support.table), "DropFeatureSupport needs the field feature_name"),
        ):
            assert text in self.command_error(channel, fill)

    def test_merges_that_no_client_would_build(self, channel, path):
        def merge(m, **clauses):
            merge = m.merge_into_table
            scan = messages.DeltaRelation()
            scan.scan.table.path.path = path
            merge.target.extension.Pack(scan)
            merge.source.range.end, merge.source.range.step = 1, 1
            merge.condition.literal.boolean = True
            for name, action in clauses.items():
                getattr(merge, name).append(action)

        insert, empty = messages.Action(), messages.Action()
        insert.insert_star_action.SetInParent()
        assert "action_type" in self.relation_error(channel, lambda m: merge(m, matched_actions=empty))
        assert "matched_actions of MergeIntoTable cannot have" in self.relation_error(
            channel, lambda m: merge(m, matched_actions=insert)
        )

    def test_a_target_that_is_no_table(self, channel):
        def fill(m):
            m.delete_from_table.target.range.end = m.delete_from_table.target.range.step = 1

        assert "the target of DeleteFromTable must be a Delta table" in self.relation_error(channel, fill)

    def test_a_hadoop_configuration_is_refused(self, channel, path):
        def fill(m):
            m.scan.table.path.path = path
            m.scan.table.path.hadoop_conf["fs.s3a.access.key"] = "k"

        assert "Hadoop configuration" in self.relation_error(channel, fill)

    def test_extensions_inside_extensions(self, channel, path):
        relation = messages.DeltaRelation()
        relation.scan.table.path.path = path
        for _ in range(20):
            outer = messages.DeltaRelation()
            outer.delete_from_table.target.extension.Pack(relation)
            relation = outer
        plan = proto.Plan()
        plan.root.extension.Pack(relation)
        assert "nested deeper than 8" in self.error_of(channel, plan)
        assert commits(path) == 1


class TestClient:
    def test_the_descriptors_are_delta_spark_s(self):
        installed = pytest.importorskip("delta.connect.proto.relations_pb2", reason="only in delta-spark 4")
        from delta.connect.proto import base_pb2, commands_pb2

        theirs = [module.DESCRIPTOR.serialized_pb for module in (base_pb2, commands_pb2, installed)]
        assert [base64.b64decode(text) for text in descriptors.FILES] == theirs

    @pytest.mark.parametrize("order", ["before", "after"])
    def test_install(self, order, spark, path, delta_spark):
        """Before or after delta is imported, user code gets a DeltaTable for its Connect session."""
        script = textwrap.dedent(
            f"""
            import sys
            sys.path.insert(0, {str(ROOT / "python")!r})
            import deltic
            if {order!r} == "before":
                deltic.install()
            else:
                import pyspark.sql.connect.session
                try:
                    import delta.tables
                except ImportError:
                    pass
                deltic.install()
            deltic.install()
            from delta import configure_spark_with_delta_pip
            from delta.exceptions import ConcurrentAppendException
            from delta.tables import DeltaTable, DeltaMergeBuilder, DeltaTableBuilder, DeltaOptimizeBuilder
            from delta.tables import IdentityGenerator
            from pyspark.sql import SparkSession

            builder = SparkSession.builder.remote({delta_spark.engine.server.url!r})
            if deltic.delta_hook._pyspark_major() < 4:
                assert configure_spark_with_delta_pip(builder) is builder
            spark = builder.getOrCreate()
            print(DeltaTable.forPath(spark, {path!r}).toDF().count(), DeltaTable.isDeltaTable(spark, "/nope"))
            spark.stop()
            """
        )
        script_file = Path(path).parent / "user_code.py"
        script_file.write_text(script)
        done = subprocess.run([sys.executable, script_file], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["5", "False"]

    def test_our_own_classes_on_every_client(self, spark, path):
        """deltic.delta where delta-spark 4 would serve too."""
        from deltic.delta import tables as ours

        table = ours.DeltaTable.forPath(spark, path)
        assert sorted_rows(table.toDF().select("id")) == [(i,) for i in range(5)]
        assert ours.DeltaTable.isDeltaTable(spark, path) is True
        assert table.history().count() == 1

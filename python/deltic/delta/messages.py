"""Delta Connect's messages and their place in Spark Connect's plans.

The message classes are made from descriptors.py in the pool that holds Spark Connect's, or are delta-spark 4's where it
is imported. Thread rule: as PySpark's plans, built on one thread.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyspark.sql.connect.proto as spark_proto
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.plan import LocalRelation, LogicalPlan

from deltic.delta.descriptors import FILES

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql.connect.client import SparkConnectClient
    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.types import StructType


def _message_class(name: str):
    pool = descriptor_pool.Default()
    for text in FILES:
        content = base64.b64decode(text)
        try:
            pool.FindFileByName(descriptor_pb2.FileDescriptorProto.FromString(content).name)
        except KeyError:
            pool.AddSerializedFile(content)
    descriptor = pool.FindMessageTypeByName(f"delta.connect.{name}")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)  # protobuf before 4.22


DeltaRelation = _message_class("DeltaRelation")
DeltaCommand = _message_class("DeltaCommand")
Table = _message_class("DeltaTable")
Action = _message_class("MergeIntoTable.Action")
Assignment = _message_class("Assignment")
CreateDeltaTable = _message_class("CreateDeltaTable")

# Writes one kind of relation or command into its message; the client turns columns and plans into messages.
Fill = Callable[[object, "SparkConnectClient"], None]


class DeltaPlan(LogicalPlan):
    """A relation of Delta Connect as a plan of PySpark: `fill` completes a DeltaRelation."""

    def __init__(self, fill: Fill) -> None:
        super().__init__(None)
        self._fill = fill

    def plan(self, session: SparkConnectClient) -> spark_proto.Relation:
        message = DeltaRelation()
        self._fill(message, session)
        relation = self._create_proto_relation()
        relation.extension.Pack(message)
        return relation


def frame(plan: LogicalPlan, session: SparkSession) -> DataFrame:
    """A DataFrame over `plan`, whichever way this PySpark makes one."""
    if hasattr(DataFrame, "withPlan"):
        return DataFrame.withPlan(plan, session)
    return DataFrame(plan, session)


def run(fill: Fill, session: SparkSession) -> tuple[pyarrow.Table, StructType | None]:
    """Executes a relation once; its rows and schema."""
    plan = DeltaPlan(fill)
    query = plan.to_proto(session.client)
    if hasattr(plan, "observations"):
        table, schema, *_ = session.client.to_table(query, plan.observations)
    else:
        table, schema = session.client.to_table(query)
    return table, schema


def run_to_frame(fill: Fill, session: SparkSession) -> DataFrame:
    """Executes a relation once; a DataFrame of its rows, which does not execute it again."""
    table, schema = run(fill, session)
    return frame(LocalRelation(table, schema=None if schema is None else schema.json()), session)


def run_command(fill: Fill, session: SparkSession) -> None:
    """Executes a command: `fill` completes a DeltaCommand."""
    message = DeltaCommand()
    fill(message, session.client)
    command = spark_proto.Command()
    command.extension.Pack(message)
    session.client.execute_command(command)

"""delta.tables on Spark Connect sessions: DeltaTable and the builders that it makes.

Invariant: what changes a table runs once, when it is called; the DataFrame that it returns holds the rows. Errors are
the server's, as PySpark raises them (pyspark.errors), and ValueError or TypeError for arguments that are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.plan import LogicalPlan, SubqueryAlias
from pyspark.sql.connect.types import pyspark_types_to_proto_types
from pyspark.sql.types import StructType

from deltic.delta import messages
from deltic.delta.builder import DeltaTableBuilder, IdentityGenerator
from deltic.delta.columns import ColumnLike, add_assignments, as_assignments, as_column, as_condition, check_type
from deltic.delta.merge import DeltaMergeBuilder
from deltic.delta.messages import DeltaPlan, run, run_command, run_to_frame
from deltic.delta.optimize import DeltaOptimizeBuilder

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

__all__ = ["DeltaMergeBuilder", "DeltaOptimizeBuilder", "DeltaTable", "DeltaTableBuilder", "IdentityGenerator"]


def _active_session(session: SparkSession | None) -> SparkSession:
    if session is None:
        from pyspark.sql.connect.session import SparkSession

        session = SparkSession.getActiveSession()
    if session is None:
        raise ValueError("no active Spark session: give one")
    return session


class DeltaTable:
    """A Delta table. Made by forPath(), forName() or one of the builders."""

    def __init__(self, spark: SparkSession, table, plan: LogicalPlan | None = None) -> None:
        """`table`: its DeltaTable message; `plan`: the scan under an alias."""
        self._spark = spark
        self._table = table
        if plan is None:
            plan = DeltaPlan(lambda message, client: message.scan.table.CopyFrom(table))
        self._plan = plan

    # --- which table ---

    @classmethod
    def forPath(cls, sparkSession: SparkSession, path: str, hadoopConf: dict[str, str] | None = None) -> DeltaTable:
        """The Delta table at `path`. Raises AnalysisException when there is none."""
        message = messages.Table()
        message.path.path = path
        for key, value in (hadoopConf or {}).items():
            message.path.hadoop_conf[key] = value
        return cls(sparkSession, message)._checked()

    @classmethod
    def forName(cls, sparkSession: SparkSession, tableOrViewName: str) -> DeltaTable:
        """The Delta table of that name; also delta.`/path`. Raises AnalysisException when there is none."""
        return cls(sparkSession, messages.Table(table_or_view_name=tableOrViewName))._checked()

    def _checked(self) -> DeltaTable:
        """This table, known to be one: the server refuses the schema of anything else."""
        self.toDF().schema  # noqa: B018
        return self

    @classmethod
    def isDeltaTable(cls, sparkSession: SparkSession, identifier: str) -> bool:
        """Whether a path is a Delta table's."""
        rows, _ = run(lambda message, client: setattr(message.is_delta_table, "path", identifier), sparkSession)
        return rows.column(0)[0].as_py()

    @classmethod
    def convertToDelta(
        cls, sparkSession: SparkSession, identifier: str, partitionSchema: str | StructType | None = None
    ) -> DeltaTable:
        """Makes a Delta table of the Parquet files at parquet.`/path`; their partition columns as DDL text or schema."""

        def fill(message, client) -> None:
            convert = message.convert_to_delta
            convert.identifier = identifier
            if isinstance(partitionSchema, str):
                convert.partition_schema_string = partitionSchema
            elif partitionSchema is not None:
                convert.partition_schema_struct.CopyFrom(pyspark_types_to_proto_types(partitionSchema))

        rows, _ = run(fill, sparkSession)
        return cls.forName(sparkSession, rows.column(0)[0].as_py())

    @classmethod
    def create(cls, sparkSession: SparkSession | None = None) -> DeltaTableBuilder:
        """A builder of a table that must not exist."""
        return DeltaTableBuilder(_active_session(sparkSession), "MODE_CREATE")

    @classmethod
    def createIfNotExists(cls, sparkSession: SparkSession | None = None) -> DeltaTableBuilder:
        """A builder of a table that stays as it is when it exists."""
        return DeltaTableBuilder(_active_session(sparkSession), "MODE_CREATE_IF_NOT_EXISTS")

    @classmethod
    def replace(cls, sparkSession: SparkSession | None = None) -> DeltaTableBuilder:
        """A builder of a table that must exist and is replaced."""
        return DeltaTableBuilder(_active_session(sparkSession), "MODE_REPLACE")

    @classmethod
    def createOrReplace(cls, sparkSession: SparkSession | None = None) -> DeltaTableBuilder:
        """A builder of a table that is replaced when it exists."""
        return DeltaTableBuilder(_active_session(sparkSession), "MODE_CREATE_OR_REPLACE")

    # --- rows ---

    def toDF(self) -> DataFrame:
        """Its rows."""
        return messages.frame(self._plan, self._spark)

    def alias(self, aliasName: str) -> DeltaTable:
        """The same table, whose columns go by `aliasName` in conditions."""
        return DeltaTable(self._spark, self._table, SubqueryAlias(self._plan, aliasName))

    def delete(self, condition: ColumnLike | None = None) -> DataFrame:
        """Deletes the rows that fulfil the condition, or all; how many, as one row."""
        column = as_condition(condition)

        def fill(message, client) -> None:
            message.delete_from_table.target.CopyFrom(self._plan.plan(client))
            if column is not None:
                message.delete_from_table.condition.CopyFrom(column.to_plan(client))

        return run_to_frame(fill, self._spark)

    def update(self, condition: ColumnLike | None = None, set: dict[str, ColumnLike] | None = None) -> DataFrame:
        """Updates the rows that fulfil the condition, or all: column name → value; how many, as one row."""
        pairs = as_assignments(set, "'set'")
        column = as_condition(condition)

        def fill(message, client) -> None:
            message.update_table.target.CopyFrom(self._plan.plan(client))
            add_assignments(message.update_table.assignments, pairs, client)
            if column is not None:
                message.update_table.condition.CopyFrom(column.to_plan(client))

        return run_to_frame(fill, self._spark)

    def merge(self, source: DataFrame, condition: ColumnLike) -> DeltaMergeBuilder:
        """A builder of a MERGE of `source`'s rows into this table, matched by `condition`."""
        if source is None:
            raise ValueError("'source' in merge cannot be None")
        if not isinstance(source, DataFrame):
            raise TypeError(f"Type of 'source' in merge must be DataFrame, found to be {type(source)}.")
        if condition is None:
            raise ValueError("'condition' in merge cannot be None")
        return DeltaMergeBuilder(self._spark, self._plan, source._plan, as_column(condition, "'condition'"))

    # --- what is known of it ---

    def history(self, limit: int | None = None) -> DataFrame:
        """Its commits, newest first; at most `limit`."""
        plan = DeltaPlan(lambda message, client: message.describe_history.table.CopyFrom(self._table))
        commits = messages.frame(plan, self._spark)
        return commits if limit is None else commits.limit(limit)

    def detail(self) -> DataFrame:
        """Format, location, files, size, properties and protocol, as one row."""
        plan = DeltaPlan(lambda message, client: message.describe_detail.table.CopyFrom(self._table))
        return messages.frame(plan, self._spark)

    # --- upkeep ---

    def optimize(self) -> DeltaOptimizeBuilder:
        """A builder of an OPTIMIZE."""
        return DeltaOptimizeBuilder(self._spark, self._table)

    def vacuum(self, retentionHours: float | None = None) -> DataFrame:
        """Removes files that no version of the last `retentionHours` needs. An empty DataFrame."""

        def fill(message, client) -> None:
            message.vacuum_table.table.CopyFrom(self._table)
            if retentionHours is not None:
                message.vacuum_table.retention_hours = float(retentionHours)

        run_command(fill, self._spark)
        return self._spark.createDataFrame([], StructType([]))

    def generate(self, mode: str) -> None:
        """Writes manifests of its files: "symlink_format_manifest"."""

        def fill(message, client) -> None:
            message.generate.table.CopyFrom(self._table)
            message.generate.mode = mode

        run_command(fill, self._spark)

    def restoreToVersion(self, version: int) -> DataFrame:
        """Makes an older version the newest; the metrics as one row."""
        check_type(version, int, "version")
        return self._restore("version", version)

    def restoreToTimestamp(self, timestamp: str) -> DataFrame:
        """Makes the version of a time ("yyyy-MM-dd" or "yyyy-MM-dd HH:mm:ss") the newest; the metrics as one row."""
        check_type(timestamp, str, "timestamp")
        return self._restore("timestamp", timestamp)

    def _restore(self, field: str, value: int | str) -> DataFrame:
        def fill(message, client) -> None:
            message.restore_table.table.CopyFrom(self._table)
            setattr(message.restore_table, field, value)

        return run_to_frame(fill, self._spark)

    def upgradeTableProtocol(self, readerVersion: int, writerVersion: int) -> None:
        """Raises the protocol to these versions; it is never lowered."""
        check_type(readerVersion, int, "The readerVersion")
        check_type(writerVersion, int, "The writerVersion")

        def fill(message, client) -> None:
            message.upgrade_table_protocol.table.CopyFrom(self._table)
            message.upgrade_table_protocol.reader_version = readerVersion
            message.upgrade_table_protocol.writer_version = writerVersion

        run_command(fill, self._spark)

    def addFeatureSupport(self, featureName: str) -> None:
        """Adds a table feature to its protocol."""
        check_type(featureName, str, "featureName")

        def fill(message, client) -> None:
            message.add_feature_support.table.CopyFrom(self._table)
            message.add_feature_support.feature_name = featureName

        run_command(fill, self._spark)

    def dropFeatureSupport(self, featureName: str, truncateHistory: bool | None = None) -> None:
        """Removes a table feature from its protocol; `truncateHistory` also forgets the versions that needed it."""
        check_type(featureName, str, "featureName")
        if truncateHistory is not None:
            check_type(truncateHistory, bool, "truncateHistory")

        def fill(message, client) -> None:
            message.drop_feature_support.table.CopyFrom(self._table)
            message.drop_feature_support.feature_name = featureName
            if truncateHistory is not None:
                message.drop_feature_support.truncate_history = truncateHistory

        run_command(fill, self._spark)

    # --- copies ---

    def clone(
        self, target: str, isShallow: bool = False, replace: bool = False, properties: dict[str, str] | None = None
    ) -> DeltaTable:
        """A copy of the newest version as table `target`, a name or an absolute path; the copy."""
        return self._clone(target, isShallow, replace, properties)

    def cloneAtVersion(
        self,
        version: int,
        target: str,
        isShallow: bool = False,
        replace: bool = False,
        properties: dict[str, str] | None = None,
    ) -> DeltaTable:
        """As clone(), of an older version."""
        check_type(version, int, "version")
        return self._clone(target, isShallow, replace, properties, version=version)

    def cloneAtTimestamp(
        self,
        timestamp: str,
        target: str,
        isShallow: bool = False,
        replace: bool = False,
        properties: dict[str, str] | None = None,
    ) -> DeltaTable:
        """As clone(), of the version of a time."""
        check_type(timestamp, str, "timestamp")
        return self._clone(target, isShallow, replace, properties, timestamp=timestamp)

    def _clone(self, target, isShallow, replace, properties, **when: int | str) -> DeltaTable:
        check_type(target, str, "target")
        check_type(isShallow, bool, "isShallow")
        check_type(replace, bool, "replace")
        if properties is not None:
            check_type(properties, dict, "properties")
            for key, value in properties.items():
                check_type(key, str, f"All property keys including {key}")
                check_type(value, str, f"All property values including {value}")

        def fill(message, client) -> None:
            clone = message.clone_table
            clone.table.CopyFrom(self._table)
            clone.target, clone.is_shallow, clone.replace = target, isShallow, replace
            for key, value in (properties or {}).items():
                clone.properties[key] = value
            for field, value in when.items():
                setattr(clone, field, value)

        run_command(fill, self._spark)
        return DeltaTable.forName(self._spark, target)

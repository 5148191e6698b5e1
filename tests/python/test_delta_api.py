"""Every public method of delta-spark 4's Python API, called: a method that nobody calls here fails the run, and so does one
that this client's classes lack. Results are the same whichever client runs it."""

from __future__ import annotations

import datetime as dt
import inspect
import os
from pathlib import Path

import pytest
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StructField, StructType

from tests.rows import rows, sorted_rows

pytestmark = pytest.mark.deltic  # delta-spark 3.3 has no clone, clusterBy, dropFeatureSupport

# Class → public methods of delta-spark 4.2's delta.tables.
API = {
    "DeltaTable": "toDF alias generate delete update merge vacuum history detail convertToDelta forPath forName create "
    "createIfNotExists replace createOrReplace isDeltaTable upgradeTableProtocol addFeatureSupport dropFeatureSupport "
    "restoreToVersion restoreToTimestamp optimize clone cloneAtVersion cloneAtTimestamp",
    "DeltaMergeBuilder": "whenMatchedUpdate whenMatchedUpdateAll whenMatchedDelete whenNotMatchedInsert "
    "whenNotMatchedInsertAll whenNotMatchedBySourceUpdate whenNotMatchedBySourceDelete withSchemaEvolution execute",
    "DeltaOptimizeBuilder": "where executeCompaction executeZOrderBy",
    "DeltaTableBuilder": "tableName location comment addColumn addColumns partitionedBy clusterBy property execute",
    "IdentityGenerator": "",
}
# Method → its parameters in delta-spark 4.2's delta.tables; ? has a default.
PARAMETERS = {
    "DeltaTable.toDF": "",
    "DeltaTable.alias": "aliasName",
    "DeltaTable.generate": "mode",
    "DeltaTable.delete": "condition?",
    "DeltaTable.update": "condition? set?",
    "DeltaTable.merge": "source condition",
    "DeltaTable.vacuum": "retentionHours?",
    "DeltaTable.history": "limit?",
    "DeltaTable.detail": "",
    "DeltaTable.convertToDelta": "sparkSession identifier partitionSchema?",
    "DeltaTable.forPath": "sparkSession path hadoopConf?",
    "DeltaTable.forName": "sparkSession tableOrViewName",
    "DeltaTable.create": "sparkSession?",
    "DeltaTable.createIfNotExists": "sparkSession?",
    "DeltaTable.replace": "sparkSession?",
    "DeltaTable.createOrReplace": "sparkSession?",
    "DeltaTable.isDeltaTable": "sparkSession identifier",
    "DeltaTable.upgradeTableProtocol": "readerVersion writerVersion",
    "DeltaTable.addFeatureSupport": "featureName",
    "DeltaTable.dropFeatureSupport": "featureName truncateHistory?",
    "DeltaTable.restoreToVersion": "version",
    "DeltaTable.restoreToTimestamp": "timestamp",
    "DeltaTable.optimize": "",
    "DeltaTable.clone": "target isShallow? replace? properties?",
    "DeltaTable.cloneAtVersion": "version target isShallow? replace? properties?",
    "DeltaTable.cloneAtTimestamp": "timestamp target isShallow? replace? properties?",
    "DeltaMergeBuilder.whenMatchedUpdate": "condition? set?",
    "DeltaMergeBuilder.whenMatchedUpdateAll": "condition?",
    "DeltaMergeBuilder.whenMatchedDelete": "condition?",
    "DeltaMergeBuilder.whenNotMatchedInsert": "condition? values?",
    "DeltaMergeBuilder.whenNotMatchedInsertAll": "condition?",
    "DeltaMergeBuilder.whenNotMatchedBySourceUpdate": "condition? set?",
    "DeltaMergeBuilder.whenNotMatchedBySourceDelete": "condition?",
    "DeltaMergeBuilder.withSchemaEvolution": "",
    "DeltaMergeBuilder.execute": "",
    "DeltaTableBuilder.tableName": "identifier",
    "DeltaTableBuilder.location": "location",
    "DeltaTableBuilder.comment": "comment",
    "DeltaTableBuilder.addColumn": "colName dataType nullable? generatedAlwaysAs? generatedByDefaultAs? comment?",
    "DeltaTableBuilder.addColumns": "cols",
    "DeltaTableBuilder.partitionedBy": "*cols",
    "DeltaTableBuilder.clusterBy": "*cols",
    "DeltaTableBuilder.property": "key value",
    "DeltaTableBuilder.execute": "",
    "DeltaOptimizeBuilder.where": "partitionFilter",
    "DeltaOptimizeBuilder.executeCompaction": "",
    "DeltaOptimizeBuilder.executeZOrderBy": "*cols",
}
EXCEPTIONS = (
    "DeltaConcurrentModificationException ConcurrentWriteException MetadataChangedException ProtocolChangedException "
    "ConcurrentAppendException ConcurrentDeleteReadException ConcurrentDeleteDeleteException ConcurrentTransactionException"
)


class World:
    """A table of (id int, v string), ids 1 to 4 in two files, versions 0 and 1; and names for others."""

    def __init__(self, spark, path: str, name: str) -> None:
        self.spark, self.path, self.name = spark, path, name
        for ids in ((1, 2), (3, 4)):
            df = spark.createDataFrame([(i, f"v{i}") for i in ids], "id int, v string").coalesce(1)
            df.write.format("delta").mode("append").save(path)
        self.used: set[str] = set()

    @property
    def table(self):
        from delta.tables import DeltaTable

        return DeltaTable.forPath(self.spark, self.path)

    def source(self):
        return self.spark.createDataFrame([(2, "two"), (9, "nine")], "id int, v string")

    def merge(self):
        return self.table.alias("t").merge(self.source().alias("s"), "t.id = s.id")

    def rows(self) -> list[tuple]:
        return sorted_rows(self.spark.read.format("delta").load(self.path))

    def last(self) -> str:
        return self.table.history(1).collect()[0]["operation"]

    def between(self) -> str:
        """A time after version 0, which becomes an hour old, and before version 1."""
        then = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=1)
        os.utime(Path(self.path, "_delta_log", f"{0:020d}.json"), (then.timestamp(), then.timestamp()))
        return (then + dt.timedelta(minutes=30)).strftime("%Y-%m-%d %H:%M:%S")

    def columns(self, path_or_name: str) -> list[tuple[str, str]]:
        return self.spark.table(path_or_name).dtypes


def merged(clause, w: World) -> list[tuple]:
    clause(w.merge()).execute()
    return w.rows()


def built(w: World, builder) -> list[tuple[str, str]]:
    builder.execute()
    return w.columns(w.name)


def builder_of(w: World, method: str = "create"):
    from delta.tables import DeltaTable

    return getattr(DeltaTable, method)(w.spark).tableName(w.name)


def detail(w: World, field: str):
    return w.spark.sql(f"DESCRIBE DETAIL {w.name}").collect()[0][field]


def identity(w: World):
    from delta.tables import IdentityGenerator

    builder_of(w).addColumn("k", "BIGINT", generatedAlwaysAs=IdentityGenerator(10, 5)).addColumn(
        "v", "STRING"
    ).execute()
    w.spark.sql(f"INSERT INTO {w.name} (v) VALUES ('a')")
    return rows(w.spark.table(w.name))


def entry(name: str, call):
    """A call on DeltaTable the class itself."""

    def run(w: World):
        from delta.tables import DeltaTable

        return call(getattr(DeltaTable, name), w)

    return run


def converted(convert, w: World):
    path = w.path + "_parquet"
    w.source().coalesce(1).write.format("parquet").save(path)
    return sorted_rows(convert(w.spark, f"parquet.`{path}`").toDF())


def cloned(w: World, call) -> list[tuple]:
    call(w.path + "_clone")
    return sorted_rows(w.spark.read.format("delta").load(w.path + "_clone"))


def done(w: World, call) -> str:
    call()
    return w.last()


ONE, TWO, THREE, FOUR = (1, "v1"), (2, "v2"), (3, "v3"), (4, "v4")
ALL = [ONE, TWO, THREE, FOUR]
NINE = (9, "nine")
PAIR = [("id", "int"), ("v", "string")]

# Method → (call, what it gives).
CALLS = {
    "DeltaTable.toDF": (lambda w: sorted_rows(w.table.toDF()), ALL),
    "DeltaTable.alias": (lambda w: sorted_rows(w.table.alias("t").toDF().select("t.id")), [(1,), (2,), (3,), (4,)]),
    "DeltaTable.generate": (
        lambda w: w.table.generate("symlink_format_manifest") or len(list(Path(w.path).glob("_symlink*/manifest"))),
        1,
    ),
    "DeltaTable.delete": (lambda w: w.table.delete(F.col("id") > 2) and None or w.rows(), [ONE, TWO]),
    "DeltaTable.update": (
        lambda w: w.table.update("id = 1", {"v": F.lit("new")}) and None or w.rows(),
        [(1, "new"), TWO, THREE, FOUR],
    ),
    "DeltaTable.merge": (lambda w: merged(lambda m: m.whenMatchedDelete(), w), [ONE, THREE, FOUR]),
    "DeltaTable.vacuum": (lambda w: done(w, w.table.vacuum), "VACUUM END"),
    "DeltaTable.history": (lambda w: [r["version"] for r in w.table.history().collect()], [1, 0]),
    "DeltaTable.detail": (lambda w: w.table.detail().collect()[0]["numFiles"], 2),
    "DeltaTable.convertToDelta": (entry("convertToDelta", converted), [TWO[:1] + ("two",), NINE]),
    "DeltaTable.forPath": (entry("forPath", lambda f, w: f(w.spark, w.path).toDF().count()), 4),
    "DeltaTable.forName": (
        entry(
            "forName",
            lambda f, w: (
                w.spark.sql(f"CREATE TABLE {w.name} USING delta LOCATION '{w.path}'").collect()
                or f(w.spark, w.name).toDF().count()
            ),
        ),
        4,
    ),
    "DeltaTable.create": (lambda w: built(w, builder_of(w).addColumn("id", "INT")), [("id", "int")]),
    "DeltaTable.createIfNotExists": (
        lambda w: (
            built(w, builder_of(w, "createIfNotExists").addColumn("id", "INT"))
            + built(w, builder_of(w, "createIfNotExists").addColumn("other", "INT"))
        ),
        [("id", "int")] * 2,
    ),
    "DeltaTable.replace": (
        lambda w: (
            built(w, builder_of(w).addColumn("id", "INT"))
            + built(w, builder_of(w, "replace").addColumn("other", "STRING"))
        ),
        [("id", "int"), ("other", "string")],
    ),
    "DeltaTable.createOrReplace": (
        lambda w: (
            built(w, builder_of(w, "createOrReplace").addColumn("id", "INT"))
            + built(w, builder_of(w, "createOrReplace").addColumn("other", "STRING"))
        ),
        [("id", "int"), ("other", "string")],
    ),
    "DeltaTable.isDeltaTable": (
        entry("isDeltaTable", lambda f, w: (f(w.spark, w.path), f(w.spark, w.path + "_none"))),
        (True, False),
    ),
    "DeltaTable.upgradeTableProtocol": (
        lambda w: (
            done(w, lambda: w.table.upgradeTableProtocol(2, 5)) and w.table.detail().collect()[0]["minReaderVersion"]
        ),
        2,
    ),
    "DeltaTable.addFeatureSupport": (
        lambda w: (
            done(w, lambda: w.table.addFeatureSupport("timestampNtz"))
            and "timestampNtz" in w.table.detail().collect()[0]["tableFeatures"]
        ),
        True,
    ),
    "DeltaTable.dropFeatureSupport": (
        lambda w: (
            w.table.addFeatureSupport("inCommitTimestamp")
            or w.table.dropFeatureSupport("inCommitTimestamp")
            or "inCommitTimestamp" in w.table.detail().collect()[0]["tableFeatures"]
        ),
        False,
    ),
    "DeltaTable.restoreToVersion": (lambda w: w.table.restoreToVersion(0) and w.rows(), [ONE, TWO]),
    "DeltaTable.restoreToTimestamp": (lambda w: w.table.restoreToTimestamp(w.between()) and w.rows(), [ONE, TWO]),
    "DeltaTable.optimize": (lambda w: type(w.table.optimize()).__name__.removeprefix("Local"), "DeltaOptimizeBuilder"),
    "DeltaTable.clone": (lambda w: cloned(w, lambda target: w.table.clone(target, isShallow=True)), ALL),
    "DeltaTable.cloneAtVersion": (
        lambda w: cloned(w, lambda target: w.table.cloneAtVersion(0, target, isShallow=True)),
        [ONE, TWO],
    ),
    "DeltaTable.cloneAtTimestamp": (
        lambda w: cloned(w, lambda target: w.table.cloneAtTimestamp(w.between(), target, True)),
        [ONE, TWO],
    ),
    "DeltaMergeBuilder.whenMatchedUpdate": (
        lambda w: merged(lambda m: m.whenMatchedUpdate("s.id = 2", {"v": "concat(t.v, s.v)"}), w),
        [ONE, (2, "v2two"), THREE, FOUR],
    ),
    "DeltaMergeBuilder.whenMatchedUpdateAll": (
        lambda w: merged(lambda m: m.whenMatchedUpdateAll(), w),
        [ONE, (2, "two"), THREE, FOUR],
    ),
    "DeltaMergeBuilder.whenMatchedDelete": (
        lambda w: merged(lambda m: m.whenMatchedDelete(F.col("s.id") == 2), w),
        [ONE, THREE, FOUR],
    ),
    "DeltaMergeBuilder.whenNotMatchedInsert": (
        lambda w: merged(lambda m: m.whenNotMatchedInsert(values={"id": "s.id", "v": F.lit("in")}), w),
        [*ALL, (9, "in")],
    ),
    "DeltaMergeBuilder.whenNotMatchedInsertAll": (
        lambda w: merged(lambda m: m.whenNotMatchedInsertAll(), w),
        [*ALL, NINE],
    ),
    "DeltaMergeBuilder.whenNotMatchedBySourceUpdate": (
        lambda w: merged(lambda m: m.whenNotMatchedBySourceUpdate("t.id = 1", {"v": F.lit("gone")}), w),
        [(1, "gone"), TWO, THREE, FOUR],
    ),
    "DeltaMergeBuilder.whenNotMatchedBySourceDelete": (
        lambda w: merged(lambda m: m.whenNotMatchedBySourceDelete("t.id > 3"), w),
        [ONE, TWO, THREE],
    ),
    "DeltaMergeBuilder.withSchemaEvolution": (
        lambda w: (
            w.table.alias("t")
            .merge(w.source().withColumn("extra", F.lit(1)).alias("s"), "t.id = s.id")
            .withSchemaEvolution()
            .whenNotMatchedInsertAll()
            .execute()
            and None
            or w.rows()
        ),
        [(1, "v1", None), (2, "v2", None), (3, "v3", None), (4, "v4", None), (9, "nine", 1)],
    ),
    "DeltaMergeBuilder.execute": (
        lambda w: done(w, lambda: w.merge().whenMatchedDelete().execute()),
        "MERGE",
    ),
    "DeltaOptimizeBuilder.where": (
        lambda w: (
            built(w, builder_of(w).addColumn("id", "INT").addColumn("p", "INT").partitionedBy("p"))
            and w.spark.sql(f"INSERT INTO {w.name} VALUES (1, 1)").collect()
            or entry("forName", lambda f, w: f(w.spark, w.name))(w)
            .optimize()
            .where("p = 1")
            .executeCompaction()
            .count()
        ),
        1,
    ),
    "DeltaOptimizeBuilder.executeCompaction": (
        lambda w: w.table.optimize().executeCompaction().count() and w.last(),
        "OPTIMIZE",
    ),
    "DeltaOptimizeBuilder.executeZOrderBy": (
        lambda w: (
            w.table.optimize().executeZOrderBy("id", "v").count()
            and w.table.history(1).collect()[0]["operationParameters"]["zOrderBy"]
        ),
        '["id","v"]',
    ),
    "DeltaTableBuilder.tableName": (lambda w: built(w, builder_of(w).addColumn("id", "INT")), [("id", "int")]),
    "DeltaTableBuilder.location": (
        lambda w: (
            built(w, builder_of(w).addColumn("id", "INT").location(w.path + "_at"))
            and Path(w.path + "_at", "_delta_log").is_dir()
        ),
        True,
    ),
    "DeltaTableBuilder.comment": (
        lambda w: built(w, builder_of(w).addColumn("id", "INT").comment("said")) and detail(w, "description"),
        "said",
    ),
    "DeltaTableBuilder.addColumn": (
        lambda w: built(
            w,
            builder_of(w)
            .addColumn("id", IntegerType(), nullable=False, comment="key")
            .addColumn("g", "INT", generatedAlwaysAs="id + 1"),
        ),
        [("id", "int"), ("g", "int")],
    ),
    "DeltaTableBuilder.addColumns": (
        lambda w: built(w, builder_of(w).addColumns(StructType([StructField("a", IntegerType())]))),
        [("a", "int")],
    ),
    "DeltaTableBuilder.partitionedBy": (
        lambda w: (
            built(w, builder_of(w).addColumn("id", "INT").addColumn("p", "INT").partitionedBy("p"))
            and detail(w, "partitionColumns")
        ),
        ["p"],
    ),
    "DeltaTableBuilder.clusterBy": (
        lambda w: built(w, builder_of(w).addColumn("id", "INT").clusterBy("id")) and detail(w, "clusteringColumns"),
        ["id"],
    ),
    "DeltaTableBuilder.property": (
        lambda w: (
            built(w, builder_of(w).addColumn("id", "INT").property("my.key", "x")) and detail(w, "properties")["my.key"]
        ),
        "x",
    ),
    "DeltaTableBuilder.execute": (lambda w: builder_of(w).addColumn("id", "INT").execute().toDF().count(), 0),
    "IdentityGenerator": (identity, [(10, "a")]),
}


def methods(cls) -> set[str]:
    """Public methods that a class or its bases define."""
    found = inspect.getmembers(cls, lambda member: inspect.isfunction(member) or inspect.ismethod(member))
    return {name for name, _ in found if not name.startswith("_")}


@pytest.mark.parametrize("name", API)
def test_this_client_has_every_method_and_no_other(name):
    import delta.tables

    assert methods(getattr(delta.tables, name)) == set(API[name].split())


@pytest.mark.parametrize("name", PARAMETERS)
def test_this_client_s_methods_take_what_delta_spark_s_take(name):
    import delta.tables

    kind, method = name.split(".")
    shown = []
    for parameter in inspect.signature(getattr(getattr(delta.tables, kind), method)).parameters.values():
        many = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
        default = "" if parameter.default is parameter.empty else "?"
        shown += [f"{many}{parameter.name}{default}"] if parameter.name != "self" else []
    assert shown == PARAMETERS[name].split()


def test_every_method_is_called_here():
    names = {f"{cls}.{method}" for cls, listed in API.items() for method in listed.split()} | {"IdentityGenerator"}
    assert set(CALLS) == names


@pytest.mark.parametrize("name", EXCEPTIONS.split())
def test_exceptions_are_there_and_are_spark_s(name):
    import delta.exceptions
    from pyspark.errors import PySparkException

    assert issubclass(getattr(delta.exceptions, name), PySparkException)


@pytest.mark.parametrize("name", CALLS)
def test_call(spark, delta_table_path, table_name, name):
    call, expected = CALLS[name]
    assert call(World(spark, delta_table_path, table_name)) == expected

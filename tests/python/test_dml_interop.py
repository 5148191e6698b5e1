"""Tables whose rows we deleted, updated and replaced, with and without deletion vectors and change feed, read by others:
real Spark 3.5.5 + Delta 3.3.2, delta-rs and DuckDB's delta extension; and Spark and we taking turns."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.python.dml import KINDS, create
from tests.rows import sorted_rows

pytestmark = [pytest.mark.deltic]


def change(spark, target):
    """Every way a file's rows can change, several vectors in one commit, vectors on vectors, a file lost whole."""
    spark.sql(f"INSERT INTO {target} SELECT id, concat('v', id % 10), CAST(id AS INT) FROM range(100, 3100, 1, 1)")
    spark.sql(f"DELETE FROM {target} WHERE id % 7 = 3")
    spark.sql(f"DELETE FROM {target} WHERE id BETWEEN 500 AND 900 OR v IS NULL")
    spark.sql(f"UPDATE {target} SET n = n * 2, v = upper(v) WHERE id % 100 = 1")
    spark.sql(f"UPDATE {target} SET v = 'four' WHERE n = 40")
    spark.sql(f"DELETE FROM {target} WHERE id < 100")
    replaced = spark.createDataFrame([(5000, "v5", 1), (5001, "v5", 2)], "id bigint, v string, n int")
    replaced.write.format("delta").mode("overwrite").option("replaceWhere", "v = 'v5'").save(target.split("`")[1])


@pytest.fixture(scope="module")
def ours(spark, home):
    paths = {}
    for kind, properties in KINDS.items():
        paths[kind] = str(home / kind)
        change(spark, create(spark, paths[kind], properties=properties))
    paths["parted"] = str(home / "parted")
    target = create(spark, paths["parted"], "id BIGINT, v STRING, n INT, p STRING", KINDS["both"], "p",
                    "(1L,'a',1,'x y'),(2L,'b',2,'x y'),(3L,'c',3,'z/%'),(4L,'d',4,NULL),(5L,'e',5,NULL)")  # fmt: skip
    spark.sql(f"DELETE FROM {target} WHERE id IN (1, 5)")
    spark.sql(f"UPDATE {target} SET p = 'new', n = -n WHERE id IN (2, 3)")
    spark.sql(f"DELETE FROM {target} WHERE p IS NULL")
    paths["mapped"] = str(home / "mapped")
    properties = {**KINDS["both"], "delta.columnMapping.mode": "name"}
    target = create(spark, paths["mapped"], "id BIGINT, s STRUCT<a: INT>", properties,
                    values="(1L,named_struct('a',1)),(2L,named_struct('a',2)),(3L,NULL)")  # fmt: skip
    spark.sql(f"UPDATE {target} SET s.a = 9 WHERE id = 2")
    spark.sql(f"DELETE FROM {target} WHERE id = 3")
    return paths


NAMES = [*KINDS, "parted", "mapped"]


@pytest.mark.oracle
class TestRealSpark:
    @pytest.mark.parametrize("name", NAMES)
    def test_rows_of_every_version(self, spark, oracle, ours, name):
        assert oracle.read(ours[name])["rows"] == encode_rows(spark.read.format("delta").load(ours[name]))
        versions = len(list(Path(ours[name], "_delta_log").glob("*.json")))
        for version in range(1, versions - 1):
            df = spark.read.format("delta").option("versionAsOf", version).load(ours[name])
            assert oracle.read(ours[name], versionAsOf=version)["rows"] == encode_rows(df)

    @pytest.mark.parametrize("name", ["cdf", "both", "parted", "mapped"])
    def test_change_feed(self, spark, oracle, ours, name):
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        df = spark.read.format("delta").options(**options).load(ours[name])
        theirs = oracle.read(ours[name], **options)
        assert theirs["schema"] == json.loads(df.schema.json())
        assert theirs["rows"] == encode_rows(df)

    def test_the_same_statements_give_the_same_feed(self, spark, oracle, ours, home):
        path = str(home / "theirs")
        properties = "'delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = 'true'"
        target = f"delta.`{path}`"
        oracle.sql(f"CREATE TABLE {target} (id BIGINT, v STRING, n INT) USING delta TBLPROPERTIES ({properties})")
        oracle.sql(f"INSERT INTO {target} VALUES (1L,'a',10),(2L,'b',20),(3L,'a',30),(4L,'b',40),(5L,NULL,50)")
        oracle.sql(f"INSERT INTO {target} SELECT id, concat('v', id % 10), CAST(id AS INT) FROM range(100, 3100, 1, 1)")
        for statement in (
            f"DELETE FROM {target} WHERE id % 7 = 3",
            f"DELETE FROM {target} WHERE id BETWEEN 500 AND 900 OR v IS NULL",
            f"UPDATE {target} SET n = n * 2, v = upper(v) WHERE id % 100 = 1",
            f"UPDATE {target} SET v = 'four' WHERE n = 40",
            f"DELETE FROM {target} WHERE id < 100",
        ):
            oracle.sql(statement)
        options = {"readChangeFeed": "true", "startingVersion": 1, "endingVersion": 7}

        def shown(rows):
            return sorted((r["_commit_version"], r["_change_type"], r["id"], str(r["v"]), r["n"]) for r in rows)

        df = spark.read.format("delta").options(**{k: str(v) for k, v in options.items()}).load(ours["both"])
        assert shown(oracle.read(path, **options)["rows"]) == shown(encode_rows(df))

    @pytest.mark.parametrize("name", ["both", "parted"])
    def test_taking_turns(self, spark, oracle, ours, home, name):
        path = str(home / f"{name}_turns")
        shutil.copytree(ours[name], path)
        target = f"delta.`{path}`"
        oracle.sql(f"UPDATE {target} SET n = n + 1000 WHERE id % 2 = 0")
        spark.sql(f"DELETE FROM {target} WHERE id % 3 = 0")
        oracle.sql(f"DELETE FROM {target} WHERE n > 3000")
        spark.sql(f"UPDATE {target} SET v = 'last' WHERE n < 0 OR id = 5000")
        df = spark.read.format("delta").load(path)
        assert oracle.read(path)["rows"] == encode_rows(df)
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        feed = spark.read.format("delta").options(**options).load(path)
        assert oracle.read(path, **options)["rows"] == encode_rows(feed)


class TestDeltaRs:
    @pytest.mark.parametrize("name", ["plain", "cdf"])
    def test_rows(self, spark, ours, name):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        arrow = pa.table(deltalake.DeltaTable(ours[name]).to_pyarrow_table())
        mine = spark.read.format("delta").load(ours[name])
        theirs = sorted((tuple(row[c] for c in mine.columns) for row in arrow.to_pylist()), key=repr)
        assert theirs == sorted_rows(mine)

    def test_change_feed(self, spark, ours):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        feed = pa.table(deltalake.DeltaTable(ours["cdf"]).load_cdf(starting_version=1)).to_pylist()
        columns = ["_commit_version", "_change_type", "id", "v", "n"]
        mine = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 1)
        theirs = sorted((tuple(row[c] for c in columns) for row in feed), key=repr)
        assert theirs == sorted_rows(mine.load(ours["cdf"]).select(*columns))


class TestDuckDb:
    @pytest.fixture(scope="class")
    def duck(self):
        duckdb = pytest.importorskip("duckdb")
        extension = pytest.importorskip("duckdb_extension_delta")
        connection = duckdb.connect()
        files = list(Path(extension.__file__).parent.rglob("*.duckdb_extension"))
        assert files, "the delta extension's package holds no extension"
        connection.execute(f"LOAD '{files[0]}'")
        yield connection
        connection.close()

    @pytest.mark.parametrize("name", [*KINDS, "parted"])
    def test_rows(self, spark, duck, ours, name):
        mine = spark.read.format("delta").load(ours[name])
        columns = ", ".join(mine.columns)
        theirs = sorted(duck.execute(f"SELECT {columns} FROM delta_scan('{ours[name]}')").fetchall(), key=repr)
        assert theirs == sorted_rows(mine)

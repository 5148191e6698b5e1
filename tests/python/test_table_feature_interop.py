"""Tables with the features of writers, made by us, read and written by real Spark 3.5.5 + Delta 3.3.2, and read again by
us: rows, change feed and history are the same for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.encoding import encode_rows

TABLES = {
    "checked": (
        ["(id INT NOT NULL, v VARCHAR(3), s STRUCT<x: INT>) USING delta"],
        ["ALTER TABLE {t} ADD CONSTRAINT pos CHECK (id > 0 AND v LIKE 'a%')"],
        "(1, 'a', named_struct('x', 1)), (2, 'ab', NULL)",
    ),
    "generated": (
        ["(id INT, d DATE, y INT GENERATED ALWAYS AS (year(d))) USING delta PARTITIONED BY (y)"],
        [],
        "(1, DATE'2024-01-02', 2024), (2, NULL, NULL)",
    ),
    "defaults": (
        [
            "(id INT, v STRING DEFAULT 'x''y') USING delta "
            "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')"
        ],
        [],
        "(1, DEFAULT), (2, 'b')",
    ),
    "mapped": (
        [
            "(id INT, s STRUCT<x: INT, y: STRING>, a ARRAY<STRUCT<z: INT>>, m MAP<STRING, STRUCT<k: INT>>, `b c` INT, "
            "p STRING) USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"
        ],
        [
            "ALTER TABLE {t} RENAME COLUMN s.x TO xx",
            "ALTER TABLE {t} RENAME COLUMN p TO part",
            "ALTER TABLE {t} ADD COLUMN n DOUBLE",
        ],
        "(1, named_struct('xx', 1, 'y', 'q'), array(named_struct('z', 2)), map('k', named_struct('k', 3)), 4, 'p1', 1.5), "
        "(2, NULL, NULL, NULL, NULL, NULL, NULL)",
    ),
    "mapped_by_id": (
        ["(id INT, s STRUCT<x: INT>) USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'id')"],
        ["ALTER TABLE {t} RENAME COLUMN id TO i"],
        "(1, named_struct('x', 1)), (2, NULL)",
    ),
    "upgraded": (
        ["(id INT, v STRING) USING delta"],
        ["INSERT INTO {t} VALUES (7, 'old')", "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
         "ALTER TABLE {t} RENAME COLUMN v TO `v 2`", "ALTER TABLE {t} ADD COLUMN w INT"],
        "(1, 'a', 1), (2, NULL, NULL)",
    ),
    "widened": (
        ["(b TINYINT, a ARRAY<SMALLINT>) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"],
        ["INSERT INTO {t} VALUES (7, array(8))", "ALTER TABLE {t} ALTER COLUMN b TYPE INT",
         "ALTER TABLE {t} ALTER COLUMN a.element TYPE INT"],
        "(70000, array(80000)), (NULL, NULL)",
    ),
    "clustered": (
        ["(id INT, v STRING) USING delta CLUSTER BY (id)"],
        ["ALTER TABLE {t} CLUSTER BY (v)"],
        "(1, 'a'), (2, NULL)",
    ),
}  # fmt: skip


@pytest.mark.deltic
@pytest.mark.oracle
class TestRealSpark:
    """Each table is made and written by us, read by Spark, written by Spark, and read again by us."""

    # In the oracle's process real Spark 3.5.5 fails on column defaults, in its own golden table too: its executor threads,
    # which evaluate them, have no session.
    @pytest.mark.parametrize("name", [name for name in TABLES if name != "defaults"])
    def test_taking_turns(self, spark, oracle, home, name):
        create, alter, values = TABLES[name]
        path = str(home / name)
        table = f"delta.`{path}`"
        spark.sql(f"CREATE TABLE {table} {create[0]}")
        for statement in alter:
            spark.sql(statement.format(t=table))
        first = len(list((Path(path) / "_delta_log").glob("*.json")))
        spark.sql(f"INSERT INTO {table} VALUES {values}")
        self.same(spark, oracle, path, first)
        oracle.sql(f"INSERT INTO {table} VALUES {values.replace('DEFAULT', chr(39) + 'd' + chr(39))}")
        self.same(spark, oracle, path, first)
        spark.sql(f"INSERT INTO {table} SELECT * FROM {table}")
        self.same(spark, oracle, path, first)

    def same(self, spark, oracle, path, first):
        df = spark.read.format("delta").load(path)
        theirs = oracle.read(path)
        assert theirs["schema"] == json.loads(df.schema.json())
        assert theirs["rows"] == encode_rows(df)
        options = {"readChangeFeed": "true", "startingVersion": str(first)}
        feed = spark.read.format("delta").options(**options).load(path)
        assert oracle.read(path, **options)["rows"] == encode_rows(feed)
        keep = ["version", "operation", "operationParameters", "isBlindAppend"]
        mine = encode_rows(spark.sql(f"DESCRIBE HISTORY delta.`{path}`").select(*keep))
        history = oracle.sql(f"DESCRIBE HISTORY delta.`{path}`")["rows"]
        assert sorted(mine, key=str) == sorted(({key: row[key] for key in keep} for row in history), key=str)

    def test_spark_holds_to_our_constraints(self, spark, oracle, home):
        from tests.oracle import OracleError

        path = str(home / "held")
        spark.sql(f"CREATE TABLE delta.`{path}` (id INT, v STRING NOT NULL) USING delta")
        spark.sql(f"ALTER TABLE delta.`{path}` ADD CONSTRAINT pos CHECK (id > 0)")
        with pytest.raises(OracleError, match="CHECK constraint pos"):
            oracle.sql(f"INSERT INTO delta.`{path}` VALUES (-1, 'a')")
        with pytest.raises(OracleError, match="NOT NULL constraint violated for column: v"):
            oracle.sql(f"INSERT INTO delta.`{path}` VALUES (1, NULL)")

    def test_spark_numbers_after_us(self, spark, oracle, home):
        path = str(home / "numbered")
        table = f"delta.`{path}`"
        spark.sql(f"CREATE TABLE {table} (id BIGINT GENERATED ALWAYS AS IDENTITY, v STRING) USING delta")
        spark.sql(f"INSERT INTO {table} (v) VALUES ('a'), ('b')")
        oracle.sql(f"INSERT INTO {table} (v) VALUES ('c')")
        spark.sql(f"INSERT INTO {table} (v) VALUES ('d')")
        ids = dict(spark.sql(f"SELECT v, id FROM {table}").collect())
        assert (ids["a"], ids["b"]) == (1, 2) and 2 < ids["c"] < ids["d"]
        assert oracle.read(path)["rows"] == encode_rows(spark.table(table))

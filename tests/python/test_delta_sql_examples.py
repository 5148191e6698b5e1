"""The SQL of Delta's documentation page by page, statement by statement: what it shows runs, and the table is then what it
says. Passes on deltic and on real Spark, with the same results."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.rows import sorted_rows

PEOPLE = "id INT, firstName STRING, gender STRING, birthDate TIMESTAMP, salary INT"
ROWS = "(1, 'Ann', 'F', TIMESTAMP'1950-03-04 00:00:00', 10), (2, 'Bob', 'M', TIMESTAMP'1980-05-06 00:00:00', 20)"
MADE = [f"CREATE TABLE {{t}} ({PEOPLE}) USING DELTA", f"INSERT INTO {{t}} VALUES {ROWS}"]
MADE_AT = [statement.replace("{t}", "delta.`{p}`") for statement in MADE]
NAMES = "SELECT id, firstName FROM {t}"
BOTH = [(1, "Ann"), (2, "Bob")]


@dataclass
class Example:
    """`setup`, then the documentation's `does`; `look` is asked afterwards. {t}, {u}: tables; {p}, {q}: paths."""

    does: list[str]
    look: str
    rows: list[tuple]
    setup: list[str] = field(default_factory=list)
    conf: dict[str, str] = field(default_factory=dict)


DATES = ["CREATE TABLE {t} (id INT, date DATE) USING delta PARTITIONED BY (date)"]
DATES += ["INSERT INTO {t} VALUES (1, DATE'2021-11-18'), (2, DATE'2023-01-01')"]
TWO_DATES = [(1,), (2,)]
EVENTS = ["CREATE TABLE {t} (id INT, start_date DATE, end_date DATE) USING delta"]
EVENTS += ["INSERT INTO {t} VALUES (1, DATE'2017-01-02', DATE'2017-01-03'), (2, DATE'2018-01-02', DATE'2018-01-03')"]
NEW_EVENT = "SELECT 9 AS id, DATE'2017-01-05' AS start_date, DATE'2017-01-06' AS end_date"
TARGET = [
    "CREATE TABLE {t} (key INT, lastSeen DATE, status STRING) USING delta",
    "INSERT INTO {t} VALUES (1, DATE'2020-01-01', 'a'), (2, current_date(), 'b'), (3, DATE'2000-01-01', 'c')",
    "CREATE TABLE {u} (key INT, timestamp DATE) USING delta",
    "INSERT INTO {u} VALUES (1, DATE'2021-01-01'), (7, DATE'2021-01-01')",
]
LOGS = [
    "CREATE TABLE {t} (uniqueId INT, date DATE) USING delta",
    "INSERT INTO {t} VALUES (1, current_date())",
    "CREATE TABLE {u} (uniqueId INT, date DATE) USING delta",
    "INSERT INTO {u} VALUES (1, current_date()), (2, current_date()), (3, DATE'2000-01-01')",
]
FEED = [
    "CREATE TABLE {t} (id INT, name STRING, age INT) USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true)",
    "INSERT INTO {t} VALUES (1, 'a', 5)",
]
INSERTED = [(1, "insert", 1)]
BOXES = ["CREATE TABLE {t} (colA STRING, colB STRUCT<field1: STRING, field2: STRING>) USING delta"]
MAPPED = ["ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')"]
PARQUET = ["CREATE TABLE {u} USING parquet LOCATION '{q}' AS SELECT 1 AS id, 5 AS part"]
BY_PART = ["CREATE TABLE {u} USING parquet PARTITIONED BY (part) LOCATION '{q}' AS SELECT 1 AS id, 5 AS part"]
CONVERTED = "SELECT * FROM delta.`{q}`"
STUDENTS = ["CREATE TABLE {u} (id INT, name STRING) USING delta TBLPROPERTIES ('delta.enableRowTracking' = 'true')"]
STUDENTS += ["INSERT INTO {u} VALUES (1, 'a')"]

BATCH = {
    "create_if_not_exists": Example([MADE[0].replace("TABLE", "TABLE IF NOT EXISTS", 1)], NAMES, BOTH, MADE),
    "create_or_replace": Example([MADE[0].replace("CREATE", "CREATE OR REPLACE", 1)], NAMES, [], MADE),
    "create_or_replace_path": Example(  # a table without a name is taken over as it is
        [MADE_AT[0].replace("CREATE", "CREATE OR REPLACE", 1)], "SELECT id FROM delta.`{p}`", [(1,), (2,)], MADE_AT
    ),
    "partitioned": Example(
        [MADE[0] + " PARTITIONED BY (gender)", MADE[1]],
        'SELECT COUNT(*) > 0 AS `Partition exists` FROM {t} WHERE gender = "M"',
        [(True,)],
    ),
    "location": Example(["CREATE TABLE {t} USING DELTA LOCATION '{p}'"], NAMES, BOTH, MADE_AT),
    "read_by_path": Example(["SELECT * FROM delta.`{p}`"], "SELECT id, firstName FROM delta.`{p}`", BOTH, MADE_AT),
    "version_as_of": Example(["DELETE FROM {t}"], "SELECT id FROM {t} VERSION AS OF 1", [(1,), (2,)], MADE),
    "version_as_of_path": Example(
        ["DELETE FROM delta.`{p}`"], "SELECT id FROM delta.`{p}` VERSION AS OF 1", [(1,), (2,)], MADE_AT
    ),
    "insert": Example(["INSERT INTO {t} SELECT 3, 'Cid', 'M', NULL, 30"], NAMES, [*BOTH, (3, "Cid")], MADE),
    "insert_overwrite": Example(
        ["INSERT OVERWRITE TABLE {t} SELECT 3, 'Cid', 'M', NULL, 30"], NAMES, [(3, "Cid")], MADE
    ),
    "replace_where": Example(
        ["INSERT INTO TABLE {t} REPLACE WHERE start_date >= '2017-01-01' AND end_date <= '2017-01-31' " + NEW_EVENT],
        "SELECT id FROM {t}",
        [(2,), (9,)],
        EVENTS,
    ),
    "replace_where_unchecked": Example(
        ["INSERT INTO TABLE {t} REPLACE WHERE id = 1 " + NEW_EVENT],
        "SELECT id FROM {t}",
        [(2,), (9,)],
        EVENTS,
        {"spark.databricks.delta.replaceWhere.constraintCheck.enabled": "false"},
    ),
    "dynamic_overwrite": Example(
        ["INSERT OVERWRITE TABLE {t} SELECT 9, DATE'2023-01-01'"],
        "SELECT id FROM {t}",
        [(1,), (9,)],
        DATES,
        {"spark.sql.sources.partitionOverwriteMode": "dynamic"},
    ),
    "idempotent": Example(
        ["INSERT INTO {t} SELECT * FROM {t}", "INSERT INTO {t} SELECT * FROM {t}"],
        NAMES,
        sorted(BOTH * 2),
        MADE,
        {"spark.databricks.delta.write.txnAppId": "app", "spark.databricks.delta.write.txnVersion": "1"},
    ),
    "add_columns": Example(
        [
            "ALTER TABLE {t} ADD COLUMNS (colC STRING COMMENT 'new' FIRST, colD INT AFTER colA)",
            "ALTER TABLE {t} ADD COLUMNS (colB.nested STRING AFTER field1)",
        ],
        "SELECT typeof(struct(*)) FROM (SELECT 1) LEFT JOIN {t} ON true",
        [("struct<1:int,colC:string,colA:string,colD:int,colB:struct<field1:string,nested:string,field2:string>>",)],
        BOXES,
    ),
    "change_column": Example(
        [
            "ALTER TABLE {t} CHANGE COLUMN colA colA STRING COMMENT 'last' AFTER colB",
            "ALTER TABLE {t} ALTER COLUMN colB.field2 FIRST",
        ],
        "SELECT typeof(struct(*)) FROM (SELECT 1) LEFT JOIN {t} ON true",
        [("struct<1:int,colB:struct<field2:string,field1:string>,colA:string>",)],
        BOXES,
    ),
    "replace_columns": Example(
        [
            "ALTER TABLE {t} REPLACE COLUMNS (colC STRING, colB STRUCT<field2:STRING, nested:STRING, field1:STRING>, colA STRING)"
        ],
        "SELECT typeof(struct(*)) FROM (SELECT 1) LEFT JOIN {t} ON true",
        [("struct<1:int,colC:string,colB:struct<field2:string,nested:string,field1:string>,colA:string>",)],
        BOXES,
    ),
    "rename_and_drop": Example(
        [
            "ALTER TABLE {t} RENAME COLUMN colB.field1 TO field001",
            "ALTER TABLE {t} RENAME COLUMN colA TO colZ",
            "ALTER TABLE {t} DROP COLUMN colB.field2",
            "ALTER TABLE {t} ADD COLUMNS (x INT, y INT)",
            "ALTER TABLE {t} DROP COLUMNS (x, y)",
        ],
        "SELECT typeof(struct(*)) FROM (SELECT 1) LEFT JOIN {t} ON true",
        [("struct<1:int,colZ:string,colB:struct<field001:string>>",)],
        BOXES + MAPPED,
    ),
    "auto_merge": Example(
        ["MERGE INTO {t} USING (SELECT 5 AS id, 'x' AS extra) s ON {t}.id = s.id WHEN NOT MATCHED THEN INSERT *"],
        "SELECT id, extra FROM {t}",
        [(1, None), (2, None), (5, "x")],
        MADE,
        {"spark.databricks.delta.schema.autoMerge.enabled": "true"},
    ),
    "properties": Example(
        ["ALTER TABLE {t} SET TBLPROPERTIES ('department' = 'accounting', 'delta.appendOnly' = 'true')"],
        "SHOW TBLPROPERTIES {t} ('department')",
        [("department", "accounting")],
        MADE,
    ),
}

FEEDS = {
    "enabled_later": Example(
        ["ALTER TABLE {t} SET TBLPROPERTIES (delta.enableChangeDataFeed = true)", "DELETE FROM {t} WHERE id = 1"],
        "SELECT id, _change_type, _commit_version FROM table_changes('{t}', 2)",
        [(1, "delete", 3)],
        MADE,
    ),
    "by_default": Example(
        ["CREATE TABLE {t} (id INT) USING delta", "INSERT INTO {t} VALUES (1)"],
        "SELECT id, _change_type, _commit_version FROM table_changes('{t}', 0)",
        INSERTED,
        conf={"spark.databricks.delta.properties.defaults.enableChangeDataFeed": "true"},
    ),
    "range": Example([], "SELECT id, _change_type, _commit_version FROM table_changes('{t}', 0, 1)", INSERTED, FEED),
    "quoted_name": Example(
        [], "SELECT id, _change_type, _commit_version FROM table_changes('default.`{t}`', 0)", INSERTED, FEED
    ),
    "by_path": Example(
        [],
        "SELECT id, _change_type, _commit_version FROM table_changes_by_path('{p}', 0)",
        INSERTED,
        [FEED[0].replace("TBLPROPERTIES", "LOCATION '{p}' TBLPROPERTIES"), FEED[1]],
    ),
    "out_of_range": Example(
        [],
        "SELECT id, _change_type, _commit_version FROM table_changes('{t}', '2099-04-21 05:45:46')",
        [],
        FEED,
        {"spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled": "true"},
    ),
}

FEATURES = {
    "clustering": Example(
        [
            "CREATE TABLE {t} (col0 INT, col1 STRING) USING DELTA CLUSTER BY (col0)",
            "INSERT INTO {t} VALUES (1, 'a')",
            "ALTER TABLE {t} CLUSTER BY (col1)",
            "OPTIMIZE {t}",
            "OPTIMIZE {t} FULL",
            "ALTER TABLE {t} CLUSTER BY NONE",
        ],
        "SELECT * FROM {t}",
        [(1, "a")],
    ),
    "clustering_ctas": Example(
        ["CREATE EXTERNAL TABLE {t} USING delta CLUSTER BY (id) LOCATION '{p}' AS SELECT 1 AS id"],
        "SELECT * FROM {t}",
        [(1,)],
    ),
    "column_mapping": Example(
        [
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5', "
            "'delta.columnMapping.mode' = 'name')",
            "ALTER TABLE {t} RENAME COLUMN firstName TO `first name`",
        ],
        "SELECT id, `first name` FROM {t}",
        BOTH,
        MADE,
    ),
    "not_null": Example(
        ["ALTER TABLE {t} CHANGE COLUMN middleName DROP NOT NULL", "INSERT INTO {t} VALUES (1, NULL)"],
        "SELECT * FROM {t}",
        [(1, None)],
        ["CREATE TABLE {t} (id INT NOT NULL, middleName STRING NOT NULL) USING DELTA"],
    ),
    "check": Example(
        [
            "ALTER TABLE {t} ADD CONSTRAINT dateWithinRange CHECK (birthDate > '1900-01-01')",
            "ALTER TABLE {t} DROP CONSTRAINT dateWithinRange",
            "ALTER TABLE {t} ADD CONSTRAINT validIds CHECK (id >= 1 and id < 99999999)",
        ],
        "SHOW TBLPROPERTIES {t} ('delta.constraints.validids')",
        [("delta.constraints.validids", "id >= 1 and id < 99999999")],
        MADE,
    ),
    "defaults": Example(
        [
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'enabled')",
            "ALTER TABLE {t} ALTER COLUMN firstName SET DEFAULT 'nobody'",
            "INSERT INTO {t} (id) VALUES (3)",
        ],
        NAMES,
        [*BOTH, (3, "nobody")],
        MADE,
    ),
    "deletion_vectors": Example(
        [
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)",
            "DELETE FROM {t} WHERE id = 1",
            "REORG TABLE {t} WHERE date >= '2022-01-01' APPLY (PURGE)",
            "REORG TABLE {t} WHERE date >= current_timestamp() - INTERVAL '1' DAY APPLY (PURGE)",
            "REORG TABLE {t} APPLY (PURGE)",
        ],
        "SELECT id FROM {t}",
        [(2,)],
        DATES,
    ),
    "row_tracking": Example(
        ["CREATE TABLE {t} USING delta TBLPROPERTIES ('delta.enableRowTracking' = 'true') AS SELECT * FROM {u}"],
        "SELECT _metadata.row_id, _metadata.row_commit_version, * FROM {t}",
        [(0, 0, 1, "a")],
        STUDENTS,
    ),
    "row_tracking_like": Example(
        ["CREATE TABLE {t} LIKE {u}", "INSERT INTO {t} VALUES (1, 'a')"],
        "SELECT _metadata.row_id, id FROM {t}",
        [(0, 1)],
        STUDENTS,
    ),
    "row_tracking_off": Example(
        ["ALTER TABLE {u} SET TBLPROPERTIES (delta.enableRowTracking = false)"], "SELECT id FROM {u}", [(1,)], STUDENTS
    ),
    "type_widening": Example(
        [
            "CREATE TABLE {t} (n BYTE) USING DELTA TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
            "INSERT INTO {t} VALUES (1)",
            "ALTER TABLE {t} ALTER COLUMN n TYPE INT",
            "INSERT INTO {t} VALUES (70000)",
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableTypeWidening' = 'false')",
        ],
        "SELECT n, typeof(n) FROM {t}",
        [(1, "int"), (70000, "int")],
    ),
}

UPDATES = {
    "delete": Example(["DELETE FROM {t} WHERE birthDate < '1955-01-01'"], NAMES, [(2, "Bob")], MADE),
    "delete_path": Example(
        ["DELETE FROM delta.`{p}` WHERE birthDate < '1955-01-01'"],
        "SELECT id, firstName FROM delta.`{p}`",
        [(2, "Bob")],
        MADE_AT,
    ),
    "update": Example(
        ["UPDATE {t} SET gender = 'Female' WHERE gender = 'F'", "UPDATE {t} SET gender = 'Male' WHERE gender = 'M'"],
        "SELECT gender FROM {t}",
        [("Female",), ("Male",)],
        MADE,
    ),
    "merge": Example(
        [
            "MERGE INTO {t} USING {u} ON {t}.id = {u}.id WHEN MATCHED THEN UPDATE SET id = {u}.id, firstName = "
            "{u}.firstName WHEN NOT MATCHED THEN INSERT (id, firstName) VALUES ({u}.id, {u}.firstName)"
        ],
        NAMES,
        [(1, "Ann"), (2, "Bobby"), (3, "Cid")],
        [*MADE, "CREATE TABLE {u} USING delta AS SELECT * FROM VALUES (2, 'Bobby'), (3, 'Cid') AS x(id, firstName)"],
    ),
    "merge_by_source": Example(
        [
            "MERGE INTO {t} USING {u} ON {u}.key = {t}.key WHEN MATCHED THEN UPDATE SET {t}.lastSeen = {u}.timestamp "
            "WHEN NOT MATCHED THEN INSERT (key, lastSeen, status) VALUES ({u}.key, {u}.timestamp, 'active') "
            "WHEN NOT MATCHED BY SOURCE AND {t}.lastSeen >= (current_date() - INTERVAL '5' DAY) "
            "THEN UPDATE SET {t}.status = 'inactive'"
        ],
        "SELECT key, CAST(lastSeen AS STRING) > '2020-06-01', status FROM {t}",
        [(1, True, "a"), (2, True, "inactive"), (3, False, "c"), (7, True, "active")],
        TARGET,
    ),
    "merge_without_duplicates": Example(
        [
            "MERGE INTO {t} USING {u} ON {t}.uniqueId = {u}.uniqueId AND {t}.date > current_date() - INTERVAL 7 DAYS "
            "WHEN NOT MATCHED AND {u}.date > current_date() - INTERVAL 7 DAYS THEN INSERT *"
        ],
        "SELECT uniqueId FROM {t}",
        [(1,), (2,)],
        LOGS,
    ),
}

UTILITIES = {
    "vacuum": Example(
        ["VACUUM {t}", "VACUUM '{p}'", "VACUUM delta.`{p}`", "VACUUM {t} DRY RUN", "VACUUM {t} LITE"],
        NAMES,
        BOTH,
        [MADE[0] + " LOCATION '{p}'", MADE[1]],
    ),
    "vacuum_retain": Example(
        ["VACUUM delta.`{p}` RETAIN 100 HOURS"],
        "SELECT id, firstName FROM delta.`{p}`",
        BOTH,
        MADE_AT,
        {"spark.databricks.delta.retentionDurationCheck.enabled": "false"},
    ),
    "history_of_a_path": Example(
        ["DESCRIBE HISTORY '{p}'", "DESCRIBE HISTORY delta.`{p}`"],
        "SELECT id FROM delta.`{p}`",
        [(1,), (2,)],
        MADE_AT,
    ),
    "detail_of_a_path": Example(
        ["DESCRIBE DETAIL '{p}'", "DESCRIBE DETAIL delta.`{p}`"], "SELECT id FROM delta.`{p}`", [(1,), (2,)], MADE_AT
    ),
    "generate": Example(
        ["GENERATE symlink_format_manifest FOR TABLE delta.`{p}`"],
        "SELECT COUNT(*) > 0 FROM text.`{p}/_symlink_format_manifest/manifest`",
        [(True,)],
        MADE_AT,
    ),
    "convert": Example(["CONVERT TO DELTA parquet.`{q}`"], CONVERTED, [(1, 5)], PARQUET),
    "convert_no_statistics": Example(["CONVERT TO DELTA parquet.`{q}` NO STATISTICS"], CONVERTED, [(1, 5)], PARQUET),
    "convert_partitioned": Example(
        ["CONVERT TO DELTA parquet.`{q}` PARTITIONED BY (part INT)"], CONVERTED, [(1, 5)], BY_PART
    ),
    "convert_partitioned_no_statistics": Example(
        ["CONVERT TO DELTA parquet.`{q}` NO STATISTICS PARTITIONED BY (part INT)"], CONVERTED, [(1, 5)], BY_PART
    ),
    "convert_a_table": Example(["CONVERT TO DELTA {u}"], "SELECT * FROM {u}", [(1, 5)], PARQUET),
    "restore": Example(["RESTORE TABLE {t} TO VERSION AS OF 1"], NAMES, BOTH, [*MADE, "DELETE FROM {t} WHERE id = 1"]),
    "restore_a_path": Example(
        ["RESTORE TABLE delta.`{p}` TO VERSION AS OF 0"], "SELECT id FROM delta.`{p}`", [], MADE_AT
    ),
    "clone_path_to_path": Example(
        ["CREATE TABLE delta.`{q}` SHALLOW CLONE delta.`{p}`"], "SELECT id FROM delta.`{q}`", [(1,), (2,)], MADE_AT
    ),
    "clone_replacing": Example(
        ["CREATE OR REPLACE TABLE {u} SHALLOW CLONE {t}"], "SELECT id FROM {u}", [(1,), (2,)], MADE
    ),
    "clone_if_not_exists": Example(
        ["CREATE TABLE IF NOT EXISTS {u} SHALLOW CLONE {t}"],
        "SELECT * FROM {u}",
        [(7,)],
        [*MADE, "CREATE TABLE {u} USING delta AS SELECT 7 AS x"],
    ),
    "clone_version": Example(
        ["CREATE TABLE {u} SHALLOW CLONE delta.`{p}` VERSION AS OF 0"], "SELECT id FROM {u}", [], MADE_AT
    ),
    "clone_properties": Example(
        [
            "CREATE OR REPLACE TABLE {u} SHALLOW CLONE {t} TBLPROPERTIES (delta.logRetentionDuration = '3650 days', "
            "delta.deletedFileRetentionDuration = '3650 days') LOCATION '{q}'"
        ],
        "SHOW TBLPROPERTIES {u} (delta.logRetentionDuration)",
        [("delta.logRetentionDuration", "3650 days")],
        MADE,
    ),
    "clone_experiment": Example(
        [
            "CREATE OR REPLACE TABLE {u} SHALLOW CLONE {t}",
            "UPDATE {u} SET salary = 99 WHERE id = 1",
            "MERGE INTO {t} USING {u} ON {u}.id <=> {t}.id WHEN MATCHED AND {u}.salary = 99 THEN UPDATE SET *",
            "DROP TABLE {u}",
        ],
        "SELECT id, salary FROM {t}",
        [(1, 99), (2, 20)],
        MADE,
    ),
    "clone_parquet": Example(
        ["CREATE OR REPLACE TABLE {t} SHALLOW CLONE parquet.`{q}`"], "SELECT * FROM {t}", [(1, 5)], PARQUET
    ),
}

OPTIMIZATIONS = {
    "optimize": Example(
        ["OPTIMIZE '{p}'", "OPTIMIZE delta.`{p}`"], "SELECT id FROM delta.`{p}`", [(1,), (2,)], MADE_AT
    ),
    "optimize_where": Example(["OPTIMIZE {t} WHERE date >= '2017-01-01'"], "SELECT id FROM {t}", TWO_DATES, DATES),
    "z_order": Example(
        ["OPTIMIZE {t} ZORDER BY (id)", "OPTIMIZE {t} WHERE date = '2021-11-18' ZORDER BY (id)"],
        "SELECT id FROM {t}",
        TWO_DATES,
        DATES,
    ),
    "replace_as_select": Example(
        ["REPLACE TABLE {t} USING DELTA PARTITIONED BY (p) AS SELECT 1 AS a, 2 AS p"],
        "SELECT a, p FROM {t}",
        [(1, 2)],
        MADE,
    ),
    "versions": Example(
        ["ALTER TABLE {t} SET TBLPROPERTIES ('delta.minReaderVersion' = '1', 'delta.minWriterVersion' = '3')"],
        NAMES,
        BOTH,
        MADE,
    ),
    "port_by_conversion": Example(
        ["CONVERT TO DELTA parquet.`{q}`", "CREATE TABLE {t} USING DELTA LOCATION '{q}'"],
        "SELECT * FROM {t}",
        [(1, 5)],
        PARQUET,
    ),
    "quick_start": Example(
        [
            "CREATE TABLE delta.`{p}` USING DELTA AS SELECT col1 AS id FROM VALUES 0, 1, 2, 3, 4",
            "INSERT OVERWRITE delta.`{p}` SELECT col1 AS id FROM VALUES 5, 6, 7, 8, 9",
            "UPDATE delta.`{p}` SET id = id + 100 WHERE id % 2 == 0",
            "DELETE FROM delta.`{p}` WHERE id % 2 == 0",
            "CREATE OR REPLACE TEMP VIEW newData AS SELECT col1 AS id FROM VALUES 1, 3, 5, 7, 9, 11",
            "MERGE INTO delta.`{p}` AS oldData USING newData ON oldData.id = newData.id WHEN MATCHED THEN UPDATE SET "
            "id = newData.id WHEN NOT MATCHED THEN INSERT (id) VALUES (newData.id)",
        ],
        "SELECT * FROM delta.`{p}`",
        [(1,), (11,), (3,), (5,), (7,), (9,)],
    ),
}

PAGES = {
    "batch": BATCH,
    "change-data-feed": FEEDS,
    "features": FEATURES,
    "update": UPDATES,
    "utility": UTILITIES,
    "optimizations": OPTIMIZATIONS,
}


@pytest.mark.parametrize(
    "example", [pytest.param(e, id=f"{page}-{name}") for page, all_ in PAGES.items() for name, e in all_.items()]
)
def test_example(spark, table_name, delta_table_path, example):
    places = {"t": table_name, "u": table_name + "_u", "p": delta_table_path, "q": delta_table_path + "_q"}

    def run(statement: str):
        df = spark.sql(statement.format(**places))
        df.collect()
        return df

    run("DROP TABLE IF EXISTS {u}")
    try:
        for statement in example.setup:
            run(statement)
        for key, value in example.conf.items():
            spark.conf.set(key, value)
        for statement in example.does:
            run(statement)
        assert sorted_rows(run(example.look)) == example.rows
    finally:
        for key in example.conf:
            spark.conf.unset(key)
        run("DROP TABLE IF EXISTS {u}")

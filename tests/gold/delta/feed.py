"""The change data feed and time travel: options, table functions, SQL, and what is out of range."""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.gold.delta.case import EVERY, Case, Scene

DAY_ONE = datetime(2024, 1, 1, tzinfo=timezone.utc)
CHANGED = ["UPDATE {t} SET n = 0 WHERE id = 1", "DELETE FROM {t} WHERE id = 4"]
LENIENT = {"spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled": "true"}


def a_day_apart(s: Scene) -> None:
    """Version k becomes of 2024-01-(k+1) 00:00 UTC: the log files' times are the commits' times."""
    for log in (Path(s.path) / "_delta_log").iterdir():
        found = re.match(r"\.?(\d{20})\.(json|crc)", log.name)
        if found:
            when = (DAY_ONE + timedelta(days=int(found.group(1)))).timestamp()
            os.utime(log, (when, when))


def read(path: bool = False, **options):
    """A read with options; without the commit times."""

    def step(s: Scene):
        reader = s.spark.read.format("delta").options(**options)
        df = reader.load(s.path) if path else reader.table(s.t)
        return df.drop("_commit_timestamp")

    return step


def feed(**options):
    return read(readChangeFeed="true", **options)


def changes(*arguments: str, function: str = "table_changes", of: str = "{t}") -> str:
    listed = ", ".join([f"'{of}'", *arguments])
    return f"SELECT * EXCEPT (_commit_timestamp) FROM {function}({listed})".replace(
        "* EXCEPT (_commit_timestamp)", "id, v, n, _change_type, _commit_version"
    )


def at(name: str, query: str, on: tuple = ("cdf",), **more) -> Case:
    return Case(name, query, on, setup=[*CHANGED, a_day_apart], **more)


def changed(name: str, query, on: tuple = ("cdf",), **more) -> Case:
    return Case(name, query, on, setup=CHANGED, **more)


FEEDS = tuple(kind for kind in EVERY if kind not in ("plain", "identity"))
CASES = [
    changed("feed_all", feed(startingVersion=0), FEEDS),
    changed("feed_range", feed(startingVersion=2, endingVersion=3)),
    changed("feed_one_version", feed(startingVersion=3, endingVersion=3)),
    changed("feed_path", read(True, readChangeFeed="true", startingVersion=1)),
    changed("feed_old_name", read(readChangeData="true", startingVersion=3)),
    changed("feed_bound_case", read(READCHANGEFEED="TRUE", STARTINGVERSION="3")),
    changed("feed_no_start", feed()),
    changed("feed_start_after_end", feed(startingVersion=3, endingVersion=1)),
    changed("feed_start_too_late", feed(startingVersion=9)),
    changed("feed_start_just_too_late", feed(startingVersion=5)),
    changed("feed_start_too_late_lenient", feed(startingVersion=9), conf=LENIENT),
    changed("feed_end_too_late", feed(startingVersion=3, endingVersion=9)),
    changed("feed_two_starts", feed(startingVersion=1, startingTimestamp="2024-01-01")),
    changed(
        "feed_two_starts_path", read(True, readChangeFeed="true", startingVersion=3, startingTimestamp="2024-01-01")
    ),
    changed("feed_two_ends", feed(startingVersion=1, endingVersion=2, endingTimestamp="2024-01-01")),
    changed("feed_bad_start", feed(startingVersion="x")),
    changed("feed_negative_start", feed(startingVersion=-1)),
    changed("feed_and_version", feed(startingVersion=1, versionAsOf=1)),
    changed("feed_off", feed(startingVersion=0), ("plain",)),
    Case(
        "feed_before_enabled",
        feed(startingVersion=0),
        ("plain",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')", *CHANGED],
    ),
    Case(
        "feed_after_enabled",
        feed(startingVersion=3),
        ("plain",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')", *CHANGED],
    ),
    Case(
        "feed_while_disabled",
        feed(startingVersion=1),
        ("cdf",),
        setup=[
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')",
            "DELETE FROM {t} WHERE id = 1",
            "ALTER TABLE {t} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')",
        ],
    ),
    Case(
        "feed_over_added_column",
        feed(startingVersion=1),
        ("cdf",),
        setup=["ALTER TABLE {t} ADD COLUMN x INT", "INSERT INTO {t} VALUES (6, 'f', 60, 1)"],
    ),
    Case(
        "feed_over_rename",
        feed(startingVersion=1),
        ("mapped",),
        setup=["ALTER TABLE {t} RENAME COLUMN n TO m", *[c.replace("n =", "m =") for c in CHANGED]],
    ),
    Case(
        "feed_after_rename",
        feed(startingVersion=4),
        ("mapped",),
        setup=["ALTER TABLE {t} RENAME COLUMN n TO m", *[c.replace("n =", "m =") for c in CHANGED]],
    ),
    Case(
        "feed_over_drop",
        feed(startingVersion=1),
        ("mapped",),
        setup=["ALTER TABLE {t} DROP COLUMN n", "DELETE FROM {t} WHERE id = 1"],
    ),
    Case(
        "feed_over_overwrite",
        feed(startingVersion=1),
        ("cdf", "dv"),
        setup=["INSERT OVERWRITE {t} VALUES (9, 'z', 90)"],
    ),
    Case("feed_over_optimize", feed(startingVersion=1), ("cdf",), setup=["OPTIMIZE {t}"]),
    changed("changes_function", changes("0"), ("cdf", "dv", "mapped", "partitioned")),
    changed("changes_function_range", changes("1", "3")),
    changed("changes_function_path", changes("2", function="table_changes_by_path", of="{path}")),
    changed("changes_function_no_start", "SELECT * FROM table_changes('{t}')"),
    changed("changes_function_too_many", "SELECT * FROM table_changes('{t}', 1, 2, 3)"),
    changed("changes_function_off", changes("0"), ("plain",)),
    changed("changes_function_missing", changes("0", of="{u}")),
    changed("changes_function_bad_time", changes("'nope'")),
    changed("changes_function_null", changes("NULL")),
    changed(
        "changes_function_joined",
        "SELECT c.id, c._change_type, t.n FROM table_changes('{t}', 3) c JOIN {t} t ON c.id = t.id",
    ),
    changed("changes_function_expression", changes("1 + 1")),
    at("changes_function_times", changes("'2024-01-03'", "'2024-01-04'")),
    at("changes_function_late_time", changes("'2024-02-01'")),
    at("feed_times", feed(startingTimestamp="2024-01-03 12:00:00", endingTimestamp="2024-01-04 12:00:00")),
    at("feed_exact_time", feed(startingTimestamp="2024-01-04 00:00:00")),
    at("feed_between_commits", feed(startingTimestamp="2024-01-03 06:00:00", endingTimestamp="2024-01-03 18:00:00")),
    at("feed_times_reversed", feed(startingTimestamp="2024-01-04", endingTimestamp="2024-01-03")),
    at("feed_times_same", feed(startingTimestamp="2024-01-04", endingTimestamp="2024-01-04")),
    at("feed_version_to_time", feed(startingVersion=2, endingTimestamp="2024-01-04 12:00:00")),
    changed("feed_and_version_path", read(True, readChangeFeed="true", startingVersion=1, versionAsOf=1)),
    at("changes_function_timestamp", changes("TIMESTAMP'2024-01-03 12:00:00'", "TIMESTAMP'2024-01-05 00:00:00'")),
    at("changes_function_interval", changes("TIMESTAMP'2024-01-05' - INTERVAL 1 DAY")),
    at("changes_function_date", changes("DATE'2024-01-03'")),
    at("changes_function_text_expression", changes("concat('2024', '-01-04')")),
    at("changes_function_between", changes("'2024-01-03 06:00:00'", "'2024-01-03 18:00:00'")),
    at("feed_early_time", feed(startingTimestamp="2001-01-01")),
    at("feed_late_time", feed(startingTimestamp="2024-02-01")),
    at("feed_late_time_lenient", feed(startingTimestamp="2024-02-01"), conf=LENIENT),
    at("feed_late_end_time", feed(startingTimestamp="2024-01-03", endingTimestamp="2024-02-01")),
    at("feed_late_end_time_lenient", feed(startingTimestamp="2024-01-03", endingTimestamp="2024-02-01"), conf=LENIENT),
    at("feed_bad_time", feed(startingTimestamp="nope")),
    # --- time travel ---------------------------------------------------------------------------------------------
    changed("version_as_of", "SELECT * FROM {t} VERSION AS OF 2", EVERY),
    changed("version_as_of_text", "SELECT * FROM {t} VERSION AS OF '1'"),
    changed("version_for", "SELECT * FROM {t} FOR VERSION AS OF 1"),
    changed("version_in_name", "SELECT * FROM delta.`{path}@v1`"),
    changed("version_in_table_name", "SELECT * FROM {t}@v1"),
    changed("version_option", read(versionAsOf=1)),
    changed("version_option_path", read(True, versionAsOf="2")),
    changed("version_option_bad", read(True, versionAsOf="x")),
    changed("version_option_negative", read(True, versionAsOf=-1)),
    changed("version_option_future", read(True, versionAsOf=9)),
    changed("version_future", "SELECT * FROM {t} VERSION AS OF 9"),
    changed("version_and_timestamp", read(True, versionAsOf=1, timestampAsOf="2024-01-01")),
    changed("version_of_insert", "INSERT INTO {t} SELECT * FROM {t} VERSION AS OF 1"),
    changed("version_of_nothing", "SELECT * FROM {u} VERSION AS OF 1"),
    changed("version_dropped_column", "SELECT * FROM {t} VERSION AS OF 2", ("mapped",)),
    Case(
        "version_before_drop", "SELECT * FROM {t} VERSION AS OF 2", ("mapped",), setup=["ALTER TABLE {t} DROP COLUMN n"]
    ),
    Case(
        "version_before_rename",
        "SELECT * FROM {t} VERSION AS OF 2",
        ("mapped",),
        setup=["ALTER TABLE {t} RENAME COLUMN n TO m"],
    ),
    at("timestamp_as_of", "SELECT * FROM {t} TIMESTAMP AS OF '2024-01-02 12:00:00'"),
    at("timestamp_exact", "SELECT * FROM {t} TIMESTAMP AS OF '2024-01-03'"),
    at("timestamp_expression", "SELECT * FROM {t} TIMESTAMP AS OF date_add('2024-01-01', 1)"),
    at("timestamp_early", "SELECT * FROM {t} TIMESTAMP AS OF '2023-01-01'"),
    at("timestamp_late", "SELECT * FROM {t} TIMESTAMP AS OF '2025-01-01'"),
    at("timestamp_bad", "SELECT * FROM {t} TIMESTAMP AS OF 'nope'"),
    at("timestamp_null", "SELECT * FROM {t} TIMESTAMP AS OF NULL"),
    at("timestamp_in_name", "SELECT * FROM delta.`{path}@20240102120000000`"),
    at("timestamp_option", read(True, timestampAsOf="2024-01-02")),
    at("timestamp_option_late", read(True, timestampAsOf="2025-01-01")),
    at("timestamp_option_bad", read(True, timestampAsOf="nope")),
    at("restore_to_time", "RESTORE TABLE {t} TO TIMESTAMP AS OF '2024-01-03 12:00:00'"),
]

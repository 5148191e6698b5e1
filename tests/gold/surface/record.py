"""Records the surface of real Spark 3.5.5 that lists name: functions-3.5.json (SHOW FUNCTIONS) and keywords-3.5.json
(sql_keywords()). Run with the oracle's Python: `venv/bin/python record.py`.

functions-3.5.json  sorted names
keywords-3.5.json   [[keyword, reserved], …] sorted
"""

import json
import pathlib

from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).resolve().parent


def write(name, items):
    text = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    (HERE / name).write_text("[\n" + text + "\n]\n", encoding="utf-8")


def main():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    write("functions-3.5.json", sorted(row[0] for row in spark.sql("SHOW SYSTEM FUNCTIONS").collect()))
    write("keywords-3.5.json", sorted([row[0], row[1]] for row in spark.sql("SELECT * FROM sql_keywords()").collect()))
    spark.stop()


if __name__ == "__main__":
    main()

"""Records what real Spark does with every case of text_cases.py, into text.json beside this script.

python tests/gold/text/record.py [case …]     (the oracle's Python, see tools/oracle; the given cases, else those not yet recorded)
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]
os.environ["TZ"] = "UTC"
time.tzset()

from text_cases import CASES  # noqa: E402
from text_outcome import outcome  # noqa: E402


def main() -> None:
    from tests.oracle import HOME

    sys.path.insert(0, str(HOME))
    from oracle_session import get_spark

    path = HERE / "text.json"
    answers = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="text-oracle-") as warehouse:
        spark = get_spark(warehouse, conf={"spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "1"})
        spark.sparkContext.setLogLevel("OFF")
        for case in CASES:
            if case.name in wanted if wanted else case.name not in answers:
                answers[case.name] = outcome(spark, case)
        save(path, answers)
        spark.stop()


def save(path: Path, answers: dict[str, dict]) -> None:
    lines = [
        f"{json.dumps(case.name)}: {json.dumps(answers[case.name], ensure_ascii=False)}"
        for case in CASES
        if case.name in answers
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

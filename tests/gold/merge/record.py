"""Records what real Spark + Delta does with every case of cases.py, into merge.json beside this script.

python tests/gold/merge/record.py [case …]     (the oracle's Python, see tools/oracle; the given cases, else those not yet recorded)
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from cases import CASES, TABLES  # noqa: E402
from outcome import outcome  # noqa: E402


def main() -> None:
    from tests.oracle import HOME

    sys.path.insert(0, str(HOME))
    from oracle_session import get_spark

    path = HERE / "merge.json"
    answers = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="merge-oracle-") as warehouse:
        spark = get_spark(warehouse, conf={"spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "1"})
        for table in TABLES:
            for case in CASES:
                name = f"{case.name}-{table}"
                if table in case.tables and (case.name in wanted if wanted else name not in answers):
                    answers[name] = outcome(spark, case, table)
                    save(path, answers)
        spark.stop()


def save(path: Path, answers: dict[str, dict]) -> None:
    names = [f"{case.name}-{table}" for case in CASES for table in case.tables]
    lines = [
        f"{json.dumps(name)}: {json.dumps(answers[name], ensure_ascii=False)}" for name in names if name in answers
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

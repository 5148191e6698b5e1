"""Every function of Spark 3.5, and every one that PySpark's functions modules send, is known to the server or refused
by name; so are its keywords."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path

import pytest

from tests.errors import condition

pytestmark = pytest.mark.deltic
SURFACE = Path(__file__).resolve().parents[1] / "gold" / "surface"
# Forms of the grammar and functions of the resolver, which the function table does not list.
OTHERWISE = {"||", "case", "cast", "grouping", "grouping_id", "range", "sql_keywords", "struct", "window"}
SENDERS = {"_invoke_function", "_invoke_function_over_columns", "_invoke_binary_math_function"} | {
    "_invoke_higher_order_function",
    "UnresolvedFunction",
}


def spark_functions() -> list[str]:
    return json.loads((SURFACE / "functions-3.5.json").read_text(encoding="utf-8"))


def sent_functions() -> list[str]:
    """The SQL names in the calls of this PySpark's Connect functions module."""
    path = Path(importlib.util.find_spec("pyspark.sql.connect").origin).parent / "functions"
    source = path / "builtin.py" if path.is_dir() else path.with_suffix(".py")
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENDERS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                names.add(first.value)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            if any(isinstance(target, ast.Name) and target.id == "fn" for target in node.targets):
                names.add(node.value.value)
    return sorted(names)


@pytest.fixture(scope="module")
def known(spark_session) -> set[str]:
    return {row[0] for row in spark_session.sql("SHOW FUNCTIONS").collect()}


def missing(spark, known: set[str], names: list[str]) -> list[str]:
    """The names that are neither in the table nor refused with a reason."""
    out = []
    for name in names:
        if name.lower() in known | OTHERWISE:
            continue
        try:
            spark.sql(f"SELECT `{name}`(1)").schema  # noqa: B018
        except Exception as error:
            if condition(error).startswith("UNSUPPORTED_FEATURE") and name.lower() in str(error):
                continue
        out.append(name)
    return out


def test_functions_of_spark(spark_session, known):
    assert missing(spark_session, known, spark_functions()) == []


def test_functions_of_pyspark(spark_session, known):
    names = sent_functions()
    assert len(names) > 300
    assert missing(spark_session, known, names) == []


def test_an_unknown_function_is_something_else(spark_session):
    with pytest.raises(Exception) as caught:
        spark_session.sql("SELECT no_such_function(1)").collect()
    assert condition(caught.value) == "UNRESOLVED_ROUTINE"


def test_keywords(spark_session):
    recorded = [tuple(row) for row in json.loads((SURFACE / "keywords-3.5.json").read_text(encoding="utf-8"))]
    assert sorted(tuple(row) for row in spark_session.sql("SELECT * FROM sql_keywords()").collect()) == recorded

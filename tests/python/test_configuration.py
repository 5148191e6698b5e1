"""The tables of settings, options and properties: docs/configuration.md is what they say, and what they call effective is
read somewhere."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from pyspark.errors import PySparkException

from tests.errors import condition

ROOT = Path(__file__).resolve().parents[2]
DOC = ROOT / "docs" / "configuration.md"
TABLES = [
    *ROOT.glob("src/spark/session/config_table*.cc"),
    ROOT / "src/spark/session/s3a_settings.cc",
    ROOT / "src/delta/spec/properties.cc",
]
SECTIONS_WITHOUT_EFFECT = ("Settings with one value", "Settings for clients", "Recorded settings")

pytestmark = pytest.mark.deltic


def sections() -> dict[str, list[tuple[str, str]]]:
    """Section → (name, meaning) of its rows."""
    out: dict[str, list[tuple[str, str]]] = {}
    title = ""
    for line in DOC.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line[3:]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            out.setdefault(title, []).append((cells[0].strip("`"), cells[-1]))
    return out


@pytest.fixture(scope="module")
def source() -> str:
    """The source text without the tables and the tests."""
    files = [*ROOT.glob("src/**/*.cc"), *ROOT.glob("src/**/*.h")]
    return "\n".join(f.read_text(encoding="utf-8") for f in files if f not in TABLES and not f.stem.endswith("_test"))


def test_the_document_is_what_the_tables_say():
    binary = os.environ.get("DELTIC_BINARY", str(ROOT / "build" / "release" / "deltic"))
    told = subprocess.run([binary, "config", "--markdown"], capture_output=True, text=True, check=True).stdout
    assert DOC.read_text(encoding="utf-8") == told, "run ./dev docs"


def test_effective_settings_are_read_somewhere(source):
    for title, listed in sections().items():
        if title in SECTIONS_WITHOUT_EFFECT or not title.startswith("Settings"):
            continue
        for name, _ in listed:
            known = name in source or re.sub(r"\.properties\.defaults\..*", ".properties.defaults.", name) in source
            known = known or (name.startswith("fs.s3a.") and f'"{name.removeprefix("fs.s3a.")}"' in source)
            # Keys that the code puts together from a prefix: "spark.databricks.delta.autoCompact." + "enabled".
            prefix, _, last = name.rpartition(".")
            assert known or (f'"{prefix}."' in source and f'"{last}"' in source), f"{name} has no effect"


def test_properties_are_read_somewhere(source):
    for name, meaning in sections()["Table properties"]:
        if not meaning.startswith(("Recorded", "Refused", "Old name")):
            assert f'"{name}"' in source, f"{name} has no effect"


def test_delta_settings_that_the_code_reads_are_in_the_tables(source):
    listed = {name for rows in sections().values() for name, _ in rows}
    for name in set(re.findall(r'"(spark\.databricks\.[A-Za-z.]+[A-Za-z])"', source)):
        assert name in listed, f"{name} is in no table"


def test_options_are_read_somewhere(source):
    for name, meaning in sections()["Options of Delta reads and writes"]:
        if not meaning.startswith("Recorded") and name != "delta.*":
            assert name in source or name.lower() in source, f"the option {name} has no effect"


@pytest.mark.parametrize(
    "name,value", [("spark.sql.groupByOrdinal", "false"), ("spark.sql.files.ignoreCorruptFiles", "true")]
)
def test_another_value_of_a_fixed_setting_is_refused_by_name(spark, name, value):
    assert name in {row[0] for row in sections()["Settings with one value"]}
    with pytest.raises(PySparkException) as caught:
        spark.conf.set(name, value)
    assert condition(caught.value) == "UNSUPPORTED_FEATURE" and name in str(caught.value)
    spark.conf.set(name, {"true": "false", "false": "true"}[value])
    spark.conf.unset(name)


def test_errors_have_the_parameters_of_their_texts():
    """An error that is made by name fills every <parameter> of its condition's text."""
    texts = {}
    for table in ROOT.glob("src/spark/errors/*conditions*.cc"):
        literal = r'"(?:[^"\\]|\\.)*"'
        row = rf"\{{({literal}), {literal}, ExceptionKind::\w+,\s*((?:{literal}\s*)+)\}}"
        for name, text in re.findall(row, table.read_text(encoding="utf-8")):
            texts[name.strip('"')] = set(re.findall(r"<([A-Za-z0-9_]+)>", text)) - {"docroot"}
    assert len(texts) > 1000
    wrong = []
    for file in ROOT.glob("src/**/*.cc"):
        text = file.read_text(encoding="utf-8")
        if file.stem.endswith("_test"):
            continue
        for match in re.finditer(r'\bError\(\s*"([\w.]+)"(?:,\s*\{\})?(?:\)|,\s*(?="))', text):
            if missing := texts.get(match.group(1), set()):
                wrong.append(f"{file.relative_to(ROOT)}: {match.group(1)} without {sorted(missing)}")
        for match in re.finditer(r'\bError\(\s*"([\w.]+)",\s*\{\{(?:[^;]*?)\}\}\s*[,)]', text):
            given = set(re.findall(r'\{\s*"(\w+)",', match.group(0)))
            if missing := texts.get(match.group(1), set()) - given:
                wrong.append(f"{file.relative_to(ROOT)}: {match.group(1)} without {sorted(missing)}")
    assert wrong == []

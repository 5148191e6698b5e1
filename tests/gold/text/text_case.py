"""What a case of the text formats is: a Read, a Parse, a Write or an Expression; see text_cases.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Read:
    name: str
    format: str
    files: dict[str, bytes]
    schema: str = ""  # DDL; empty: inferred
    options: dict[str, object] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    where: str = ""
    conf: dict[str, str] = field(default_factory=dict)


@dataclass
class Parse:
    name: str
    format: str
    lines: list[str]
    schema: str = ""
    options: dict[str, object] = field(default_factory=dict)


@dataclass
class Write:
    name: str
    format: str
    query: str
    options: dict[str, object] = field(default_factory=dict)
    partition: tuple[str, ...] = ()
    conf: dict[str, str] = field(default_factory=dict)


@dataclass
class Expression:
    name: str
    sql: str
    conf: dict[str, str] = field(default_factory=dict)


def csv(name: str, text: str | bytes, schema: str = "", file: str = "a.csv", **more) -> Read:
    return _read("csv", name, text, schema, file, more)


def json(name: str, text: str | bytes, schema: str = "", file: str = "a.json", **more) -> Read:
    return _read("json", name, text, schema, file, more)


def _read(format: str, name: str, text: str | bytes, schema: str, file: str, more: dict) -> Read:
    extra = {key: more.pop(key) for key in ("select", "where", "conf") if key in more}
    data = text.encode() if isinstance(text, str) else text
    return Read(f"{format}-{name}", format, {file: data}, schema, more, **extra)


def sql(name: str, text: str, **conf: str) -> Expression:
    return Expression(name, text, {key.replace("__", "."): value for key, value in conf.items()})


IS = "i int, s string"
CORRUPT = "i int, s string, _corrupt_record string"
BAD = "1,a\nx,b\n3\n4,d,e\n,\n5,f\n"
TYPES = "b byte, h short, i int, l long, f float, d double, x boolean, n decimal(6,2), s string"
JBAD = (
    '{"i":1,"s":"a"}\n{"i":"x","s":"b"}\n{broken\n\n{"i":2}\n{"i":3,"s":{"k":[1,2.50]}}\n[{"i":4},{"i":5}]\n7\nnull\n'
)

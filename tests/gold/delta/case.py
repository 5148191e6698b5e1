"""A case of the Delta corpus: statements and calls on a table of some kind, and the scene in which they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLUMNS = "id INT, v STRING, n INT"
FIRST = "(1, 'a', 10), (2, 'b', 20), (3, 'a', 30)"
SECOND = "(4, 'd', 40), (5, NULL, 50)"
FEED = "'delta.enableChangeDataFeed' = 'true'"
NO_FEED = "'delta.enableChangeDataFeed' = 'false'"
VECTORS = "'delta.enableDeletionVectors' = 'true'"

# Name of a kind of table → (columns, clauses after USING delta). The columns id, v and n are in each.
KINDS = {
    "plain": (COLUMNS, f"TBLPROPERTIES ({NO_FEED})"),
    "cdf": (COLUMNS, f"TBLPROPERTIES ({FEED})"),
    "partitioned": (COLUMNS, f"PARTITIONED BY (v) TBLPROPERTIES ({FEED})"),
    "dv": (COLUMNS, f"TBLPROPERTIES ({FEED}, {VECTORS})"),
    "mapped": (COLUMNS, f"TBLPROPERTIES ({FEED}, {VECTORS}, 'delta.columnMapping.mode' = 'name')"),
    "tracked": (COLUMNS, f"TBLPROPERTIES ({FEED}, 'delta.enableRowTracking' = 'true')"),
    "generated": (COLUMNS, ""),  # and g INT, always n + 1
    "identity": (COLUMNS, ""),  # and k BIGINT, an identity
    "clustered": (COLUMNS, f"CLUSTER BY (id) TBLPROPERTIES ({FEED})"),
    "none": ("", ""),  # the case makes its table itself
}
STORED = ("plain", "cdf", "dv", "mapped")
EVERY = tuple(kind for kind in KINDS if kind != "none")


@dataclass
class Scene:
    """Where a case runs: `t` names its table, `home` is a directory of its own."""

    spark: Any
    t: str
    home: Path

    def fill(self, text: str) -> str:
        """Text with {t}, {u} (a second table), {home} and {path} (the table's directory) put in."""
        path = self.path if "{path}" in text else ""
        return text.format(t=self.t, u=self.t + "_u", home=self.home, path=path)

    def sql(self, text: str):
        """The rows of a statement as a DataFrame, already run."""
        df = self.spark.sql(self.fill(text))
        df.collect()
        return df

    def frame(self, values: str, columns: str = "id, v, n"):
        """A DataFrame of SQL rows, in one partition."""
        return self.spark.sql(f"SELECT /*+ COALESCE(1) */ * FROM VALUES {values} AS x({columns})")

    @property
    def path(self) -> str:
        location = self.spark.sql(f"DESCRIBE DETAIL {self.t}").collect()[0]["location"]
        return location.removeprefix("file:")

    @property
    def table(self):
        from delta.tables import DeltaTable

        return DeltaTable.forName(self.spark, self.t)


def build(**more: dict) -> Callable[[Scene], None]:
    """Makes a table by the builder: SQL of delta-spark 3.3 knows neither generated nor identity columns.

    The columns id, v and n, and `more`: name → arguments of addColumn. A value that is a tuple (start, step) is an
    identity's.
    """

    def step(s: Scene) -> None:
        from delta.tables import DeltaTable, IdentityGenerator

        builder = DeltaTable.create(s.spark).tableName(s.t)
        for name, kind in (("id", "INT"), ("v", "STRING"), ("n", "INT")):
            builder = builder.addColumn(name, kind)
        for name, arguments in more.items():
            given = {k: IdentityGenerator(*v) if isinstance(v, tuple) else v for k, v in arguments.items()}
            builder = builder.addColumn(name, **given)
        builder.execute()

    return step


GENERATED = build(g={"dataType": "INT", "generatedAlwaysAs": "n + 1"})
IDENTITY = build(k={"dataType": "BIGINT", "generatedAlwaysAs": (1, 1)})
BUILT = {"generated": GENERATED, "identity": IDENTITY}

Step = str | Callable[[Scene], Any]


@dataclass
class Case:
    """`do` is one step, or steps of which the last one's result is told; an error of any of them is the outcome.

    A step is a SQL statement or a call. `setup` runs before, without `conf`. `look` are queries on what is there after.
    """

    name: str
    do: Step | list[Step]
    on: tuple[str, ...] = ("dv",)
    setup: list[Step] = field(default_factory=list)
    conf: dict[str, str] = field(default_factory=dict)
    look: list[str] = field(default_factory=list)
    args: Any = None  # of the last statement
    files: bool = True  # whether the numbers of files are told

    @property
    def steps(self) -> list[Step]:
        return self.do if isinstance(self.do, list) else [self.do]

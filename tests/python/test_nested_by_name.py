"""Rows whose structs list their fields in another order than the table's: which writes go by name and which by position,
at every depth. This file passes on real Spark too (DELTIC_TEST_MASTER=local[2]); all values were seen there."""

from __future__ import annotations

import pytest

from tests.errors import condition

SOME = "named_struct('a', 1, 'b', 2)"
TURNED = "named_struct('b', 20, 'a', 10)"
FIRST = "([{1, 2}], {1, 2}, {k -> {1, 2}}, [[{1, 2}]], {[{1, 2}]})"
BY_NAME = "([{10, 20}], {10, 20}, {k -> {10, 20}}, [[{10, 20}]], {[{10, 20}]})"
# MERGE and UPDATE go by name in structs and in arrays of structs only, as delta-spark does.
PARTLY = "([{10, 20}], {10, 20}, {k -> {20, 10}}, [[{20, 10}]], {[{10, 20}]})"


def columns(struct: str) -> str:
    return (
        f"array({struct}) AS x, {struct} AS y, map('k', {struct}) AS m, array(array({struct})) AS z, "
        f"named_struct('q', array({struct})) AS w"
    )


def shown(spark, path) -> list[str]:
    texts = "CAST(x AS STRING), CAST(y AS STRING), CAST(m AS STRING), CAST(z AS STRING), CAST(w AS STRING)"
    rows = spark.read.format("delta").load(path).selectExpr(*[f"{t}" for t in texts.split(", ")]).collect()
    return sorted("(" + ", ".join(row) + ")" for row in rows)


@pytest.fixture
def path(spark, tmp_path):
    out = str(tmp_path / "t")
    spark.sql(f"SELECT {columns(SOME)}").write.format("delta").save(out)
    return out


class TestByName:
    def test_append(self, spark, path):
        spark.sql(f"SELECT {columns(TURNED)}").write.format("delta").mode("append").save(path)
        assert shown(spark, path) == sorted([FIRST, BY_NAME])

    def test_overwrite(self, spark, path):
        spark.sql(f"SELECT {columns(TURNED)}").write.format("delta").mode("overwrite").save(path)
        assert shown(spark, path) == [BY_NAME]

    def test_write_to(self, spark, path):
        spark.sql(f"SELECT {columns(TURNED)}").writeTo(f"delta.`{path}`").append()
        assert shown(spark, path) == sorted([FIRST, BY_NAME])

    @pytest.mark.parametrize("how", ["", "BY NAME"])
    def test_insert(self, spark, path, how):
        spark.sql(f"INSERT INTO delta.`{path}` {how} SELECT {columns(TURNED)}")
        assert shown(spark, path) == sorted([FIRST, BY_NAME])

    def test_names_of_another_case(self, spark, path):
        other = "named_struct('B', 20, 'A', 10)"
        spark.sql(f"SELECT {columns(other)}").write.format("delta").mode("append").save(path)
        assert shown(spark, path) == sorted([FIRST, BY_NAME])

    def test_missing_fields_are_null(self, spark, path):
        fewer = "named_struct('b', 20)"
        spark.sql(f"SELECT {columns(fewer)}").write.format("delta").mode("append").save(path)
        assert shown(spark, path) == sorted([FIRST, BY_NAME.replace("10", "null")])

    def test_new_fields(self, spark, path):
        more = "named_struct('c', 5, 'b', 20, 'a', 10)"
        writer = spark.sql(f"SELECT {columns(more)}").write.format("delta").mode("append")
        writer.option("mergeSchema", "true").save(path)
        first, second = FIRST.replace("2}", "2, null}"), BY_NAME.replace("20}", "20, 5}")
        assert shown(spark, path) == sorted([first, second])

    def test_nulls_stay_null(self, spark, path):
        null = "CAST(NULL AS STRUCT<b: INT, a: INT>)"
        spark.sql(f"SELECT {columns(null)}").write.format("delta").mode("append").save(path)
        null_rows = spark.read.format("delta").load(path).where("y IS NULL AND x[0] IS NULL AND m['k'] IS NULL")
        assert null_rows.where("z[0][0] IS NULL AND w.q[0] IS NULL").count() == 1

    def test_other_types_are_refused(self, spark, path):
        long = "named_struct('b', 20L, 'a', 10L)"
        with pytest.raises(Exception) as error:  # noqa: PT011: each client has its own class
            spark.sql(f"SELECT {columns(long)}").write.format("delta").mode("append").save(path)
        assert condition(error.value) == "DELTA_FAILED_TO_MERGE_FIELDS"
        assert shown(spark, path) == [FIRST]


class TestPartlyByName:
    def test_update(self, spark, path):
        spark.sql(
            f"UPDATE delta.`{path}` SET x = array({TURNED}), y = {TURNED}, m = map('k', {TURNED}), "
            f"z = array(array({TURNED})), w = named_struct('q', array({TURNED}))"
        )
        assert shown(spark, path) == [PARTLY]

    @pytest.mark.parametrize(
        ("on", "clause", "rows"),
        [
            ("false", "WHEN NOT MATCHED THEN INSERT *", sorted([FIRST, PARTLY])),
            ("true", "WHEN MATCHED THEN UPDATE SET *", [PARTLY]),
        ],
    )
    def test_merge(self, spark, path, on, clause, rows):
        spark.sql(f"SELECT {columns(TURNED)}").createOrReplaceTempView("turned")
        spark.sql(f"MERGE INTO delta.`{path}` t USING turned s ON {on} {clause}")
        assert shown(spark, path) == rows

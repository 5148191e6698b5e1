"""DELETE and UPDATE: rows, change feed, history, files. Expected values are those of real Spark 3.5.5 + Delta 3.3.2, where
this file passes too (DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import json

import pytest

from tests.errors import condition
from tests.python.dml import CDF, COLUMNS, KINDS, PLAIN, actions, affected, create, feed, last, metric_defaults, table
from tests.rows import plain


class TestDelete:
    @pytest.mark.parametrize("kind", KINDS)
    def test_some_rows_of_a_file(self, spark, delta_table_path, kind):
        target = create(spark, delta_table_path, properties=KINDS[kind])
        assert affected(spark, f"DELETE FROM {target} WHERE id = 3") == 1
        assert table(spark, target) == [(1, "a", 10), (2, "b", 20), (4, "b", 40), (5, None, 50)]
        version, operation, parameters, metrics = last(spark, target)
        assert (version, operation, parameters) == (2, "DELETE", {"predicate": '["(id = 3)"]'})
        if "delta.enableDeletionVectors" in KINDS[kind]:
            expected = metric_defaults(numDeletedRows=1, numDeletionVectorsAdded=1)
        else:
            expected = metric_defaults(
                numDeletedRows=1,
                numRemovedFiles=1,
                numAddedFiles=1,
                numCopiedRows=4,
                numAddedChangeFiles=int(kind == "cdf"),
            )
        assert metrics == expected
        assert len(actions(delta_table_path, 2, "cdc")) == int(kind == "cdf")
        if kind in ("cdf", "both"):
            assert feed(spark, delta_table_path, 2, "id", "v", "n") == [("delete", 3, "a", 30)]

    def test_what_a_vector_looks_like_in_the_log(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties=KINDS["vectors"])
        spark.sql(f"DELETE FROM {target} WHERE id = 3")
        spark.sql(f"DELETE FROM {target} WHERE id >= 4")
        (add,) = actions(delta_table_path, 3, "add")
        (remove,) = actions(delta_table_path, 3, "remove")
        (before,) = actions(delta_table_path, 2, "add")
        assert remove["deletionVector"] == before["deletionVector"]
        assert add["path"] == before["path"] == remove["path"]
        assert (add["deletionVector"]["cardinality"], add["deletionVector"]["storageType"]) == (3, "u")
        assert add["dataChange"] is True and remove["dataChange"] is True
        stats = json.loads(add["stats"])
        assert (stats["numRecords"], stats["tightBounds"], stats["maxValues"]["id"]) == (5, False, 5)
        assert last(spark, target)[3] == metric_defaults(
            numDeletedRows=2, numDeletionVectorsAdded=1, numDeletionVectorsRemoved=1, numDeletionVectorsUpdated=1
        )
        assert table(spark, target) == [(1, "a", 10), (2, "b", 20)]

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_last_rows_of_a_file(self, spark, delta_table_path, kind):
        target = create(spark, delta_table_path, properties=KINDS[kind])
        spark.sql(f"DELETE FROM {target} WHERE id < 4")
        assert affected(spark, f"DELETE FROM {target} WHERE id >= 4") == 2
        assert table(spark, target) == []
        assert actions(delta_table_path, 3, "add") == []
        vectors = "delta.enableDeletionVectors" in KINDS[kind]
        assert last(spark, target)[3] == metric_defaults(
            numDeletedRows=2,
            numRemovedFiles=1,
            numDeletionVectorsRemoved=int(vectors),
            numAddedChangeFiles=int(kind == "cdf"),
        )
        if kind in ("cdf", "both"):
            assert feed(spark, delta_table_path, 3, "id") == [("delete", 4), ("delete", 5)]

    @pytest.mark.parametrize("kind", KINDS)
    def test_everything(self, spark, delta_table_path, kind):
        target = create(spark, delta_table_path, properties=KINDS[kind])
        assert affected(spark, f"DELETE FROM {target}") == 5
        assert table(spark, target) == []
        assert last(spark, target) == (
            2,
            "DELETE",
            {"predicate": '["true"]'},
            metric_defaults(numDeletedRows=5, numRemovedFiles=1),
        )
        assert actions(delta_table_path, 2, "cdc") == []
        if kind in ("cdf", "both"):
            assert [row[0] for row in feed(spark, delta_table_path, 2, "id")] == ["delete"] * 5
        assert affected(spark, f"DELETE FROM {target}") == 0
        assert last(spark, target)[0] == 2

    def test_nothing_makes_no_version(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        for condition_text in ("id = 77", "v = 'zzz'", "n IS NULL", "false"):
            assert affected(spark, f"DELETE FROM {target} WHERE {condition_text}") == 0
        assert last(spark, target)[0] == 1

    def test_null_is_not_true(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        assert affected(spark, f"DELETE FROM {target} WHERE v <> 'a'") == 2
        assert table(spark, target) == [(1, "a", 10), (3, "a", 30), (5, None, 50)]

    @pytest.mark.parametrize("kind", ["plain", "both"])
    def test_partitions(self, spark, delta_table_path, kind):
        values = "(1L,'a',10,'x'),(2L,'b',20,'x'),(3L,'a',30,'y'),(4L,'b',40,NULL)"
        target = create(spark, delta_table_path, COLUMNS + ", p STRING", KINDS[kind], "p", values)
        assert affected(spark, f"DELETE FROM {target} WHERE p IS NULL") == 1
        assert last(spark, target)[2:] == (
            {"predicate": '["isnull(p)"]'},
            metric_defaults(numDeletedRows=1, numRemovedFiles=1),
        )
        assert actions(delta_table_path, 2, "cdc") == []
        assert affected(spark, f"DELETE FROM {target} WHERE upper(p) = 'Y' OR p = 'q'") == 1
        assert affected(spark, f"DELETE FROM {target} WHERE p = 'nope'") == 0
        assert last(spark, target)[0] == 3
        assert affected(spark, f"DELETE FROM {target} WHERE p = 'x' AND id = 2") == 1
        assert last(spark, target)[2] == {"predicate": '["((p = x) AND (id = 2))"]'}
        assert table(spark, target) == [(1, "a", 10, "x")]
        if kind == "both":
            assert feed(spark, delta_table_path, 2, "id", "p") == [
                ("delete", 4, None),
                ("delete", 3, "y"),
                ("delete", 2, "x"),
            ]

    def test_names_and_aliases(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id BIGINT, v STRING) USING delta")
        spark.sql(f"INSERT INTO {table_name} VALUES (1,'a'),(2,'b'),(3,'c'),(4,'d')")
        assert affected(spark, f"DELETE FROM {table_name} AS t WHERE t.id = 1") == 1
        assert affected(spark, f"DELETE FROM {table_name} WHERE {table_name}.id = 2") == 1
        assert affected(spark, f"DELETE FROM spark_catalog.default.{table_name} WHERE default.{table_name}.ID = 3") == 1
        assert table(spark, table_name) == [(4, "d")]

    def test_of_a_view(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        spark.read.format("delta").load(delta_table_path).createOrReplaceTempView("dml_whole")
        spark.sql(f"CREATE OR REPLACE TEMP VIEW dml_part AS SELECT * FROM {target} WHERE id > 1")
        assert affected(spark, "DELETE FROM dml_whole WHERE dml_whole.id = 1") == 1
        with pytest.raises(Exception) as error:
            spark.sql("DELETE FROM dml_part WHERE id = 2").collect()
        assert condition(error.value) == "DELTA_UNEXPECTED_PARTIAL_SCAN"
        assert len(table(spark, target)) == 4

    @pytest.mark.parametrize("setting", ["true", "false"])
    def test_the_setting_for_vectors(self, spark, delta_table_path, setting):
        target = create(spark, delta_table_path, properties=KINDS["vectors"])
        key = "spark.databricks.delta.delete.deletionVectors.persistent"
        spark.conf.set(key, setting)
        try:
            spark.sql(f"DELETE FROM {target} WHERE id = 3")
        finally:
            spark.conf.unset(key)
        (add,) = actions(delta_table_path, 2, "add")
        assert ("deletionVector" in add) == (setting == "true")

    def test_rewriting_a_file_that_has_a_vector(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties=KINDS["both"])
        spark.sql(f"DELETE FROM {target} WHERE id = 1")
        spark.sql(f"ALTER TABLE {target} SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'false')")
        assert affected(spark, f"DELETE FROM {target} WHERE id = 2") == 1
        assert table(spark, target) == [(3, "a", 30), (4, "b", 40), (5, None, 50)]
        assert last(spark, target)[3] == metric_defaults(
            numDeletedRows=1,
            numRemovedFiles=1,
            numAddedFiles=1,
            numCopiedRows=3,
            numAddedChangeFiles=1,
            numDeletionVectorsRemoved=1,
        )
        (add,) = actions(delta_table_path, 4, "add")
        assert "deletionVector" not in add
        assert feed(spark, delta_table_path, 4, "id") == [("delete", 2)]

    @pytest.mark.parametrize(
        "text,shown",
        [
            ("v IN ('a','r')", "v IN (a,r)"),
            ("v IN ('a')", "(v = a)"),
            ("id <> 7", "NOT (id = 7)"),
            ("NOT (id < 0)", "(id >= 0)"),
            ("v IS NOT NULL", "isnotnull(v)"),
            ("n BETWEEN 0 AND 9999", "((n >= 0) AND (n <= 9999))"),
            ("id NOT BETWEEN 70 AND 80", "((id < 70) OR (id > 80))"),
            ("id + 1 > 1", "((id + 1) > 1)"),
            ("upper(v) = 'A'", "(upper(v) = A)"),
            ("v LIKE 'a%'", "StartsWith(v, a)"),
            ("v = 'a' OR n <=> 20", "((v = a) OR (n <=> 20))"),
            ("CAST(id AS STRING) = '1'", "(cast(id as string) = 1)"),
            ("id % 2 = 1", "((id % 2) = 1)"),
            ("true", "true"),
        ],
    )
    def test_the_predicate_in_the_history(self, spark, delta_table_path, text, shown):
        target = create(spark, delta_table_path)
        assert affected(spark, f"DELETE FROM {target} WHERE {text}") > 0
        assert last(spark, target)[2] == {"predicate": json.dumps([shown])}


class TestUpdate:
    @pytest.mark.parametrize("kind", KINDS)
    def test_some_rows(self, spark, delta_table_path, kind):
        target = create(spark, delta_table_path, properties=KINDS[kind])
        assert affected(spark, f"UPDATE {target} SET n = n + 1, v = concat(v, '!') WHERE id >= 4") == 2
        assert table(spark, target) == [(1, "a", 10), (2, "b", 20), (3, "a", 30), (4, "b!", 41), (5, None, 51)]
        version, operation, parameters, metrics = last(spark, target)
        assert (version, operation, parameters) == (2, "UPDATE", {"predicate": '["(id >= 4)"]'})
        feeds = "delta.enableChangeDataFeed", "true"
        has_feed = feeds in KINDS[kind].items()
        vectors = int("delta.enableDeletionVectors" in KINDS[kind])
        assert metrics == metric_defaults(
            numUpdatedRows=2,
            numRemovedFiles=1,
            numAddedFiles=1,
            numCopiedRows=0 if vectors else 3,
            numAddedChangeFiles=int(has_feed),
            numDeletionVectorsAdded=vectors,
        )
        if has_feed:
            assert feed(spark, delta_table_path, 2, "id", "v", "n") == [
                ("update_postimage", 4, "b!", 41),
                ("update_postimage", 5, None, 51),
                ("update_preimage", 4, "b", 40),
                ("update_preimage", 5, None, 50),
            ]
            assert len(actions(delta_table_path, 2, "cdc")) == 1

    @pytest.mark.parametrize("kind", KINDS)
    def test_all_rows(self, spark, delta_table_path, kind):
        target = create(spark, delta_table_path, properties=KINDS[kind])
        assert affected(spark, f"UPDATE {target} SET n = 0") == 5
        assert [row[2] for row in table(spark, target)] == [0] * 5
        version, _, parameters, metrics = last(spark, target)
        has_feed = KINDS[kind]["delta.enableChangeDataFeed"] == "true"
        assert (version, parameters) == (2, {"predicate": "[]"})
        assert metrics == metric_defaults(
            numUpdatedRows=5, numRemovedFiles=1, numAddedFiles=1, numAddedChangeFiles=int(has_feed)
        )
        if has_feed:
            assert len(feed(spark, delta_table_path, 2, "id")) == 10

    def test_nothing(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        assert affected(spark, f"UPDATE {target} SET n = 1 WHERE id = 77") == 0
        assert last(spark, target)[0] == 1

    @pytest.mark.parametrize("kind", ["plain", "both"])
    def test_partitions(self, spark, delta_table_path, kind):
        values = "(1L,'a',10,'x'),(2L,'b',20,'x'),(3L,'a',30,'y'),(4L,'b',40,NULL)"
        target = create(spark, delta_table_path, COLUMNS + ", p STRING", KINDS[kind], "p", values)
        assert affected(spark, f"UPDATE {target} SET n = 9 WHERE p = 'x'") == 2
        assert last(spark, target)[3] == metric_defaults(
            numUpdatedRows=2, numRemovedFiles=1, numAddedFiles=1, numAddedChangeFiles=int(kind == "both")
        )
        assert affected(spark, f"UPDATE {target} SET p = 'z' WHERE id = 1") == 1
        assert table(spark, target) == [(1, "a", 9, "z"), (2, "b", 9, "x"), (3, "a", 30, "y"), (4, "b", 40, None)]
        assert affected(spark, f"UPDATE {target} SET n = 3 WHERE p = 'nope'") == 0
        if kind == "both":
            assert feed(spark, delta_table_path, 3, "id", "p") == [
                ("update_postimage", 1, "z"),
                ("update_preimage", 1, "x"),
            ]

    def test_values_see_the_row_as_it_was(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        spark.sql(f"UPDATE {target} SET id = n, n = CAST(id AS INT) WHERE id = 1")
        assert (10, "a", 1) in table(spark, target)

    def test_structs(self, spark, delta_table_path):
        target = create(
            spark,
            delta_table_path,
            "id BIGINT, s STRUCT<a: INT, b: STRUCT<c: STRING>>, arr ARRAY<STRUCT<x: INT>>",
            CDF,
            values="(1L, named_struct('a', 1, 'b', named_struct('c', 'q')), array(named_struct('x', 1)))",
        )

        def update(text):
            spark.sql(f"UPDATE {target} {text}")
            return plain(spark.sql(f"SELECT s, arr FROM {target}").collect()[0])

        assert update("SET s.a = 7") == ((7, ("q",)), [(1,)])
        assert update("t SET t.s.b.c = 'w' WHERE t.id = 1") == ((7, ("w",)), [(1,)])
        assert update("SET s = named_struct('b', named_struct('c', 'z'), 'a', 6)") == ((6, ("z",)), [(1,)])
        assert update("SET arr = array(named_struct('x', 5L))") == ((6, ("z",)), [(5,)])
        assert update("SET s = NULL") == (None, [(5,)])
        assert update("SET s.a = 9 WHERE id = 1")[0] == (9, None)

    def test_store_assignment(self, spark, delta_table_path):
        target = create(spark, delta_table_path, values="(1L,'a',10)")
        for value, stored in (("'12'", 12), ("1.7", 1), ("true", 1), ("5L", 5), ("NULL", None), ("DEFAULT", None)):
            spark.sql(f"UPDATE {target} SET N = {value}")
            assert table(spark, target) == [(1, "a", stored)]
        spark.sql(f"UPDATE {target} SET v = 5")
        assert table(spark, target) == [(1, "5", None)]

    def test_a_subquery_as_value(self, spark, delta_table_path):
        target = create(spark, delta_table_path, values="(1L,'a',10)")
        spark.sql(f"UPDATE {target} SET n = (SELECT 5)")
        assert table(spark, target) == [(1, "a", 5)]

    def test_a_condition_with_a_null(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        assert affected(spark, f"UPDATE {target} SET n = 1 WHERE v = 'a' OR NULL") == 2


class TestSubqueryConditions:
    """delta-spark takes subqueries as values, not in conditions."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE {t} SET n = 0 WHERE id IN (SELECT k FROM dml_ids)",
            "DELETE FROM {t} t WHERE EXISTS (SELECT 1 FROM dml_ids WHERE k = t.id)",
            "DELETE FROM {t} WHERE id = (SELECT max(k) FROM dml_ids)",
            "DELETE FROM {t} WHERE n > 0 AND id NOT IN (SELECT k FROM dml_ids)",
        ],
    )
    def test_are_refused(self, spark, delta_table_path, statement):
        target = create(spark, delta_table_path)
        spark.sql("CREATE OR REPLACE TEMP VIEW dml_ids AS SELECT * FROM VALUES (1L), (4L) AS t(k)")
        before = table(spark, target)
        with pytest.raises(Exception) as error:
            spark.sql(statement.format(t=target)).collect()
        assert condition(error.value) == "DELTA_UNSUPPORTED_SUBQUERY"
        assert table(spark, target) == before


class TestViews:
    """A temporary view that shows a table in part."""

    @pytest.fixture
    def target(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties={"delta.enableDeletionVectors": "true"})
        spark.sql(f"CREATE OR REPLACE TEMP VIEW dml_part AS SELECT id AS k, n + 1 AS m FROM {target}")
        spark.sql(f"CREATE OR REPLACE TEMP VIEW dml_some AS SELECT * FROM {target} WHERE n > 10")
        spark.sql("CREATE OR REPLACE TEMP VIEW dml_none AS SELECT 1 AS id")
        return target

    def test_rows_are_deleted_through_projections(self, spark, target):
        ids = [row[0] for row in table(spark, target)]
        (n,) = [row[2] for row in table(spark, target) if row[0] == ids[0]]
        assert affected(spark, f"DELETE FROM dml_part WHERE m = {n + 1} AND k = {ids[0]}") == 1
        assert [row[0] for row in table(spark, target)] == ids[1:]

    def test_not_through_filters(self, spark, target):
        with pytest.raises(Exception) as error:
            spark.sql("DELETE FROM dml_some WHERE id = 1").collect()
        assert condition(error.value) == "DELTA_UNEXPECTED_PARTIAL_SCAN"


class TestErrors:
    @pytest.mark.parametrize(
        "statement,expected",
        [
            ("DELETE FROM {t} WHERE nope = 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("UPDATE {t} SET nope = 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("UPDATE {t} SET n = nope", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("UPDATE {t} SET n = 1 WHERE nope = 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("DELETE FROM {t} AS t WHERE delta.id = 99", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("DELETE FROM {t} WHERE id", "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"),
            ("UPDATE {t} SET n = 2 WHERE v", "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"),
            ("UPDATE {t} SET n = 1, n = 2", "DELTA_CONFLICT_SET_COLUMN"),
            ("UPDATE {t} SET s.a = 1, s = NULL", "DELTA_CONFLICT_SET_COLUMN"),
            ("UPDATE {t} SET s.zz = 1", "FIELD_NOT_FOUND"),
            ("UPDATE {t} SET s = named_struct('a', 6)", "DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION"),
            ("UPDATE {t} SET arr = array(named_struct('y', 5))", "DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION"),
            ("UPDATE {t} SET n = sum(n)", "UNSUPPORTED_EXPR_FOR_OPERATOR"),
            ("DELETE FROM {t} WHERE sum(n) > 1", "UNSUPPORTED_EXPR_FOR_OPERATOR"),
            ("DELETE FROM {t} WHERE rand() > 2", "INVALID_NON_DETERMINISTIC_EXPRESSIONS"),
            ("UPDATE {t} SET n = 1 WHERE rand() > 2", "INVALID_NON_DETERMINISTIC_EXPRESSIONS"),
            ("UPDATE {t} SET n = 'x'", "CAST_INVALID_INPUT"),
            ("UPDATE {t} SET n = 3000000000L", "DELTA_CAST_OVERFLOW_IN_TABLE_WRITE"),
            ("UPDATE {t} SET id = NULL", "DELTA_NOT_NULL_CONSTRAINT_VIOLATED"),
            ("DELETE FROM dml_no_such_table", "TABLE_OR_VIEW_NOT_FOUND"),
            ("UPDATE dml_no_such_table SET a = 1", "TABLE_OR_VIEW_NOT_FOUND"),
            ("DELETE FROM {t} t(a, b)", "COLUMN_ALIASES_IS_NOT_ALLOWED"),
            ("DELETE FROM {t} VERSION AS OF 0", "PARSE_SYNTAX_ERROR"),
        ],
    )
    def test_condition(self, spark, delta_table_path, statement, expected):
        target = create(
            spark,
            delta_table_path,
            "id BIGINT NOT NULL, v STRING, n INT, s STRUCT<a: INT, b: STRING>, arr ARRAY<STRUCT<x: INT>>",
            values="(1L,'a',10,named_struct('a',1,'b','x'),array(named_struct('x',1)))",
        )
        with pytest.raises(Exception) as error:
            spark.sql(statement.format(t=target)).collect()
        assert condition(error.value) == expected
        assert last(spark, target)[0] == 1

    def test_fields_of_arrays_are_not_assigned(self, spark, delta_table_path):
        target = create(spark, delta_table_path, "arr ARRAY<STRUCT<x: INT>>", values="(array(named_struct('x',1)))")
        with pytest.raises(Exception, match="Updating nested fields is only supported for StructType"):
            spark.sql(f"UPDATE {target} SET arr.x = 1").collect()

    def test_an_append_only_table(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties={**PLAIN, "delta.appendOnly": "true"})
        for statement in (
            f"DELETE FROM {target}",
            f"DELETE FROM {target} WHERE id = 77",
            f"UPDATE {target} SET v = 'b'",
            f"INSERT INTO {target} REPLACE WHERE id = 1 SELECT 1L, 'z', 1",
        ):
            with pytest.raises(Exception) as error:
                spark.sql(statement).collect()
            assert condition(error.value) == "DELTA_CANNOT_MODIFY_APPEND_ONLY"

    def test_tables_of_other_formats(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id BIGINT) USING parquet")
        for statement in (f"DELETE FROM {table_name}", f"DELETE FROM {table_name} WHERE id = 1"):
            with pytest.raises(Exception) as error:
                spark.sql(statement).collect()
            assert condition(error.value) == "UNSUPPORTED_FEATURE.TABLE_OPERATION"


@pytest.mark.deltic
class TestFilesTouched:
    def test_statistics_and_partitions_leave_files_alone(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties=KINDS["plain"], values="(1L,'a',1),(9L,'b',2)")
        spark.sql(f"INSERT INTO {target} VALUES (11L,'a',1),(19L,'b',2)")
        spark.sql(f"INSERT INTO {target} VALUES (21L,'a',1),(29L,NULL,2)")
        spark.sql(f"UPDATE {target} SET v = 'z' WHERE id = 19")
        assert last(spark, target)[3]["numCopiedRows"] == 1
        spark.sql(f"DELETE FROM {target} WHERE v IS NULL")
        assert last(spark, target)[3] == metric_defaults(
            numDeletedRows=1, numRemovedFiles=1, numAddedFiles=1, numCopiedRows=1
        )

    def test_a_statement_runs_once_per_transaction_id(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        for _ in range(2):
            spark.conf.set("spark.databricks.delta.write.txnAppId", "app")
            spark.conf.set("spark.databricks.delta.write.txnVersion", "1")
            try:
                spark.sql(f"UPDATE {target} SET n = n + 1 WHERE id = 1").collect()
            finally:
                spark.conf.unset("spark.databricks.delta.write.txnAppId")
                spark.conf.unset("spark.databricks.delta.write.txnVersion")
        assert table(spark, target)[0] == (1, "a", 11)


class TestRewrittenFiles:
    """Files that are written again keep their rows' order; a condition that is NULL leaves a row as it is."""

    @pytest.fixture
    def target(self, spark, delta_table_path):
        target = create(spark, delta_table_path, properties=KINDS["cdf"])
        spark.sql(f"INSERT INTO {target} SELECT /*+ COALESCE(1) */ * FROM VALUES (9L,'z',90),(7L,NULL,70),(8L,'a',80)")
        return target

    @staticmethod
    def in_order(spark, target):
        """The rows of the first and of the second file, or of what became of them, in the order they are read."""
        rows = [tuple(row) for row in spark.sql(f"SELECT id, v, n FROM {target}").collect()]
        return [[row for row in rows if row[0] <= 5], [row for row in rows if row[0] > 5]]

    def test_update(self, spark, delta_table_path, target):
        assert affected(spark, f"UPDATE {target} SET n = n + 1, v = concat(v, '!') WHERE v < 'b'") == 3
        assert self.in_order(spark, target) == [
            [(1, "a!", 11), (2, "b", 20), (3, "a!", 31), (4, "b", 40), (5, None, 50)],
            [(9, "z", 90), (7, None, 70), (8, "a!", 81)],
        ]
        metrics = last(spark, target)[3]
        assert (metrics["numRemovedFiles"], metrics["numCopiedRows"], metrics["numUpdatedRows"]) == (2, 5, 3)
        assert feed(spark, delta_table_path, 3, "id", "v", "n") == sorted(
            [("update_preimage", 1, "a", 10), ("update_postimage", 1, "a!", 11)]
            + [("update_preimage", 3, "a", 30), ("update_postimage", 3, "a!", 31)]
            + [("update_preimage", 8, "a", 80), ("update_postimage", 8, "a!", 81)]
        )

    def test_update_of_one_file_of_two(self, spark, target):
        before = self.in_order(spark, target)
        assert affected(spark, f"UPDATE {target} SET n = 0 WHERE v = 'z' OR id = 7") == 2
        assert self.in_order(spark, target) == [before[0], [(9, "z", 0), (7, None, 0), (8, "a", 80)]]
        assert last(spark, target)[3]["numCopiedRows"] == 1

    def test_delete(self, spark, delta_table_path, target):
        assert affected(spark, f"DELETE FROM {target} WHERE v <> 'a'") == 3
        assert self.in_order(spark, target) == [
            [(1, "a", 10), (3, "a", 30), (5, None, 50)],
            [(7, None, 70), (8, "a", 80)],
        ]
        assert feed(spark, delta_table_path, 3, "id", "v", "n") == [
            ("delete", 2, "b", 20), ("delete", 4, "b", 40), ("delete", 9, "z", 90)]  # fmt: skip

    def test_delete_of_all_rows_of_a_file(self, spark, target):
        assert affected(spark, f"DELETE FROM {target} WHERE n >= 50") == 4
        assert self.in_order(spark, target) == [[(1, "a", 10), (2, "b", 20), (3, "a", 30), (4, "b", 40)], []]
        metrics = last(spark, target)[3]
        assert (metrics["numRemovedFiles"], metrics["numAddedFiles"], metrics["numCopiedRows"]) == (2, 1, 4)

    def test_values_are_computed_for_matching_rows_only(self, spark, target):
        spark.conf.set("spark.sql.ansi.enabled", "true")
        try:
            assert affected(spark, f"UPDATE {target} SET n = 100 / (n - 10) WHERE n > 10 AND n < 40") == 2
        finally:
            spark.conf.set("spark.sql.ansi.enabled", "false")
        assert [row[2] for row in table(spark, target)] == [10, 10, 5, 40, 50, 70, 80, 90]

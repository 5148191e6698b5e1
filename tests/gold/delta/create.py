"""CREATE, REPLACE, CREATE … AS SELECT, CREATE … LIKE, the table builder, DROP, SHOW and DESCRIBE."""

from __future__ import annotations

from tests.gold.delta.case import Case, Scene, build

SHOWN = ["SHOW CREATE TABLE {t}", "DESCRIBE TABLE {t}"]


def builder(method: str = "create"):
    def step(s: Scene):
        from delta.tables import DeltaTable

        return (
            getattr(DeltaTable, method)(s.spark)
            .tableName(s.t)
            .addColumn("id", "INT", nullable=False, comment="the key")
            .addColumn("v", "STRING")
            .addColumn("g", "INT", generatedAlwaysAs="id + 1")
            .partitionedBy("v")
            .comment("a table")
            .property("my.key", "x")
            .property("delta.appendOnly", "false")
            .execute()
            and None
        )

    return step


def new(name: str, columns: str, clauses: str = "", **more) -> Case:
    return Case(name, f"CREATE TABLE {{t}} ({columns}) USING delta {clauses}", ("none",), **more)


def built(name: str, **columns: dict) -> Case:
    return Case(name, build(**columns), ("none",))


def generated(expression: str, kind: str = "INT") -> dict:
    return {"dataType": kind, "generatedAlwaysAs": expression}


DEFAULTS = {"spark.databricks.delta.properties.defaults.enableDeletionVectors": "true"}
FEED_DEFAULT = "spark.databricks.delta.properties.defaults.enableChangeDataFeed"
CASES = [
    new("create", "id INT, v STRING", look=SHOWN),
    new(
        "create_everything",
        "id INT NOT NULL COMMENT 'key', `a b` STRING, p DATE",
        "PARTITIONED BY (p) COMMENT 'all' TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'my.key' = 'x')",
        look=SHOWN,
    ),
    new(
        "create_types",
        "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(10, 2), i STRING, j VARCHAR(5), k CHAR(3), l BINARY, m DATE, n TIMESTAMP, o TIMESTAMP_NTZ, q ARRAY<INT>, r MAP<STRING, INT>, s STRUCT<x: INT NOT NULL, y: STRING COMMENT 'c'>",
    ),
    new("create_location", "id INT", "LOCATION '{home}/at'", look=["SELECT * FROM delta.`{home}/at`"]),
    built("create_generated", y=generated("n * 2")),
    # --- what only the builder makes ---
    built("create_identity", k={"dataType": "BIGINT", "generatedByDefaultAs": (5, -1)}),
    built("create_identity_not_long", k={"dataType": "INT", "generatedAlwaysAs": (1, 1)}),
    built("create_generated_from_generated", a=generated("n + 1"), b=generated("a + 1")),
    built("create_generated_unknown", a=generated("nope + 1")),
    built("create_generated_other_type", a=generated("concat(id, 'x')")),
    built("create_generated_random", a=generated("rand()", "DOUBLE")),
    built("create_generated_aggregate", a=generated("max(id)")),
    built("create_generated_subquery", a=generated("(SELECT 1)")),
    new(
        "create_default",
        "id INT, v STRING DEFAULT 'x'",
        "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
        look=SHOWN,
    ),
    new("create_default_without_feature", "id INT, v STRING DEFAULT 'x'"),
    new("create_clustered", "id INT, v STRING", "CLUSTER BY (id, v)", look=SHOWN),
    new("create_clustered_and_partitioned", "id INT, v STRING", "PARTITIONED BY (v) CLUSTER BY (id)"),
    new("create_clustered_unknown", "id INT", "CLUSTER BY (nope)"),
    new("create_clustered_many", "a INT, b INT, c INT, d INT, e INT", "CLUSTER BY (a, b, c, d, e)"),
    new("create_clustered_twice", "a INT, b INT", "CLUSTER BY (a, a)"),
    new("create_bucketed", "id INT", "CLUSTERED BY (id) INTO 4 BUCKETS"),
    new("create_partition_unknown", "id INT", "PARTITIONED BY (nope)"),
    new("create_partition_all", "id INT", "PARTITIONED BY (id)"),
    new("create_partition_complex", "id INT, a ARRAY<INT>", "PARTITIONED BY (a)"),
    new("create_partition_transform", "id INT, d TIMESTAMP", "PARTITIONED BY (days(d))"),
    new("create_duplicate_column", "id INT, ID STRING"),
    new("create_bad_name", "`a b` INT"),
    new("create_reserved_name", "_change_type INT", conf={FEED_DEFAULT: "true"}),
    new("create_void", "id INT, z VOID"),
    new("create_bad_property", "id INT", "TBLPROPERTIES ('delta.nope' = 'x')"),
    new(
        "create_bad_property_allowed",
        "id INT",
        "TBLPROPERTIES ('delta.nope' = 'x')",
        conf={"spark.databricks.delta.allowArbitraryProperties.enabled": "true"},
    ),
    new("create_bad_value", "id INT", "TBLPROPERTIES ('delta.checkpointInterval' = '0')"),
    new("create_property_case", "id INT", "TBLPROPERTIES ('DELTA.appendonly' = 'true')"),
    new("create_old_cdf_property", "id INT", "TBLPROPERTIES ('delta.enableChangeDataCapture' = 'true')"),
    new("create_defaults", "id INT", conf=DEFAULTS),
    new(
        "create_defaults_overridden", "id INT", "TBLPROPERTIES ('delta.enableDeletionVectors' = 'false')", conf=DEFAULTS
    ),
    new(
        "create_default_mapping",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.columnMapping.mode": "name"},
    ),
    new(
        "create_default_interval",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.logRetentionDuration": "interval 5 days"},
    ),
    new(
        "create_default_v2_checkpoint",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.checkpointPolicy": "v2"},
    ),
    new("create_default_bad_value", "id INT", conf={"spark.databricks.delta.properties.defaults.appendOnly": "maybe"}),
    new(
        "create_default_stats",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.dataSkippingNumIndexedCols": "5"},
    ),
    new(
        "create_default_versions",
        "id INT",
        conf={
            "spark.databricks.delta.properties.defaults.minReaderVersion": "3",
            "spark.databricks.delta.properties.defaults.minWriterVersion": "7",
        },
    ),
    new(
        "create_default_feature",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.feature.timestampNtz": "supported"},
    ),
    new(
        "create_default_row_tracking",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.enableRowTracking": "true"},
    ),
    new(
        "create_default_ict",
        "id INT",
        conf={"spark.databricks.delta.properties.defaults.enableInCommitTimestamps": "true"},
    ),
    new("create_default_feed_off", "id INT", conf={FEED_DEFAULT: "false"}, look=SHOWN),
    new(
        "create_default_feed_in_another_case",
        "id INT",
        "TBLPROPERTIES ('DELTA.enableChangeDataFeed' = 'false')",
        conf={FEED_DEFAULT: "true"},
    ),
    new(
        "create_versions",
        "id INT",
        "TBLPROPERTIES ('delta.minReaderVersion' = '1', 'delta.minWriterVersion' = '2', 'delta.enableChangeDataFeed' = 'false')",
    ),
    new(
        "create_versions_features",
        "id INT",
        "TBLPROPERTIES ('delta.minReaderVersion' = '3', 'delta.minWriterVersion' = '7')",
    ),
    new("create_feature", "id INT", "TBLPROPERTIES ('delta.feature.deletionVectors' = 'supported')"),
    new("create_feature_unknown", "id INT", "TBLPROPERTIES ('delta.feature.nope' = 'supported')"),
    new("create_feature_bad_status", "id INT", "TBLPROPERTIES ('delta.feature.deletionVectors' = 'maybe')"),
    new(
        "create_constraint_property",
        "id INT",
        "TBLPROPERTIES ('delta.constraints.c' = 'id > 0')",
        look=["SHOW TBLPROPERTIES {t}"],
    ),
    new("create_iceberg_compat", "id INT", "TBLPROPERTIES ('delta.enableIcebergCompatV2' = 'true')"),
    new(
        "create_iceberg_compat_mapped",
        "id INT",
        "TBLPROPERTIES ('delta.enableIcebergCompatV2' = 'true', 'delta.columnMapping.mode' = 'name')",
    ),
    Case("create_existing", "CREATE TABLE {t} (id INT) USING delta", ("cdf",)),
    Case("create_if_not_exists", "CREATE TABLE IF NOT EXISTS {t} (other INT) USING delta", ("cdf",)),
    Case(
        "create_over_same_location",
        "CREATE TABLE {u} USING delta LOCATION '{path}'",
        ("cdf",),
        look=["SELECT * FROM {u}"],
    ),
    Case("create_over_other_schema", "CREATE TABLE {u} (id STRING) USING delta LOCATION '{path}'", ("cdf",)),
    Case(
        "create_over_other_partitioning",
        "CREATE TABLE {u} (id INT, v STRING, n INT) USING delta PARTITIONED BY (n) LOCATION '{path}'",
        ("cdf", "partitioned"),
    ),
    Case(
        "create_over_other_properties",
        "CREATE TABLE {u} USING delta TBLPROPERTIES ('delta.appendOnly' = 'true') LOCATION '{path}'",
        ("cdf",),
    ),
    Case("create_empty_schema", "CREATE TABLE {t} USING delta", ("none",)),
    Case("create_no_table_at_location", "CREATE TABLE {t} USING delta LOCATION '{home}/nothing'", ("none",)),
    Case("create_two_locations", "CREATE TABLE delta.`{home}/a` (id INT) USING delta LOCATION '{home}/b'", ("none",)),
    Case(
        "create_path",
        "CREATE TABLE delta.`{home}/a` (id INT) USING delta",
        ("none",),
        look=["DESCRIBE TABLE delta.`{home}/a`"],
    ),
    # --- AS SELECT -----------------------------------------------------------------------------------------------
    Case("ctas", "CREATE TABLE {t} USING delta AS SELECT 1 AS id, 'a' AS v", ("none",), look=SHOWN),
    Case(
        "ctas_partitioned",
        "CREATE TABLE {t} USING delta PARTITIONED BY (v) COMMENT 'c' TBLPROPERTIES ('delta.appendOnly' = 'true') AS SELECT 1 AS id, 'a' AS v",
        ("none",),
    ),
    Case("ctas_clustered", "CREATE TABLE {t} USING delta CLUSTER BY (id) AS SELECT 1 AS id, 'a' AS v", ("none",)),
    Case("ctas_location", "CREATE TABLE {t} USING delta LOCATION '{home}/at' AS SELECT 1 AS id", ("none",)),
    Case("ctas_existing", "CREATE TABLE {t} USING delta AS SELECT 1 AS id", ("cdf",)),
    Case("ctas_if_not_exists", "CREATE TABLE IF NOT EXISTS {t} USING delta AS SELECT 1 AS id", ("cdf",)),
    Case("ctas_schema", "CREATE TABLE {t} (id INT) USING delta AS SELECT 1 AS id", ("none",)),
    Case("ctas_duplicate", "CREATE TABLE {t} USING delta AS SELECT 1 AS id, 2 AS id", ("none",)),
    Case("ctas_void", "CREATE TABLE {t} USING delta AS SELECT 1 AS id, NULL AS z", ("none",)),
    Case("ctas_bad_name", "CREATE TABLE {t} USING delta AS SELECT 1 AS `a b`", ("none",)),
    Case("ctas_args", "CREATE TABLE {t} USING delta AS SELECT :x AS id", ("none",), args={"x": 5}),
    # --- REPLACE -------------------------------------------------------------------------------------------------
    Case("replace", "REPLACE TABLE {t} (a STRING) USING delta", ("cdf", "partitioned", "mapped")),
    Case("replace_missing", "REPLACE TABLE {t} (a STRING) USING delta", ("none",)),
    Case(
        "create_or_replace",
        "CREATE OR REPLACE TABLE {t} (id INT, v STRING, n INT) USING delta PARTITIONED BY (v)",
        ("cdf", "clustered", "none"),
    ),
    Case("replace_as_select", "REPLACE TABLE {t} USING delta AS SELECT 9 AS id, 'z' AS w", ("cdf", "partitioned")),
    Case(
        "create_or_replace_as_select",
        "CREATE OR REPLACE TABLE {t} USING delta AS SELECT id, n * 2 AS m FROM {t}",
        ("cdf", "dv", "mapped"),
    ),
    Case(
        "create_or_replace_properties",
        "CREATE OR REPLACE TABLE {t} (id INT) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'a' = 'b')",
        ("plain", "cdf"),
    ),
    Case(
        "create_or_replace_default_feed_off",
        ["CREATE OR REPLACE TABLE {t} (id INT) USING delta TBLPROPERTIES ('a' = 'b')"] * 2,
        ("none",),
        conf={FEED_DEFAULT: "false"},
    ),
    Case(
        "ctas_default_feed_off",
        "CREATE TABLE {t} USING delta AS SELECT 1 AS id",
        ("none",),
        conf={FEED_DEFAULT: "false"},
    ),
    Case(
        "replace_append_only",
        "CREATE OR REPLACE TABLE {t} (id INT) USING delta",
        ("cdf",),
        setup=["ALTER TABLE {t} SET TBLPROPERTIES ('delta.appendOnly' = 'true')"],
    ),
    # --- LIKE ----------------------------------------------------------------------------------------------------
    Case(
        "create_like",
        "CREATE TABLE {u} LIKE {t}",
        ("cdf", "partitioned", "mapped", "generated", "clustered"),
        look=["DESCRIBE TABLE EXTENDED {u}".replace(" EXTENDED", ""), "SHOW TBLPROPERTIES {u}", "SELECT * FROM {u}"],
    ),
    Case(
        "create_like_using",
        "CREATE TABLE {u} LIKE {t} USING delta TBLPROPERTIES ('delta.appendOnly' = 'true')",
        ("cdf",),
        look=["SHOW TBLPROPERTIES {u}"],
    ),
    Case(
        "create_like_location",
        "CREATE TABLE {u} LIKE {t} USING delta LOCATION '{home}/like'",
        ("cdf",),
        look=["SELECT * FROM delta.`{home}/like`"],
    ),
    Case("create_like_missing", "CREATE TABLE {t} LIKE {u}", ("none",)),
    # --- the builder ---------------------------------------------------------------------------------------------
    Case("builder_create", builder(), ("none", "cdf")),
    Case("builder_create_if_not_exists", builder("createIfNotExists"), ("none", "cdf")),
    Case("builder_create_or_replace", builder("createOrReplace"), ("none", "cdf")),
    Case("builder_replace", builder("replace"), ("none", "cdf")),
    # --- DROP, TRUNCATE and looking ------------------------------------------------------------------------------
    Case("drop", "DROP TABLE {t}", ("cdf",)),
    Case("drop_missing", "DROP TABLE {t}", ("none",)),
    Case("drop_and_create", ["DROP TABLE {t}", "CREATE TABLE {t} (x INT) USING delta"], ("cdf",)),
    Case("truncate", "TRUNCATE TABLE {t}", ("cdf", "dv")),
    Case("show_create", "SHOW CREATE TABLE {t}", ("cdf", "partitioned", "generated", "clustered")),
    Case("show_columns", "SHOW COLUMNS IN {t}", ("partitioned",)),
    Case("show_partitions", "SHOW PARTITIONS {t}", ("partitioned", "cdf")),
    Case("show_properties", "SHOW TBLPROPERTIES {t}", ("cdf", "mapped")),
    Case("show_property", "SHOW TBLPROPERTIES {t} ('delta.enableChangeDataFeed')", ("cdf",)),
    Case("show_property_missing", "SHOW TBLPROPERTIES {t} ('nope')", ("cdf",)),
    Case("describe", "DESCRIBE TABLE {t}", ("cdf", "partitioned", "clustered", "generated")),
    Case("describe_column", "DESCRIBE TABLE {t} v", ("cdf",)),
    Case("describe_detail_path", "DESCRIBE DETAIL delta.`{path}`", ("cdf",)),
    Case("describe_detail_missing", "DESCRIBE DETAIL {t}", ("none",)),
    Case("describe_history_limit", "DESCRIBE HISTORY {t} LIMIT 1", ("cdf",)),
    Case("describe_history_missing", "DESCRIBE HISTORY {t}", ("none",)),
]

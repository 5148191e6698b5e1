"""The engine behind the fixtures answers, and is set up as the fixtures promise."""

from __future__ import annotations

import uuid

import pytest

from tests.fixtures.config import DeltaLakeConfig, SparkConfig
from tests.fixtures.delta_spark import DeltaSparkManager
from tests.rows import rows, sorted_rows


class TestSparkDeltaInfrastructure:
    def test_spark_answers(self, spark_session):
        assert rows(spark_session.sql("SELECT 1 AS one")) == [(1,)]
        assert rows(spark_session.range(3)) == [(0,), (1,), (2,)]

    def test_spark_version_is_3_5(self, spark_session):
        assert spark_session.version.startswith("3.5.")
        assert rows(spark_session.sql("SELECT substring(version(), 1, 4)")) == [("3.5.",)]

    def test_delta_round_trip(self, spark_session, delta_table_path):
        df = spark_session.createDataFrame([(1, "test"), (2, None)], ["id", "value"])
        df.write.format("delta").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "test"), (2, None)]

    def test_change_data_feed_is_on_by_default(self, spark_session, delta_table_path):
        spark_session.range(1).write.format("delta").save(delta_table_path)
        detail = spark_session.sql(f"DESCRIBE DETAIL delta.`{delta_table_path}`").collect()[0]
        assert detail.properties["delta.enableChangeDataFeed"] == "true"
        assert (detail.minReaderVersion, detail.minWriterVersion) == (1, 7)
        assert sorted(detail.tableFeatures) == ["appendOnly", "changeDataFeed", "invariants"]

    def test_change_data_feed_can_be_off(self, delta_table_path):
        manager = DeltaSparkManager(delta_config=DeltaLakeConfig(enable_cdf=False))
        try:
            spark = manager.get_spark_session()
            manager.create_delta_table(spark.range(1), delta_table_path)
            detail = spark.sql(f"DESCRIBE DETAIL delta.`{delta_table_path}`").collect()[0]
            assert detail.properties.get("delta.enableChangeDataFeed", "false") == "false"
        finally:
            manager.stop_spark_session()

    def test_warehouse_is_writable(self, spark_session, warehouse_uri):
        path = f"{warehouse_uri}infrastructure_{uuid.uuid4().hex}"
        spark_session.range(5).write.format("delta").save(path)
        assert spark_session.read.format("delta").load(path).count() == 5

    @pytest.mark.deltic
    def test_both_buckets_are_writable(self, spark_session):
        for bucket in ("warehouse", "delta"):
            path = f"s3a://{bucket}/infrastructure_{uuid.uuid4().hex}"
            spark_session.range(2).write.format("delta").save(path)
            assert spark_session.read.format("delta").load(path).count() == 2

    def test_managers_do_not_share_their_lives(self, spark_session, delta_table_path):
        manager = DeltaSparkManager()
        other = manager.get_spark_session()
        assert manager.get_spark_session() is other
        assert other is not spark_session
        other.range(1).createOrReplaceTempView("only_in_the_other_session")
        assert not spark_session.catalog.tableExists("only_in_the_other_session")
        manager.stop_spark_session()
        manager.stop_spark_session()
        assert rows(spark_session.sql("SELECT 2")) == [(2,)]

    def test_a_master_of_an_unknown_kind_is_refused(self):
        with pytest.raises(ValueError, match="yarn"):
            DeltaSparkManager(SparkConfig(master_url="yarn")).get_spark_session()


class TestConfiguration:
    def test_the_documented_arguments(self):
        spark_config = SparkConfig(
            master_url="spark://localhost:7077",
            app_name="cdc-test",
            driver_memory="1g",
            executor_memory="1g",
            warehouse_dir="s3a://warehouse/",
            s3_endpoint="http://localhost:9000",
            aws_access_key_id="minioadmin",
            aws_secret_access_key="minioadmin",
        )
        delta_config = DeltaLakeConfig(
            table_path="s3a://delta/",
            warehouse_path="s3a://warehouse/",
            enable_cdf=True,
            s3_endpoint="http://localhost:9000",
        )
        manager = DeltaSparkManager(spark_config, delta_config)
        assert manager.spark_config.master_url == "spark://localhost:7077"
        assert manager.delta_config.enable_cdf is True

    def test_the_environment_comes_before_the_defaults(self, monkeypatch):
        monkeypatch.setenv("DELTIC_TEST_MASTER", "sc://example:15002")
        monkeypatch.setenv("S3_ENDPOINT", "http://minio:9000")
        monkeypatch.setenv("DELTA_ENABLE_CDF", "false")
        assert SparkConfig().master_url == "sc://example:15002"
        assert SparkConfig(master_url="local[2]").master_url == "local[2]"
        assert SparkConfig().s3_endpoint == DeltaLakeConfig().s3_endpoint == "http://minio:9000"
        assert DeltaLakeConfig().enable_cdf is False

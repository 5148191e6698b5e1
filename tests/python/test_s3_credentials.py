"""Whose a request is and where it goes: credentials of roles, regions that nobody gave. On MinIO, with servers of our own
in place of AWS's."""

from __future__ import annotations

import http.server
import json
import threading
import uuid

import pytest
from pyspark.errors import PySparkException

from tests.fixtures.servers import PASSWORD, USER, RegionalMinio
from tests.python.test_s3 import connect, ids, start

pytestmark = pytest.mark.deltic


@pytest.fixture
def path() -> str:
    return f"s3a://delta/{uuid.uuid4().hex}"


class TestRegions:
    def test_a_region_that_nobody_gave_is_the_servers(self, path):
        minio = RegionalMinio()
        try:
            with start(minio.conf()) as server:
                session = connect(server)
                session.range(3).write.format("delta").save(path)
                assert ids(session.read.format("delta").load(path)) == [0, 1, 2]
            given = {**minio.conf(), "spark.hadoop.fs.s3a.endpoint.region": "us-east-1"}
            with (
                start(given) as server,
                pytest.raises(PySparkException, match="not in region us-east-1 but in eu-west-3"),
            ):
                connect(server).read.format("delta").load(path).collect()
        finally:
            minio.stop()


class Giver(http.server.BaseHTTPRequestHandler):
    """Gives the credentials of MinIO as a container's and as a machine's server do, to those that show their token."""

    ANSWER = json.dumps(
        {"AccessKeyId": USER, "SecretAccessKey": PASSWORD, "Token": "", "Expiration": "2999-01-01T00:00:00Z"}
    )

    def answer(self, text: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self) -> None:
        self.answer("metadata-token", 200 if self.headers["x-aws-ec2-metadata-token-ttl-seconds"] else 403)

    def do_GET(self) -> None:
        container = self.path == "/container" and self.headers["authorization"] == "pod-token"
        machine = self.headers["x-aws-ec2-metadata-token"] == "metadata-token"
        if machine and self.path.endswith("/security-credentials/"):
            self.answer("role")
        else:
            self.answer(self.ANSWER if container or machine else "", 200 if container or machine else 403)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class TestRoles:
    @pytest.fixture
    def giver(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Giver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()

    @pytest.mark.parametrize("of", ["container", "machine"])
    def test_credentials_of_a_role(self, minio, path, giver, of):
        conf = {key: value for key, value in minio.conf().items() if not key.endswith(".key")}
        env = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": giver, "AWS_EC2_METADATA_DISABLED": ""}
        if of == "container":
            env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{giver}/container"}
            env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "pod-token"
        with start(conf, env=env) as server:
            session = connect(server)
            session.range(3).write.format("delta").save(path)
            assert ids(session.read.format("delta").load(path)) == [0, 1, 2]
        env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "another"
        if of == "container":
            with start(conf, env=env) as server, pytest.raises(PySparkException, match="HTTP 403"):
                connect(server).read.format("delta").load(path).collect()

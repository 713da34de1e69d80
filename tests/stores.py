"""Fixtures for both file stores: a folder, and S3 by a moto server in this process."""

import secrets
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.client import BaseClient
from flask import Flask
from moto.server import ThreadedMotoServer

from madang.core.storage.backends import Store, make_store

KEYS = {"S3_ACCESS_KEY": "yard", "S3_SECRET_KEY": "a key that opens nothing"}
STORES = ("folder", "s3")


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def s3_client(address: str) -> BaseClient:
    """A client to inspect the bucket directly."""
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["S3_ACCESS_KEY"],
        aws_secret_access_key=KEYS["S3_SECRET_KEY"],
    )


@pytest.fixture
def bucket(s3_address: str) -> dict[str, str]:
    """Settings for a new, empty bucket."""
    name = f"yard-{secrets.token_hex(6)}"
    s3_client(s3_address).create_bucket(Bucket=name)
    return {"FILE_STORE": "s3", "S3_ENDPOINT": s3_address, "S3_BUCKET": name, "S3_PREFIX": "kept/here", **KEYS}


@pytest.fixture
def use(app: Flask) -> Iterator[Callable[..., Store]]:
    """A function that makes the application use the store of the given settings, until the test ends."""
    before = app.extensions["store"]

    def change(**settings: str) -> Store:
        app.config.update(settings)
        app.extensions["store"] = make_store(app.config)
        return app.extensions["store"]

    yield change
    app.extensions["store"] = before


@pytest.fixture(params=STORES)
def each_store(request: pytest.FixtureRequest, use: Callable[..., Store]) -> Store:
    """Run the test with each kind of store."""
    return use(**request.getfixturevalue("bucket")) if request.param == "s3" else use()


@pytest.fixture(params=STORES)
def take_store_down(request: pytest.FixtureRequest, use: Callable[..., Store], tmp_path) -> Callable[[], Store]:
    """A function that replaces the store by one that does not answer; runs the test with each kind."""
    (tmp_path / "file").write_text("a file in place of the folder")
    nowhere = {"FILE_STORE": "s3", "S3_ENDPOINT": "http://127.0.0.1:1", "S3_BUCKET": "yard", **KEYS}
    settings = nowhere if request.param == "s3" else {"UPLOAD_FOLDER": str(tmp_path / "file" / "files")}
    return lambda: use(**settings)

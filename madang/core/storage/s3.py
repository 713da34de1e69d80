"""The backend that stores files in S3 or a compatible store (MinIO, Ceph, SeaweedFS)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from boto3.session import Session
from botocore.client import BaseClient
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from madang.core.circuit_breaker import CircuitBreaker

from .backends import Config, StoredFile, StoreUnavailable, backend, key_of

CONNECT_SECONDS, READ_SECONDS, MAX_ATTEMPTS = 2, 10, 2
MAX_CONNECTIONS = 10
NOT_FOUND_CODES = {"NoSuchKey", "404", "NotFound"}
STORE_DOWN = "the store of files does not answer%s: pictures are neither shown nor taken"
STORE_UP = "the store of files answers again"


@backend("s3")
class S3Store:
    """A bucket, or a prefix in it.

    A circuit breaker keeps requests from waiting for a store that is down: a page of pictures would block every thread
    of the site.
    """

    def __init__(self, config: Config) -> None:
        self._bucket = config["S3_BUCKET"]
        self._prefix = config["S3_PREFIX"].strip("/") + "/" if config["S3_PREFIX"] else ""
        self._breaker = CircuitBreaker("madang.files", STORE_DOWN, STORE_UP)
        self._client = make_client(config)

    def put(self, name: str, content: bytes, content_type: str) -> None:
        with self._unavailable_on_error():
            self._client.put_object(**self._location(name), Body=content, ContentType=content_type)

    def open(self, name: str) -> StoredFile | None:
        """Reads the whole file, a few megabytes: a store that fails half-way would cut off a response."""
        with self._unavailable_on_error():
            try:
                response = self._client.get_object(**self._location(name))
            except ClientError as error:
                if is_missing(error):
                    return None
                raise
            content = response["Body"].read()
        return StoredFile(BytesIO(content), len(content), response["LastModified"])

    def has(self, name: str) -> bool:
        with self._unavailable_on_error():
            try:
                self._client.head_object(**self._location(name))
            except ClientError as error:
                if is_missing(error):
                    return False
                raise
        return True

    def remove(self, name: str) -> None:
        with self._unavailable_on_error():
            self._client.delete_object(**self._location(name))

    def names(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._unavailable_on_error():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for entry in page.get("Contents", ()):
                    yield entry["Key"].rpartition("/")[2], entry["LastModified"]

    def _location(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key_of(name)}

    @contextmanager
    def _unavailable_on_error(self) -> Iterator[None]:
        if self._breaker.is_open:
            raise StoreUnavailable
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            self._breaker.record_failure(error)
            raise StoreUnavailable from error
        self._breaker.record_success()


def make_client(
    config: Mapping[str, object], *, read_seconds: int = READ_SECONDS, max_attempts: int = MAX_ATTEMPTS
) -> BaseClient:
    """A client of the store that the settings `S3_...` name; the bucket is named in each call."""
    return Session().client(
        "s3",
        endpoint_url=config["S3_ENDPOINT"],
        region_name=config["S3_REGION"],
        aws_access_key_id=config["S3_ACCESS_KEY"],
        aws_secret_access_key=config["S3_SECRET_KEY"],
        config=_client_config(bool(config["S3_ENDPOINT"]), read_seconds, max_attempts),
    )


def _client_config(has_endpoint: bool, read_seconds: int, max_attempts: int) -> ClientConfig:
    """The client's options. Compatible stores support neither Amazon's host names nor its later checksums."""
    return ClientConfig(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"total_max_attempts": max_attempts, "mode": "standard"},
        max_pool_connections=MAX_CONNECTIONS,
        s3={"addressing_style": "path" if has_endpoint else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def is_missing(error: ClientError) -> bool:
    """Whether the store answered that there is no such file."""
    return error.response.get("Error", {}).get("Code") in NOT_FOUND_CODES

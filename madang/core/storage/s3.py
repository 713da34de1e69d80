"""Files in a store that speaks S3: of a provider, or of one's own (MinIO, Ceph, SeaweedFS)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from madang.core.circuit_breaker import CircuitBreaker

from .backends import StoreAway, StoredFile, backend, key_of

CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 10, 2
CONNECTIONS = 10
MISSING = {"NoSuchKey", "404", "NotFound"}
GONE = "the store of files does not answer%s: pictures are neither shown nor taken"
BACK = "the store of files answers again"


@backend("s3")
class S3Store:
    """A bucket, or what begins with a prefix in it.

    Whoever finds it away says so, and for some seconds nobody waits for it: a page of pictures would else hold every
    thread of the site.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._bucket = config["S3_BUCKET"]
        self._prefix = config["S3_PREFIX"].strip("/") + "/" if config["S3_PREFIX"] else ""
        self._lookout = CircuitBreaker("madang.files", GONE, BACK)
        self._client = Session().client(
            "s3",
            endpoint_url=config["S3_ENDPOINT"],
            region_name=config["S3_REGION"],
            aws_access_key_id=config["S3_ACCESS_KEY"],
            aws_secret_access_key=config["S3_SECRET_KEY"],
            config=_way(has_endpoint=bool(config["S3_ENDPOINT"])),
        )

    def put(self, name: str, content: bytes, content_type: str) -> None:
        with self._answering():
            self._client.put_object(**self._at(name), Body=content, ContentType=content_type)

    def open(self, name: str) -> StoredFile | None:
        """Read whole, which is a few megabytes: a store that goes away half-way would else cut off an answer."""
        with self._answering():
            try:
                found = self._client.get_object(**self._at(name))
            except ClientError as error:
                if _is_missing(error):
                    return None
                raise
            content = found["Body"].read()
        return StoredFile(BytesIO(content), len(content), found["LastModified"])

    def has(self, name: str) -> bool:
        with self._answering():
            try:
                self._client.head_object(**self._at(name))
            except ClientError as error:
                if _is_missing(error):
                    return False
                raise
        return True

    def remove(self, name: str) -> None:
        with self._answering():
            self._client.delete_object(**self._at(name))

    def names(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._answering():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + beginning):
                for found in page.get("Contents", ()):
                    yield found["Key"].rpartition("/")[2], found["LastModified"]

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key_of(name)}

    @contextmanager
    def _answering(self) -> Iterator[None]:
        if self._lookout.is_open:
            raise StoreAway
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            self._lookout.record_failure(error)
            raise StoreAway from error
        self._lookout.record_success()


def _way(*, has_endpoint: bool) -> Config:
    """How the store is asked. Other stores than Amazon's know neither its host names nor its later checksums."""
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
        max_pool_connections=CONNECTIONS,
        s3={"addressing_style": "path" if has_endpoint else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def _is_missing(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in MISSING

"""Backups in an S3 store: written in parts while they are made, read through a temporary file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from boto3.exceptions import Boto3Error
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from madang.core.errors import InvalidInput, Unavailable
from madang.core.i18n import _
from madang.core.settings import settings
from madang.core.storage.s3 import is_missing, make_client

READ_SECONDS, MAX_ATTEMPTS = 60, 5
PART_BYTES = 16 * 1024**2  # at least 5 MB, and at most 10,000 parts
PARTS_OF_A_SIZE = 1_000  # then parts become larger by `PART_BYTES`, so that a backup may have 880 GB
CHUNK = 1 << 20


class S3Place:
    """A prefix in a bucket, with the endpoint, region and keys of the site's own store (`MADANG_S3_...`)."""

    def __init__(self, bucket: str, prefix: str, scratch: Path) -> None:
        self.scratch = scratch
        self._bucket, self._prefix = bucket, prefix
        self._client = make_client(settings(), read_seconds=READ_SECONDS, max_attempts=MAX_ATTEMPTS)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        with self._unavailable_on_error():
            upload = Upload(self._client, self._bucket, self._prefix + name)
            try:
                yield cast(IO[bytes], upload)
                upload.complete()
            except BaseException:
                upload.abort()
                raise

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        with TemporaryFile(dir=self.scratch) as file:
            with self._unavailable_on_error():
                try:
                    body = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name)["Body"]
                except ClientError as error:
                    if is_missing(error):
                        raise InvalidInput(_("There is no file %(path)s.", path=self.address(name))) from None
                    raise
                for chunk in body.iter_chunks(CHUNK):
                    file.write(chunk)
            file.seek(0)
            yield file

    def names(self) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._unavailable_on_error():
            found = pages.paginate(Bucket=self._bucket, Prefix=self._prefix, Delimiter="/")
            return [each["Key"].removeprefix(self._prefix) for page in found for each in page.get("Contents", ())]

    def remove(self, name: str) -> None:
        with self._unavailable_on_error():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def address(self, name: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{name}"

    @contextmanager
    def _unavailable_on_error(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError, Boto3Error) as error:
            raise Unavailable(
                _(
                    "The store %(place)s does not take or give backups (%(error)s). "
                    "Please correct the settings that begin with MADANG_S3.",
                    place=self.address(""),
                    error=error,
                )
            ) from error


class Upload(RawIOBase):
    """A file that is uploaded in parts while it is written; holds one part in memory."""

    def __init__(self, client: BaseClient, bucket: str, key: str) -> None:
        self._client, self._place = client, {"Bucket": bucket, "Key": key}
        self._place["UploadId"] = client.create_multipart_upload(**self._place)["UploadId"]
        self._parts: list[dict[str, object]] = []
        self._buffer = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        view = memoryview(content)  # type: ignore[arg-type]  # any buffer, as of every binary file
        self._buffer += view
        if len(self._buffer) >= PART_BYTES * (1 + len(self._parts) // PARTS_OF_A_SIZE):
            self._send()
        return view.nbytes

    def complete(self) -> None:
        """Upload what is left; only now the file exists."""
        if self._buffer or not self._parts:
            self._send()
        self._client.complete_multipart_upload(**self._place, MultipartUpload={"Parts": self._parts})

    def abort(self) -> None:
        """Give up: the store deletes the parts."""
        with suppress(BotoCoreError, ClientError):
            self._client.abort_multipart_upload(**self._place)

    def _send(self) -> None:
        number = len(self._parts) + 1
        response = self._client.upload_part(**self._place, PartNumber=number, Body=bytes(self._buffer))
        self._parts.append({"PartNumber": number, "ETag": response["ETag"]})
        self._buffer.clear()

"""Store uploaded pictures: re-encoded without metadata by a process of their own, and under new names."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from flask import current_app

from madang.core.errors import InvalidInput
from madang.core.i18n import _

from .backends import StoreUnavailable, store
from .picture_client import picture_process
from .picture_protocol import EncodedPicture, PictureRefused, Purpose
from .picture_sentences import refusal

FILES_URL = "/files/"
THUMBNAIL = "-small.webp"
MAX_PICTURE_BYTES = 10 * 1024 * 1024
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
NAME = re.compile(rf"[0-9a-f]{{32}}(?:-small\.webp|\.(?:{'|'.join(CONTENT_TYPES)}))")


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture; `name` is its file's."""

    name: str
    content_type: str
    width: int
    height: int
    byte_count: int


def is_picture_name(name: str) -> bool:
    """Whether this is the name of a stored picture or thumbnail."""
    return NAME.fullmatch(name) is not None


def type_of(name: str) -> str:
    """The content type of the file of that name, by its extension alone."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def small_name(name: str) -> str:
    """The name of a picture's thumbnail."""
    return name.partition(".")[0] + THUMBNAIL


def possible_names(name: str) -> list[str]:
    """The names that the picture of a file may have; `name` is its own, or its thumbnail's."""
    return [f"{name.removesuffix(THUMBNAIL).partition('.')[0]}.{ending}" for ending in CONTENT_TYPES]


def url_of(name: str) -> str:
    """The URL path of the file of that name."""
    return f"{FILES_URL}{name}"


def read_upload(stream: IO[bytes]) -> bytes:
    """The content of an upload. Raises `InvalidInput` (file) above MAX_PICTURE_BYTES."""
    content = stream.read(MAX_PICTURE_BYTES + 1)
    if len(content) > MAX_PICTURE_BYTES:
        raise InvalidInput(_("A picture may have up to 10 MB. Please send a smaller one."), field="file")
    return content


def candidate_names(content: bytes, *, owner_id: int | None) -> list[str]:
    """The possible names of a picture, one for each format: an HMAC of owner and content, so that the same upload gets
    the same name and nobody can guess another's.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    stem = hmac.new(key, f"picture of {owner_id}:".encode() + content, hashlib.sha256).hexdigest()[:32]
    return [f"{stem}.{extension}" for extension in CONTENT_TYPES]


def store_picture(content: bytes, *, owner_id: int | None) -> tuple[Picture, Picture]:
    """Store a picture for a post: upright, scaled down, without metadata; and its thumbnail.

    The thumbnail is written first, so that every stored picture has one. Raises `InvalidInput` (file), `RateLimited`
    and `StoreUnavailable`.
    """
    encoded, thumbnail = _encode("post", content)
    name = next(name for name in candidate_names(content, owner_id=owner_id) if name.endswith(encoded.extension))
    stored_thumbnail = _write(small_name(name), thumbnail)
    return _write(name, encoded), stored_thumbnail


def store_avatar(stream: IO[bytes]) -> Picture:
    """Store a square avatar, 256 pixels a side. Raises `InvalidInput` (file), `RateLimited`
    and `StoreUnavailable`."""
    (encoded,) = _encode("avatar", read_upload(stream))
    return _write(f"{secrets.token_hex(16)}.webp", encoded)


def _encode(purpose: Purpose, content: bytes) -> Sequence[EncodedPicture]:
    try:
        return picture_process.encode(purpose, content)
    except PictureRefused as error:
        raise InvalidInput(refusal(error), field="file") from error


def read_stored_file(name: str) -> bytes | None:
    """The content of the file of that name; None if there is none. Raises `StoreUnavailable`."""
    file = store().open(name)
    if file is None:
        return None
    with file.content as content:
        return content.read()


def delete_files(*names: str) -> None:
    """Delete files after the rows that named them. If the store does not answer they stay, unlinked."""
    with suppress(StoreUnavailable):
        for name in names:
            store().remove(name)


def _write(name: str, encoded: EncodedPicture) -> Picture:
    content_type = CONTENT_TYPES[encoded.extension]
    store().put(name, encoded.content, content_type)
    return Picture(name, content_type, encoded.width, encoded.height, len(encoded.content))

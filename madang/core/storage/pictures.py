"""Process uploaded pictures: recognise them by content, re-encode them without metadata, rename them."""

import hashlib
import hmac
import re
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, NamedTuple

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from madang.core.errors import InvalidInput
from madang.core.i18n import _

from .backends import StoreUnavailable, store

FILES_URL = "/files/"
MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_PICTURE_PIXELS = 50_000_000
MAX_FRAMES = 1_000
MAX_SIDE, AVATAR_SIDE, THUMBNAIL_SIDE = 2560, 256, 480  # pixels
THUMBNAIL = "-small.webp"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# Pillow passes on whatever its decoders raise.
UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, TypeError,
    ArithmeticError, LookupError, RuntimeError, struct.error,
)  # fmt: skip
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
_decoding = threading.Lock()
NAME = re.compile(rf"[0-9a-f]{{32}}(?:-small\.webp|\.(?:{'|'.join(CONTENT_TYPES)}))")


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture; `name` is its file's."""

    name: str
    content_type: str
    width: int
    height: int
    byte_count: int


class EncodedPicture(NamedTuple):
    extension: str
    width: int
    height: int
    content: bytes


def is_picture_name(name: str) -> bool:
    """Whether this is the name of a stored picture or thumbnail."""
    return NAME.fullmatch(name) is not None


def type_of(name: str) -> str:
    """The content type of the file of that name, by its extension alone."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def small_name(name: str) -> str:
    """The name of a picture's thumbnail."""
    return name.partition(".")[0] + THUMBNAIL


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
    """Store a picture for a post: upright, at most 2,560 pixels a side, without metadata; and its thumbnail.

    The thumbnail is written first, so that every stored picture has one. Raises `InvalidInput` (file)
    and `StoreUnavailable`.
    """
    with _refuse_unreadable():
        image = _open(content)
        if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
            encoded = _encode(image, "gif", save_all=True)
            image.seek(0)
            first = _copy_pixels(image)
        else:
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            first = _copy_pixels(ImageOps.exif_transpose(image))
            encoded = _encode(first, "jpg" if image.format == "JPEG" else "webp", quality=86)
        thumbnail = _encode_thumbnail(first)
    name = next(name for name in candidate_names(content, owner_id=owner_id) if name.endswith(encoded.extension))
    stored_thumbnail = _write(small_name(name), thumbnail)
    return _write(name, encoded), stored_thumbnail


def _encode_thumbnail(image: Image.Image) -> EncodedPicture:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _encode(small, "webp", quality=80)


def store_avatar(stream: IO[bytes]) -> Picture:
    """Store a square avatar, 256 pixels a side. Raises `InvalidInput` (file)
    and `StoreUnavailable`."""
    with _refuse_unreadable():
        upright = _open(read_upload(stream))
        ImageOps.exif_transpose(upright, in_place=True)
        encoded = _encode(_copy_pixels(ImageOps.fit(upright, (AVATAR_SIDE, AVATAR_SIDE))), "webp", quality=86)
    return _write(f"{secrets.token_hex(16)}.webp", encoded)


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


@contextmanager
def _refuse_unreadable() -> Iterator[None]:
    """Turn what Pillow raises for a broken picture, from opening to saving, into `InvalidInput` (file).

    One picture at a time: the largest takes half a gigabyte.
    """
    try:
        with _decoding:
            yield
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise InvalidInput(
            _("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF or AVIF."), field="file"
        ) from error


def _open(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=FORMATS)
    _check_pixels(image)
    return image


def _too_many_pixels(width: int = 0, height: int = 0) -> InvalidInput:
    most = MAX_PICTURE_PIXELS // 1_000_000
    if not width:
        message = _("A picture may have up to %(most)s million pixels. Please send a smaller one.", most=most)
        return InvalidInput(message, field="file")
    size = f"{width} × {height}"
    return InvalidInput(
        _(
            "This picture has %(size)s pixels, and %(most)s million are the most. Please send a smaller one.",
            size=size,
            most=most,
        ),
        field="file",
    )


def _check_pixels(image: Image.Image) -> None:
    """Raise `InvalidInput` if the frames that are stored, all of a GIF and else the first, are too large or too many.

    A later frame may be larger than the first. Each is measured before it is decoded.
    """
    if image.format != "GIF":
        if image.width * image.height > MAX_PICTURE_PIXELS:
            raise _too_many_pixels(image.width, image.height)
        return
    pixels = 0
    for frame in range(MAX_FRAMES + 1):
        try:
            image.seek(frame)
        except EOFError:
            image.seek(0)
            return
        pixels += image.width * image.height
        if pixels > MAX_PICTURE_PIXELS and frame == 0:
            raise _too_many_pixels(image.width, image.height)
        if pixels > MAX_PICTURE_PIXELS:
            most = MAX_PICTURE_PIXELS // 1_000_000
            message = _("The frames of an animated picture may have up to %(most)s million pixels together.", most=most)
            raise InvalidInput(message, field="file")
    message = _("An animated picture may have up to %(most)s frames. Please send a shorter one.", most=MAX_FRAMES)
    raise InvalidInput(message, field="file")


def _copy_pixels(image: Image.Image) -> Image.Image:
    """A copy of only the pixels, without EXIF, comments or colour profiles."""
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    pixels = image.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _encode(image: Image.Image, extension: str, **options: object) -> EncodedPicture:
    if extension == "jpg" and image.mode != "RGB":
        image = image.convert("RGB")
    width, height = image.size  # of a GIF's first frame: saving moves on to the last one
    buffer = BytesIO()
    image.info.pop("comment", None)
    image.save(buffer, {"jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}[extension], **options)
    return EncodedPicture(extension, width, height, buffer.getvalue())


def _write(name: str, encoded: EncodedPicture) -> Picture:
    content_type = CONTENT_TYPES[encoded.extension]
    store().put(name, encoded.content, content_type)
    return Picture(name, content_type, encoded.width, encoded.height, len(encoded.content))

"""Pictures that people send: read by content and not by name, made anew, and kept under a name of our own."""

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
from typing import IO

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from madang.core.errors import InvalidInput
from madang.core.i18n import _

from .backends import StoreAway, store

FILES = "/files/"
MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_PICTURE_PIXELS = 50_000_000
MAX_FRAMES = 1_000
MAX_SIDE = 2560
AVATAR_SIDE = 256
THUMBNAIL_SIDE = 480
THUMBNAIL = "-small.webp"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# Pillow raises whatever its readers run into.
UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, TypeError,
    ArithmeticError, LookupError, RuntimeError, struct.error,
)  # fmt: skip
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
_turn = threading.Lock()
NAME = re.compile(rf"[0-9a-f]{{32}}(?:-small\.webp|\.(?:{'|'.join(CONTENT_TYPES)}))")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as kept: `name` is its file's name and address."""

    name: str
    content_type: str
    width: int
    height: int
    byte_count: int


def is_name(name: str) -> bool:
    """Whether a file of ours can have this name."""
    return NAME.fullmatch(name) is not None


def type_of(name: str) -> str:
    """What the file of that name is sent as: a fixed type, whatever somebody said of it."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def small_name(name: str) -> str:
    """The name of the thumbnail beside the picture of that name."""
    return name.partition(".")[0] + THUMBNAIL


def url_of(name: str) -> str:
    """The address of the file of that name."""
    return f"{FILES}{name}"


def read_picture(stream: IO[bytes]) -> bytes:
    """What somebody sent as a picture. Raises `InvalidInput` (file) where it is too much."""
    content = stream.read(MAX_PICTURE_BYTES + 1)
    if len(content) > MAX_PICTURE_BYTES:
        raise InvalidInput(_("A picture may have up to 10 MB. Please send a smaller one."), field="file")
    return content


def names_of(content: bytes, *, owner_id: int | None) -> list[str]:
    """The names that a picture can get: always the same ones for the same content of the same person, and nobody can
    work out another's.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    stem = hmac.new(key, f"picture of {owner_id}:".encode() + content, hashlib.sha256).hexdigest()[:32]
    return [f"{stem}.{ending}" for ending in CONTENT_TYPES]


def keep_picture(content: bytes, *, owner_id: int | None) -> tuple[Picture, Picture]:
    """Keep a picture for a post: turned upright, at most 2,560 pixels a side, without what the camera wrote into it;
    and its thumbnail, which is written first: where the picture is, it is too.

    Raises `InvalidInput` (file) and `StoreAway`.
    """
    with _reading():
        image = _open(content)
        if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
            made = _made(image, "gif", save_all=True)
            image.seek(0)
            first = _plain(image)
        else:
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            first = _plain(ImageOps.exif_transpose(image))
            made = _made(first, "jpg" if image.format == "JPEG" else "webp", quality=86)
        small = _small(first)
    name = next(name for name in names_of(content, owner_id=owner_id) if name.endswith(made[1]))
    thumbnail = _write(small_name(name), *small)
    return _write(name, *made), thumbnail


def _small(image: Image.Image) -> tuple[Image.Image, str, bytes]:
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _made(small, "webp", quality=80)


def keep_avatar(stream: IO[bytes]) -> Picture:
    """Keep a square picture of a person, 256 pixels a side. Raises `InvalidInput` (file)."""
    with _reading():
        upright = _open(read_picture(stream))
        ImageOps.exif_transpose(upright, in_place=True)
        made = _made(_plain(ImageOps.fit(upright, (AVATAR_SIDE, AVATAR_SIDE))), "webp", quality=86)
    return _write(f"{secrets.token_hex(16)}.webp", *made)


def read(name: str) -> bytes | None:
    """What the file of that name holds, if it is there. Raises `StoreAway`."""
    found = store().open(name)
    if found is None:
        return None
    with found.content as content:
        return content.read()


def remove(*names: str) -> None:
    """Take files away after the rows that named them. Nobody can do anything about it when the store is away then:
    they stay, and nothing leads to them.
    """
    with suppress(StoreAway):
        for name in names:
            store().remove(name)


@contextmanager
def _reading() -> Iterator[None]:
    """What a broken picture makes the library raise, anywhere between opening and saving, said in a sentence.

    One picture at a time: the largest takes half a gigabyte.
    """
    try:
        with _turn:
            yield
    except UNREADABLE as error:
        raise InvalidInput(
            _("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF or AVIF."), field="file"
        ) from error


def _open(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content), formats=FORMATS)
    if _has_too_many_dots(image):
        raise InvalidInput(_("This picture has too many pixels. Please send a smaller one."), field="file")
    return image


def _has_too_many_dots(image: Image.Image) -> bool:
    """Whether all that is kept of a picture is too large: the frames of a GIF, else the first one.

    A later frame may be larger than the first. Each is looked at before it is made, and no more of them than may be
    there: each one costs.
    """
    if image.format != "GIF":
        return image.width * image.height > MAX_PICTURE_PIXELS
    dots = 0
    for frame in range(MAX_FRAMES + 1):
        try:
            image.seek(frame)
        except EOFError:
            image.seek(0)
            return False
        dots += image.width * image.height
        if dots > MAX_PICTURE_PIXELS:
            return True
    return True


def _plain(image: Image.Image) -> Image.Image:
    """Only the pixels: a copy carries no EXIF, comments or colour profiles."""
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    pixels = image.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _made(image: Image.Image, ending: str, **options: object) -> tuple[Image.Image, str, bytes]:
    if ending == "jpg" and image.mode != "RGB":
        image = image.convert("RGB")
    buffer = BytesIO()
    image.info.pop("comment", None)
    image.save(buffer, {"jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}[ending], **options)
    return image, ending, buffer.getvalue()


def _write(name: str, image: Image.Image, ending: str, content: bytes) -> Picture:
    store().put(name, content, CONTENT_TYPES[ending])
    return Picture(name, CONTENT_TYPES[ending], image.width, image.height, len(content))

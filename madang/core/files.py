"""Pictures that people send: read by content and not by name, made anew, and kept under a name of our own."""

import re
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import InvalidInput
from .i18n import _

FILES = "/files/"
MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_PICTURE_PIXELS = 50_000_000
MAX_FRAMES = 1_000
MAX_SIDE = 2560
AVATAR_SIDE = 256
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# Pillow raises whatever its readers run into.
UNREADABLE = (
    UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, TypeError,
    ArithmeticError, LookupError, RuntimeError, struct.error,
)  # fmt: skip
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
_turn = threading.Lock()
NAME = re.compile(rf"[0-9a-f]{{32}}\.(?:{'|'.join(CONTENT_TYPES)})")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as kept: `name` is its file's name and address."""

    name: str
    content_type: str
    width: int
    height: int
    byte_count: int


def folder() -> Path:
    return Path(current_app.config["UPLOAD_FOLDER"])


def is_name(name: str) -> bool:
    """Whether a file of ours can have this name."""
    return NAME.fullmatch(name) is not None


def path_of(name: str) -> Path:
    """Where the file of that name lies; the first two letters spread the files over folders."""
    return folder() / name[:2] / name


def url_of(name: str) -> str:
    """The address of the file of that name."""
    return f"{FILES}{name}"


def keep_picture(stream: IO[bytes]) -> Picture:
    """Keep a picture for a post: turned upright, at most 2,560 pixels a side, without what the camera wrote into it.

    Raises `InvalidInput` (file).
    """
    with _reading():
        image = _open(stream)
        if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
            made = _made(image, "gif", save_all=True)
        else:
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            made = _made(_plain(upright), "jpg" if image.format == "JPEG" else "webp", quality=86)
    return _keep(*made)


def keep_avatar(stream: IO[bytes]) -> Picture:
    """Keep a square picture of a person, 256 pixels a side. Raises `InvalidInput` (file)."""
    with _reading():
        upright = _open(stream)
        ImageOps.exif_transpose(upright, in_place=True)
        made = _made(_plain(ImageOps.fit(upright, (AVATAR_SIDE, AVATAR_SIDE))), "webp", quality=86)
    return _keep(*made)


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


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


def _open(stream: IO[bytes]) -> Image.Image:
    content = stream.read(MAX_PICTURE_BYTES + 1)
    if len(content) > MAX_PICTURE_BYTES:
        raise InvalidInput(_("A picture may have up to 10 MB. Please send a smaller one."), field="file")
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


def _keep(image: Image.Image, ending: str, content: bytes) -> Picture:
    name = f"{secrets.token_hex(16)}.{ending}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Picture(name, CONTENT_TYPES[ending], image.width, image.height, len(content))

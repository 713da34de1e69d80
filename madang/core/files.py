"""Pictures that people send: read by content and not by name, made anew, and kept under a name of our own."""

import secrets
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import InvalidInput
from .i18n import _

MAX_PICTURE_BYTES = 10 * 1024 * 1024
MAX_PICTURE_PIXELS = 50_000_000
MAX_SIDE = 2560
AVATAR_SIDE = 256
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as kept: `name` is its file's name and address."""

    name: str
    content_type: str
    width: int
    height: int
    byte_count: int


def folder() -> Path:
    return Path(current_app.instance_path) / "files"


def path_of(name: str) -> Path:
    """Where the file of that name lies; the first two letters spread the files over folders."""
    return folder() / name[:2] / name


def keep_picture(stream: IO[bytes]) -> Picture:
    """Keep a picture for a post: turned upright, at most 2,560 pixels a side, without what the camera wrote into it."""
    image = _open(stream)
    is_animated = getattr(image, "n_frames", 1) > 1
    if is_animated and image.format == "GIF":
        return _save(image, "gif", save_all=True)
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return _save(_plain(upright), "jpg" if image.format == "JPEG" else "webp", quality=86)


def keep_avatar(stream: IO[bytes]) -> Picture:
    """Keep a square picture of a person, 256 pixels a side."""
    upright = ImageOps.exif_transpose(_open(stream))
    return _save(_plain(ImageOps.fit(upright, (AVATAR_SIDE, AVATAR_SIDE))), "webp", quality=86)


def remove(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def _open(stream: IO[bytes]) -> Image.Image:
    content = stream.read(MAX_PICTURE_BYTES + 1)
    if len(content) > MAX_PICTURE_BYTES:
        raise InvalidInput(_("A picture may have up to 10 MB. Please send a smaller one."), field="file")
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
        if image.width * image.height * getattr(image, "n_frames", 1) > MAX_PICTURE_PIXELS:
            raise InvalidInput(_("This picture has too many pixels. Please send a smaller one."), field="file")
        image.load()
    except InvalidInput:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise InvalidInput(
            _("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF or AVIF."), field="file"
        ) from error
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Only the pixels: a copy carries no EXIF, comments or colour profiles."""
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    pixels = image.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _save(image: Image.Image, ending: str, **options: object) -> Picture:
    if ending == "jpg" and image.mode != "RGB":
        image = image.convert("RGB")
    buffer = BytesIO()
    image.info.pop("comment", None)
    image.save(buffer, {"jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}[ending], **options)
    name = f"{secrets.token_hex(16)}.{ending}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return Picture(name, CONTENT_TYPES[ending], image.width, image.height, buffer.tell())

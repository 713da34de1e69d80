"""Re-encode pictures without metadata and scale them down. Only the picture process imports this module."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import sqrt

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageOps, UnidentifiedImageError

from .picture_protocol import (
    AVATAR_SIDE,
    MAX_FRAMES,
    MAX_PICTURE_PIXELS,
    MAX_SIDE,
    MAX_SOURCE_SIDE,
    MAX_STORED_PIXELS,
    READABLE_WIDTH,
    THUMBNAIL_SIDE,
    EncodedPicture,
    PictureRefused,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF")
PHOTO_FORMATS = ("JPEG", "MPO", "HEIF")  # MPO: a JPEG with further ones behind it, as some cameras write
ANIMATED_FORMATS = ("GIF", "WEBP", "PNG", "AVIF")
MAX_WEBP_SIDE = 16_383
THUMBNAIL_RATIO = 4  # height : width; of a taller picture the thumbnail shows the upper part
SIDEWAYS = (5, 6, 7, 8)  # values of EXIF's Orientation
ORIENTATION = 0x0112
JPEG_START, JPEG_END, SCAN = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")  # of a segment that has a length, or the end
MAX_SCANS, MAX_SEGMENTS = 100, 2_000  # a progressive photo has ten scans
DEFAULT_FRAME_MS = 100  # what browsers take for a duration of 0
# Pillow passes on whatever its decoders raise.
UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, ArithmeticError, LookupError,
    RuntimeError, struct.error,
)  # fmt: skip

pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = 1  # a picture must not take all processors
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def encode_for_post(content: bytes) -> tuple[EncodedPicture, ...]:
    """A picture as posts show it, upright and scaled down, and its thumbnail. Raises `PictureRefused`."""
    with _refusing():
        image = _open(content)
        if image.format in ANIMATED_FORMATS and getattr(image, "n_frames", 1) > 1:
            encoded, first = _encode_animation(image)
        else:
            is_photo = image.format in PHOTO_FORMATS
            first = _scaled_pixels(image)
            encoded = _encode_still(first, is_photo=is_photo)
        return encoded, _encode_thumbnail(first)


def encode_avatar(content: bytes) -> tuple[EncodedPicture, ...]:
    """The middle of a picture as a square. Raises `PictureRefused`."""
    with _refusing():
        image = _open(content)
        square = ImageOps.fit(ImageOps.exif_transpose(_smooth(image)), (AVATAR_SIDE, AVATAR_SIDE))
        return (_encode(_copy_pixels(square), "webp", quality=86),)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what Pillow raises, from opening to saving, into `PictureRefused`."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise PictureRefused("pixels") from error
    except UNREADABLE as error:
        raise PictureRefused("unreadable") from error


def _open(content: bytes) -> Image.Image:
    _check_segments_of_jpeg(content)
    image = Image.open(BytesIO(content), formats=FORMATS)
    _check_size(image)
    if image.format == "GIF":
        _check_frames_of_gif(image)
    elif image.format in ANIMATED_FORMATS:
        count = getattr(image, "n_frames", 1)
        _check_frames(count, count * image.width * image.height)
    return image


def _check_segments_of_jpeg(content: bytes) -> None:
    """Count the scans and other segments (ITU-T T.81, annex B) before any is decoded: each passes over all pixels."""
    if not content.startswith(JPEG_START):
        return
    position, scans = len(JPEG_START), 0
    for _segment in range(MAX_SEGMENTS):
        found = MARKER.search(content, position)
        if found is None or found[0] == JPEG_END:
            return
        scans += found[0] == SCAN
        if scans > MAX_SCANS:
            break
        position = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
    raise PictureRefused("resources")


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PICTURE_PIXELS:
        raise PictureRefused("pixels", *image.size)
    if max(image.size) > MAX_SOURCE_SIDE:
        raise PictureRefused("sides", *image.size)


def _check_frames(count: int, pixels: int) -> None:
    if count > MAX_FRAMES:
        raise PictureRefused("frames")
    if pixels > MAX_PICTURE_PIXELS:
        raise PictureRefused("frame pixels")


def _check_frames_of_gif(image: Image.Image) -> None:
    """Measure each frame before it is decoded: a later one may be larger than the first, and none is counted."""
    pixels = 0
    for number in range(MAX_FRAMES + 2):
        try:
            image.seek(number)
        except EOFError:
            image.seek(0)
            return
        pixels += image.width * image.height
        _check_frames(number + 1, pixels)


def target_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture is stored: no side above MAX_SIDE, but a tall one stays wide enough to be read."""
    scale = min(
        1.0,
        MAX_SIDE / width,
        max(MAX_SIDE / height, READABLE_WIDTH / width),
        sqrt(MAX_STORED_PIXELS / (width * height)),
    )
    return max(1, round(width * scale)), max(1, round(height * scale))


def _scaled_pixels(image: Image.Image) -> Image.Image:
    """Only the pixels of a picture, upright, in the size in which it is stored."""
    image = _smooth(image)
    is_sideways = image.getexif().get(ORIENTATION) in SIDEWAYS
    width, height = reversed(image.size) if is_sideways else image.size
    size = target_size(width, height)
    if size != (width, height):
        image.thumbnail(size[::-1] if is_sideways else size)
    return _copy_pixels(ImageOps.exif_transpose(image))


def _smooth(image: Image.Image) -> Image.Image:
    """The picture in a mode that Pillow averages when it scales, as it does not for palettes and single bits."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    return image


def _copy_pixels(image: Image.Image) -> Image.Image:
    """A copy of only the pixels, without EXIF, comments or colour profiles."""
    mode = "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"
    pixels = image.convert(mode)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _encode_animation(image: Image.Image) -> tuple[EncodedPicture, Image.Image]:
    """An animation and its first frame. A GIF of the right size stays one; everything else becomes a WebP."""
    if image.format == "GIF" and target_size(*image.size) == image.size:
        image.info.pop("comment", None)
        encoded = _encode(image, "gif", save_all=True)
        image.seek(0)
        return encoded, _copy_pixels(image)
    loop = _loop_count(image)
    first, *others = frames = list(_frames(image))
    options = {"save_all": True, "append_images": [frame for frame, _ in others], "loop": loop}
    durations = [duration for _, duration in frames]
    return _encode(first[0], "webp", duration=durations, quality=80, method=2, **options), first[0]


def _loop_count(image: Image.Image) -> int:
    """How often an animation plays, 0 for endlessly. A GIF counts repetitions instead, and plays once without any."""
    if image.format != "GIF":
        return int(image.info.get("loop", 0))
    loop = image.info.get("loop")
    return 1 if loop is None else loop and loop + 1


def _frames(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """The frames of an animation, scaled down, and how long each is shown, in milliseconds.

    An APNG may begin with a picture for programs that show no animations, which is not a frame.
    """
    size = target_size(*image.size)
    start = 1 if image.info.get("default_image") else 0
    for number in range(start, getattr(image, "n_frames", 1)):
        try:
            image.seek(number)
            frame = _copy_pixels(image)
        except (EOFError, OSError):
            if number == start:
                raise
            return  # the complete frames of a file that was cut off
        if frame.size != size:
            frame = frame.resize(size, reducing_gap=2.0)
        yield frame, int(image.info.get("duration") or 0) or DEFAULT_FRAME_MS


def _encode_still(image: Image.Image, *, is_photo: bool) -> EncodedPicture:
    """A JPEG of a photo or of what is too tall for WebP; else a WebP, which preserves transparency."""
    if image.mode == "RGB" and (is_photo or image.height > MAX_WEBP_SIDE):
        return _encode(image, "jpg", quality=86)
    image.thumbnail((MAX_WEBP_SIDE, MAX_WEBP_SIDE))
    return _encode(image, "webp", quality=86)


def _encode_thumbnail(image: Image.Image) -> EncodedPicture:
    small = image.crop((0, 0, image.width, min(image.height, THUMBNAIL_RATIO * image.width)))
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _encode(small, "webp", quality=80)


def _encode(image: Image.Image, extension: str, **options: object) -> EncodedPicture:
    width, height = image.size  # of a GIF's first frame: saving moves on to the last one
    buffer = BytesIO()
    image.save(buffer, {"jpg": "JPEG", "webp": "WEBP", "gif": "GIF"}[extension], **options)
    return EncodedPicture(extension, width, height, buffer.getvalue())

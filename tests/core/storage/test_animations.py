"""Animated pictures keep moving, and photos of iPhones (HEIC) become JPEGs."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image, ImageSequence

from tests.core.storage.test_pictures import _animated, _send, _send_and_read

pillow_heif.register_heif_opener()
SHADES = (0, 80, 160, 240)


def _animation(kind: str, size: tuple[int, int] = (20, 20), mode: str = "RGB", **options) -> bytes:
    frames = [Image.new(mode, size, (shade, 0, 200, 255)[: len(mode)]) for shade in SHADES]
    buffer = BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], **options)
    return buffer.getvalue()


def _shades(image: Image.Image) -> list[int]:
    """The red of each frame, rounded to the shades of the tests."""
    reds = [frame.convert("RGB").getpixel((5, 5))[0] for frame in ImageSequence.Iterator(image)]
    return [min(SHADES, key=lambda shade: abs(shade - red)) for red in reds]


def _durations(image: Image.Image) -> list[int]:
    return [frame.info["duration"] for frame in ImageSequence.Iterator(image) if frame.load()]


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_animations_keep_moving(ann, kind, mode):
    stored = _send_and_read(ann, _animation(kind, mode=mode, duration=[50, 120, 200, 90]))
    assert (stored.format, stored.size) == ("WEBP", (20, 20))
    assert _shades(stored) == list(SHADES)
    assert _durations(stored) == [50, 120, 200, 90]


def test_an_animation_without_metadata_and_with_its_loops(ann):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    stored = _send_and_read(
        ann, _animation("WEBP", loop=3, duration=50, exif=exif, xmp=b"<x/>", icc_profile=b"profile")
    )
    assert stored.info["loop"] == 3
    assert {"exif", "xmp", "icc_profile"} & set(stored.info) == set()


@pytest.mark.parametrize(("loop", "plays"), [(None, 1), (0, 0), (2, 3)])
def test_a_large_gif_is_scaled_down_as_a_webp_that_plays_as_often(ann, loop, plays):
    options = {} if loop is None else {"loop": loop}
    stored = _send_and_read(ann, _animation("GIF", (3200, 20), duration=70, **options))
    assert (stored.format, stored.size, stored.info["loop"]) == ("WEBP", (2560, 16), plays)
    assert _shades(stored) == list(SHADES)


def test_a_gif_that_fits_stays_one(ann):
    assert _send_and_read(ann, _animated()).format == "GIF"


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
def test_a_large_animation_is_scaled_down(ann, kind):
    stored = _send_and_read(ann, _animation(kind, (20, 3200), duration=70))
    assert (stored.size, _shades(stored)) == ((20, 3200), list(SHADES))
    stored = _send_and_read(ann, _animation(kind, (3200, 32), duration=70))
    assert (stored.size, _shades(stored)) == ((2560, 26), list(SHADES))


def test_the_picture_of_an_apng_for_other_programs_is_no_frame(ann):
    cover, *frames = [Image.new("RGB", (20, 20), (shade, 0, 200)) for shade in (120, *SHADES)]
    buffer = BytesIO()
    cover.save(buffer, "PNG", save_all=True, append_images=frames, default_image=True, duration=80)
    assert _shades(_send_and_read(ann, buffer.getvalue())) == list(SHADES)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_an_animation_that_was_cut_off_is_refused_or_keeps_its_complete_frames(ann, kind):
    whole = _animation(kind, (300, 300), duration=80)
    for share in (0.3, 0.6, 0.9):
        assert _send(ann, whole[: int(len(whole) * share)]).status_code in (201, 422)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_an_animation_of_too_many_pixels_is_refused(ann, kind):
    """Each frame has less than the limit."""
    answer = _send(ann, _animation(kind, (5_000, 4_000), duration=80))
    assert (answer.status_code, "up to 50 million pixels together" in answer.text) == (422, True)


def _photo(size: tuple[int, int] = (64, 32), mode: str = "RGB", orientation: int = 1) -> bytes:
    """A HEIC with a place and a camera, whose left half is red."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    photo = Image.new(mode, size, (0, 0, 200, 255)[: len(mode)])
    photo.paste((220, 0, 0, 255)[: len(mode)], (0, 0, size[0] // 2, size[1]))
    buffer = BytesIO()
    photo.save(buffer, "HEIF", exif=exif.tobytes(), xmp=b"<x:xmpmeta/>", quality=90)
    return buffer.getvalue()


def test_a_photo_of_an_iphone_becomes_a_jpeg_without_metadata(ann):
    assert b"a camera" in _photo()
    stored = _send_and_read(ann, _photo(), "IMG_0001.HEIC")
    assert (stored.format, stored.size) == ("JPEG", (64, 32))
    assert not stored.getexif()
    assert {"exif", "xmp", "icc_profile", "comment"} & set(stored.info) == set()


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [(1, (64, 32), (5, 16)), (3, (64, 32), (60, 16)), (6, (32, 64), (16, 5)), (8, (32, 64), (16, 60))],
)
def test_a_photo_of_an_iphone_is_upright(ann, orientation, size, red):
    stored = _send_and_read(ann, _photo(orientation=orientation), "IMG_0001.HEIC")
    assert stored.size == size
    assert stored.getpixel(red)[0] > 150
    assert stored.getpixel((size[0] - 1 - red[0], size[1] - 1 - red[1]))[0] < 80


def test_a_transparent_heif_stays_transparent(ann):
    buffer = BytesIO()
    Image.new("RGBA", (64, 64), (200, 0, 0, 0)).save(buffer, "HEIF")
    assert _send_and_read(ann, buffer.getvalue()).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("name", ["me.HEIC", "me.jpg"])
def test_a_heic_as_an_avatar(ann, name):
    assert ann.post("/settings/avatar", file=(BytesIO(_photo()), name)).status_code == 302


@pytest.mark.parametrize("length", [20, 40, 200, 400])
def test_half_a_heic_is_refused_with_a_sentence(ann, length):
    answer = _send(ann, _photo()[:length])
    assert (answer.status_code, "not a picture we can read" in answer.text) == (422, True)

"""Uploaded pictures: recognised by content, re-encoded, stored without metadata."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from madang.core.errors import InvalidInput
from madang.core.storage import pictures as files
from madang.core.storage.picture_encoding import encode_for_post
from madang.core.storage.picture_protocol import PictureRefused
from tests.api.programs import program_of


def _picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **options) -> bytes:
    buffer = BytesIO()
    Image.new(mode, size, options.pop("color", 120)).save(buffer, kind, **options)
    return buffer.getvalue()


def _animated(frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (20, 20), (number * 30, 0, 200)) for number in range(frames)]
    buffer = BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], comment=b"my address is")
    return buffer.getvalue()


def _send(person, content: bytes, name: str = "picture.png"):
    return person.client.post("/files", data={"csrf_token": person.token, "file": (BytesIO(content), name)})


def _send_and_read(person, content: bytes, name: str = "picture.png") -> Image.Image:
    """Upload a picture and read it from its URL."""
    answer = _send(person, content, name)
    assert answer.status_code == 201, answer.text
    return Image.open(BytesIO(person.get(answer.json["url"]).data))


def test_an_uploaded_picture_is_served_from_its_url(ann, visitor):
    answer = _send(ann, _picture())
    url = answer.json["url"]
    file = visitor.get(url)
    assert answer.json | {"id": 0} == {
        "id": 0,
        "url": url,
        "thumbnail_url": url.replace(".webp", "-small.webp"),
        "width": 40,
        "height": 30,
        "type": "image/webp",
        "size": len(file.data),
        "markdown": f"![]({url})",
    }
    assert Image.open(BytesIO(file.data)).size == (40, 30)


def test_metadata_is_removed_and_the_picture_turned_upright(ann):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    stored = _send_and_read(ann, _picture("JPEG", exif=exif, comment=b"mine", icc_profile=b"profile"), "photo.jpg")
    assert stored.size == (30, 40)
    assert not stored.getexif()
    assert not stored.getexif().get_ifd(0x8825)
    assert {"exif", "comment", "icc_profile", "xmp"} & set(stored.info) == set()


SIZES = {
    "wide": ((4000, 1000), (2560, 640)),
    "a photo": ((4000, 3000), (2560, 1920)),
    "a photo that stands": ((3000, 4000), (1920, 2560)),
    "the screen of a phone": ((1080, 2400), (1080, 2400)),
    "a tall screenshot": ((1440, 6000), (1280, 5333)),
    "a comic strip": ((600, 20_000), (600, 20_000)),
    "a comic strip of many pixels": ((1200, 25_000), (876, 18_250)),
    "a narrow line": ((10, 20_000), (10, 20_000)),
    "a long line": ((20_000, 10), (2000, 1)),
}


@pytest.mark.parametrize(("size", "stored"), SIZES.values(), ids=SIZES.keys())
def test_pictures_are_scaled_down_and_tall_ones_stay_readable(ann, size, stored):
    """The side was bounded alone before: 600 x 20000 became 77 x 2560. WebP ends at 16383: taller ones are JPEGs."""
    assert _send_and_read(ann, _picture(mode="1", size=size, color=1)).size == stored


@pytest.mark.parametrize(("mode", "stored", "kind"), [("RGBA", (98, 16383), "WEBP"), ("RGB", (120, 20_000), "JPEG")])
def test_what_is_too_tall_for_webp_becomes_a_jpeg_unless_it_is_transparent(ann, mode, stored, kind):
    picture = _send_and_read(ann, _picture(mode=mode, size=(120, 20_000)))
    assert (picture.format, picture.size) == (kind, stored)


@pytest.mark.parametrize("mode", ["P", "1", "L", "RGBA"])
def test_a_png_is_turned_upright(ann, mode):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert _send_and_read(ann, _picture(mode=mode, size=(5120, 64), exif=exif, color=1)).size == (64, 5120)


def test_a_jpeg_with_further_pictures_behind_it_is_a_jpeg(ann):
    """Some cameras add a depth map or a preview (MPO)."""
    photo, other = Image.new("RGB", (64, 48), 90), Image.new("RGB", (32, 24), 20)
    buffer = BytesIO()
    photo.save(buffer, "MPO", save_all=True, append_images=[other])
    stored = _send_and_read(ann, buffer.getvalue(), "photo.jpg")
    assert (stored.format, stored.size, getattr(stored, "n_frames", 1)) == ("JPEG", (64, 48), 1)


def test_a_tall_photo_that_lies_on_its_side_stays_readable(ann):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert _send_and_read(ann, _picture("JPEG", size=(9000, 500), exif=exif), "photo.jpg").size == (500, 9000)


def test_a_palette_is_scaled_smoothly(ann):
    """Pillow takes the nearest pixel of a palette, so that letters of a screenshot lost their edges."""
    lines = Image.new("P", (5120, 8))
    lines.putpalette([0, 0, 0, 255, 255, 255])
    lines.paste(1, (0, 0, 5120, 8))
    for left in range(0, 5120, 2):
        lines.paste(0, (left, 0, left + 1, 8))
    buffer = BytesIO()
    lines.save(buffer, "PNG")
    assert 80 < _send_and_read(ann, buffer.getvalue()).convert("L").getpixel((1000, 2)) < 180


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("PNG", "1"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGBA"),
        ("HEIF", "RGB"),
        ("HEIF", "RGBA"),
        ("GIF", "L"),
    ],
)
def test_every_colour_mode_is_accepted(ann, kind, mode):
    assert _send_and_read(ann, _picture(kind, mode)).mode in ("RGB", "RGBA")


def test_transparency_is_preserved(ann):
    clear = Image.new("RGBA", (40, 30), (200, 0, 0, 0)).quantize()
    buffer = BytesIO()
    clear.save(buffer, "PNG")
    stored = _send_and_read(ann, buffer.getvalue())
    assert stored.convert("RGBA").getpixel((5, 5))[3] == 0


def test_an_animated_gif_stays_animated(ann):
    stored = _send_and_read(ann, _animated(), "dance.gif")
    assert (stored.format, stored.n_frames) == ("GIF", 3)
    assert "comment" not in stored.info


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/webp"),
        ("WEBP", "image/webp"),
        ("GIF", "image/webp"),
        ("AVIF", "image/webp"),
        ("HEIF", "image/jpeg"),
    ],
)
@pytest.mark.parametrize("name", ["page.html", "photo.svg", "no ending", "photo.jpg.php", "../../photo.png"])
def test_the_content_type_follows_from_the_content_not_the_name(ann, visitor, kind, content_type, name):
    answer = _send(ann, _picture(kind), name)
    assert (answer.status_code, answer.json["type"]) == (201, content_type)
    assert visitor.get(answer.json["url"]).mimetype == content_type


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1200, 600), (480, 240)),
        ((600, 1200), (240, 480)),
        ((50, 40), (50, 40)),
        ((2000, 1), (480, 1)),
        ((600, 9000), (120, 480)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "AVIF"])
def test_every_picture_has_a_thumbnail(ann, visitor, kind, size, small):
    thumbnail = visitor.get(_send(ann, _picture(kind, size=size)).json["thumbnail_url"])
    assert thumbnail.mimetype == "image/webp"
    assert Image.open(BytesIO(thumbnail.data)).size == small


def test_the_thumbnail_is_upright_and_has_no_metadata(ann, visitor):
    exif = Image.Exif()
    exif[0x0112] = 6
    answer = _send(ann, _picture("JPEG", size=(1200, 600), exif=exif, comment=b"mine"))
    thumbnail = Image.open(BytesIO(visitor.get(answer.json["thumbnail_url"]).data))
    assert thumbnail.size == (240, 480)
    assert {"exif", "comment", "icc_profile", "xmp"} & set(thumbnail.info) == set()


def test_the_thumbnail_of_an_animation_is_its_first_frame(ann, visitor):
    thumbnail = Image.open(BytesIO(visitor.get(_send(ann, _animated()).json["thumbnail_url"]).data))
    assert (thumbnail.format, getattr(thumbnail, "n_frames", 1), thumbnail.size) == ("WEBP", 1, (20, 20))


def test_a_truncated_animation_keeps_its_complete_frames(ann):
    assert 1 < _send_and_read(ann, _animated(8)[:-60], "dance.gif").n_frames < 8


def _empty_png(width: int, height: int) -> bytes:
    """A PNG whose header states a size and that holds next to no pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def _many_frames() -> bytes:
    """An animation of 200,000 frames of one pixel in 5 MB."""
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    frame = b"\x21\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    return head + frame * 200_000 + b";"


def _gif_with_a_large_second_frame() -> bytes:
    """An animation whose second frame is 12,000 pixels wide and high, though its header states a small size."""

    def frame(side: int) -> bytes:
        buffer = BytesIO()
        Image.new("1", (side, side)).save(buffer, "GIF")
        whole = buffer.getvalue()
        return whole[whole.index(b"," + b"\0" * 4) : -1]

    return b"GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame(10) + frame(12_000) + b";"


def _jpeg_of_scans(scans: int, *, side: int = 40) -> bytes:
    """A progressive JPEG with so many scans: its last one again and again."""
    photo = _picture("JPEG", size=(side, side), progressive=True)
    start = photo.rindex(b"\xff\xda")
    return photo[:-2] + photo[start:-2] * (scans - photo.count(b"\xff\xda")) + photo[-2:]


def _jpeg_of_segments(segments: int) -> bytes:
    photo = _picture("JPEG")
    return photo[:2] + b"\xff\xfe\0\x02" * segments + photo[2:]


NOT_PICTURES = {
    "nothing": b"",
    "a text": "그림이 아니에요".encode(),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "a page that begins like a picture": b"GIF89a<script>alert(1)</script>",
    "pdf": b"%PDF-1.4\n%%EOF",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "tiff": _picture("TIFF"),
    "bmp": _picture("BMP"),
    "half a jpeg": _picture("JPEG", size=(400, 400))[:900],
    "half a png": _picture(size=(400, 400))[:90],
    "a webp with nothing in it": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "an avif with nothing in it": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1",
    "no width": _empty_png(0, 10),
    "no size": _empty_png(0, 0),
    "a bomb": _empty_png(30_000, 30_000),
    "a small bomb": _empty_png(8_000, 7_000),
    "the largest possible size": _empty_png(2**31 - 1, 2**31 - 1),
    "an endless animation": _many_frames(),
    "a jpeg of many scans": _jpeg_of_scans(101),
    "a jpeg of very many scans": _jpeg_of_scans(20_000),
    "a jpeg of many comments": _jpeg_of_segments(2_000),
}


@pytest.mark.parametrize("content", NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_other_content_is_refused_with_a_message(ann, content):
    _assert_refused(ann, content)


def test_a_jpeg_of_many_scans_is_not_decoded(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_args, **_options: pytest.fail("opened"))
    with pytest.raises(PictureRefused, match="resources"):
        encode_for_post(_jpeg_of_scans(101))


@pytest.mark.parametrize("content", [_jpeg_of_scans(20), _jpeg_of_scans(100), _jpeg_of_segments(1_000)])
def test_a_jpeg_of_some_more_scans_and_segments_is_stored(ann, content):
    assert _send_and_read(ann, content).format == "JPEG"


def test_scans_of_a_thumbnail_inside_a_photo_do_not_count(ann):
    """EXIF may hold a JPEG of its own, and any bytes."""
    photo, inner = _picture("JPEG"), b"\xff\xda\0\x02" * 5_000
    exif = b"\xff\xe1" + (len(inner) + 8).to_bytes(2) + b"Exif\0\0" + inner
    assert _send_and_read(ann, photo[:2] + exif + photo[2:]).format == "JPEG"


def test_an_animation_that_grows_is_refused_with_a_message(ann):
    _assert_refused(ann, _gif_with_a_large_second_frame())


def _assert_refused(person, content: bytes) -> None:
    answer = _send(person, content)
    assert answer.status_code == 422
    assert "picture" in answer.text


def test_a_picture_of_more_than_ten_megabytes_is_refused(app):
    with app.app_context(), pytest.raises(InvalidInput, match="10 MB"):
        files.read_upload(BytesIO(_picture() + b"\0" * files.MAX_PICTURE_BYTES))


def test_the_size_limit_is_exact_and_its_message_translated(ann, cho):
    most = _picture() + b"\0" * (files.MAX_PICTURE_BYTES - len(_picture()))
    assert _send(ann, most).status_code == 201
    answer = _send(ann, most + b"\0")
    assert answer.status_code == 422
    assert "A picture may have up to 10 MB. Please send a smaller one." in answer.text
    assert "사진은 10MB까지 올릴 수 있어요" in _send(cho, most + b"\0").text


def test_an_upload_without_a_file_is_refused(ann):
    answer = ann.post("/files")
    assert answer.status_code == 422
    assert "choose a picture" in answer.text


@pytest.mark.parametrize("broken", [b"\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40])
def test_a_picture_with_broken_exif_is_stored_without_it(ann, broken):
    jpeg = _picture("JPEG")
    spoiled = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + jpeg[2:]
    assert _send_and_read(ann, spoiled, "photo.jpg").size == (40, 30)


LIMITS = {
    "more than 50 million pixels": (_empty_png(9_000, 7_000), "9000 × 7000 pixels; the limit is 50 million"),
    "one long side": (_empty_png(100, 600_000), "100 × 600000 pixels; the limit is 50 million"),
    "one long side of few pixels": (_empty_png(100, 40_000), "100 × 40000 pixels; the limit for each side is 30000"),
    "a wide one": (_empty_png(40_000, 1), "40000 × 1 pixels; the limit for each side is 30000"),
    "what Pillow does not even open": (_empty_png(60_000, 60_000), "up to 50 million pixels"),
    "a frame that grows": (_gif_with_a_large_second_frame(), "up to 50 million pixels together"),
    "many frames": (_many_frames(), "up to 1000 frames"),
    "many bytes": (b"\x89PNG" + b"0" * files.MAX_PICTURE_BYTES, "up to 10 MB"),
}


@pytest.mark.parametrize(("content", "limit"), LIMITS.values(), ids=LIMITS.keys())
def test_the_sentence_of_a_refused_picture_names_its_limit(ann, content: bytes, limit: str):
    answer = _send(ann, content)
    sent = program_of(ann).call("POST", "/files", data={"file": (BytesIO(content), "picture.png")})
    avatar = ann.post("/settings/avatar", file=(BytesIO(content), "picture.png"))
    assert (answer.status_code, sent.status_code, avatar.status_code) == (422, 422, 422)
    assert limit in answer.text
    assert limit in sent.json["errors"]["file"]
    assert limit in avatar.text


def test_the_limits_are_named_in_korean(cho):
    assert "한 변은 30000픽셀까지" in _send(cho, _empty_png(100, 40_000)).text
    assert "9000 × 7000픽셀이에요" in _send(cho, _empty_png(9_000, 7_000)).text
    assert "1000장면까지" in _send(cho, _many_frames()).text


def test_an_avatar_is_a_square(app):
    with app.app_context():
        stored = files.store_avatar(BytesIO(_picture(size=(300, 100))))
        assert (stored.width, stored.height, stored.content_type) == (256, 256, "image/webp")
        assert files.read_stored_file(stored.name)
        files.delete_files(stored.name)
        assert files.read_stored_file(stored.name) is None


@pytest.mark.parametrize(
    "name",
    [
        "x.png",
        "../madang.db",
        "..%2f..%2fmadang.db",
        "%2e%2e/x.png",
        "a" * 300 + ".png",
        "가" * 32 + ".png",
        "a.PNG",
        ".png",
    ]
    + ["0" * 32 + ending for ending in (".png", ".svg", ".html", "", ".png%00.svg")],
)
def test_other_names_are_not_found(visitor, name):
    assert visitor.get(f"/files/{name}").status_code == 404

"""Pictures that people send: told by what they hold, made anew, kept without what the camera wrote."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from madang.core.errors import InvalidInput
from madang.core.storage import pictures as files


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


def _kept(person, content: bytes, name: str = "picture.png") -> Image.Image:
    """The picture as it comes back."""
    answer = _send(person, content, name)
    assert answer.status_code == 201, answer.text
    return Image.open(BytesIO(person.get(answer.json["url"]).data))


def test_a_picture_comes_back_from_its_own_address(ann, visitor):
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


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright(ann):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    kept = _kept(ann, _picture("JPEG", exif=exif, comment=b"mine", icc_profile=b"profile"), "photo.jpg")
    assert kept.size == (30, 40)
    assert not kept.getexif()
    assert not kept.getexif().get_ifd(0x8825)
    assert {"exif", "comment", "icc_profile", "xmp"} & set(kept.info) == set()


def test_a_large_picture_is_made_smaller(ann):
    assert _kept(ann, _picture(size=(4000, 1000))).size == (2560, 640)


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
        ("GIF", "L"),
    ],
)
def test_every_way_of_colours_is_read(ann, kind, mode):
    assert _kept(ann, _picture(kind, mode)).mode in ("RGB", "RGBA")


def test_what_can_be_seen_through_stays_so(ann):
    clear = Image.new("RGBA", (40, 30), (200, 0, 0, 0)).quantize()
    buffer = BytesIO()
    clear.save(buffer, "PNG")
    kept = _kept(ann, buffer.getvalue())
    assert kept.convert("RGBA").getpixel((5, 5))[3] == 0


def test_an_animation_goes_on_moving(ann):
    kept = _kept(ann, _animated(), "dance.gif")
    assert (kept.format, kept.n_frames) == ("GIF", 3)
    assert "comment" not in kept.info


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "PNG"])
def test_what_moves_otherwise_is_kept_as_its_first_picture(ann, kind):
    pictures = [Image.new("RGB", (20, 20), (number * 60, 0, 200)) for number in range(3)]
    buffer = BytesIO()
    pictures[0].save(buffer, kind, save_all=True, append_images=pictures[1:])
    kept = _kept(ann, buffer.getvalue())
    assert (kept.format, getattr(kept, "n_frames", 1)) == ("WEBP", 1)
    assert kept.convert("RGB").getpixel((5, 5))[0] < 30


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/webp"),
        ("WEBP", "image/webp"),
        ("GIF", "image/webp"),
        ("AVIF", "image/webp"),
    ],
)
@pytest.mark.parametrize("name", ["page.html", "photo.svg", "no ending", "photo.jpg.php", "../../photo.png"])
def test_what_a_picture_is_is_told_by_its_content_and_not_by_its_name(ann, visitor, kind, content_type, name):
    answer = _send(ann, _picture(kind), name)
    assert (answer.status_code, answer.json["type"]) == (201, content_type)
    assert visitor.get(answer.json["url"]).mimetype == content_type


@pytest.mark.parametrize(
    ("size", "small"),
    [((1200, 600), (480, 240)), ((600, 1200), (240, 480)), ((50, 40), (50, 40)), ((2000, 1), (480, 1))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "AVIF"])
def test_every_picture_has_a_thumbnail(ann, visitor, kind, size, small):
    thumbnail = visitor.get(_send(ann, _picture(kind, size=size)).json["thumbnail_url"])
    assert thumbnail.mimetype == "image/webp"
    assert Image.open(BytesIO(thumbnail.data)).size == small


def test_the_thumbnail_stands_upright_and_tells_nothing_of_the_camera(ann, visitor):
    exif = Image.Exif()
    exif[0x0112] = 6
    answer = _send(ann, _picture("JPEG", size=(1200, 600), exif=exif, comment=b"mine"))
    thumbnail = Image.open(BytesIO(visitor.get(answer.json["thumbnail_url"]).data))
    assert thumbnail.size == (240, 480)
    assert {"exif", "comment", "icc_profile", "xmp"} & set(thumbnail.info) == set()


def test_the_thumbnail_of_an_animation_is_its_first_picture(ann, visitor):
    thumbnail = Image.open(BytesIO(visitor.get(_send(ann, _animated()).json["thumbnail_url"]).data))
    assert (thumbnail.format, getattr(thumbnail, "n_frames", 1), thumbnail.size) == ("WEBP", 1, (20, 20))


def test_half_an_animation_moves_as_far_as_it_goes(ann):
    assert 1 < _kept(ann, _animated(8)[:-60], "dance.gif").n_frames < 8


def _png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def _many_frames() -> bytes:
    """An animation of 200,000 frames of one dot in 5 MB."""
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    frame = b"\x21\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    return head + frame * 200_000 + b";"


def _growing() -> bytes:
    """An animation whose second frame is 12,000 dots wide and high, though it says that it is small."""

    def frame(side: int) -> bytes:
        buffer = BytesIO()
        Image.new("1", (side, side)).save(buffer, "GIF")
        whole = buffer.getvalue()
        return whole[whole.index(b"," + b"\0" * 4) : -1]

    return b"GIF89a\x0a\x00\x0a\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" + frame(10) + frame(12_000) + b";"


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
    "no width": _png(0, 10),
    "no size": _png(0, 0),
    "a bomb": _png(30_000, 30_000),
    "a small bomb": _png(8_000, 7_000),
    "more dots than there are": _png(2**31 - 1, 2**31 - 1),
    "an endless animation": _many_frames(),
    "an animation that grows": _growing(),
}


@pytest.mark.parametrize("content", NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_what_is_no_picture_is_refused_with_a_sentence(ann, content):
    answer = _send(ann, content)
    assert answer.status_code == 422
    assert "picture" in answer.text


def test_a_picture_of_more_than_ten_megabytes_is_refused(app):
    with app.app_context(), pytest.raises(InvalidInput, match="10 MB"):
        files.read_picture(BytesIO(_picture() + b"\0" * files.MAX_PICTURE_BYTES))


def test_the_refusal_of_ten_megabytes_and_one_byte_is_a_sentence(ann, cho):
    most = _picture() + b"\0" * (files.MAX_PICTURE_BYTES - len(_picture()))
    assert _send(ann, most).status_code == 201
    answer = _send(ann, most + b"\0")
    assert answer.status_code == 422
    assert "A picture may have up to 10 MB. Please send a smaller one." in answer.text
    assert "사진은 10MB까지예요" in _send(cho, most + b"\0").text


def test_sending_nothing_is_said_so(ann):
    answer = ann.post("/files")
    assert answer.status_code == 422
    assert "choose a picture" in answer.text


@pytest.mark.parametrize("broken", [b"\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40])
def test_a_picture_with_a_broken_description_is_kept_without_it(ann, broken):
    jpeg = _picture("JPEG")
    spoiled = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + jpeg[2:]
    assert _kept(ann, spoiled, "photo.jpg").size == (40, 30)


def test_an_avatar_is_a_square(app):
    with app.app_context():
        kept = files.keep_avatar(BytesIO(_picture(size=(300, 100))))
        assert (kept.width, kept.height, kept.content_type) == (256, 256, "image/webp")
        assert files.read(kept.name)
        files.remove(kept.name)
        assert files.read(kept.name) is None


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
def test_there_is_nothing_at_other_names(visitor, name):
    assert visitor.get(f"/files/{name}").status_code == 404

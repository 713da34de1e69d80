"""Pictures that people send: told by what they hold, made anew, kept without what the camera wrote."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from madang.core import files
from madang.core.errors import InvalidInput


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
    assert answer.json | {"url": ""} == {"url": "", "width": 40, "height": 30, "markdown": f"![]({answer.json['url']})"}
    file = visitor.get(answer.json["url"])
    assert file.mimetype == "image/webp"
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in file.headers["Cache-Control"]


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright(ann):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    kept = _kept(ann, _picture("JPEG", exif=exif, comment=b"mine", icc_profile=b"profile"), "photo.jpg")
    assert kept.size == (30, 40)
    assert not kept.getexif()
    assert {"exif", "comment", "icc_profile", "xmp"} & set(kept.info) == set()


def test_a_large_picture_is_made_smaller(ann):
    assert _kept(ann, _picture(size=(4000, 1000))).size == (2560, 640)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16"), ("PNG", "1"), ("WEBP", "RGBA")],
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
        files.keep_picture(BytesIO(_picture() + b"\0" * files.MAX_PICTURE_BYTES))


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
        assert files.path_of(kept.name).is_file()
        files.remove(kept.name)
        assert not files.path_of(kept.name).exists()


def test_pictures_lie_where_the_settings_say(app, ann, tmp_path):
    app.config["UPLOAD_FOLDER"] = str(tmp_path / "elsewhere")
    address = _send(ann, _picture()).json["url"]
    assert len(list((tmp_path / "elsewhere").rglob("*.webp"))) == 1
    assert ann.get(address).status_code == 200


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

"""Encodings of the files of a dump: every file is read as UTF-8, another encoding is converted first."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from madang.core.errors import InvalidInput
from madang.core.i18n import _

CHUNK_BYTES = 256 * 1024
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WITHOUT_MARK = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
SAMPLE = b'<row Id="1" />'  # which an encoding with other signs, or one that is no text, changes
WIDE = ("utf-16", "utf-32")


def encoding_of(path: Path) -> str | None:
    """The encoding of an XML file by its first bytes; None for UTF-8. Raises `InvalidInput` for an unknown one."""
    with path.open("rb") as file:
        start = file.read(200)
    for mark, name in (*BYTE_ORDER_MARKS, *WITHOUT_MARK):
        if start.startswith(mark):
            return name
    declared = DECLARED.match(start)
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared[1].decode()).name
        is_text = name.startswith(WIDE) or SAMPLE.decode(name, "replace").encode() == SAMPLE
        name = name if is_text else ""
    except (LookupError, UnicodeError):
        name = ""
    if not name:
        raise InvalidInput(
            _("%(file)s is in the encoding %(name)s, which is unknown.", file=path.name, name=declared[1].decode())
        )
    # A file that declares UTF-16 but has single bytes was written by a program that declares what it thinks in.
    return None if name in ("utf-8", "ascii") or name.startswith(WIDE) else name


def convert(path: Path, encoding: str, copy: Path) -> None:
    """Write the file as UTF-8 into `copy`; what cannot be decoded becomes U+FFFD."""
    with copy.open("wb") as target:
        target.writelines(decoded(path, encoding))


def decoded(path: Path, encoding: str) -> Iterator[bytes]:
    """The content of a file as pieces of UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks(path):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def chunks(path: Path) -> Iterator[bytes]:
    """The content of a file in pieces of CHUNK_BYTES."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk

"""Write the headers of mails so that a reader sees what was typed, and nothing typed becomes a header of its own.

The library's own header objects decode encoded words (RFC 2047) in what they are given, line breaks included, and some
versions of Python write the result as it is: a subject could bring along other headers and a body. Here values are
plain text that is never decoded.
"""

import re
from base64 import b64encode
from email import message_from_bytes
from email.message import Message
from email.policy import EmailPolicy, compat32

from ..email_addresses import ENCODED_WORD, is_plain_address, sendable_address
from ..text import well_formed

LINE_MAX = 76  # of a line with encoded words (RFC 2047, 2)
RAW_MAX = 900  # bytes of a header that is written as it is in UTF-8; a line has at most 998 (RFC 5322, 2.1.1)
BEFORE_WORD, BEHIND_WORD = "=?utf-8?b?", "?="
# What no header may hold, and what some mail programs take for the end of a line.
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")  # a phrase that needs no quotes (RFC 5322, 3.2.3)
QUOTED, QUOTED_PAIR = re.compile(r'"(.*)"'), re.compile(r"\\(.)")
NAME = re.compile(r"[!-9;-~]+")  # of a header (RFC 5322, 2.2)
TEXT, MAILBOXES = {"subject"}, {"from", "to", "reply-to"}


class UnwritableHeader(ValueError):
    """A header would become another one, or more than one."""


class HeaderPolicy(EmailPolicy):
    """Keeps the values of headers as text. Writes subjects and addresses by the rules below, all others as they are,
    long ones with each word on a line of its own: mail programs read ids and addresses (RFC 2369, 5322) only unencoded.
    """

    def header_store_parse(self, name: str, value: object) -> tuple[str, str]:
        text = str(value)
        if not NAME.fullmatch(name) or BREAKS.search(text):
            raise UnwritableHeader(f"a header of a mail is no plain text: {name!r}")
        return name, text

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value

    def fold(self, name: str, value: str) -> str:
        lines = written(name, value, is_utf8=self.utf8).split("\n")
        return f"{name}: {self.linesep.join(lines)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode()


POLICY = HeaderPolicy(linesep="\r\n")


def one_line(text: str) -> str:
    """`text` as a header can hold it: one line, without control characters."""
    return " ".join(BREAKS.sub(" ", well_formed(text)).split())


def written(name: str, value: str, *, is_utf8: bool) -> str:
    """The value of a header as it is written, in lines. Raises `UnwritableHeader` for one that cannot be written."""
    if name.lower() in TEXT:
        return encoded(value, used=len(name) + 2, is_utf8=is_utf8)
    if name.lower() in MAILBOXES:
        return _mailbox(value, used=len(name) + 2, is_utf8=is_utf8)
    if not value.isascii():
        raise UnwritableHeader(f"a header of a mail is not ASCII: {name}")
    return value if len(name) + 2 + len(value) <= LINE_MAX else "\n ".join(value.split())


def encoded(text: str, *, used: int, is_utf8: bool) -> str:
    """`text` so that readers show exactly it: as it is if it holds no encoded word, else in encoded words."""
    is_raw = is_utf8 or (text.isascii() and used + len(text) <= LINE_MAX)
    if is_raw and ENCODED_WORD not in text and len(text.encode()) <= RAW_MAX:
        return text
    words: list[bytes] = []
    piece = b""
    for character in text:
        room = (LINE_MAX - (1 if words else used) - len(BEFORE_WORD + BEHIND_WORD)) // 4 * 3  # bytes in Base64
        if len(piece) + len(character.encode()) > room:
            words.append(piece)
            piece = b""
        piece += character.encode()
    return "\n ".join(f"{BEFORE_WORD}{b64encode(word).decode()}{BEHIND_WORD}" for word in (*words, piece))


def split_mailbox(value: str) -> tuple[str, str]:
    """The name and the address of `Madang <noreply@example.org>` or `noreply@example.org`; nothing is decoded."""
    if not value.rstrip().endswith(">"):
        return "", value.strip()
    name, _less, address = value.rstrip()[:-1].rpartition("<")
    quoted = QUOTED.fullmatch(name.strip())
    return (QUOTED_PAIR.sub(r"\1", quoted[1]) if quoted else name.strip()), address.strip()


def _mailbox(value: str, *, used: int, is_utf8: bool) -> str:
    name, address = split_mailbox(value)
    address = sendable_address(address)
    if not is_plain_address(address) or not (is_utf8 or address.isascii()):
        raise UnwritableHeader("an address of a mail cannot be written")
    if not name:
        return address
    if ATOMS.fullmatch(name) and ENCODED_WORD not in name and used + len(name) <= LINE_MAX:
        return f"{name} <{address}>"
    if name.isascii() and ENCODED_WORD not in name and used + 2 * len(name) <= LINE_MAX:
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f'"{quoted}" <{address}>'
    words = encoded(name, used=used, is_utf8=False)
    return f"{words}\n <{address}>"


def check_headers(content: bytes, message: Message) -> None:
    """Raise `UnwritableHeader` if a mail as it is sent has other headers than `message`, or another beginning."""
    read = message_from_bytes(content, policy=compat32)
    head = content.partition(b"\r\n\r\n")[0]
    is_clean = not re.search(rb"\x00|\r(?!\n)|(?<!\r)\n", head)
    if read.keys() != message.keys() or read.defects or not is_clean:
        raise UnwritableHeader("a mail has other headers than it was given")

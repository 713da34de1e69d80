"""Bringing a page from the web, for somebody who gave its address: within limits of time, size and place."""

import io
import re
import socket
import ssl
import zlib
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, quote, urljoin

from madang.core.i18n import _

from .addresses import Address, NotFetched, check_url, public_addresses

SECONDS = 5.0
MAX_BYTES = 2 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
READABLE = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
AGENT = "Madang (word counter)"
CHARSETS = re.compile(r"utf-?8|utf-?16(?:[bl]e)?|us-ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp(?:949|932|936|125\d)"
                      r"|euc-?(?:kr|jp)|ks_c_5601-1987|shift_?jis|gb(?:k|2312|18030)|big5|koi8-[ru]")  # fmt: skip
KOREAN = ("euckr", "euc-kr", "ks_c_5601-1987")
IN_HEAD = re.compile(rb"<meta[^>]{0,500}charset\s*=\s*[\"']?([\w-]{2,30})", re.I)
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the address that answered in the end, its kind and its text."""

    url: str
    is_html: bool
    text: str


def fetch_page(url: str) -> Page:
    """Bring the page at `url`. Raises `NotFetched` with a sentence for whatever hinders it."""
    until = monotonic() + SECONDS
    for _step in range(MAX_REDIRECTS + 1):
        try:
            answer = _ask(check_url(url), until)
        except TimeoutError:
            raise NotFetched(_("The page did not come within %(seconds)s seconds.", seconds=int(SECONDS))) from None
        except ssl.SSLCertVerificationError:
            raise NotFetched(_("The site has no valid certificate, so we do not know whose page it is.")) from None
        except (OSError, HTTPException, ValueError, zlib.error):
            raise NotFetched(_("The site did not answer as a web site does.")) from None
        if isinstance(answer, Page):
            return answer
        url = answer
    raise NotFetched(_("The address led on to others more than %(count)s times.", count=MAX_REDIRECTS))


class _Incoming(io.RawIOBase):
    """What a socket brings, up to a moment and up to a number of bytes, however slowly or endlessly it is sent."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until = connection, until
        self._left = MAX_BYTES + MAX_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_seconds_left(self._until))
        count = self._connection.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise _too_large()
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What HTTPResponse reads from."""
        return io.BufferedReader(self)


def _seconds_left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_large() -> NotFetched:
    return NotFetched(_("The page is larger than %(size)s MB.", size=MAX_BYTES // 1024**2))


def _ask(parts: SplitResult, until: float) -> Page | str:
    """The page, or the address that it leads on to."""
    with _connect(parts, until) as connection:
        connection.settimeout(_seconds_left(until))
        connection.sendall(_request(parts))
        response = HTTPResponse(_Incoming(connection, until))  # type: ignore[arg-type]
        response.begin()
        if response.status in REDIRECTS and (target := response.getheader("Location")):
            return urljoin(parts.geturl(), target.encode("latin-1").decode("utf-8", "replace").strip())
        if response.status != 200:
            raise NotFetched(_("The site answered with status %(status)s instead of a page.", status=response.status))
        kind = response.getheader("Content-Type", "text/html")
        name = kind.partition(";")[0].strip().lower()
        if name not in READABLE:
            raise NotFetched(_("There is no page of text at this address, but %(kind)s.", kind=name[:100]))
        packed = response.read(MAX_BYTES + 1)
        if response.length and len(packed) <= MAX_BYTES:
            raise IncompleteRead(packed, response.length)
        content = _unpacked(packed, response.getheader("Content-Encoding", ""))
    return Page(parts.geturl(), name not in ("text/plain", "text/markdown"), _decoded(content, kind))


def _connect(parts: SplitResult, until: float) -> socket.socket:
    """A connection to the very address that was checked; the name is only said to the site, and its certificate's."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect_to_one(public_addresses(host, port, _seconds_left(until)), port, until)
    if parts.scheme == "http":
        return connection
    connection.settimeout(_seconds_left(until))
    return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


def _connect_to_one(addresses: list[Address], port: int, until: float) -> socket.socket:
    """A connection to the first address that answers; a silent one does not use up the time of the next."""
    last = len(addresses) - 1
    for number, address in enumerate(addresses):
        seconds = _seconds_left(until) / (1 if number == last else 2)
        try:
            return socket.create_connection((str(address), port), timeout=seconds)
        except OSError:
            if number == last:
                raise
    raise OSError("no address")


def _request(parts: SplitResult) -> bytes:
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='%/?:@!$&()*+,;=~')}" if parts.query else ""
    lines = (
        f"GET {path}{query} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {AGENT}",
        f"Accept: {', '.join(READABLE)}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _unpacked(content: bytes, encoding: str) -> bytes:
    """The content without the packing that some sites use unasked; never more than may be."""
    if encoding.strip().lower() in ("gzip", "x-gzip", "deflate") and len(content) <= MAX_BYTES:
        unpacking = zlib.decompressobj(wbits=47)
        content = unpacking.decompress(content, MAX_BYTES + 1)
        if len(content) <= MAX_BYTES and not unpacking.eof:
            raise zlib.error("incomplete")
    elif encoding.strip().lower() not in ("", "identity"):
        raise NotFetched(_("The site did not answer as a web site does."))
    if len(content) > MAX_BYTES:
        raise _too_large()
    return content


def _decoded(content: bytes, kind: str) -> str:
    """The text of a page, in the encoding that its header or its head names."""
    named = re.search(r"charset\s*=\s*[\"']?([\w-]+)", kind, re.I)
    in_head = IN_HEAD.search(content[:HEAD_BYTES])
    name = (named[1] if named else in_head[1].decode("ascii", "replace") if in_head else "utf-8").lower()
    if name in KOREAN:  # what is sent under these names has more syllables than they
        name = "cp949"
    try:
        return content.decode(name if CHARSETS.fullmatch(name) else "utf-8", "replace").lstrip("\ufeff")
    except LookupError:
        return content.decode("utf-8", "replace")

"""HTTP client that fetches a page from a user's address, with limits of time and size and protection against SSRF."""

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

from .addresses import Address, FetchError, check_url, public_addresses

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 2 * 1024 * 1024
MAX_HEADER_BYTES = 64 * 1024
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
READABLE = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
USER_AGENT = "Madang (word counter)"
CHARSETS = re.compile(r"utf-?8|utf-?16(?:[bl]e)?|us-ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp(?:949|932|936|125\d)"
                      r"|euc-?(?:kr|jp)|ks_c_5601-1987|shift_?jis|gb(?:k|2312|18030)|big5|koi8-[ru]")  # fmt: skip
KOREAN = ("euckr", "euc-kr", "ks_c_5601-1987")
META_CHARSET = re.compile(rb"<meta[^>]{0,500}charset\s*=\s*[\"']?([\w-]{2,30})", re.I)
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: its address after redirects, whether it is HTML, and its text."""

    url: str
    is_html: bool
    text: str


def fetch_page(url: str) -> Page:
    """Fetch the page at `url`, following up to `MAX_REDIRECTS` redirects. Raises `FetchError`."""
    deadline = monotonic() + TIMEOUT_SECONDS
    for _step in range(MAX_REDIRECTS + 1):
        try:
            result = _get(check_url(url), deadline)
        except TimeoutError:
            raise FetchError(
                _("The page did not load within %(seconds)s seconds.", seconds=int(TIMEOUT_SECONDS))
            ) from None
        except ssl.SSLCertVerificationError:
            raise FetchError(_("The site has no valid certificate, so we do not know whose page it is.")) from None
        except (OSError, HTTPException, ValueError, zlib.error):
            raise FetchError(_("The site did not answer like a web site.")) from None
        if isinstance(result, Page):
            return result
        url = result
    raise FetchError(_("The address redirected more than %(count)s times.", count=MAX_REDIRECTS))


class _LimitedReader(io.RawIOBase):
    """Reader of a socket with a deadline and a maximum number of bytes for the whole response."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection, self._deadline = connection, deadline
        self._bytes_left = MAX_BYTES + MAX_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_seconds_left(self._deadline))
        count = self._connection.recv_into(buffer)
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise _too_large_error()
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Called by `HTTPResponse` in place of the socket's method."""
        return io.BufferedReader(self)


def _seconds_left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_large_error() -> FetchError:
    return FetchError(_("The page is larger than %(size)s MB.", size=MAX_BYTES // 1024**2))


def _get(parts: SplitResult, deadline: float) -> Page | str:
    """Request a page. Returns it, or the address to which it redirects."""
    with _connect(parts, deadline) as connection:
        connection.settimeout(_seconds_left(deadline))
        connection.sendall(_request_bytes(parts))
        response = HTTPResponse(_LimitedReader(connection, deadline))  # type: ignore[arg-type]
        response.begin()
        if response.status in REDIRECTS and (target := response.getheader("Location")):
            return urljoin(parts.geturl(), target.encode("latin-1").decode("utf-8", "replace").strip())
        if response.status != 200:
            raise FetchError(_("The site answered with status %(status)s instead of a page.", status=response.status))
        kind = response.getheader("Content-Type", "text/html")
        name = kind.partition(";")[0].strip().lower()
        if name not in READABLE:
            raise FetchError(_("This address leads to %(kind)s, not to a text page.", kind=name[:100]))
        body = response.read(MAX_BYTES + 1)
        if response.length and len(body) <= MAX_BYTES:
            raise IncompleteRead(body, response.length)
        content = _decompress(body, response.getheader("Content-Encoding", ""))
    return Page(parts.geturl(), name not in ("text/plain", "text/markdown"), _decode(content, kind))


def _connect(parts: SplitResult, deadline: float) -> socket.socket:
    """Connect to an IP address that was checked; the name is only used for the TLS certificate."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect_to_one(public_addresses(host, port, _seconds_left(deadline)), port, deadline)
    if parts.scheme == "http":
        return connection
    connection.settimeout(_seconds_left(deadline))
    return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


def _connect_to_one(addresses: list[Address], port: int, deadline: float) -> socket.socket:
    """Connect to the first address that answers; each but the last may take half of the remaining time."""
    last = len(addresses) - 1
    for number, address in enumerate(addresses):
        seconds = _seconds_left(deadline) / (1 if number == last else 2)
        try:
            return socket.create_connection((str(address), port), timeout=seconds)
        except OSError:
            if number == last:
                raise
    raise OSError("no address")


def _request_bytes(parts: SplitResult) -> bytes:
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='%/?:@!$&()*+,;=~')}" if parts.query else ""
    lines = (
        f"GET {path}{query} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {USER_AGENT}",
        f"Accept: {', '.join(READABLE)}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _decompress(content: bytes, encoding: str) -> bytes:
    """Decompress content, which some sites compress unrequested. Raises `FetchError` if it is too large."""
    if encoding.strip().lower() in ("gzip", "x-gzip", "deflate") and len(content) <= MAX_BYTES:
        decompressor = zlib.decompressobj(wbits=47)
        content = decompressor.decompress(content, MAX_BYTES + 1)
        if len(content) <= MAX_BYTES and not decompressor.eof:
            raise zlib.error("incomplete")
    elif encoding.strip().lower() not in ("", "identity"):
        raise FetchError(_("The site did not answer like a web site."))
    if len(content) > MAX_BYTES:
        raise _too_large_error()
    return content


def _decode(content: bytes, kind: str) -> str:
    """Decode a page by the charset of its Content-Type header, else of its meta element, else as UTF-8."""
    header = re.search(r"charset\s*=\s*[\"']?([\w-]+)", kind, re.I)
    meta = META_CHARSET.search(content[:HEAD_BYTES])
    name = (header[1] if header else meta[1].decode("ascii", "replace") if meta else "utf-8").lower()
    if name in KOREAN:  # pages with these names often use the superset cp949
        name = "cp949"
    try:
        return content.decode(name if CHARSETS.fullmatch(name) else "utf-8", "replace").lstrip("\ufeff")
    except LookupError:
        return content.decode("utf-8", "replace")

"""Fetching pages: only from public addresses, with limits of time and size."""

import gzip
import socket
import threading
from ipaddress import ip_address
from time import monotonic

import pytest

from madang.tools.operations import addresses, fetching
from madang.tools.operations.addresses import FetchError, check_url, is_public, public_addresses
from madang.tools.operations.fetching import fetch_page
from tests.certificates import make_certificate, server_context
from tests.timing import TIMEOUT_SECONDS
from tests.tools.sites import page, redirect_to, serving

PRIVATE = [
    "127.0.0.1", "127.255.0.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.100.100.200",
    "100.64.0.1", "192.0.0.192",
    "168.63.129.16", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fec0::1", "fc00::1",
    "fd00:ec2::254",
    "ff02::1", "2001:db8::1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:1::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[fe80::1%25eth0]/",
    "http://0/", "http://0.0.0.0:8080/", "http://localhost/", "http://localhost.:5000/", "http://LOCALHOST/",
    "http://a.localhost/",
    "http://printer/", "http://nas.local/", "http://metadata.google.internal/", "http://169.254.169.254/latest/meta-data/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_reserved_addresses_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_global_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("url", REFUSED)
def test_a_private_address_is_refused_in_any_notation(url):
    with pytest.raises(FetchError, match="not on the public internet"):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("javascript:alert(1)", "begins with http"),
        ("gopher://example.org/", "begins with http"),
        ("no address", "begins with http"),
        ("example.org/page", "begins with http"),
        ("http://", "not the address"),
        ("http://[::1", "not the address"),
        ("http://example.org:99999/", "not the address"),
        ("http://example.org/\r\nX-More: 1", "not the address"),
        ("http://example.org/" + "a" * 3000, "not the address"),
        ("http://ann:secret@example.org/", "without a name and password"),
        ("http://example.org:25/", "port 25"),
    ],
)
def test_an_invalid_url_is_refused_with_a_reason(url, words):
    with pytest.raises(FetchError, match=words):
        check_url(url)


def _resolve_to(monkeypatch, *resolved: str) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in resolved]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answers)


@pytest.mark.parametrize("resolved", [["127.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"], ["1.1.1.1", "10.0.0.1"]])
def test_a_name_of_a_private_address_is_refused(monkeypatch, resolved):
    _resolve_to(monkeypatch, *resolved)
    with pytest.raises(FetchError, match="not on the public internet"):
        public_addresses("inside.example.org", 80, 5)


def test_fullwidth_digits_are_not_a_way_around():
    with pytest.raises(FetchError, match="not on the public internet"):
        public_addresses("１２７.０.０.１", 80, 5)


def test_an_unknown_name_is_refused(monkeypatch):
    def fail(*_args, **_options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FetchError, match=r"No site was found at nowhere\.example"):
        public_addresses("nowhere.example", 80, 5)


def test_a_resolver_that_never_answers_times_out(monkeypatch):
    never = threading.Event()

    def wait(*_args, **_options):
        never.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    started = monotonic()
    with pytest.raises(FetchError, match="did not load within"):
        public_addresses("slow.example", 80, 0.1)
    never.set()
    assert monotonic() - started < 5


@pytest.fixture
def site(monkeypatch):
    """A local site that counts as public; `names` records the resolved host names."""
    names: list[str] = []

    def find(host: str, _port: int, _seconds: float):
        names.append(host)
        return [ip_address("127.0.0.1")]

    with serving() as site:
        monkeypatch.setattr(fetching, "public_addresses", find)
        monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 3.0)
        site.names = names
        site.url = f"http://yard.example.org:{site.port}"
        yield site


def test_a_page_is_fetched_with_its_text(site):
    site.answers["/about?q=1"] = page("<p>Hello 마당</p>")
    fetched = fetch_page(f"{site.url}/about?q=1#top")
    assert (fetched.is_html, fetched.text) == (True, "<p>Hello 마당</p>")
    assert f"Host: yard.example.org:{site.port}\r\n" in site.requests[0]
    assert site.names == ["yard.example.org"]


@pytest.mark.parametrize(
    ("content", "kind", "headers"),
    [
        ("마당".encode("cp949"), "text/html; charset=EUC-KR", {}),
        ('<meta charset="euc-kr">마당'.encode("cp949"), "text/html", {}),
        ("마당".encode("utf-16"), "text/plain; charset=utf-16", {}),
        ("마당".encode(), "text/plain; charset=nonsense", {}),
        ("마당".encode(), "text/plain; charset=zlib_codec", {}),
        (gzip.compress("마당".encode(), mtime=0), "text/plain; charset=utf-8", {"Content_Encoding": "gzip"}),
    ],
    ids=["euc-kr", "named in its head", "utf-16", "unknown", "no text", "packed"],
)
def test_encodings_are_decoded(site, content, kind, headers):
    site.answers["/"] = page(content, kind, **headers)
    assert fetch_page(site.url).text.endswith("마당")


def test_at_most_three_redirects_are_followed(site):
    site.answers |= {f"/{n}": redirect_to(f"/{n + 1}") for n in range(4)}
    site.answers["/4"] = page("here")
    assert fetch_page(f"{site.url}/1").text == "here"
    with pytest.raises(FetchError, match="more than 3 times"):
        fetch_page(f"{site.url}/0")


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "//[::ffff:a00:1]/", "file:///etc/passwd", "http://2130706433/"]
)
def test_a_redirect_to_a_private_address_is_refused(site, target):
    site.answers["/"] = redirect_to(target)
    with pytest.raises(FetchError, match=r"public internet|begins with http"):
        fetch_page(site.url)
    assert len(site.requests) == 1


def test_a_name_that_is_rebound_to_a_private_address_is_refused(site, monkeypatch):
    """The second lookup of the name gives another address, which is checked before any connection (DNS rebinding)."""
    calls = []

    def rebind(host, port, seconds):
        calls.append(host)
        if len(calls) == 1:
            return [ip_address("127.0.0.1")]
        return public_addresses(host, port, seconds)

    monkeypatch.setattr(fetching, "public_addresses", rebind)
    monkeypatch.setattr(addresses, "resolve", lambda *_args: [ip_address("169.254.169.254")])
    site.answers["/"] = redirect_to("/again")
    with pytest.raises(FetchError, match="not on the public internet"):
        fetch_page(site.url)
    assert len(site.requests) == 1


def test_the_checked_address_is_connected_to(site, monkeypatch):
    connected = []
    real = socket.create_connection

    def record(address, timeout=None):
        connected.append(address)
        return real(address, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", record)
    site.answers["/"] = page("here")
    fetch_page(site.url)
    assert connected == [("127.0.0.1", site.port)]


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_page_that_arrives_too_slowly_times_out(site, monkeypatch, start):
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.5)

    def answer(connection):
        connection.sendall(start)
        site.drip(b"1\r\nx\r\n" if b"chunked" in start else b"x", 0.1)(connection)

    site.answers["/"] = answer
    started = monotonic()
    with pytest.raises(FetchError, match="did not load within"):
        fetch_page(site.url)
    assert monotonic() - started < 3


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_an_endless_page_is_refused(site, start):
    def answer(connection):
        connection.sendall(start)
        site.drip(b"x" * 65536, 0)(connection)

    site.answers["/"] = answer
    with pytest.raises(FetchError, match=r"larger than 2 MB|like a web site"):
        fetch_page(site.url)


def test_a_page_that_decompresses_to_too_much_is_refused(site):
    site.answers["/"] = page(gzip.compress(bytes(50_000_000)), "text/plain", Content_Encoding="gzip")
    with pytest.raises(FetchError, match="larger than 2 MB"):
        fetch_page(site.url)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page("", status="404 Not Found"), "status 404"),
        (page("", status="302 Found"), "status 302"),
        (page(b"\x89PNG", "image/png"), "leads to image/png"),
        (page("x", Content_Encoding="br"), "like a web site"),
        (page("x", Content_Encoding="gzip"), "like a web site"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "like a web site"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "like a web site"),
        (b"", "like a web site"),
    ],
)
def test_other_responses_are_refused_with_a_reason(site, answer, words):
    site.answers["/"] = answer
    with pytest.raises(FetchError, match=words):
        fetch_page(site.url)


def test_a_refused_connection_is_explained(site):
    site.close()
    with pytest.raises(FetchError, match="like a web site"):
        fetch_page(site.url)


@pytest.mark.parametrize(
    ("host", "is_trusted", "is_read"),
    [
        ("yard.example.org", True, True),
        ("yard.example.org", False, False),
        ("other.example.org", True, False),
    ],
)
def test_a_page_is_read_only_with_a_certificate_of_its_name(site, tmp_path, monkeypatch, host, is_trusted, is_read):
    path = make_certificate(tmp_path, host=host)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    site.context = server_context(path)
    site.answers["/"] = page("here")
    url = site.url.replace("http:", "https:")
    if is_read:
        assert fetch_page(url).text == "here"
    else:
        with pytest.raises(FetchError, match="no valid certificate"):
            fetch_page(url)
        assert site.requests == [], "nothing was sent"


def test_a_failed_tls_handshake_is_explained(site):
    with pytest.raises(FetchError, match="like a web site"):
        fetch_page(site.url.replace("http:", "https:"))

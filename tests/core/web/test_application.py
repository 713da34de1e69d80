"""The application class: which values of the header Host are refused."""

import pytest

from madang.core.web.application import Application, is_host, trust_proxies

GOOD = [
    *("localhost", "localhost:5000", "example.org", "EXAMPLE.org.", "a_b.example.org", "127.0.0.1:80", "1.2.3.4"),
    *("[::1]", "[::1]:8000", "[2001:db8::7]", "xn--9t4b11yi5a.kr", "a-b.c", "yard.example.org:65535"),
]
BAD = [
    *(
        "",
        "a b",
        "a..b",
        "..",
        ".",
        ".a",
        "[::1",
        "::1",
        "[]",
        "[::1]x",
        "host:",
        "host:x",
        "host:65536",
        "host:999999",
    ),
    *("a/b", "a@b", 'a"b', "<a>", "a\\b", "a,b", "a%20b", "a?b", "a#b", "a;b", "a\tb", "host\n", "\u00e9", "한글.kr"),
    *("a" * 64, "a." * 140, "xn--zz--", "host:-1", "host:1:2"),
]


@pytest.mark.parametrize("host", GOOD)
def test_a_host_name_or_address_with_or_without_a_port_is_a_host(host):
    assert is_host(host)


@pytest.mark.parametrize("host", BAD)
def test_anything_else_is_none(host):
    assert not is_host(host)


@pytest.mark.parametrize("path", ["/", "/api/v1/posts", "/feed.atom", "/nowhere"])
@pytest.mark.parametrize("host", ["a..b", "a b", "a@b", "[::1"])
def test_a_request_to_a_malformed_host_is_refused(visitor, path, host):
    response = visitor.get(path, headers={"Host": host})
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert "Host" in response.text


def test_a_host_that_a_trusted_proxy_forwards_is_checked_too():
    app = Application(__name__)
    trust_proxies(app, 1)
    client, headers = app.test_client(), {"X-Forwarded-For": "192.0.2.7"}
    assert client.get("/", headers={**headers, "X-Forwarded-Host": "a..b"}).status_code == 400
    assert client.get("/", headers={**headers, "X-Forwarded-Host": "example.org"}).status_code == 404

"""Idempotency keys: fingerprints of requests, limits of keys."""

from io import BytesIO

import pytest

from madang.core.errors import InvalidInput
from madang.core.rest.idempotency import KEY, MAX_KEY_LENGTH, _fingerprint, respond_once

from .asking import asking

WORDS = {"data": b'{"title": "x"}', "content_type": "application/json"}


def fingerprint(app, path: str = "/posts", method: str = "POST", **options) -> str:
    with asking(app, path, method=method, **{**WORDS, **options}):
        return _fingerprint()


def test_the_same_request_has_the_same_fingerprint(bare):
    assert fingerprint(bare) == fingerprint(bare)
    assert fingerprint(bare, headers={"X-Other": "header"}) == fingerprint(bare)


@pytest.mark.parametrize(
    "other",
    [
        {"method": "PUT"},
        {"path": "/comments"},
        {"path": "/posts?draft=1"},
        {"data": b'{"title": "y"}'},
        {"data": b'{"title":"x"}'},
        {"data": b""},
        {"content_type": "text/plain"},
    ],
)
def test_another_method_url_media_type_or_body_has_another_fingerprint(bare, other):
    assert fingerprint(bare, **other) != fingerprint(bare)


def test_the_parts_of_a_fingerprint_are_separated(bare):
    first = fingerprint(bare, path="/posts", data=b"x", content_type="text/plain")
    second = fingerprint(bare, path="/post", data=b"x", content_type="stext/plain")
    assert first != second


def form(boundary: str, content: bytes) -> dict:
    body = b"--%s\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n%s\r\n--%s--" % (
        boundary.encode(), content, boundary.encode()
    )  # fmt: skip
    return {"input_stream": BytesIO(body), "content_length": len(body), "data": None,
            "content_type": f"multipart/form-data; boundary={boundary}"}  # fmt: skip


def test_the_boundary_of_a_form_does_not_change_the_fingerprint(bare):
    assert fingerprint(bare, **form("abc123", b"words")) == fingerprint(bare, **form("xyz789", b"words"))
    assert fingerprint(bare, **form("abc123", b"words")) != fingerprint(bare, **form("abc123", b"other"))


def test_without_a_key_each_request_is_executed(bare):
    done = []
    with asking(bare, method="POST"):
        for _time in range(2):
            respond_once(lambda: done.append("done"))
    assert done == ["done", "done"]


@pytest.mark.parametrize("key", ["", "x" * (MAX_KEY_LENGTH + 1)])
def test_an_empty_or_too_long_key_is_refused_before_the_view_runs(bare, key):
    with asking(bare, method="POST", headers={KEY: key}), pytest.raises(InvalidInput) as refused:
        respond_once(lambda: pytest.fail("this was done"))
    assert refused.value.fields == {KEY: "Keys have 1 to 200 characters."}

"""Forms have bounds that are checked before they are parsed, and no page repeats what somebody sends without one."""

import pytest

from madang.core.web.application import MAX_SMALL_FORM_BYTES
from madang.core.web.error_pages import MAX_SHOWN_CHARACTERS, MAX_SHOWN_FIELDS

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
MANY = 1_001


def _parts(count: int) -> str:
    part = '--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
    return part * count + "--b--\r\n"


@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/forgot", "/settings", "/posts/preview"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (URLENCODED, "a&" * MANY),
        (URLENCODED, "&" * MANY),
        (URLENCODED, "&".join(f"f{number}=x" for number in range(MANY))),
        (URLENCODED, "csrf_token=x" + "&=" * MANY),
        (MULTIPART, _parts(MANY)),
    ],
    ids=["names", "separators", "fields", "nothing", "parts"],
)
def test_a_form_of_more_than_a_thousand_fields_is_refused(visitor, path: str, content_type: str, body: str):
    response = visitor.client.post(path, data=body, content_type=content_type)
    assert response.status_code == 413
    assert len(response.data) < 50_000


@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/forgot"])
@pytest.mark.parametrize("name", ["username", "anything"])
def test_a_form_that_anybody_may_send_is_short(visitor, path: str, name: str):
    body = f"{name}=" + "x" * MAX_SMALL_FORM_BYTES
    assert visitor.client.post(path, data=body, content_type=URLENCODED).status_code == 413
    parts = {name: "x" * 3 * MAX_SMALL_FORM_BYTES}
    assert visitor.client.post(path, data=parts, content_type=MULTIPART.partition(";")[0]).status_code == 413
    answer = visitor.client.post("/api/v1" + path, json={name: "x" * MAX_SMALL_FORM_BYTES})
    assert answer.status_code in (404, 413)


def test_a_form_with_a_long_text_is_not(app, ann):
    body = "body=" + "x" * app.config["MAX_FORM_MEMORY_SIZE"]
    assert ann.client.post("/posts/preview", data=body, content_type=URLENCODED).status_code == 413
    assert ann.post("/posts/preview", body="%F0%9F%98%80" * 8_000).status_code == 200


@pytest.mark.parametrize(
    ("fields", "is_resent"),
    [
        ({"title": "A title", "body": "x" * 100_000}, True),
        ({f"f{number}": "x" for number in range(MAX_SHOWN_FIELDS)}, True),
        ({f"f{number}": "x" for number in range(MAX_SHOWN_FIELDS + 1)}, False),
        ({"title": "A title", "body": "x" * MAX_SHOWN_CHARACTERS}, False),
        ({"x" * MAX_SHOWN_CHARACTERS: "A value"}, False),
        ({f"{number}": '"' * 1_000 for number in range(900)}, False),
    ],
)
def test_the_page_of_an_expired_form_repeats_what_it_can_send_again(ann, fields: dict, is_resent: bool):
    """All of it or nothing; and it never grows with what was sent."""
    origin = {"Origin": "http://localhost"}
    response = ann.client.post("/posts/preview", data={**fields, "csrf_token": "old"}, headers=origin)
    assert response.status_code == 400
    assert ("hidden" in response.text.partition("data-guard")[2].partition("</form>")[0]) is is_resent
    assert len(response.data) < 12 * MAX_SHOWN_CHARACTERS

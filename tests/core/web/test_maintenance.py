"""`madang maintenance on`: everything can be read, nothing can be written."""

import pytest

from madang.cli import cli
from madang.core.site import SECONDS
from madang.core.ttl_cache import clear_all
from madang.core.web.maintenance import RETRY_AFTER_SECONDS

BANNER = "The site is being worked on: everything can be read"


@pytest.fixture(autouse=True)
def pauses(monkeypatch) -> list[float]:
    """The seconds for which the command waits, which pass at once."""
    seconds: list[float] = []
    monkeypatch.setattr("madang.cli.serving.sleep", seconds.append)
    return seconds


def switch(app, state: str) -> str:
    result = app.test_cli_runner().invoke(cli, ["maintenance", state])
    assert result.exit_code == 0, result.output
    clear_all()  # other processes follow within two seconds
    return result.output


@pytest.fixture
def post_id(ann) -> int:
    return ann.ask("Who has the key to the gate?")


def test_pages_can_be_read_and_say_so(app, ann, post_id):
    assert BANNER not in ann.page("/")
    assert "nothing can be written" in switch(app, "on")
    for path in ("/", f"/posts/{post_id}"):
        assert BANNER in ann.page(path)
    assert ann.get("/api/v1/posts").status_code == 200


def test_the_command_ends_when_no_process_takes_writes_any_more(app, pauses):
    switch(app, "on")
    assert pauses == [SECONDS]
    switch(app, "off")
    assert pauses == [SECONDS]


@pytest.mark.parametrize("path", ["/posts/new", "/auth/login", "/nowhere"])
def test_writes_are_refused_with_a_page(app, ann, path):
    switch(app, "on")
    response = ann.post(path, title="A", body="B")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == str(RETRY_AFTER_SECONDS)
    assert "Nothing can be written right now" in response.text


def test_the_page_is_in_the_language_of_its_reader(app, cho):
    switch(app, "on")
    response = cho.post("/posts/new", headers={"Accept-Language": "ko"}, title="A")
    assert response.status_code == 503
    assert "지금은 글을 쓸 수 없어요" in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writes_of_programs_are_refused_with_a_problem(app, ann, method):
    switch(app, "on")
    response = ann.client.open("/api/v1/posts/1", method=method, json={})
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.json["code"] == "maintenance"
    assert response.headers["Retry-After"] == str(RETRY_AFTER_SECONDS)


def test_staff_cannot_write_either(app, dan):
    switch(app, "on")
    assert dan.post("/posts/new", title="A", body="B").status_code == 503
    assert BANNER in dan.page("/")


def test_off_opens_the_site_again(app, ann, post_id):
    switch(app, "on")
    assert "can be written to again" in switch(app, "off")
    assert BANNER not in ann.page("/")
    assert ann.post(f"/posts/{post_id}/answers", body="Behind the gate, where the bench stands.").status_code == 302

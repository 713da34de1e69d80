"""Votes: one per person and post or comment, retracted by pressing again, not on one's own."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from madang.core.web import fragment_cache

pytestmark = pytest.mark.each_database


def test_pressing_twice_retracts_the_vote(ann, bob):
    question = ann.ask()
    page = bob.page(f"/posts/{question}")
    assert 'name="value" value="1" aria-pressed="false"' in page
    page = bob.htmx(f"/posts/{question}/votes", value="1").text
    assert 'name="value" value="0" aria-pressed="true"' in page
    assert ">1</b>" in page
    page = bob.htmx(f"/posts/{question}/votes", value="0").text
    assert ">0</b>" in page


def test_the_fragment_of_a_vote_is_cached_by_what_it_prints(ann, bob, monkeypatch):
    question = ann.ask()

    def vote_twice() -> list[str]:
        """The fragments, without the CSRF token, which is another one in the next second."""
        fragments = [bob.htmx(f"/posts/{question}/votes", value=value).text for value in ("1", "0")]
        return [re.sub('name="csrf_token" value="[^"]*"', "", fragment) for fragment in fragments]

    first = vote_twice()
    rendered = []
    monkeypatch.setattr(fragment_cache, "render_macro", lambda *arguments: rendered.append(arguments))
    assert vote_twice() == first
    assert rendered == [], "the key must not hold the entity of a request"


def test_voting_works_without_javascript(ann, bob):
    question = ann.ask()
    response = bob.post(f"/posts/{question}/votes", value="1")
    assert ">1</b>" in bob.follow(response)


def test_a_vote_can_change_direction(ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="1")
    assert ann.actor.reputation == 10
    assert ">-1</b>" in bob.htmx(f"/posts/{question}/votes", value="-1").text
    assert ann.actor.reputation == -2
    bob.post(f"/posts/{question}/votes", value="0")
    assert ann.actor.reputation == 0


def test_own_posts_and_comments_cannot_be_voted_on(ann):
    question = ann.ask()
    response = ann.post(f"/posts/{question}/votes", value="1")
    assert response.status_code == 403
    assert "You cannot vote for your own posts." in response.text
    comment = ann.comment(question)
    assert ann.post(f"/comments/{comment}/votes", value="1").status_code == 403


def test_talk_is_only_voted_up(ann, bob):
    talk = ann.ask("Just saying hello", board="talk")
    assert bob.post(f"/posts/{talk}/votes", value="-1").status_code == 403
    assert bob.post(f"/posts/{talk}/votes", value="1").status_code == 302


@pytest.mark.parametrize("value", ["", "2", "-2", "abc", "1.0", "\0", "99999999999999999999"])
def test_a_vote_is_up_down_or_none(ann, bob, value):
    assert bob.post(f"/posts/{ann.ask()}/votes", value=value).status_code == 422


def test_comments_can_be_voted_up_and_retracted(ann, bob):
    comment = bob.comment(ann.ask())
    assert ">1</b>" in ann.htmx(f"/comments/{comment}/votes", value="1").text
    assert ">0</b>" in ann.htmx(f"/comments/{comment}/votes", value="0").text
    assert ann.post(f"/comments/{comment}/votes", value="-1").status_code == 422


def test_simultaneous_presses_count_once(ann, bob, whole_app):
    question = ann.ask()
    token = bob.token
    cookie = bob.client.get_cookie(whole_app.config["SESSION_COOKIE_NAME"])

    def press(_):
        client = whole_app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        return client.post(f"/posts/{question}/votes", data={"csrf_token": token, "value": "1"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(press, range(16))) == {302}
    assert ">1</b>" in bob.page(f"/posts/{question}")
    assert ann.actor.reputation == 10


def test_a_visitor_is_redirected_to_the_login(ann, visitor):
    question = ann.ask()
    assert f"/auth/login?next=/posts/{question}" in visitor.page(f"/posts/{question}")
    assert visitor.post(f"/posts/{question}/votes", value="1").location.startswith("/auth/login")

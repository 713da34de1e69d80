"""Following people, tags, boards and questions: the button, permissions, counts, lists."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.admin.operations.counters import differences
from madang.core.clock import now
from madang.core.db import transaction

PATHS = ["/users/ann", "/tags/yard", "/boards/qa", "/posts/{question}"]


@pytest.fixture
def question(ann) -> int:
    return ann.ask("How do I move a yard?", tags="yard")


def follow(person, path: str, value: str = "1"):
    return person.post(f"{path}/follow", value=value)


def is_pressed(page: str, path: str) -> bool:
    """Whether the follow button of `path` is pressed."""
    found = re.search(rf'action="{re.escape(path)}/follow".*?aria-pressed="(true|false)"', page, re.S)
    assert found, page
    return found[1] == "true"


def suspend(person) -> None:
    with person.app.app_context(), transaction() as session:
        until = {"suspended_until": now() + timedelta(days=1)}
        session.execute(update(User).where(User.id == person.id).values(until))


def counter_differences(app) -> list[str]:
    with app.app_context():
        return [str(each) for each in differences()]


@pytest.mark.parametrize("address", PATHS)
def test_the_button_follows_and_unfollows(bob, question, address):
    path = address.format(question=question)
    assert not is_pressed(bob.page(path), path)
    response = follow(bob, path)
    assert response.location.startswith(path)
    assert is_pressed(bob.follow(response), path)
    follow(bob, path, "0")
    assert not is_pressed(bob.page(path), path)


@pytest.mark.parametrize("address", PATHS)
def test_htmx_returns_only_the_button(bob, question, address):
    path = address.format(question=question)
    piece = bob.htmx(f"{path}/follow", value="1").text
    assert is_pressed(piece, path) and "<html" not in piece
    assert not is_pressed(bob.htmx(f"{path}/follow", value="0").text, path)


def test_following_redirects_to_the_page_of_the_button(bob, question):
    response = bob.post("/tags/yard/follow", value="1", headers={"Referer": "http://localhost/?show=newest"})
    assert response.location == "/?show=newest"
    response = bob.post("/tags/yard/follow", value="0", headers={"Referer": "http://evil.example//evil.example"})
    assert not response.location.startswith(("http", "//"))


@pytest.mark.parametrize("address", PATHS)
def test_visitors_and_guests_are_redirected_to_the_log_in(visitor, question, address):
    path = address.format(question=question)
    assert f'href="/auth/login?next={path}"' in visitor.page(path)
    assert follow(visitor, path).location.startswith("/auth/login")
    visitor.page("/todos")  # creates a guest
    visitor.username, visitor._token = "guest", ""
    assert follow(visitor, path).location.startswith("/auth/login")


def test_missing_or_unsuitable_subjects_cannot_be_followed(app, ann, bob, dan, question):
    for path in ("/users/nobody", "/tags/nothing", "/boards/nowhere", "/posts/999999"):
        assert follow(bob, path).status_code == 404
    answer, talk = bob.answer(question), ann.ask(board="talk")
    assert follow(cho := bob, f"/posts/{answer}").status_code == 404
    assert follow(cho, f"/posts/{talk}").status_code == 404
    dan.post(f"/posts/{question}/delete")
    assert follow(bob, f"/posts/{question}").status_code == 410
    assert follow(bob, "/users/ann", "maybe").status_code == 422


def test_nobody_follows_themselves_or_their_own_question(ann, question):
    refused = follow(ann, "/users/ann")
    assert refused.status_code == 403 and "You cannot follow yourself." in refused.text
    assert follow(ann, f"/posts/{question}").status_code == 403
    assert "/follow" not in ann.page(f"/posts/{question}")
    assert 'action="/users/ann/follow"' not in ann.page("/users/ann")


def test_suspended_people_cannot_follow_but_can_unfollow(bob, ann, question):
    follow(bob, "/users/ann")
    suspend(bob)
    assert follow(bob, "/tags/yard").status_code == 403
    assert follow(bob, "/users/ann", "0").status_code == 302


def test_a_block_forbids_following_both_ways(ann, eve):
    ann.post("/messages/blocks/eve")
    refused = follow(eve, "/users/ann")
    assert refused.status_code == 403 and "You cannot follow ann." in refused.text
    refused = follow(ann, "/users/eve")
    assert refused.status_code == 403 and "unblock them first" in refused.text


def test_a_block_ends_follows_both_ways(app, ann, eve):
    follow(eve, "/users/ann")
    follow(ann, "/users/eve")
    ann.post("/messages/blocks/eve")
    assert not is_pressed(eve.page("/users/ann"), "/users/ann")
    assert not is_pressed(ann.page("/users/eve"), "/users/eve")
    assert counter_differences(app) == []


def test_suspended_people_cannot_be_followed_and_are_not_listed(ann, bob, eve):
    follow(eve, "/users/ann")
    follow(ann, "/users/eve")
    suspend(eve)
    refused = follow(bob, "/users/eve")
    assert refused.status_code == 403 and "suspended" in refused.text
    assert "/users/eve" not in bob.page("/users/ann/followers")
    assert "/users/eve" not in bob.page("/users/ann/following")


def test_follower_counts(app, ann, bob, cho, question):
    for person in (bob, cho):
        for path in ("/users/ann", "/tags/yard"):
            for _twice in range(2):
                follow(person, path)
    page = ann.page("/users/ann")
    assert re.search(r"<b>2</b> followers", page) and re.search(r"<b>0</b> following", page)
    assert re.search(r"<b>1</b> following", ann.page("/users/bob"))
    assert "<dt>Followers</dt><dd>2</dd>" in ann.page("/tags/yard")
    for _twice in range(2):
        follow(bob, "/users/ann", "0")
        follow(bob, "/tags/yard", "0")
    assert re.search(r"<b>1</b> follower<", ann.page("/users/ann"))
    assert counter_differences(app) == []


def listed_people(page: str) -> list[str]:
    """The people on a list."""
    return re.findall(r'data-card="(\w+)" class="name"', page)


def test_followers_and_followed_are_listed_latest_first(ann, bob, cho, dan, visitor):
    for person in (bob, cho, dan):
        follow(person, "/users/ann")
        follow(ann, f"/users/{person.username}")
    follow(bob, "/users/cho")
    page = bob.page("/users/ann/followers")
    assert listed_people(page) == ["dan", "cho", "bob"]
    assert is_pressed(page, "/users/cho") and not is_pressed(page, "/users/dan")
    assert 'action="/users/bob/follow"' not in page
    assert listed_people(visitor.page("/users/ann/following")) == ["dan", "cho", "bob"]


def test_lists_are_paged(monkeypatch, ann, bob, cho, dan):
    monkeypatch.setattr("madang.following.views.PEOPLE_PER_PAGE", 2)
    for person in (bob, cho, dan):
        follow(person, "/users/ann")
    page = ann.page("/users/ann/followers")
    older = re.search(r'href="(/users/ann/followers\?before=\d+)"', page)[1]
    assert listed_people(page) == ["dan", "cho"]
    page = ann.page(older)
    assert listed_people(page) == ["bob"] and "Show more" not in page
    assert "End of the list" in ann.page("/users/ann/followers?before=1")


def test_followed_tags_boards_and_questions_are_private(ann, bob, question):
    for path in ("/tags/yard", "/boards/qa", f"/posts/{question}"):
        follow(bob, path)
    assert 'href="/tags/yard"' in bob.page("/users/bob/following?kind=tag")
    assert is_pressed(bob.page("/users/bob/following?kind=board"), "/boards/qa")
    assert "How do I move a yard?" in bob.page("/users/bob/following?kind=question")
    for kind in ("tag", "board", "question"):
        ann.page(f"/users/bob/following?kind={kind}", 404)
    bob.page("/users/bob/following?kind=pigeon", 404)
    assert "kind=tag" not in ann.page("/users/bob/following")


def test_empty_lists(ann, bob):
    assert "No one follows you yet" in ann.page("/users/ann/followers")
    assert "No one follows ann yet" in bob.page("/users/ann/followers")
    assert "You do not follow anyone yet" in ann.page("/users/ann/following")
    assert "ann does not follow anyone yet" in bob.page("/users/ann/following")
    assert "You do not follow any of these yet" in ann.page("/users/ann/following?kind=tag")


def test_the_person_card_has_the_button(ann, bob, visitor):
    assert not is_pressed(bob.page("/users/ann/card"), "/users/ann")
    piece = bob.htmx("/users/ann/follow", value="1", look="card").text
    assert is_pressed(piece, "/users/ann") and '-card"' in piece
    assert is_pressed(bob.page("/users/ann/card"), "/users/ann")
    assert "/follow" not in ann.page("/users/ann/card")
    assert "/auth/login?next=/users/ann" in visitor.page("/users/ann/card")


def test_following_is_rate_limited(app, ann, bob):
    app.config["FOLLOW_LIMIT"] = "2 per minute"
    for value in "10":
        assert follow(bob, "/users/ann", value).status_code == 302
    assert follow(bob, "/users/ann").status_code == 429

"""What each reader can do with a comment on its page."""

import re

import pytest


def controls(page: str, comment: int) -> set[str]:
    """The controls of a comment: the ends of the addresses below its own that it links or posts to, and `reply`."""
    html = re.search(rf'<li class="comment" id="comment-{comment}".*?</li>', page, re.DOTALL)
    assert html
    reply = {"reply"} if f'name="parent_id" value="{comment}"' in html[0] else set()
    return reply | set(re.findall(rf'(?:href|action)="/comments/{comment}/(\w+)"', html[0]))


def controls_of_readers(people, post: int, comment: int) -> list[set[str]]:
    return [controls(person.page(f"/posts/{post}"), comment) for person in people]


@pytest.fixture
def commented(ann, bob) -> tuple[int, int]:
    """The ids of Ann's question and of Bob's comment on it."""
    question = ann.ask()
    return question, bob.comment(question)


def test_the_author_changes_and_others_vote_flag_and_reply(commented, ann, bob, dan, visitor):
    assert controls_of_readers([ann, bob, dan, visitor], *commented) == [
        {"votes", "flags", "reply"},
        {"edit", "delete", "reply"},
        {"votes", "flags", "reply", "edit", "delete"},
        {"flags"},
    ]


def test_on_a_locked_post_only_staff_change_and_reply(commented, ann, bob, dan, visitor):
    dan.post(f"/posts/{commented[0]}/lock", value="1")
    assert controls_of_readers([ann, bob, dan, visitor], *commented) == [
        {"flags"},
        set(),
        {"flags", "reply", "edit", "delete"},
        {"flags"},
    ]


def test_voting_returns_the_votes_of_the_comment_as_a_fragment(commented, ann):
    response = ann.htmx(f"/comments/{commented[1]}/votes", value="1")
    assert f'action="/comments/{commented[1]}/votes"' in response.text
    assert 'value="0"' in response.text
    assert "<html" not in response.text

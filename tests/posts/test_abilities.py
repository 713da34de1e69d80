"""Which buttons stand under a post, by who reads it."""

from dataclasses import astuple, dataclass, fields

import pytest

from madang.posts.fragments import Abilities, abilities, author_of, post_path
from tests.actors import ACTORS, PostRow, answer, question

BUTTONS = tuple(field.name for field in fields(Abilities))


def buttons(who: str, post: PostRow, parent: PostRow | None = None) -> set[str]:
    """The names of the buttons."""
    shown = astuple(abilities(ACTORS[who], post, parent or post))
    return {name for name, is_shown in zip(BUTTONS, shown, strict=True) if is_shown}


VOTES = {"vote", "vote_down"}


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("visitor", set()),
        ("guest", set()),
        ("member", VOTES | {"comment", "flag"}),
        ("member with 1,000 reputation", VOTES | {"comment", "flag", "edit"}),
        ("author", {"comment", "edit", "delete"}),
        ("moderator", VOTES | {"comment", "flag", "edit", "delete", "moderate"}),
        ("moderator who is the author", {"comment", "edit", "delete", "moderate"}),
        ("admin", VOTES | {"comment", "flag", "edit", "delete", "moderate"}),
        ("suspended member", set()),
        ("suspended moderator", set()),
    ],
)
def test_the_buttons_of_a_question(who, shown):
    assert buttons(who, question()) == shown


@pytest.mark.parametrize(
    ("who", "post", "shown"),
    [
        ("author", question(answer_count=1), {"comment", "edit"}),
        ("author", question(is_locked=True), set()),
        ("moderator", question(is_locked=True), {"comment", "flag", "edit", "delete", "moderate"}),
        ("moderator", question(is_deleted=True), {"restore", "moderate"}),
        ("member", PostRow("talk"), {"vote", "comment", "flag"}),
        ("member with 1,000 reputation", PostRow("talk"), {"vote", "comment", "flag"}),
    ],
)
def test_the_buttons_of_posts_in_other_states(who, post, shown):
    assert buttons(who, post) == shown


ASKED_BY_AUTHOR, ASKED_BY_ANOTHER = question(answer_count=1), question(answer_count=1, author_id=99)
OF_ANOTHER = answer(author_id=99)


@pytest.mark.parametrize(
    ("who", "post", "parent", "shown"),
    [
        ("author", OF_ANOTHER, ASKED_BY_AUTHOR, VOTES | {"accept", "comment", "flag"}),
        ("author", answer(), ASKED_BY_AUTHOR, {"accept", "comment", "edit", "delete"}),
        ("author", answer(), ASKED_BY_ANOTHER, {"comment", "edit", "delete"}),
        ("member", answer(), ASKED_BY_AUTHOR, VOTES | {"comment", "flag"}),
        ("moderator", answer(), ASKED_BY_AUTHOR, VOTES | {"comment", "flag", "edit", "delete"}),
        ("moderator", answer(is_deleted=True), ASKED_BY_AUTHOR, {"restore"}),
        ("author", answer(author_id=99, is_deleted=True), ASKED_BY_AUTHOR, set()),
    ],
)
def test_the_buttons_of_an_answer(who, post, parent, shown):
    assert buttons(who, post, parent) == shown


@dataclass(frozen=True)
class AuthorRow:
    author_username: str | None = "ann"
    author_display_name: str | None = "Ann Lee"
    author_avatar_file: str | None = None
    author_is_deleted: bool = False
    author_name: str | None = None
    author_role: str = "member"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("row", "username", "shown"),
    [
        (AuthorRow(), "ann", "Ann Lee"),
        (AuthorRow(author_is_deleted=True), None, None),
        (AuthorRow(author_username=None, author_name="user99"), None, "user99"),
        (AuthorRow(author_username="ABC123", author_role="guest"), None, "Guest ABC123"),
    ],
)
def test_an_author_has_a_profile_unless_they_have_gone_or_are_a_guest(row, username, shown):
    author = author_of(row)
    assert (author.username, author.display_name) == (username, shown)


@dataclass(frozen=True)
class Titled:
    id: int
    title: str


@pytest.mark.parametrize(
    ("title", "anchor", "path"),
    [
        ("How do I move a yard?", None, "/posts/7/how-do-i-move-a-yard"),
        ("How?", "answer-9", "/posts/7/how#answer-9"),
        ("마당", None, "/posts/7/%EB%A7%88%EB%8B%B9"),
        ("?!", None, "/posts/7"),
        ("?!", "comment-3", "/posts/7#comment-3"),
    ],
)
def test_the_address_of_a_post_has_its_title_in_it(title, anchor, path):
    assert post_path(Titled(7, title), anchor) == path

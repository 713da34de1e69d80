"""What each reader can do with a post, and the names and addresses that pages show."""

from dataclasses import astuple, dataclass, fields

import pytest

from madang.posts.fragments.addresses import post_path
from madang.posts.fragments.authors import author_of
from madang.posts.fragments.pages import Abilities, abilities
from tests.actors import ACTORS, PostRow, answer, question

ACTIONS = tuple(field.name for field in fields(Abilities))


def allowed_actions(actor: str, post: PostRow, parent: PostRow | None = None) -> set[str]:
    """The names of the actions that an actor is allowed."""
    expected = astuple(abilities(ACTORS[actor], post, parent or post))
    return {name for name, is_allowed in zip(ACTIONS, expected, strict=True) if is_allowed}


VOTES = {"vote", "vote_down"}


@pytest.mark.parametrize(
    ("actor", "expected"),
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
def test_abilities_on_a_question(actor, expected):
    assert allowed_actions(actor, question()) == expected


@pytest.mark.parametrize(
    ("actor", "post", "expected"),
    [
        ("author", question(answer_count=1), {"comment", "edit", "delete"}),
        ("author", question(is_locked=True), {"request_deletion"}),
        ("moderator", question(is_locked=True), {"comment", "flag", "edit", "delete", "moderate"}),
        ("moderator", question(is_deleted=True), {"restore", "moderate"}),
        ("member", PostRow("talk"), {"vote", "comment", "flag"}),
        ("member with 1,000 reputation", PostRow("talk"), {"vote", "comment", "flag"}),
    ],
)
def test_abilities_on_posts_in_other_states(actor, post, expected):
    assert allowed_actions(actor, post) == expected


def test_an_author_cannot_delete_a_question_that_others_have_answered():
    answered = question(answer_count=1)
    assert abilities(ACTORS["author"], answered, answered).delete
    of_author = abilities(ACTORS["author"], answered, answered, is_answered_by_others=True)
    assert of_author.request_deletion and not of_author.delete
    assert abilities(ACTORS["moderator"], answered, answered, is_answered_by_others=True).delete


ASKED_BY_AUTHOR, ASKED_BY_ANOTHER = question(answer_count=1), question(answer_count=1, author_id=99)
OF_ANOTHER = answer(author_id=99)


@pytest.mark.parametrize(
    ("actor", "post", "parent", "expected"),
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
def test_abilities_on_an_answer(actor, post, parent, expected):
    assert allowed_actions(actor, post, parent) == expected


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
    ("row", "username", "expected"),
    [
        (AuthorRow(), "ann", "Ann Lee"),
        (AuthorRow(author_is_deleted=True), None, None),
        (AuthorRow(author_username=None, author_name="user99"), None, "user99"),
        (AuthorRow(author_username="ABC123", author_role="guest"), None, "Guest ABC123"),
    ],
)
def test_only_existing_members_have_a_profile(row, username, expected):
    author = author_of(row)
    assert (author.username, author.display_name) == (username, expected)


@dataclass(frozen=True)
class TitledPost:
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
def test_the_address_of_a_post_contains_its_title(title, anchor, path):
    assert post_path(TitledPost(7, title), anchor) == path

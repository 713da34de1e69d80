"""Staff API of the staff log and the settings."""

import pytest

from tests.admin.helpers import suspend

from .programs import Program, program_of


@pytest.fixture
def locked_posts(app, root, ann, bob, dan) -> list[int]:
    """A question of Ann's and one of Bob's, both locked; a tag described; Bob suspended."""
    posts = [ann.ask(tags="yard"), bob.ask("What did I do?")]
    for post in posts:
        program_of(dan).put(f"/posts/{post}/lock")
    program_of(dan).patch("/tags/yard", {"excerpt": "A place."})
    suspend(root, bob)
    return posts


def _verbs(program: Program, query: str = "") -> list[str]:
    return [action["verb"] for action in program.walk(f"/admin/log?{query}")]


def test_staff_reads_the_log(locked_posts, root, dan, eve):
    for person in (root, dan):
        assert _verbs(program_of(person)) == ["suspend_account", "describe_tag", "lock_post", "lock_post"]
    assert program_of(eve).get("/admin/log").status_code == 404
    latest, described, locked, _first = program_of(dan).read("/admin/log")["items"]
    assert (latest["actor"], latest["kind"], latest["about"]) == ("ruth", "user", "bob")
    assert (latest["reason"], latest["verb_words"]) == ("Too loud at night", "Account suspended")
    assert (described["about"], described["actor"]) == ("yard", "dan")
    assert (locked["about"], locked["subject_id"]) == (f"Post no. {locked_posts[1]}", locked_posts[1])


def test_the_log_is_filtered(locked_posts, root, bob):
    reader = program_of(root)
    assert _verbs(reader, "actor=RUTH") == _verbs(reader, "verb=suspend_account") == ["suspend_account"]
    assert _verbs(reader, "actor=nobody") == []
    assert _verbs(reader, "kind=tag") == ["describe_tag"]
    assert _verbs(reader, f"kind=post&subject_id={locked_posts[0]}") == ["lock_post"]
    assert _verbs(reader, f"kind=user&subject_id={bob.id}") == ["suspend_account"]
    wrong = {"verb=dance": "verb", "kind=moon": "kind", "subject_id=1": "kind", "kind=post&subject_id=x": "subject_id"}
    for query, field in wrong.items():
        assert set(reader.get(f"/admin/log?{query}").json["errors"]) == {field}


def test_deleting_an_account_removes_its_name_from_the_log(locked_posts, root, bob):
    admin = program_of(root)
    admin.delete("/admin/users/bob?reason=Enough+of+it")
    entries = admin.read(f"/admin/log?kind=user&subject_id={bob.id}")["items"]
    assert [action["about"] for action in entries] == [f"Account no. {bob.id}"] * 2
    assert entries[0]["details"] == "posts and comments kept"


def test_a_suspended_moderator_cannot_read_the_log(root, dan):
    program = program_of(dan)
    suspend(root, dan)
    assert program.get("/admin/log").status_code == 403


def test_administrators_read_the_settings_without_secrets(app, root, dan, eve):
    settings = {row["variable"]: row for row in program_of(root).read("/admin/settings")["items"]}
    assert settings["MADANG_POSTS_PER_PAGE"]["default"] == "30"
    secret = settings["MADANG_SECRET_KEY"]
    assert (secret["value"], secret["is_secret"], secret["has_value"]) == ("", True, True)
    assert str(app.config["SECRET_KEY"]) not in str(settings)
    for person, status in ((dan, 403), (eve, 404)):
        assert program_of(person).get("/admin/settings").status_code == status

"""The staff log and the settings by the API."""

import pytest

from tests.admin.managing import suspend

from .programs import Program, program_of


@pytest.fixture
def busy(app, root, ann, bob, dan) -> list[int]:
    """Ann's and Bob's questions, after staff had to do with them."""
    posts = [ann.ask(tags="yard"), bob.ask("What did I do?")]
    for post in posts:
        program_of(dan).put(f"/posts/{post}/lock")
    program_of(dan).patch("/tags/yard", {"excerpt": "A place."})
    suspend(root, bob)
    return posts


def _verbs(program: Program, query: str = "") -> list[str]:
    return [deed["verb"] for deed in program.walk(f"/admin/log?{query}")]


def test_staff_reads_what_staff_did(busy, root, dan, eve):
    for person in (root, dan):
        assert _verbs(program_of(person)) == ["suspend_account", "describe_tag", "lock_post", "lock_post"]
    assert program_of(eve).get("/admin/log").status_code == 404
    last, described, locked, _first = program_of(dan).read("/admin/log")["items"]
    assert (last["actor"], last["kind"], last["about"]) == ("ruth", "user", "bob")
    assert (last["reason"], last["verb_words"]) == ("Too loud at night", "Account suspended")
    assert (described["about"], described["actor"]) == ("yard", "dan")
    assert (locked["about"], locked["subject_id"]) == (f"Post no. {busy[1]}", busy[1])


def test_the_log_is_searched(busy, root, bob):
    reader = program_of(root)
    assert _verbs(reader, "actor=RUTH") == _verbs(reader, "verb=suspend_account") == ["suspend_account"]
    assert _verbs(reader, "actor=nobody") == []
    assert _verbs(reader, "kind=tag") == ["describe_tag"]
    assert _verbs(reader, f"kind=post&subject_id={busy[0]}") == ["lock_post"]
    assert _verbs(reader, f"kind=user&subject_id={bob.id}") == ["suspend_account"]
    wrong = {"verb=dance": "verb", "kind=moon": "kind", "subject_id=1": "kind", "kind=post&subject_id=x": "subject_id"}
    for query, field in wrong.items():
        assert set(reader.get(f"/admin/log?{query}").json["errors"]) == {field}


def test_a_name_goes_from_the_log_with_its_owner(busy, root, bob):
    admin = program_of(root)
    admin.delete("/admin/users/bob?reason=Enough+of+it")
    about_bob = admin.read(f"/admin/log?kind=user&subject_id={bob.id}")["items"]
    assert [deed["about"] for deed in about_bob] == [f"Account no. {bob.id}"] * 2
    assert about_bob[0]["details"] == "what it wrote is kept"


def test_a_suspended_moderator_reads_no_log(root, dan):
    program = program_of(dan)
    suspend(root, dan)
    assert program.get("/admin/log").status_code == 403


def test_administrators_read_the_settings_without_secrets(app, root, dan, eve):
    settings = {row["name"]: row for row in program_of(root).read("/admin/settings")["items"]}
    assert settings["MADANG_POSTS_PER_PAGE"]["default"] == "30"
    assert settings["MADANG_SECRET_KEY"]["value"] == "(hidden)"
    assert str(app.config["SECRET_KEY"]) not in str(settings)
    for person, status in ((dan, 403), (eve, 404)):
        assert program_of(person).get("/admin/settings").status_code == status

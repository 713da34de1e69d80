"""The name of somebody who has gone is reserved for good, so that old mentions lead to nobody else."""

import pytest
from sqlalchemy import select

from madang.accounts.models import FormerUsername, RetiredUsername, User
from madang.core.db import db
from madang.importing.operations.usernames import choose_usernames
from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import Program, program_of
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

LOOK_ALIKES = ("bob", "BOB", "b0b", "ＢＯＢ", "Bоb")  # the last has a Cyrillic letter


def rename(root, person, username: str) -> None:
    fields = {"username": username, "display_name": "", "email": f"{person.username}@example.org", "role": "member"}
    assert root.post(f"/admin/users/{person.id}", **fields, confirmed="1").status_code == 302


def assert_reserved(app, root, visitor, ann, *names: str) -> None:
    """Assert that nobody can get one of the names: by sign-up, administration, API, import."""
    for name in names:
        fields = {"username": name, "display_name": "", "email": "other@example.org", "role": "member"}
        assert visitor.post("/auth/signup", **REGISTRATION | {"username": name}).status_code == 422, name
        assert Program(app).post("/auth/register", {**REGISTRATION, "username": name}).status_code == 422, name
        assert root.post("/admin/users/add", **fields).status_code == 422, name
        assert root.post(f"/admin/users/{ann.id}", **fields).status_code == 422, name
        assert program_of(root).patch("/admin/users/ann", {"username": name}).status_code == 422, name
        with app.app_context():
            assert choose_usernames([(name, "4711")])[0].endswith("-4711"), name


@pytest.mark.parametrize("way", ["own", "page", "api"])
def test_the_name_of_a_deleted_account_stays_reserved(app, ann, bob, root, visitor, way):
    question = ann.ask(body="What does @bob say about this yard?")
    if way == "own":
        assert bob.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    elif way == "page":
        root.post(f"/admin/users/{bob.id}/delete", reason="Left", content="keep", confirmed="1")
    else:
        program_of(root).delete("/admin/users/bob?reason=Left&content=keep", headers={"If-Match": "*"})
    visitor.page("/users/bob", 404)
    assert_reserved(app, root, visitor, ann, *LOOK_ALIKES)
    assert visitor.page(f"/posts/{question}")


def test_former_names_of_a_deleted_account_stay_reserved(app, ann, bob, root, visitor):
    rename(root, bob, "robert2000")
    assert_reserved(app, root, visitor, ann, "bob")
    assert bob.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    assert_reserved(app, root, visitor, ann, "bob", "robert2000")


def test_the_name_of_a_merged_account_stays_reserved(app, ann, bob, eve, root, visitor):
    assert root.post(f"/admin/users/{bob.id}/merge", into="eve", confirmed="1").status_code == 302
    assert visitor.get("/users/bob").location.endswith("/users/eve")
    assert_reserved(app, root, visitor, ann, "bob")
    assert eve.post("/settings/leave/delete", current_password=PASSWORD).status_code == 302
    assert_reserved(app, root, visitor, ann, "bob", "eve")


def test_a_guest_cannot_have_the_name_either(app, people, visitor):
    person = people["robert"]
    person.post("/settings/leave/delete", current_password=PASSWORD)
    assert "This name belongs to an account" in visitor.page("/guest?username=ROBERT", 403)


def test_nothing_readable_of_the_name_is_left(app, bob, root):
    rename(root, bob, "robert2000")
    bob.post("/settings/leave/delete", current_password=PASSWORD)
    with app.app_context():
        assert db.session.scalars(select(FormerUsername)).all() == []
        assert "bob" not in db.session.get_one(User, bob.id).username_key
        hashes = db.session.scalars(select(RetiredUsername.key_hash)).all()
        assert len(hashes) == 2 and all(len(each) == 64 for each in hashes)


def test_a_changed_secret_key_sets_no_name_free(app, bob, visitor, monkeypatch):
    bob.post("/settings/leave/delete", current_password=PASSWORD)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-secret-of-more-than-thirty-two-bytes")
    assert Program(app).post("/auth/register", {**REGISTRATION, "username": "bob"}).status_code == 422


def test_ones_own_former_name_can_be_taken_back(ann, root, visitor):
    rename(root, ann, "annie")
    rename(root, ann, "ann")
    assert "@ann" in visitor.page("/users/ann")
    assert visitor.get("/users/annie").location.endswith("/users/ann")

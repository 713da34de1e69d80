"""Staff pages of accounts: list, add, edit, password links."""

import re

import pytest

from madang.accounts.models import User, name_columns
from madang.accounts.queries.directory import PER_PAGE
from madang.core.clock import at, now
from madang.core.db import transaction
from tests.accounts.mailbox import link_in, mails
from tests.admin.helpers import in_days, staff_actions, suspend, user_of
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

ADMIN_PAGES = ["/admin/users", "/admin/users/add", "/admin/boards", "/admin/boards/add"]
STAFF_PAGES = ["/admin", "/admin/tags", "/admin/tags/add", "/admin/log"]


@pytest.mark.parametrize("path", [*ADMIN_PAGES, *STAFF_PAGES])
def test_staff_pages_are_restricted(ann, dan, root, visitor, path):
    assert "/auth/login" in visitor.get(path).location
    ann.page(path, 404)
    dan.page(path, 403 if path in ADMIN_PAGES else 200)
    root.page(path)


def test_only_staff_sees_administration_in_the_menu(ann, dan, root):
    assert 'href="/admin"' not in ann.page("/")
    assert 'href="/admin"' in dan.page("/")
    assert 'href="/admin/users"' in root.page("/admin")
    assert 'href="/admin/users"' not in dan.page("/admin")


def test_a_suspended_moderator_cannot_open_staff_pages(people, root, dan):
    suspend(root, dan)
    dan.page("/admin/log", 403)


def _names(page: str) -> list[str]:
    return re.findall(r'href="/admin/users/\d+">([^<]+)</a>', page)


def test_accounts_are_found_by_a_prefix_of_name_or_address(root, ann, bob, cho):
    assert _names(root.page("/admin/users?q=AN")) == ["ann"]
    assert _names(root.page("/admin/users?q=bob@ex")) == ["bob"]
    assert _names(root.page("/admin/users?q=nn")) == []
    assert "No one matches" in root.page("/admin/users?q=nobody-like-this")
    ann.post("/settings", display_name="조금씩", bio="", website="", location="")
    assert _names(root.page("/admin/users?q=조금")) == ["ann"]


@pytest.mark.parametrize("word", ["%", "_nn", "a\U0010ffff", "가\ud7ff"])
def test_special_characters_in_a_search_are_literal(root, ann, word):
    assert _names(root.page(f"/admin/users?q={word}")) == []


def test_accounts_are_filtered_and_sorted(people, root, ann, bob, dan):
    suspend(root, bob)
    assert _names(root.page("/admin/users?role=moderator")) == ["dan"]
    assert _names(root.page("/admin/users?state=suspended")) == ["bob"]
    assert _names(root.page("/admin/users?state=active&sort=name")) == ["ann", "dan", "ruth"]
    assert _names(root.page("/admin/users?sort=name")) == ["ann", "bob", "dan", "ruth"]
    assert _names(root.page("/admin/users")) == ["dan", "bob", "ann", "ruth"]
    with at(in_days(9)):
        browser = people.visitor()
        browser.post("/auth/login", username="ruth", password=PASSWORD)
        assert _names(browser.page("/admin/users?state=suspended")) == []


def test_a_long_list_is_paginated(app, root):
    moment = now()
    with app.app_context(), transaction() as session:
        for number in range(PER_PAGE + 5):
            name = f"person{number:03}"
            session.add(User(**name_columns(name, name), username_key=name, created_at=moment, role="member"))
    for sort in ("newest", "name", "reputation"):
        page = root.page(f"/admin/users?sort={sort}")
        first_names = _names(page)
        assert len(first_names) == PER_PAGE
        following = re.search(r'href="([^"]+after=[^"]+)" rel="next"', page)[1].replace("&amp;", "&")
        rest = root.page(following)
        assert len(set(first_names) | set(_names(rest))) == PER_PAGE + 6
        assert "First page" in rest and 'rel="next"' not in rest


FIELDS = {"username": "newbie", "display_name": "New Bie", "email": "newbie@example.org", "role": "moderator"}


def test_adding_a_person_shows_the_effects_first(app, root, visitor):
    confirmation = root.post("/admin/users/add", **FIELDS)
    assert confirmation.status_code == 200
    assert (
        "An account will be created for New Bie (@newbie)." in confirmation.text
        and "Role: Moderator." in confirmation.text
    )
    visitor.page("/users/newbie", 404)
    assert mails(app) == []

    page = root.follow(root.post("/admin/users/add", **FIELDS, confirmed="1"))
    assert "The account has been created." in page
    assert "New Bie" in visitor.page("/users/newbie")
    assert staff_actions(app) == [("add_account", user_of(app, "newbie").id)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "username",
            "ru",
            "Usernames have 3 to 30 characters, or at least 2 with Korean, Chinese or Japanese characters.",
        ),
        ("username", "RUTH", "This name is taken"),
        ("display_name", "x" * 51, "Please shorten this to 50 characters."),
        ("email", "nowhere", "This does not look like an e-mail address."),
        ("email", "Ruth@Example.org", "There is already an account with this address."),
        ("role", "emperor", "Please choose a role."),
    ],
)
def test_each_error_is_shown_at_its_field(app, root, ann, field, value, sentence):
    for path in ("/admin/users/add", f"/admin/users/{ann.id}"):
        refused = root.post(path, **{**FIELDS, field: value}, confirmed="1")
        assert refused.status_code == 422 and sentence in refused.text
        assert f'id="{field}-error"' in refused.text
        other_value = FIELDS["email" if field == "username" else "username"]
        assert f'value="{other_value}"' in refused.text, "submitted values are shown again"
    assert staff_actions(app) == []


def test_a_changed_name_is_found_and_the_old_one_redirects(app, root, ann, visitor):
    ann.ask("Whose question is this?")
    fields = {"username": "annie", "display_name": "Annie", "email": "ann@example.org", "role": "member"}
    confirmation = root.post(f"/admin/users/{ann.id}", **fields).text
    assert "The username changes from ann to annie." in confirmation and "The e-mail address" not in confirmation
    assert "/users/annie" not in visitor.page("/questions")
    root.post(f"/admin/users/{ann.id}", **fields, confirmed="1")
    assert 'href="/users/annie"' in visitor.page("/questions")
    assert visitor.get("/users/ann").location.endswith("/users/annie")
    assert "Whose question is this?" in visitor.page("/search?q=annie")
    assert staff_actions(app) == [("edit_account", ann.id)]


def test_a_former_name_is_kept_for_its_owner(root, ann, visitor):
    fields = {
        "username": "annie",
        "display_name": "Annie",
        "email": "ann@example.org",
        "role": "member",
        "confirmed": "1",
    }
    root.post(f"/admin/users/{ann.id}", **fields)
    person = {"username": "ann", "email": "other@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", **person).status_code == 422
    assert visitor.get("/users/ann").location.endswith("/users/annie")
    root.post(f"/admin/users/{ann.id}", **fields | {"username": "ann"})
    assert visitor.get("/users/annie").location.endswith("/users/ann")


def test_a_new_address_is_unconfirmed_and_the_old_one_is_notified(app, root, ann):
    fields = {"username": "ann", "display_name": "ann", "email": "new@example.org", "role": "member", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields)
    assert user_of(app, "ann").email_confirmed_at is None
    assert [mail["To"] for mail in mails(app)] == ["ann@example.org"]
    assert "new@example.org" in root.page(f"/admin/users/{ann.id}")


def test_saving_without_changes_is_not_recorded(app, root, ann):
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "member"}
    assert "Nothing was changed." in root.follow(root.post(f"/admin/users/{ann.id}", **fields))
    assert staff_actions(app) == []


def test_a_new_role_is_effective_from_the_next_request(app, root, ann, bob):
    question = bob.ask()
    fields = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **fields, role="moderator")
    assert ann.post(f"/posts/{question}/lock", value=1).status_code == 302
    root.post(f"/admin/users/{ann.id}", **fields, role="member")
    assert ann.post(f"/posts/{question}/lock", value="0").status_code == 403


def test_the_last_administrator_keeps_the_role(app, root, ann):
    fields = {
        "username": "ruth",
        "display_name": "ruth",
        "email": "ruth@example.org",
        "role": "member",
        "confirmed": "1",
    }
    refused = root.post(f"/admin/users/{root.id}", **fields)
    assert refused.status_code == 409 and "the only administrator" in refused.text
    other = {"username": "ann", "display_name": "ann", "email": "ann@example.org", "role": "admin", "confirmed": "1"}
    root.post(f"/admin/users/{ann.id}", **other)
    suspend(root, ann)
    assert root.post(f"/admin/users/{root.id}", **fields).status_code == 409, "a suspended administrator does not count"
    assert root.post("/settings/leave/delete", current_password=PASSWORD).status_code == 409
    root.post(f"/admin/users/{ann.id}/unsuspend")
    assert root.post(f"/admin/users/{root.id}", **fields).status_code == 302
    root.page("/admin/users", 404)


def test_a_password_link_is_shown_once_and_confirms_no_address(app, root, ann, visitor):
    page = root.post(f"/admin/users/{ann.id}/password", value="show").text
    path = re.search(r'value="http://localhost(/auth/reset/[^"]+)"', page)[1]
    assert "/auth/reset/" not in root.page(f"/admin/users/{ann.id}")
    new_password = "a river of seven stones"
    assert visitor.post(path, password=new_password, password2=new_password).status_code == 302
    assert user_of(app, "ann").email_confirmed_at is None
    visitor.page(path, 410)
    assert ann.get("/settings").status_code == 302, "every session ended"
    assert staff_actions(app) == [("make_password_link", ann.id)]


def test_a_password_link_can_be_mailed(app, root, ann, visitor):
    root.post(f"/admin/users/{ann.id}/password", value="mail")
    (mail,) = mails(app)
    assert mail["To"] == "ann@example.org"
    new_password = "a river of seven stones"
    visitor.post(link_in(mail), password=new_password, password2=new_password)
    assert user_of(app, "ann").email_confirmed_at is not None


def test_guests_and_deleted_accounts_are_not_managed(app, root, ann, visitor):
    visitor.get("/todos")
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    root.page(f"/admin/users/{ann.id}", 404)
    assert _names(root.page("/admin/users")) == ["ruth"]
    root.page("/admin/users/999999", 404)

"""Which links in mails end when a newer one, a new password or a new address comes."""

import re

import pytest

from madang.accounts.models import User
from madang.accounts.operations.recovery import set_email
from madang.accounts.operations.signed_links import email_token, password_token
from madang.core.db import db, transaction
from tests.accounts.mailbox import mails
from tests.accounts.mailed_links import (
    PASSWORD_FIELDS,
    from_elsewhere,
    request_address,
    request_link,
    sign_up_to_confirm,
)
from tests.api.programs import program_of
from tests.people import PASSWORD


def test_a_newer_password_link_ends_the_older_ones(app, ann, people, visitor):
    first, second = (request_link(app, from_elsewhere(people, number)) for number in range(2))
    assert "replaced by a newer one" in visitor.page(first, 410)
    assert visitor.post(first, **PASSWORD_FIELDS).status_code == 410
    assert visitor.post(second, **PASSWORD_FIELDS).status_code == 302


def test_a_password_link_that_was_sent_before_the_upgrade_works_until_the_next_request(app, ann, visitor):
    with app.app_context():
        link = f"/auth/reset/{password_token(db.session.get(User, ann.id))}"
    visitor.page(link)
    request_link(app, visitor)
    visitor.page(link, 410)


def test_a_request_by_mail_leaves_the_link_that_staff_handed_over(app, ann, ruth, visitor):
    """Anybody can make the request; the link is for somebody whom mails do not reach."""
    page = ruth.post(f"/admin/users/{ann.id}/password", value="show").text
    handed = re.search(r"/auth/reset/[\w.-]+", page)[0]
    request_link(app, visitor)
    visitor.page(handed)


@pytest.mark.parametrize("by", ["password", "new address", "staff"])
def test_password_links_end_with_the_password_and_the_address(app, ann, root, visitor, by):
    link = request_link(app, visitor)
    if by == "password":
        ann.post("/settings/account/password", current_password=PASSWORD, **PASSWORD_FIELDS)
    elif by == "new address":
        visitor.post(request_address(app, ann, "anna@example.org"))
    else:
        program_of(root).patch("/admin/users/ann", {"email": "anna@example.org"})
    visitor.page(link, 410)


def test_a_second_change_of_address_ends_the_link_of_the_first(app, ann, visitor):
    """A stranger at a mistyped address cannot take the account's address afterwards."""
    mistyped, meant = (request_address(app, ann, email) for email in ("anm@example.org", "anna@example.org"))
    assert visitor.post(mistyped).status_code == 410
    assert visitor.post(meant).status_code == 302
    assert visitor.post(mistyped).status_code == 410
    assert "Already confirmed" in visitor.page(meant)
    with app.app_context():
        assert db.session.get(User, ann.id).email == "anna@example.org"


def test_a_link_is_void_when_staff_or_a_new_password_came_between(app, ann, visitor):
    link = request_address(app, ann, "anna@example.org")
    with app.app_context(), transaction() as session:
        set_email(session.get(User, ann.id), "staff@example.org")
    assert visitor.post(link).status_code == 410
    link = request_address(app, ann, "anna@example.org")
    ann.post("/settings/account/password", current_password=PASSWORD, **PASSWORD_FIELDS)
    assert visitor.post(link).status_code == 410


def _set_by_staff(root, email: str) -> None:
    assert program_of(root).patch("/admin/users/ann", {"email": email}).status_code == 200


def test_a_change_by_staff_ends_the_links_of_requests(app, ann, root, visitor):
    """Also when the address returns to what it was: a link that was sent before must not undo the change."""
    link = request_address(app, ann, "anna@example.org")
    _set_by_staff(root, "staff@example.org")
    assert visitor.post(link).status_code == 410
    _set_by_staff(root, "ann@example.org")
    assert visitor.post(link).status_code == 410


def test_a_used_link_does_not_undo_a_change_by_staff(app, ann, root, visitor):
    link = request_address(app, ann, "anna@example.org")
    assert visitor.post(link).status_code == 302
    assert "Already confirmed" in visitor.page(link)
    _set_by_staff(root, "staff@example.org")
    assert visitor.post(link).status_code == 410
    with app.app_context():
        assert db.session.get(User, ann.id).email == "staff@example.org"


def test_the_former_address_is_told_what_happened_to_it(app, ann, visitor, people, root):
    """A confirmed address was the account's; one of a mere sign-up only waited. Changed by a link, and by staff."""
    visitor.post(request_address(app, ann, "anna@example.org"))
    assert "has been changed" in mails(app)[-1].get_content()
    sign_up_to_confirm(app, visitor)
    visitor.post(request_address(app, visitor, "other@example.org"))
    told = mails(app)[-1]
    assert told["To"] == "nari@example.org" and "is not used at" in told["Subject"]
    assert "was never confirmed" in told.get_content() and "has changed" not in told.get_content()
    person = people.visitor()
    fields = {"username": "sora", "email": "sora@example.org", "password": PASSWORD, "password2": PASSWORD}
    person.post("/auth/signup", **fields)
    mails(app)
    assert program_of(root).patch("/admin/users/sora", {"email": "else@example.org"}).status_code == 200
    (told,) = [mail for mail in mails(app) if mail["To"] == "sora@example.org" and "not used" in mail["Subject"]]
    assert "was never confirmed" in told.get_content()


def test_a_link_that_was_sent_before_the_upgrade_works_until_the_next_request(app, ann, visitor):
    with app.app_context():
        with transaction() as session:
            user = session.get(User, ann.id)
            user.email_request = None
        link = f"/auth/confirm/{email_token(user, 'anna@example.org')}"
    visitor.page(link)
    request_address(app, ann, "other@example.org")
    visitor.page(link, 410)

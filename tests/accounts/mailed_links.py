"""Request the links that mails bring: for a new password, and to confirm an address."""

from tests.accounts.mailbox import link_in, mails
from tests.people import PASSWORD

NEW_PASSWORD = "eleven boats at the pier"
PASSWORD_FIELDS = {"password": NEW_PASSWORD, "password2": NEW_PASSWORD}


def request_link(app, person, email="ann@example.org") -> str:
    """Request a password reset, and return the link in the mail."""
    assert person.post("/auth/forgot", email=email).status_code == 200
    return link_in(mails(app)[-1])


def from_elsewhere(people, number: int):
    """A visitor in a network of their own."""
    person = people.visitor()
    person.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
    return person


def sign_up_to_confirm(app, visitor) -> str:
    """Sign up with address confirmation, and return the link in the mail."""
    app.config["EMAIL_CONFIRMATION"] = True
    fields = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", **fields).status_code == 302
    visitor.username, visitor._token = "nari", ""
    return link_in(mails(app)[-1])


def request_address(app, person, email: str) -> str:
    """Request another address, and return the link in the mail."""
    response = person.post("/settings/account/email", email=email, current_password=PASSWORD)
    assert response.status_code == 302, response.text
    return link_in(mails(app)[-1])

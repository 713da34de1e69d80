"""Sign-up: validation, limits and redirects."""

import pytest

from tests.people import PASSWORD

REGISTRATION = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}


def test_signing_up_logs_in(visitor):
    page = visitor.follow(visitor.post("/auth/signup", **REGISTRATION))
    assert "/users/nari" in page


def test_every_wrong_field_gets_an_error_and_input_is_shown_again(visitor):
    response = visitor.post("/auth/signup", username="a b", email="nowhere", password="brief1", password2="other")
    assert response.status_code == 422
    for sentence in (
        "Usernames contain only letters and digits, with single _ . or - between them.",
        "This does not look like an e-mail address.",
        "Passwords need at least 10 characters.",
        "The passwords do not match.",
    ):
        assert sentence in response.text
    assert 'value="a b"' in response.text and 'value="nowhere"' in response.text
    assert "brief1" not in response.text


@pytest.mark.parametrize("name", ["ann", "Ann", "аnn", "ＡＮＮ"])  # the third begins with a Cyrillic letter
def test_a_look_alike_name_is_refused(ann, visitor, name):
    response = visitor.post("/auth/signup", **REGISTRATION | {"username": name})
    assert response.status_code == 422
    assert "This name is taken" in response.text


def test_an_address_is_unique_in_any_case(ann, visitor):
    response = visitor.post("/auth/signup", **REGISTRATION | {"email": "ANN@Example.ORG"})
    assert response.status_code == 422
    assert "There is already an account with this address." in response.text


def test_a_common_password_is_refused(visitor):
    common = {"password": "password1234", "password2": "password1234"}
    assert "easy to guess" in visitor.post("/auth/signup", **REGISTRATION | common).text


def test_a_reserved_name_is_refused(visitor):
    assert "name is reserved" in visitor.post("/auth/signup", **REGISTRATION | {"username": "complete"}).text


def test_signing_up_returns_to_the_page_that_asked(visitor):
    assert visitor.post("/auth/signup", **REGISTRATION, next="/questions/ask").location == "/questions/ask"


def test_sign_up_can_be_closed(app, visitor):
    app.config["SIGNUP_OPEN"] = False
    assert "Sign-up is closed right now" in visitor.page("/auth/signup")
    assert 'href="/auth/signup' not in visitor.page("/auth/login")
    assert visitor.post("/auth/signup", **REGISTRATION).status_code == 403


def test_accounts_per_address_are_limited(app, people):
    app.config["SIGNUP_LIMIT"] = "1 per hour"
    assert people.visitor().post("/auth/signup", **REGISTRATION).status_code == 302
    again = people.visitor().post("/auth/signup", **REGISTRATION | {"username": "nari2", "email": "nari2@example.org"})
    assert again.status_code == 429
    assert "try again" in again.text and 'value="nari2"' in again.text

"""Signing up: what is asked for, what is refused, and where one stands afterwards."""

import pytest

from tests.people import PASSWORD

REGISTRATION = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}


def test_whoever_signs_up_is_logged_in(visitor):
    page = visitor.follow(visitor.post("/auth/signup", **REGISTRATION))
    assert "/users/nari" in page


def test_every_wrong_field_is_named_and_what_was_typed_stays(visitor):
    response = visitor.post("/auth/signup", username="a b", email="nowhere", password="brief1", password2="other")
    assert response.status_code == 422
    for sentence in (
        "A username has letters, digits, and single _ . - between them only.",
        "This does not look like an e-mail address.",
        "A password has at least 10 characters.",
        "The two passwords differ.",
    ):
        assert sentence in response.text
    assert 'value="a b"' in response.text and 'value="nowhere"' in response.text
    assert "brief1" not in response.text


@pytest.mark.parametrize("name", ["ann", "Ann", "аnn", "ＡＮＮ"])  # the third begins with a Cyrillic letter
def test_a_name_that_looks_like_another_is_taken(ann, visitor, name):
    response = visitor.post("/auth/signup", **REGISTRATION | {"username": name})
    assert response.status_code == 422
    assert "Somebody has this name already" in response.text


def test_an_address_is_one_account_in_any_case(ann, visitor):
    response = visitor.post("/auth/signup", **REGISTRATION | {"email": "ANN@Example.ORG"})
    assert response.status_code == 422
    assert "An account with this address exists already." in response.text


def test_a_common_password_is_refused(visitor):
    common = {"password": "password1234", "password2": "password1234"}
    assert "easy to guess" in visitor.post("/auth/signup", **REGISTRATION | common).text


def test_a_name_of_the_site_itself_is_kept(visitor):
    assert "kept for the site itself" in visitor.post("/auth/signup", **REGISTRATION | {"username": "complete"}).text


def test_signing_up_returns_to_the_page_that_asked(visitor):
    assert visitor.post("/auth/signup", **REGISTRATION, next="/questions/ask").location == "/questions/ask"


def test_where_sign_up_is_closed_nobody_joins(app, visitor):
    app.config["SIGNUP_OPEN"] = False
    assert "Nobody can sign up here at present" in visitor.page("/auth/signup")
    assert 'href="/auth/signup' not in visitor.page("/auth/login")
    assert visitor.post("/auth/signup", **REGISTRATION).status_code == 403


def test_too_many_accounts_from_one_address_wait(app, people):
    app.config["SIGNUP_LIMIT"] = "1 per hour"
    assert people.visitor().post("/auth/signup", **REGISTRATION).status_code == 302
    again = people.visitor().post("/auth/signup", **REGISTRATION | {"username": "nari2", "email": "nari2@example.org"})
    assert again.status_code == 429
    assert "try again" in again.text and 'value="nari2"' in again.text

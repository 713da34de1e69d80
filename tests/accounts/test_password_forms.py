"""A password is the same in every normal form: keyboards and systems type one letter as different code points."""

from unicodedata import normalize

import pytest

from madang.accounts.models import PASSWORD_MAX, User
from madang.accounts.operations import passwords
from madang.accounts.operations.passwords import hash_password, renewed_hash, verify_password
from madang.core.db import db, transaction
from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import Program
from tests.people import PASSWORD

KOREAN = "마당에 나무 세 그루와 꽃"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def old_hash(password: str) -> str:
    """The hash of a password as it was typed, which is what earlier versions stored."""
    return passwords._Hashing.hasher.hash(password)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("password", [KOREAN, "crème brûlée à la carte", "Ångström über alles"])
def test_a_password_typed_in_another_form_logs_in(app, visitor, people, password, form):
    typed = normalize(form, password)
    signed_up = REGISTRATION | {"password": typed, "password2": password}
    assert visitor.post("/auth/signup", **signed_up).status_code == 302
    for other in FORMS:
        person = people.visitor()
        assert person.post("/auth/login", username="nari", password=normalize(other, password)).status_code == 302
        login = {"username": "nari", "password": normalize(other, password)}
        assert Program(app).post("/auth/login", login).status_code == 200
    assert people.visitor().post("/auth/login", username="nari", password=password + "x").status_code == 422


def test_a_hash_from_before_works_and_is_renewed_at_the_log_in(app, ann, people):
    typed = normalize("NFD", KOREAN)
    with app.app_context(), transaction() as session:
        session.get_one(User, ann.id).password_hash = old_hash(typed)
    for form in ("NFD", "NFC", "NFD"):  # NFC only after the first, which renews the hash
        person = people.visitor()
        assert person.post("/auth/login", username="ann", password=normalize(form, KOREAN)).status_code == 302
    with app.app_context():
        assert verify_password(KOREAN, db.session.get_one(User, ann.id).password_hash)


@pytest.mark.parametrize("letter", ["가", "각", "a", "ế"])
@pytest.mark.parametrize("form", FORMS)
def test_a_long_password_that_is_accepted_logs_in(visitor, people, letter, form):
    """What a log-in would cut is refused, in whatever form it was typed."""
    for count in (300, 500, 1_000, 1_001, 3_000):
        password = normalize(form, f"nine quiet herons {letter * count}")
        signed_up = REGISTRATION | {"password": password, "password2": password}
        accepted = visitor.post("/auth/signup", **signed_up).status_code == 302
        assert accepted == (len(password) <= PASSWORD_MAX)
        if accepted:
            person = people.visitor()
            assert person.post("/auth/login", username="nari", password=password).status_code == 302
            return


def test_hashes_that_are_right_are_not_renewed(app):
    with app.app_context():
        for password in (PASSWORD, KOREAN):
            assert renewed_hash(password, hash_password(password)) is None
        assert renewed_hash(normalize("NFD", KOREAN), hash_password(KOREAN)) is None
        assert renewed_hash(KOREAN, None) is None

"""Attacks with input that is expensive to process (denial of service)."""

from time import process_time

import pytest

from madang.core.text import clean_body, clean_line, normalized
from madang.core.web.application import MAX_SMALL_FORM_BYTES
from madang.tools.operations.counting import count_words
from tests.people import PASSWORD

ACCENTS = "\u0315\u0300"
QUICK_SECONDS = 15  # a normal request takes less than one second, a successful attack minutes


@pytest.fixture(autouse=True)
def in_time():
    """Fail a test that takes more processor time than a normal request on a slow machine."""
    began = process_time()
    yield
    assert process_time() - began < QUICK_SECONDS


@pytest.mark.parametrize("text", ["a" + ACCENTS * 500_000, "\u0f73" * 500_000, "가" + "\uff9e" * 500_000])
def test_long_runs_of_accents_are_cut_before_normalisation(text):
    assert len(clean_body(text)) < 100
    assert len(clean_line(text)) < 100


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_every_normal_form_is_quick(form):
    assert len(normalized("a" + ACCENTS * 100_000, form)) < 100


def test_words_of_a_fetched_page_are_counted_quickly():
    assert count_words("a" + ACCENTS * 500_000)["words"] == 1


def test_passwords_with_many_accents_are_quick(visitor, ann):
    """Sign-up, log-in and recovery, the settings and the API: each normalises passwords."""
    password = "a" + ACCENTS * 100_000
    short = password[: MAX_SMALL_FORM_BYTES // 8]
    fields = {"username": "nari", "email": "nari@example.org", "password": short, "password2": short[:-1]}
    forms = [(visitor, "/auth/signup", fields), (visitor, "/auth/login", fields)]
    passwords = {"current_password": password, "password": password, "password2": password[:-1]}
    for person, path, sent in [*forms, (ann, "/settings/account/password", passwords)]:
        sent = sent | {"csrf_token": person.token}
        assert person.client.post(path, data=sent, content_type="multipart/form-data").status_code == 422, path


def test_accents_of_real_languages_are_preserved():
    assert clean_body("e\u0323\u0302 " * 3).split() == ["\u1ec7"] * 3
    assert len(clean_body("q" + "\u0300" * 30)) == 31


@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/forgot"])
@pytest.mark.parametrize("words", ["a" + ACCENTS * 300_000, "a" * 1_500_000, '"' * 1_500_000, "a@" + "é." * 400_000])
def test_a_form_with_a_very_long_name_is_quick(visitor, path, words):
    """Also the longest that is read at all."""
    for sent, status in ((words, 413), (words[: MAX_SMALL_FORM_BYTES // 8], 422)):
        fields = {"username": sent, "email": sent, "password": PASSWORD, "password2": PASSWORD}
        fields["csrf_token"] = visitor.token
        # In parts: the client and Werkzeug need most of a second to quote such words and to unquote them.
        answer = visitor.client.post(path, data=fields, content_type="multipart/form-data")
        assert answer.status_code == status


@pytest.mark.parametrize("path", ["/search?q=", "/users?q=", "/tags?q=", "/users/", "/posts/similar?title="])
def test_an_address_with_many_accents_is_quick(visitor, path):
    assert visitor.get(path + "a" + ACCENTS * 20_000).status_code in (200, 404)


@pytest.mark.parametrize("name", ["\ufdfa" * 30, "\ufdfa" * 10])
def test_a_name_that_grows_when_it_is_folded_is_refused(visitor, name):
    fields = {"email": "long@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", username=name, **fields).status_code == 422


def test_an_address_that_grows_when_it_is_folded_is_refused(visitor):
    email = "\ufdfa" * 30 + "@" + "\ufdfa" * 10 + ".org"
    fields = {"username": "long", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", email=email, **fields).status_code == 422
    assert visitor.post("/auth/forgot", email=email).status_code == 422


def test_a_form_takes_no_longer_for_a_million_tags(ann):
    answer = ann.post(
        "/posts/new", board="qa", title="How many tags?", body="More than anybody needs.", tags="a " * 1_000_000
    )
    assert answer.status_code in (302, 422)

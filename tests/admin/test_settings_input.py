"""What is no value of a setting is refused with a sentence, and passed over where it is stored."""

from html import unescape

import pytest

from madang.core.db import transaction
from madang.core.site import set_site
from tests.api.programs import program_of

from .settings_page import field, save, stored, value_of

pytestmark = pytest.mark.each_database

WRONG = [
    ("POSTS_PER_PAGE", "0", "This must be a whole number from 1 to 100."),
    ("POSTS_PER_PAGE", "many", "This must be a whole number from 1 to 100."),
    ("POSTS_PER_PAGE", "", "This must be a whole number from 1 to 100."),
    ("POSTS_PER_PAGE", "9" * 5000, "This must be a whole number from 1 to 100."),
    ("TITLE_MIN", "1e3", "This must be a whole number from 1 to 100."),
    ("DEFAULT_LOCALE", "tlh", "This must be one of ko, en."),
    ("DEFAULT_TIMEZONE", "../../etc/passwd", "This must be the name of a time zone"),
    ("DEFAULT_TIMEZONE", "Mars/Olympus", "This must be the name of a time zone"),
    ("API_BASIC_AUTH", "perhaps", "This must be yes or no."),
    ("VOTE_LIMIT", "sometimes", "This must be a rate such as"),
    ("SITE_NAME", "가" * 61, "This must be a line of at most 60 characters."),
    ("SITE_NAME", "two\nlines", "This must be a line of at most 60 characters."),
    ("SITE_NAME", " \u200b ", "This must be a line of at most 60 characters."),
    ("MAIL_SERVER", "smtp.example.org\nEHLO evil", "This must be the name of a machine such as"),
    ("MAIL_SERVER", "a b", "This must be the name of a machine such as"),
    ("MAIL_FROM", "Yard", "This must be an address such as"),
    ("MAIL_FROM", "Yard <yard@example.org>\nBcc: eve@example.org", "This must be an address such as"),
    ("MAIL_PORT", "65536", "This must be a whole number from 1 to 65535."),
    ("MAIL_USERNAME", "x" * 1_000_000, "This must be a line of at most 200 characters."),
]


@pytest.mark.parametrize(("name", "text", "sentence"), WRONG)
def test_a_wrong_value_is_refused_with_a_sentence(app, root, name, text, sentence):
    refused = save(root, **{name: text})
    assert refused.status_code == 422
    assert sentence in unescape(refused.text)
    answer = program_of(root).patch(f"/admin/settings/{name}", {"value": text})
    assert answer.status_code == 422
    assert answer.json["errors"]["value"][0].startswith(sentence) or sentence in str(answer.json["errors"])
    assert stored(app) == {}
    assert program_of(root).read("/admin/setting-changes")["items"] == []


def test_one_wrong_value_keeps_the_others_of_the_form(app, root):
    refused = save(root, POSTS_PER_PAGE="7", TITLE_MIN="0")
    assert refused.status_code == 422
    assert field(refused.text, "POSTS_PER_PAGE") == "7"
    assert stored(app) == {}


def test_unknown_names_are_refused(app, root):
    program = program_of(root)
    for name in ("NOTHING", "is_set_up", "posts_per_page", "%00", "x" * 500, "변수"):
        assert program.get(f"/admin/settings/{name}").status_code == 404
        assert program.patch(f"/admin/settings/{name}", {"value": "7"}).status_code == 404
        assert program.delete(f"/admin/settings/{name}").status_code == 404
        assert root.post(f"/admin/settings/{name}/reset").status_code == 404
    assert root.post("/admin/settings/groups/nothing", POSTS_PER_PAGE="7").status_code == 404
    assert root.post("/admin/settings/groups/site", is_set_up="no").status_code == 302
    assert program_of(root).read("/admin/setting-changes")["items"] == []


@pytest.mark.parametrize("body", [{}, {"value": 7}, {"value": None}, {"value": ["7"]}, {"text": "7"}, []])
def test_the_api_takes_a_text(root, body):
    assert program_of(root).patch("/admin/settings/POSTS_PER_PAGE", body).status_code == 422


def test_production_wants_the_address_of_the_site_before_a_mail_server(app, root):
    app.config["ENVIRONMENT"] = "production"
    refused = program_of(root).patch("/admin/settings/MAIL_SERVER", {"value": "smtp.example.org"})
    assert refused.status_code == 422
    assert "MADANG_SITE_URL must be set" in refused.text


CONFIRMATION = "Nobody can confirm an address without a mail server"
LANGUAGE = "MADANG_DEFAULT_LOCALE must be one of MADANG_LANGUAGES."


def test_values_that_contradict_one_another_are_refused_beside_their_fields(app, root):
    refused = save(root, EMAIL_CONFIRMATION="yes")
    assert (refused.status_code, CONFIRMATION in refused.text) == (422, True)
    assert field(refused.text, "EMAIL_CONFIRMATION") == "yes"
    refused = program_of(root).patch("/admin/settings/LANGUAGES", {"value": "ko"})
    assert (refused.status_code, refused.json["errors"]["value"]) == (422, LANGUAGE)
    assert save(root, EMAIL_CONFIRMATION="yes", MAIL_SERVER="smtp.example.org").status_code == 302
    assert save(root, LANGUAGES="ko", DEFAULT_LOCALE="ko").status_code == 302
    assert value_of(app, "LANGUAGES") == "ko"


def test_a_change_that_would_contradict_another_setting_is_not_undone(app, root):
    save(root, MAIL_SERVER="smtp.example.org")
    save(root, EMAIL_CONFIRMATION="yes")
    first = program_of(root).walk("/admin/setting-changes")[-1]["id"]
    program = program_of(root)
    for answer in (
        program.delete("/admin/settings/MAIL_SERVER"),
        program.post(f"/admin/setting-changes/{first}/undo"),
    ):
        assert (answer.status_code, CONFIRMATION in answer.json["detail"]) == (409, True)
    assert CONFIRMATION in root.follow(root.post("/admin/settings/MAIL_SERVER/reset"))
    assert save(root, MAIL_SERVER="").status_code == 422
    assert value_of(app, "MAIL_SERVER") == "smtp.example.org"


def test_stored_values_that_are_wrong_or_unknown_now_are_passed_over(app, visitor, root):
    with app.app_context(), transaction():
        set_site(POSTS_PER_PAGE="0", DEFAULT_TIMEZONE="Mars/Olympus", OF_TOMORROW="1", TITLE_MIN="")
    visitor.page("/")
    root.page("/admin/settings")
    assert (value_of(app, "POSTS_PER_PAGE"), value_of(app, "DEFAULT_TIMEZONE")) == (30, "UTC")
    assert save(root, POSTS_PER_PAGE="8").status_code == 302
    assert value_of(app, "POSTS_PER_PAGE") == 8

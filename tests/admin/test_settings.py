"""Settings that administrators change in the browser: page, API, effect, and what is fixed."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from html import unescape
from time import monotonic

import pytest

from madang.accounts.operations.guests import purge_unused_guests
from madang.config import BROWSER_SETTINGS, SETTINGS
from madang.core.clock import now
from madang.core.db import transaction
from tests.api.programs import program_of
from tests.people import Person

from .settings_page import FIXED, SECRETS, field, fix, group_of, other_text, save, stored, value_of

pytestmark = pytest.mark.each_database

NAMES = [name for name in BROWSER_SETTINGS if name not in SECRETS]


# Every setting


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_shown_changed_and_reset_on_the_page_and_by_the_api(app, root, name):
    if name == "EMAIL_CONFIRMATION":
        app.config["MAIL_SERVER"] = "smtp.yard.example"  # without one nobody could confirm an address
    program, before = program_of(root), value_of(app, name)
    shown = program.read(f"/admin/settings/{name}")
    default = shown["value"]
    other = other_text(SETTINGS[name], default)
    assert field(root.page("/admin/settings"), name) == default
    assert save(root, **{name: other}).location == f"/admin/settings#{group_of(name)}"
    page = root.page("/admin/settings")
    assert field(page, name) == other
    assert f'formaction="/admin/settings/{name}/reset"' in page
    assert value_of(app, name) == SETTINGS[name].parse(other) != before
    read = program.read(f"/admin/settings/{name}")
    assert (read["value"], read["source"], read["changed_by"]) == (other, "browser", "ruth")
    root.post(f"/admin/settings/{name}/reset")
    assert program.patch(f"/admin/settings/{name}", {"value": other}).json["value"] == other
    assert value_of(app, name) == SETTINGS[name].parse(other)
    assert program.delete(f"/admin/settings/{name}").status_code == 204
    assert program.read(f"/admin/settings/{name}")["source"] == "default"
    if SETTINGS[name].row_name == name:  # the setup has stored the name and the language
        assert value_of(app, name) == before


@pytest.mark.parametrize("name", BROWSER_SETTINGS)
def test_a_setting_of_the_environment_is_shown_as_fixed_and_refused(app, root, name):
    fix(app, name)
    page, program = root.page("/admin/settings"), program_of(root)
    assert f'name="{name}"' not in page
    assert FIXED.format(name) in unescape(page)
    other = other_text(SETTINGS[name], "")
    refused = program.patch(f"/admin/settings/{name}", {"value": other})
    assert (refused.status_code, refused.json["detail"]) == (409, FIXED.format(name))
    assert program.delete(f"/admin/settings/{name}").status_code == 409
    sent = root.post(f"/admin/settings/groups/{group_of(name)}", **{name: other, f"was_{name}": "x"})
    assert (sent.status_code, FIXED.format(name) in unescape(sent.text)) == (409, True)
    assert stored(app) == {}
    assert program.read(f"/admin/settings/{name}")["source"] == "environment"


def test_the_page_names_the_file_that_fixes_a_setting(app, root):
    fix(app, "POSTS_PER_PAGE", "/etc/madang/settings.env")
    assert "The file /etc/madang/settings.env sets MADANG_POSTS_PER_PAGE." in root.page("/admin/settings")


def test_the_environment_takes_precedence_over_what_was_changed_before(app, root):
    save(root, POSTS_PER_PAGE="7")
    fix(app, "POSTS_PER_PAGE")
    assert value_of(app, "POSTS_PER_PAGE") == 30
    assert stored(app) == {"POSTS_PER_PAGE": "7"}


@pytest.mark.parametrize("name", [name for name in SETTINGS if name not in BROWSER_SETTINGS])
def test_a_setting_that_is_read_at_the_start_is_shown_and_refused(root, name):
    refused = program_of(root).patch(f"/admin/settings/{name}", {"value": "1"})
    assert refused.status_code == 409
    assert refused.json["detail"].startswith("Read when a process starts.")
    assert f"MADANG_{name}" in root.page("/admin/settings")


OTHER_PROCESS = """
import json, sys
from madang import create_app
from madang.core.settings import setting
app = create_app({"DATABASE_URL": sys.argv[1]}, instance_path=sys.argv[2])
for line in sys.stdin:
    with app.app_context():
        print(json.dumps({name: setting(name) for name in line.split()}), flush=True)
"""


def test_every_setting_takes_effect_in_another_process(app, root, instance):
    url = app.config["DATABASE_URL"]
    command = [sys.executable, "-c", OTHER_PROCESS, url, str(instance)]
    program = program_of(root)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask() -> dict[str, object]:
            process.stdin.write(" ".join(BROWSER_SETTINGS) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        assert ask()["POSTS_PER_PAGE"] == 30
        expected = {}
        for name, definition in BROWSER_SETTINGS.items():
            text = other_text(definition, program.read(f"/admin/settings/{name}")["value"])
            text = "ko" if name == "LANGUAGES" else text  # the default is Korean by then
            assert program.patch(f"/admin/settings/{name}", {"value": text}).status_code == 200, name
            expected[name] = definition.parse(text)
        deadline = monotonic() + 60
        while (found := ask()) != expected and monotonic() < deadline:
            pass
        process.stdin.close()
    assert found == expected


# Effect


def test_a_list_has_as_many_rows_as_are_set(app, root, ann):
    for number in range(3):
        ann.ask(f"How do I move yard {number}?")
    assert "/questions?page=2" not in ann.page("/questions")
    save(root, POSTS_PER_PAGE="2")
    assert "/questions?page=2" in ann.page("/questions")


def test_the_name_of_the_site_is_changed_on_every_page(root, visitor):
    save(root, SITE_NAME="마당 <b>동네</b>")
    page = visitor.page("/")
    assert "마당 &lt;b&gt;동네&lt;/b&gt;" in page
    assert "<b>동네" not in page


def test_the_description_of_the_site_is_on_its_first_page_and_in_its_feed(root, visitor):
    save(root, SITE_DESCRIPTION="All about yards & gates.")
    assert "All about yards &amp; gates." in visitor.page("/")
    assert "All about yards &amp; gates." in visitor.page("/feed.atom")
    save(root, SITE_DESCRIPTION="")
    assert "All about yards" not in visitor.page("/")


def test_sign_up_is_closed(root, visitor):
    assert 'href="/auth/signup' in visitor.page("/")
    save(root, SIGNUP_OPEN="no")
    assert 'href="/auth/signup' not in visitor.page("/")
    assert visitor.post("/auth/signup", username="eve").status_code == 403


def test_only_the_languages_that_are_offered_are_spoken(root, ann, visitor):
    visitor.client.set_cookie("locale", "ko")
    ann.post("/settings/preferences", locale="ko", timezone="UTC")
    assert 'href="/language/ko' in ann.page("/")
    save(root, LANGUAGES="en")
    for person in (ann, visitor):
        page = person.page("/")
        assert '<html lang="en"' in page
        assert 'href="/language/' not in page
    assert visitor.get("/language/ko").status_code == 404
    assert "한국어" not in ann.page("/settings/preferences")
    assert ann.post("/settings/preferences", locale="ko", timezone="UTC").status_code == 422
    save(root, LANGUAGES="ko en")
    assert '<html lang="ko"' in visitor.page("/")


def test_guests_are_told_how_long_they_are_kept_and_deleted_then(app, root, visitor):
    visitor.page("/todos")
    save(root, GUEST_RETENTION_DAYS="60")
    assert "deleted after 60 days" in visitor.page("/guest")
    for days, count in ((59, 0), (61, 1)):
        with app.app_context(), transaction():
            assert purge_unused_guests(now=now() + timedelta(days=days)) == count


def test_a_limit_is_changed(root, ann):
    save(root, POST_LIMIT="1 per hour")
    ann.ask("How do I move a yard?")
    assert ann.post("/posts/new", board="qa", title="And another one?", body="It is a yard again.").status_code == 429


def test_the_port_follows_the_encryption_unless_it_is_set(app, root):
    save(root, MAIL_TLS="ssl")
    assert value_of(app, "MAIL_PORT") == 465
    save(root, MAIL_PORT="2525")
    assert value_of(app, "MAIL_PORT") == 2525
    save(root, MAIL_PORT="")
    assert value_of(app, "MAIL_PORT") == 465


def test_addresses_are_confirmed_once_there_is_a_mail_server(app, root):
    assert value_of(app, "EMAIL_CONFIRMATION") is False
    save(root, MAIL_SERVER="smtp.yard.example")
    assert value_of(app, "EMAIL_CONFIRMATION") is True
    save(root, EMAIL_CONFIRMATION="no")
    assert value_of(app, "EMAIL_CONFIRMATION") is False
    save(root, EMAIL_CONFIRMATION="auto")
    assert value_of(app, "EMAIL_CONFIRMATION") is True


# The page


@pytest.mark.parametrize(
    ("locale", "query", "name"),
    [
        ("en", "password smtp", "MAIL_PASSWORD"),
        ("ko", "메일 비밀번호", "MAIL_PASSWORD"),
        ("ko", "Password SMTP", "MAIL_PASSWORD"),
        ("en", "posts_per", "POSTS_PER_PAGE"),
    ],
)
def test_settings_are_found_by_words_in_both_languages_and_by_name(root, locale, query, name):
    root.client.set_cookie("locale", locale)
    page = root.page(f"/admin/settings?q={query}")
    assert f'name="{name}"' in page
    assert 'name="TITLE_MIN"' not in page


def test_a_search_without_results_says_so(root):
    assert "No settings found" in root.page("/admin/settings?q=zebra")
    assert [each["name"] for each in program_of(root).read("/admin/settings?q=TITLE_MIN")["items"]] == ["TITLE_MIN"]


def test_a_wrong_form_of_found_settings_shows_the_others_as_they_are(root):
    save(root, COMMENT_MIN="5")
    refused = save(root, TITLE_MIN="0")
    assert refused.status_code == 422
    assert (field(refused.text, "TITLE_MIN"), field(refused.text, "COMMENT_MIN")) == ("0", "5")


def test_a_form_of_found_settings_saves_only_those(app, root):
    page = root.page("/admin/settings?q=TITLE_MIN")
    was = re.search(r'name="was_TITLE_MIN"[^>]* value="([^"]*)"', page)[1]
    assert root.post("/admin/settings/groups/site", TITLE_MIN="5", was_TITLE_MIN=was).status_code == 302
    assert stored(app) == {"TITLE_MIN": "5"}


@pytest.mark.parametrize("who", ["eve", "dan"])
def test_only_administrators_see_and_change_settings(app, people, root, who):
    person: Person = people[who]
    save(root, POSTS_PER_PAGE="7")
    status = {"eve": 404, "dan": 403}[who]
    program = program_of(person)
    for path in ("/admin/settings", "/admin/settings/changes"):
        person.page(path, status)
    for path in ("/admin/settings", "/admin/setting-changes"):
        assert program.get(path).status_code == status
    assert person.post("/admin/settings/groups/site", POSTS_PER_PAGE="9", was_POSTS_PER_PAGE="").status_code == status
    assert person.post("/admin/settings/POSTS_PER_PAGE/reset").status_code == status
    assert person.post("/admin/settings/changes/1/undo").status_code == status
    assert person.post("/admin/settings/test-mail", address="eve@example.org").status_code == status
    assert program.patch("/admin/settings/POSTS_PER_PAGE", {"value": "9"}).status_code == status
    assert program.delete("/admin/settings/POSTS_PER_PAGE").status_code == status
    assert program.post("/admin/setting-changes/1/undo").status_code == status
    assert program.post("/admin/test-mail", {"address": "eve@example.org"}).status_code == status
    assert value_of(app, "POSTS_PER_PAGE") == 7

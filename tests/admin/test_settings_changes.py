"""Changes of settings: secrets, two administrators at once, the log, and setting back."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from sqlalchemy import select

from madang.admin.models import SettingChange, StaffLogEntry
from madang.core.db import db, transaction
from madang.core.settings import setting
from madang.core.site import set_site, site
from tests.api.programs import program_of
from tests.people import Person

from .helpers import staff_actions
from .settings_page import field, save, seen, stored, value_of

pytestmark = pytest.mark.each_database


def changes(app) -> list[tuple[str, str | None, str | None]]:
    with app.app_context():
        rows = db.session.scalars(select(SettingChange).order_by(SettingChange.id)).all()
        return [(row.name, row.former, row.value) for row in rows]


# Secrets


def test_a_password_is_used_and_never_shown(app, root):
    password = "hunter2 사과 & <more>"
    save(root, MAIL_PASSWORD=password)
    assert value_of(app, "MAIL_PASSWORD") == password
    program = program_of(root)
    read = program.read("/admin/settings/MAIL_PASSWORD")
    assert (read["value"], read["default"], read["has_value"]) == ("", "", True)
    (kept,) = stored(app).values()
    shown = "".join(
        (
            root.page("/admin/settings"),
            root.page("/admin/settings/changes"),
            root.page("/admin/log"),
            str(program.read("/admin/settings")),
            str(program.read("/admin/setting-changes")),
            str(program.read("/admin/log")),
            kept,
            str(changes(app)),
        )
    )
    assert "hunter2" not in unescape(shown)
    assert kept not in root.page("/admin/settings")
    assert ("MAIL_PASSWORD", None, "") in changes(app)


def test_a_wrong_password_is_not_shown_in_the_form_again(root):
    refused = save(root, MAIL_PASSWORD="hunter2" * 100)
    assert refused.status_code == 422
    assert "hunter2" not in refused.text


def test_an_empty_field_keeps_the_password_and_the_button_removes_it(app, root):
    save(root, MAIL_PASSWORD="hunter2")
    save(root, MAIL_PASSWORD="", MAIL_USERNAME="ann")
    assert (value_of(app, "MAIL_PASSWORD"), value_of(app, "MAIL_USERNAME")) == ("hunter2", "ann")
    root.post("/admin/settings/MAIL_PASSWORD/reset")
    assert value_of(app, "MAIL_PASSWORD") is None


def test_another_server_does_not_get_the_password_that_was_typed_for_the_first(app, root):
    save(root, MAIL_SERVER="smtp.yard.example", MAIL_PASSWORD="hunter2")
    first = program_of(root).walk("/admin/setting-changes")[-1]["id"]
    refused = save(root, MAIL_SERVER="smtp.eve.example")
    assert (refused.status_code, "would get the password" in refused.text) == (422, True)
    root.post("/admin/settings/MAIL_SERVER/reset")
    assert program_of(root).patch("/admin/settings/MAIL_SERVER", {"value": "smtp.eve.example"}).status_code == 422
    assert program_of(root).post(f"/admin/setting-changes/{first + 2}/undo").status_code == 409
    assert value_of(app, "MAIL_SERVER") is None
    assert save(root, MAIL_SERVER="smtp.eve.example", MAIL_PASSWORD="hers").status_code == 302


def test_a_password_of_another_secret_key_is_not_used(app, root):
    save(root, MAIL_PASSWORD="hunter2")
    app.config["SECRET_KEY"] = "another one that is long enough for it"
    with app.app_context():
        site.clear()
        assert setting("MAIL_PASSWORD") is None


@pytest.mark.parametrize("text", ["nonsense", "", "\U0001f40e", "YWdl"])
def test_a_damaged_password_stops_nothing(app, visitor, text):
    with app.app_context(), transaction():
        set_site(MAIL_PASSWORD=text)
    assert value_of(app, "MAIL_PASSWORD") is None
    visitor.page("/")


# Two administrators


def test_who_saves_second_sees_what_the_first_saved_and_decides(app, root, people):
    was = seen(root, "POSTS_PER_PAGE")
    save(root, POSTS_PER_PAGE="7")
    second = root.post("/admin/settings/groups/site", POSTS_PER_PAGE="9", was_POSTS_PER_PAGE=was)
    assert second.status_code == 409
    assert "Somebody has changed this to “7” meanwhile." in unescape(second.text)
    assert field(second.text, "POSTS_PER_PAGE") == "9"
    assert value_of(app, "POSTS_PER_PAGE") == 7
    again = re.search(r'name="was_POSTS_PER_PAGE"[^>]* value="([^"]*)"', second.text)[1]
    assert root.post("/admin/settings/groups/site", POSTS_PER_PAGE="9", was_POSTS_PER_PAGE=again).status_code == 302
    assert value_of(app, "POSTS_PER_PAGE") == 9


def test_an_old_form_changes_only_what_its_person_has_touched(app, root):
    old = {f"was_{name}": seen(root, name) for name in ("POSTS_PER_PAGE", "TITLE_MIN")}
    save(root, POSTS_PER_PAGE="7")
    answer = root.post("/admin/settings/groups/site", POSTS_PER_PAGE="30", TITLE_MIN="5", **old)
    assert answer.status_code == 302
    assert (value_of(app, "POSTS_PER_PAGE"), value_of(app, "TITLE_MIN")) == (7, 5)


def test_a_program_changes_only_what_it_has_read(root):
    program = program_of(root)
    tag = program.get("/admin/settings/TITLE_MIN").headers["ETag"]
    assert program.patch("/admin/settings/TITLE_MIN", {"value": "5"}, headers={"If-Match": tag}).status_code == 200
    late = program.patch("/admin/settings/TITLE_MIN", {"value": "6"}, headers={"If-Match": tag})
    assert late.status_code == 412


def test_two_who_save_at_once_do_not_both_win(app, root):
    """Each has seen the same value; the one whose transaction comes second is told."""
    was = seen(root, "POSTS_PER_PAGE")

    def send(number: int) -> int:
        browser = Person(app, "ruth", root.id)
        browser._token, cookie = root.token, root.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        browser.client.set_cookie(cookie.key, cookie.value)
        fields = {"POSTS_PER_PAGE": str(number + 40), "was_POSTS_PER_PAGE": was}
        return browser.post("/admin/settings/groups/site", **fields).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(4)))
    assert statuses == [302, 409, 409, 409]
    assert len(changes(app)) == 1


# The log, and setting back


def test_a_change_is_in_the_staff_log_and_in_the_list_and_is_set_back(app, root):
    save(root, POSTS_PER_PAGE="7")
    save(root, POSTS_PER_PAGE="9")
    page = unescape(root.page("/admin/settings/changes"))
    assert "7 → 9" in page
    assert "the default → 7" in page
    assert staff_actions(app) == [("change_setting", None)] * 2
    assert "MADANG_POSTS_PER_PAGE" in root.page("/admin/log")
    first, second = [change["id"] for change in program_of(root).walk("/admin/setting-changes")][::-1]
    assert root.post(f"/admin/settings/changes/{second}/undo").location == "/admin/settings/changes"
    assert value_of(app, "POSTS_PER_PAGE") == 7
    assert program_of(root).post(f"/admin/setting-changes/{first}/undo").status_code == 204
    assert value_of(app, "POSTS_PER_PAGE") == 30
    assert changes(app)[-1] == ("POSTS_PER_PAGE", "7", None)
    assert staff_actions(app)[-1] == ("reset_setting", None)


def test_the_page_offers_to_undo_what_was_just_saved(app, root):
    page = root.follow(save(root, POSTS_PER_PAGE="7"))
    action = re.search(r"/admin/settings/changes/\d+/undo", page)[0]
    root.post(action)
    assert value_of(app, "POSTS_PER_PAGE") == 30


def test_the_former_value_of_a_secret_is_not_set_back(app, root):
    save(root, MAIL_PASSWORD="hunter2")
    save(root, MAIL_PASSWORD="hunter3")
    (latest, *_rest) = program_of(root).walk("/admin/setting-changes")
    assert "/undo" not in root.page("/admin/settings/changes").partition("<table")[2]
    refused = program_of(root).post(f"/admin/setting-changes/{latest['id']}/undo")
    assert refused.status_code == 409
    assert value_of(app, "MAIL_PASSWORD") == "hunter3"


def test_a_value_that_is_wrong_now_is_not_set_back(app, root):
    save(root, POSTS_PER_PAGE="7")
    with app.app_context(), transaction():
        db.session.scalars(select(SettingChange)).one().former = "1000"
    change = program_of(root).read("/admin/setting-changes")["items"][0]["id"]
    assert program_of(root).post(f"/admin/setting-changes/{change}/undo").status_code == 409
    assert "This must be" in root.follow(root.post(f"/admin/settings/changes/{change}/undo"))


def test_changes_that_do_not_exist_are_not_set_back(root):
    assert root.post("/admin/settings/changes/99/undo").status_code == 404
    assert program_of(root).post("/admin/setting-changes/99/undo").status_code == 404


def test_a_reset_of_a_default_is_no_change(app, root):
    root.post("/admin/settings/POSTS_PER_PAGE/reset")
    save(root, POSTS_PER_PAGE="30")
    assert changes(app) == []
    assert staff_actions(app) == []


def test_changes_are_listed_page_by_page_and_by_setting(root):
    program = program_of(root)
    for text in ("7", "8"):
        program.patch("/admin/settings/POSTS_PER_PAGE", {"value": text})
    program.patch("/admin/settings/TITLE_MIN", {"value": "5"})
    words = [each["words"] for each in program.walk("/admin/setting-changes")]
    assert words == ["the default → 5", "7 → 8", "the default → 7"]
    assert [each["name"] for each in program.walk("/admin/setting-changes?name=TITLE_MIN")] == ["TITLE_MIN"]
    assert "TITLE_MIN" not in root.page("/admin/settings/changes?name=POSTS_PER_PAGE").partition("<tbody")[2]


def test_the_log_of_moderators_names_the_setting_and_not_its_values(root, dan, app):
    save(root, MAIL_USERNAME="postmaster@yard.example")
    page = dan.page("/admin/log")
    assert "MADANG_MAIL_USERNAME" in page
    assert "postmaster" not in page
    with app.app_context():
        assert db.session.scalars(select(StaffLogEntry)).one().payload == {"setting": "MAIL_USERNAME"}

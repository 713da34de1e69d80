"""Settings: profile, picture, address, password, sessions, language."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.storage.pictures import read_stored_file
from tests.accounts.mailbox import link_in, mails
from tests.people import PASSWORD, Person

NEW_PASSWORD = "eleven boats at the pier"
PROFILE = {"display_name": "Ann C.", "bio": "I **mend** radios.", "website": "example.org", "location": "Seoul"}
PAGES = ("", "/account", "/sessions", "/preferences", "/leave", "/leave/delete")


@pytest.mark.parametrize("page", PAGES)
def test_settings_require_an_account(visitor, ann, page):
    assert visitor.get(f"/settings{page}").location == f"/auth/login?next=/settings{page}"
    ann.page(f"/settings{page}")


def test_a_profile_is_edited(ann, visitor):
    assert "Your profile has been saved." in ann.follow(ann.post("/settings", **PROFILE))
    page = visitor.page("/users/ann")
    for shown in ("Ann C.", "<strong>mend</strong>", 'href="https://example.org"', "Seoul"):
        assert shown in page


def test_an_empty_display_name_becomes_the_username(ann, visitor):
    ann.post("/settings", **PROFILE | {"display_name": "  "})
    assert "<h1>ann</h1>" in visitor.page("/users/ann")


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "ftp://example.org", "http://", "https://exa mple.org", "https://[", "data:text/html,x"],
)
def test_a_website_must_be_a_web_address(ann, website):
    response = ann.post("/settings", **PROFILE | {"website": website})
    assert response.status_code == 422
    assert "https://example.org" in response.text


def test_too_long_values_get_errors_and_are_shown_again(ann):
    response = ann.post("/settings", display_name="n" * 51, bio="b" * 5001, website="", location="l" * 101)
    assert response.status_code == 422
    for limit in ("50", "5,000", "100"):
        assert f"shorten this to {limit} characters" in response.text.replace("5000", "5,000")
    assert "n" * 51 in response.text


def test_a_biography_cannot_contain_a_script(ann, visitor):
    ann.post("/settings", **PROFILE | {"bio": "<script>alert(1)</script><img src=x onerror=alert(1)>"})
    page = visitor.page("/users/ann")
    assert "<script>alert" not in page and "onerror" not in page


def test_a_suspended_member_cannot_change_the_profile(app, ann):
    with app.app_context(), transaction() as session:
        session.get(User, ann.id).suspended_until = now() + timedelta(days=1)
    assert ann.post("/settings", **PROFILE).status_code == 403
    assert _upload(ann, _picture()).status_code == 403
    assert "Ann C." not in ann.page("/users/ann")


# The picture


def _picture(kind="JPEG", size=(300, 200), **options) -> BytesIO:
    buffer = BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


def _upload(person, content, name="me.jpg"):
    return person.post("/settings/avatar", file=(content, name))


def _avatar(app, person) -> str:
    page = person.page("/settings")
    return page.partition('src="/files/')[2].partition('"')[0]


def test_a_picture_is_stored_square_and_without_metadata(app, ann, visitor):
    exif = Image.Exif()
    exif[0x010F] = "Spy Camera Works"
    assert _upload(ann, _picture(exif=exif)).status_code == 302
    response = visitor.get(f"/files/{_avatar(app, ann)}")
    picture = Image.open(BytesIO(response.data))
    assert picture.size == (256, 256)
    assert not picture.getexif() and b"Spy Camera" not in response.data


def test_a_picture_can_be_replaced_and_removed(app, ann):
    _upload(ann, _picture())
    first = _avatar(app, ann)
    _upload(ann, _picture("PNG"))
    second = _avatar(app, ann)
    assert ann.get(f"/files/{first}").status_code == 404
    assert "drawn from your name" in ann.follow(ann.post("/settings/avatar/remove"))
    with app.app_context():
        assert read_stored_file(second) is None


def _decompression_bomb() -> BytesIO:
    """A PNG of a few bytes that claims to be 60,000 pixels wide and high."""
    content = bytearray(_picture("PNG", (1, 1)).getvalue())
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    return BytesIO(bytes(content))


@pytest.mark.parametrize(
    "content",
    [
        BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        BytesIO(b"GIF89a but not really"),
        BytesIO(b""),
        _decompression_bomb(),
        _picture("BMP"),
    ],
    ids=["svg", "broken", "empty", "bomb", "bmp"],
)
def test_a_file_that_is_no_picture_is_refused(app, ann, content):
    content.seek(0)
    response = _upload(ann, BytesIO(content.getvalue()))
    assert response.status_code == 422
    assert "field-error" in response.text
    assert _avatar(app, ann) == ""


def test_a_missing_file_is_refused(ann):
    assert "Please choose a picture." in ann.post("/settings/avatar").text


# The address


def test_an_address_changes_when_its_link_is_confirmed(app, ann, people):
    ann.follow(ann.post("/settings/account/email", email="ann2@example.org", current_password=PASSWORD))
    mail = mails(app)[-1]
    assert mail["To"] == "ann2@example.org"
    assert people.visitor().post("/auth/login", username="ann2@example.org", password=PASSWORD).status_code == 422
    assert "ann2@example.org is confirmed" in ann.follow(ann.post(link_in(mail)))
    assert people.visitor().post("/auth/login", username="ann2@example.org", password=PASSWORD).status_code == 302
    assert mails(app)[-1]["To"] == "ann@example.org"  # the former address is notified


def test_a_changed_password_voids_the_link_to_a_new_address(app, ann):
    ann.post("/settings/account/email", email="ann2@example.org", current_password=PASSWORD)
    link = link_in(mails(app)[-1])
    ann.post("/settings/account/password", current_password=PASSWORD, password=NEW_PASSWORD, password2=NEW_PASSWORD)
    ann.page(link, 410)


def test_an_address_taken_meanwhile_is_refused(app, ann, people):
    ann.post("/settings/account/email", email="bob@example.org", current_password=PASSWORD)
    link = link_in(mails(app)[-1])
    people["bob"]
    refused = ann.post(link)
    assert refused.status_code == 409 and "Another account now uses this address" in refused.text


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("bob@example.org", "There is already an account"), ("nowhere", "does not look like"), ("ann@example.org", None)],
)
def test_an_invalid_or_taken_address_is_refused(app, ann, bob, email, sentence):
    response = ann.post("/settings/account/email", email=email, current_password=PASSWORD)
    assert response.status_code == (422 if sentence else 302)  # one's own may be confirmed
    assert (sentence or "") in response.text


def test_an_address_change_requires_the_password(app, ann):
    response = ann.post("/settings/account/email", email="ann2@example.org", current_password="wrong")
    assert response.status_code == 422
    assert "not your current password" in response.text and "ann2@example.org" in response.text
    assert mails(app) == []


# The password


def _second_browser(app) -> Person:
    browser = Person(app)
    assert browser.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    browser.username, browser._token = "ann", ""
    return browser


def test_a_changed_password_ends_the_other_sessions(app, ann):
    other = _second_browser(app)
    page = ann.follow(
        ann.post("/settings/account/password", current_password=PASSWORD, password=NEW_PASSWORD, password2=NEW_PASSWORD)
    )
    assert "Your password has been changed" in page
    assert other.get("/settings").status_code == 302
    assert Person(app).post("/auth/login", username="ann", password=NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current_password": "wrong"}, "not your current password"),
        ({"password": "short", "password2": "short"}, "at least 10 characters"),
        ({"password2": "another one entirely"}, "do not match"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(app, ann, fields, sentence):
    values = {"current_password": PASSWORD, "password": NEW_PASSWORD, "password2": NEW_PASSWORD} | fields
    response = ann.post("/settings/account/password", **values)
    assert response.status_code == 422 and sentence in response.text
    assert Person(app).post("/auth/login", username="ann", password=PASSWORD).status_code == 302


# Sessions


def test_sessions_are_listed_and_one_is_ended(app, ann):
    other = Person(app)
    other.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) AppleWebKit Version/17 Safari/604.1"
    assert other.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    page = ann.page("/settings/sessions")
    assert "Safari on iPhone" in page and page.count("this session") == 1
    session_ids = set(_session_ids(page))
    own_id = page.partition("this session")[2].partition("/settings/sessions/")[2].partition("/")[0]
    (ended_id,) = session_ids - {own_id}
    assert "That session has been logged out." in ann.follow(ann.post(f"/settings/sessions/{ended_id}/end"))
    assert other.get("/settings").status_code == 302
    assert "Safari on iPhone" not in ann.page("/settings/sessions")


def _session_ids(page: str) -> list[str]:
    return [part.partition("/")[0] for part in page.split("/settings/sessions/")[1:] if part[0].isdigit()]


def test_nobody_can_end_another_persons_session(ann, eve):
    (session_id,) = _session_ids(ann.page("/settings/sessions"))
    assert eve.post(f"/settings/sessions/{session_id}/end").status_code == 404
    ann.page("/settings")


def test_ending_the_current_session_logs_out(ann):
    (session_id,) = _session_ids(ann.page("/settings/sessions"))
    assert ann.post(f"/settings/sessions/{session_id}/end").location == "/"
    assert ann.get("/settings").status_code == 302


def test_all_other_sessions_are_ended(app, ann):
    others = [_second_browser(app), _second_browser(app)]
    ann.follow(ann.post("/settings/sessions/end-others"))
    assert [other.get("/settings").status_code for other in others] == [302, 302]
    ann.page("/settings")


# Preferences


def test_language_zone_and_theme_are_chosen(ann):
    response = ann.post("/settings/preferences", locale="ko", timezone="Asia/Seoul", theme="dark")
    page = ann.follow(response)
    assert '<html lang="ko" data-theme="dark">' in page
    assert '<option selected value="Asia/Seoul">' in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"locale": "xx"}, "choose a language"), ({"timezone": "Mars/Base"}, "choose a time zone")],
)
def test_an_unknown_language_or_time_zone_is_refused(ann, fields, sentence):
    response = ann.post("/settings/preferences", **{"locale": "en", "timezone": "", "theme": ""} | fields)
    assert response.status_code == 422 and sentence in response.text


def test_the_language_menu_changes_only_the_browser(app, ann):
    assert ann.get("/language/ko?next=/users").location == "/users"
    assert '<html lang="ko"' in ann.page("/users")
    assert '<html lang="en"' in _second_browser(app).page("/")
    assert ann.actor.locale == "en"


def test_the_language_of_the_settings_applies_to_every_browser(app, ann):
    ann.get("/language/en")
    ann.post("/settings/preferences", locale="ko", timezone="", theme="")
    assert '<html lang="ko"' in ann.page("/users")
    assert '<html lang="ko"' in _second_browser(app).page("/")


def test_a_visitor_chooses_a_language_for_the_browser(visitor):
    assert visitor.get("/language/ko?next=//evil.example").location == "/"
    assert '<html lang="ko"' in visitor.page("/users")
    visitor.page("/language/xx", 404)

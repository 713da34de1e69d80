"""What the tests of the settings type: another valid value for each setting, and the fields of the page's forms."""

import re
from html import unescape

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from madang.config import BROWSER_SETTINGS, GROUPS, Setting
from madang.core.db import db
from madang.core.settings import setting
from madang.core.site import SiteSetting, site
from tests.people import Person

OTHER_TEXTS = {
    "SITE_NAME": "마당 동네",
    "LANGUAGES": "en",
    "DEFAULT_TIMEZONE": "Europe/Berlin",
    "MAIL_SERVER": "smtp.yard.example",
    "MAIL_FROM": "Yard <yard@yard.example>",
    "MAIL_USERNAME": "postmaster",
    "MAIL_PASSWORD": "correct horse \U0001f40e",
    "MAIL_PORT": "2525",
}
FIXED = "The environment sets MADANG_{}. Change it there, and restart."
SECRETS = [each.name for each in BROWSER_SETTINGS.values() if each.secret]


def other_text(definition: Setting, current: str) -> str:
    """A valid text of a setting that is not `current`."""
    kind = definition.kind
    if definition.name in OTHER_TEXTS:
        return OTHER_TEXTS[definition.name]
    if kind.words:
        return next(word for word in kind.words if word not in (current, "auto"))
    if kind.name == "rate":
        return "777 per 1 minute"
    if kind.name == "number":
        return str(next(number for number in (17, 18) if str(number) != current))
    return "Other words"


def group_of(name: str) -> str:
    return next(title for title, members in GROUPS.items() if any(each.name == name for each in members)).lower()


def seen(person: Person, name: str) -> str:
    """The hidden field by which the form says what it has shown."""
    page = person.page("/admin/settings")
    match = re.search(rf'name="was_{name}"[^>]* value="([^"]*)"', page)
    assert match, f"no field for {name}"
    return unescape(match[1])


def save(person: Person, **texts: str) -> TestResponse:
    """Open the page, type `texts`, which are of one group, and press the button."""
    was = {f"was_{name}": seen(person, name) for name in texts}
    return person.post(f"/admin/settings/groups/{group_of(next(iter(texts)))}", **texts, **was)


def value_of(app: Flask, name: str) -> object:
    with app.app_context():
        return setting(name)


def stored(app: Flask) -> dict[str, str]:
    """The rows of the settings that were changed."""
    with app.app_context():
        rows = db.session.execute(select(SiteSetting.name, SiteSetting.value))
        return {name: value for name, value in rows if name.isupper()}


def fix(app: Flask, name: str, source: str = "") -> None:
    """Let the environment, or the file `source`, give a setting, as at a start."""
    app.config["SETTING_SOURCES"] = {name: source}
    with app.app_context():
        site.clear()


def field(page: str, name: str) -> str:
    """The text of a setting in the form of the page."""
    if match := re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL):
        (chosen,) = re.findall(r'<option selected value="([^"]*)"', match[0])
        return unescape(chosen)
    (tag,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
    return unescape(re.search(r' value="([^"]*)"', tag)[1])

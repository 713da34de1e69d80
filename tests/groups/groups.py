"""Make a group, join it, and read what its pages show."""

import re

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from madang.core.db import db
from madang.groups.models import Group
from tests.people import Person

PATH = "/groups/gardeners"


def make_group(admin: Person, slug: str = "gardeners", **fields: object) -> str:
    """Let an administrator make a group by the form. Returns its path."""
    given = {"slug": slug, "name_en": slug.title(), "joining": "invitation", "color": "green", **fields}
    response = admin.post("/admin/groups/add", **{name: value for name, value in given.items() if value is not None})
    assert response.status_code == 302, response.text
    return f"/groups/{slug}"


def group_id(app: Flask, slug: str = "gardeners") -> int:
    with app.app_context():
        return db.session.scalars(select(Group.id).where(Group.slug == slug)).one()


def add(owner: Person, *usernames: str, path: str = PATH) -> TestResponse:
    return owner.post(f"{path}/members", usernames=", ".join(usernames))


def make_owner(admin: Person, username: str, path: str = PATH) -> None:
    """Add somebody to a group as an owner."""
    assert add(admin, username, path=path).status_code == 302
    assert admin.post(f"{path}/members/{username}/owner", value="1").status_code == 302


def members(reader: Person, path: str = PATH) -> list[str]:
    """The usernames of the members that a group's page lists, the first to come first."""
    listed = reader.page(path).partition('id="members"')[2].partition("<ul")[2].partition("</ul>")[0]
    return re.findall(r'data-card="([^"]+)"', listed)


def member_count(reader: Person, path: str = PATH) -> int:
    """The number of members that a group's page says."""
    return int(re.search(r"· (\d+) members?", reader.page(path))[1])

"""What every part of an archive shares: its folder, the templates, the links, what stands on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Row

from madang.accounts.queries.users import shown_name
from madang.core.actor import GUEST
from madang.core.i18n import _, current_locale, current_zone, day
from madang.core.site import site
from madang.core.storage.backends import store
from madang.core.text import NOT_XML

from ...queries.pages import pages_of_posts
from .folder import ArchiveFolder
from .links import Links
from .paths import board_path, person_path, picture_path, post_path, root_from, tag_path


@dataclass(frozen=True, slots=True)
class Person:
    """An author as pages show them: `path` is that of the profile, empty where there is none."""

    name: str
    path: str = ""
    picture: str = ""


class ArchiveSession:
    """The state of one run."""

    def __init__(self, folder: ArchiveFolder, templates: Environment, links: Links, boards: Sequence[Row]) -> None:
        self.folder, self.links, self.boards, self.site = folder, links, boards, site()
        self.begun_at = datetime.fromisoformat(folder.state.begun_at)
        self._templates = templates
        self._zone, self._days = ZoneInfo(current_zone()), dict[calendar_date, str]()
        self._shared = {
            "site": self.site,
            "locale": current_locale(),
            "boards": boards,
            "archived_at": self.begun_at,
            "origin": links.site_url,
            "day": self.day,
            "person": self.person,
            "picture_path": self.picture,
            "post_path": post_path,
            "board_path": board_path,
            "tag_path": self.tag_path,
            "person_path": person_path,
        }

    def write_page(self, path: str, template: str, **values: object) -> None:
        """Write a page from a template of `templates/archiving/`."""
        root = root_from(path)
        page = self._templates.get_template(f"archiving/{template}").render(
            root=root, path=path, **self._shared, **values
        )
        self.folder.write(path, NOT_XML.sub("", page))

    def know_posts(self, texts: Sequence[str]) -> None:
        """Look up the posts to which these texts link, before they are rewritten."""
        self.links.posts = pages_of_posts(self.links.posts_in(texts))

    def text(self, html: str, root: str) -> Markup:
        """The HTML of a text, sanitised when it was written, with links within the archive."""
        return Markup(self.links.rewrite(html, root))  # noqa: S704

    def tag_path(self, name: str) -> str | None:
        tag_id = self.links.tags.get(name)
        return tag_path(tag_id) if tag_id is not None else None

    def person(self, row: Row) -> Person:
        """The author of a row with the `AUTHOR_COLUMNS` columns, and `author_id`."""
        if row.author_username is None or row.author_is_deleted:
            return Person(row.author_name or _("deleted user"))
        name = shown_name(row.author_username, row.author_display_name, row.author_role)
        if row.author_role == GUEST:
            return Person(name)
        return Person(name, person_path(row.author_id), self.picture(row.author_avatar_file))

    def day(self, moment: datetime) -> Markup:
        """The date of a moment, with its time for programs. Each date is put into words once."""
        local = moment.astimezone(self._zone).date()
        if local not in self._days:
            self._days[local] = day(local)
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), self._days[local])

    def picture(self, name: str | None) -> str:
        """The path of a picture that a page shows; empty without one."""
        if not name:
            return ""
        self.links.pictures.add(name)
        return picture_path(name)

    def copy_pictures(self) -> None:
        """Copy the pictures that the pages since the last call show. A picture never changes under its name."""
        new = self.links.pictures - self.folder.pictures
        for name in new:
            path = picture_path(name)
            stored = None if self.folder.has(path) else store().open(name)
            if stored is not None:
                with stored.content as content:
                    self.folder.write(path, content.read())
        if new:
            self.folder.note_pictures(new)
        self.links.pictures.clear()

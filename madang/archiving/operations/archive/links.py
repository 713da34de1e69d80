"""Addresses of the site within texts, as links from a page of the archive to another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import unquote, urljoin

from madang.core.storage.pictures import is_picture_name

from ..addresses import find_addresses, replace_addresses
from .paths import board_path, person_path, picture_path, post_path, tag_path

POST = re.compile(r"/posts/(\d{1,15})(?:/[^#?]*)?(?:\?[^#]*)?(#[\w-]+)?")
PLACE = re.compile(r"/(users|tags|boards)/([^/?#]+)/?(?:[?#].*)?")
FILE = re.compile(r"/files/([\w.-]+)")
PLACES = {
    "/": "index.html",
    "/questions": "index.html",
    "/boards": "index.html",
    "/tags": "tags/1.html",
    "/users": "people/1.html",
}
FORMER = "data-former-href"  # of what was a link on the site and leads nowhere now
FORMER_LINK = re.compile(rf'<a (?:[^>"]|"[^"]*")*?({FORMER}="[^"]*")(?:[^>"]|"[^"]*")*>')


@dataclass
class Links:
    """What leads where: boards by slug, tags by name, people by username in lower case.

    `posts` has the public posts of the present pages' texts, each with the question that it answers or None.
    """

    site_url: str
    boards: dict[str, int]
    tags: dict[str, int]
    people: dict[str, int]
    posts: dict[int, int | None] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)  # those that pages show

    def __post_init__(self) -> None:
        own = f"(?:{re.escape(self.site_url.rstrip('/'))})?" if self.site_url else ""
        self._address = re.compile(rf'(?<= )(href|src)="{own}(/(?!/)[^"]*)"')

    def posts_in(self, texts: Iterable[str]) -> set[int]:
        """The posts to which texts link."""
        return {
            int(post[1])
            for text in texts
            if "/posts/" in text
            for found in find_addresses(text, self._address)
            if (post := POST.fullmatch(unescape(found[2])))
        }

    def rewrite(self, html: str, root: str) -> str:
        """HTML of a text with links from a page that `root` leads from."""
        linked = replace_addresses(
            html, self._address, lambda found: self._attribute(found[1], unescape(found[2]), root)
        )
        return FORMER_LINK.sub(r"<a \1>", linked) if FORMER in linked else linked

    def _attribute(self, name: str, address: str, root: str) -> str:
        target = self.target(address)
        if target is not None:
            return f'{name}="{escape(root + target)}"'
        if self.site_url:
            return f'{name}="{escape(urljoin(self.site_url, address))}"'
        return f'{FORMER if name == "href" else name}="{escape(address)}"'

    def target(self, address: str) -> str | None:
        """The file of the archive for a path of the site; None if it has none."""
        if address in PLACES:
            return PLACES[address]
        if post := POST.fullmatch(address):
            return self._post(int(post[1]), post[2] or "")
        if place := PLACE.fullmatch(address):
            return self._place(place[1], unquote(place[2]))
        if (file := FILE.fullmatch(address)) and is_picture_name(file[1]):
            self.pictures.add(file[1])
            return picture_path(file[1])
        return None

    def _post(self, post_id: int, anchor: str) -> str | None:
        if post_id not in self.posts:
            return None
        question = self.posts[post_id]
        return (
            post_path(post_id) + anchor if question is None else post_path(question) + (anchor or f"#answer-{post_id}")
        )

    def _place(self, kind: str, name: str) -> str | None:
        if kind == "users":
            return person_path(self.people[name.lower()]) if name.lower() in self.people else None
        known, path = (self.tags, tag_path) if kind == "tags" else (self.boards, board_path)
        return path(known[name]) if name in known else None

"""What an archive has once: its home page, its styles, the page of its search, its sitemap."""

import json
from pathlib import Path

from madang.core.i18n import _
from madang.core.markdown.cjk import CJK_LETTERS
from madang.posts.models import Post
from madang.search.queries.tokenizer import MAX_TOKEN

from ...queries.pages import bodies_of, largest_id, listed, newest_ids, page_ids_between
from . import search
from .feeds import FEED_SIZE, write_feed
from .paths import PER_FOLDER, board_path, post_path, tag_path
from .session import ArchiveSession

STATIC = Path(__file__).parents[3] / "static"
ICONS = ("favicon.svg",)
NEWEST = 30
SITEMAP_IDS = 20_000  # ids of posts in one sitemap, which may have 50,000 addresses


def write_frame(session: ArchiveSession, _unit: str) -> None:
    write_styles(session)
    newest = newest_ids(NEWEST)
    session.write_page("index.html", "index.html", rows=listed(newest))
    newest = newest[:FEED_SIZE]
    write_feed(session, "feed.atom", session.site.name, listed(newest), "index.html", bodies_of(newest))
    write_search_page(session)
    if session.links.site_url:
        write_sitemap(session)


def write_styles(session: ArchiveSession) -> None:
    manifest = STATIC / "dist" / "manifest.json"
    built = json.loads(manifest.read_text("utf-8")).get("madang.css") if manifest.is_file() else None
    session.folder.write("static/site.css", (STATIC / "dist" / built).read_bytes() if built else "")
    for name in ICONS:
        session.folder.write(f"static/{name}", (STATIC / name).read_bytes())
    session.write_page("static/archive.css", "archive.css")


def write_search_page(session: ArchiveSession) -> None:
    session.write_page("search.html", "search.html")
    session.write_page(
        "static/search.js",
        "search.js",
        cjk=CJK_LETTERS,
        segments=len(search.units()),
        per_folder=PER_FOLDER,
        titles_per_file=search.TITLES_PER_FILE,
        longest=MAX_TOKEN,
        words={"searching": _("Searching…"), "nothing": _("Nothing was found."), "answers": _("Answers:")},
    )


def write_sitemap(session: ArchiveSession) -> None:
    """Write an index of sitemaps: one of boards and tags, the others of posts."""
    links = session.links
    places = ["index.html", *map(board_path, links.boards.values()), *map(tag_path, links.tags.values())]
    session.write_page("sitemap-0.xml", "sitemap.xml", pages=[(place, None) for place in places[:50_000]])
    paths = ["sitemap-0.xml"]
    for number, first in enumerate(range(0, largest_id(Post) + 1, SITEMAP_IDS), 1):
        rows = page_ids_between(first, first + SITEMAP_IDS - 1)
        paths.append(f"sitemap-{number}.xml")
        session.write_page(paths[-1], "sitemap.xml", pages=[(post_path(row.id), row.last_activity_at) for row in rows])
    session.write_page("sitemap.xml", "sitemap_index.xml", paths=paths)

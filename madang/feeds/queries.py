"""Queries of the feeds, the sitemaps and the page about the site."""

from dataclasses import dataclass

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.people import member_count
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.models import Board
from madang.boards.queries import nav_boards
from madang.core.db import db
from madang.core.ttl_cache import ttl_cache
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import newest_rows
from madang.tags.models import PostTag, Tag

FEED_SIZE = 20
MAX_ENTRY_BYTES = 10_000  # of an entry's HTML in UTF-8; a longer post shows its excerpt
SITEMAP_SIZE = 5_000  # addresses in one sitemap
MAX_SITEMAP_TAGS = 4_900  # one sitemap holds them with the boards and the other pages
MAX_SITEMAPS = 50_000  # the limit of a sitemap index (sitemaps.org)
_Question = aliased(Post)

_ENTRIES = (
    select(
        Post.id,
        Post.kind,
        func.coalesce(_Question.title, Post.title).label("title"),
        # Longer ones are not read at all. MariaDB counts bytes, the others characters, which are never more than bytes.
        case((func.length(Post.body_html) <= MAX_ENTRY_BYTES, Post.body_html)).label("body_html"),
        Post.excerpt,
        Post.tag_names,
        Post.created_at,
        Post.edited_at,
        Post.author_name,
        *AUTHOR_COLUMNS,
    )
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(_Question, _Question.id == Post.parent_id)
    .where(Post.state == VISIBLE)
    .order_by(Post.created_at.desc(), Post.id.desc())
    .limit(FEED_SIZE)
)


def newest_entries() -> list[Row]:
    """The newest posts of all boards."""
    ids = [row.id for row in newest_rows(FEED_SIZE)]
    return _entries(_ENTRIES.where(Post.id.in_(ids)))


def entries_on(board: Board) -> list[Row]:
    """The newest posts of a board."""
    return _entries(_ENTRIES.where(Post.board_id == board.id, Post.parent_id.is_(None)))


def entries_with(tag: Tag) -> list[Row]:
    """The newest posts with a tag."""
    newest = select(PostTag.post_id).where(PostTag.tag_id == tag.id)
    ids = newest.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()).limit(FEED_SIZE)
    return _entries(_ENTRIES.where(Post.id.in_(db.session.scalars(ids).all())))


def entries_by(user: User) -> list[Row]:
    """The newest posts and answers of a user."""
    has_visible_question = _Question.id.is_(None) | (_Question.state == VISIBLE)
    return _entries(_ENTRIES.where(Post.author_id == user.id, has_visible_question))


def _entries(statement: Select) -> list[Row]:
    return list(db.session.execute(statement).all())


def sitemap_count() -> int:
    """How many sitemaps list the posts. Each covers a range of ids, so that no rows are counted."""
    largest = db.session.scalar(select(func.max(Post.id))) or 0
    return min(-(-largest // SITEMAP_SIZE), MAX_SITEMAPS)


def posts_in_sitemap(number: int) -> list[Row]:
    """The public posts of sitemap `number` (from 1), by id."""
    first = (number - 1) * SITEMAP_SIZE
    posts = select(Post.id, Post.title, Post.last_activity_at).where(
        Post.id > first, Post.id <= first + SITEMAP_SIZE, Post.parent_id.is_(None), Post.state == VISIBLE
    )
    return list(db.session.execute(posts.order_by(Post.id)).all())


def tags_in_sitemap() -> list[str]:
    """The names of the most used tags."""
    tags = select(Tag.name).where(Tag.post_count > 0).order_by(Tag.post_count.desc(), Tag.id.desc())
    return list(db.session.scalars(tags.limit(MAX_SITEMAP_TAGS)).all())


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """How many members and posts the site has."""

    members: int
    posts: int


@ttl_cache(seconds=60)
def site_numbers() -> SiteNumbers:
    return SiteNumbers(member_count(), sum(board.post_count for board in nav_boards()))

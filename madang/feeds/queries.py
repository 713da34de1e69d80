"""What feeds, the site map and the page about the site tell."""

from dataclasses import dataclass

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.people import member_count
from madang.accounts.queries.users import AUTHOR
from madang.boards.models import Board
from madang.boards.queries import nav_boards
from madang.core.db import db
from madang.core.site import SiteSetting
from madang.core.ttl_cache import ttl_cache
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import newest_rows
from madang.tags.models import PostTag, Tag

NEWEST = 30
ADDRESSES = 5_000  # on one page of the site map
MAPPED_TAGS = 4_900  # with the boards and the other places they fit on one
MOST_MAPS = 50_000  # as many as a site map may point at (sitemaps.org)
_Question = aliased(Post)

_ENTRIES = (
    select(
        Post.id,
        Post.kind,
        func.coalesce(_Question.title, Post.title).label("title"),
        Post.body_html,
        Post.excerpt,
        Post.tag_names,
        Post.created_at,
        Post.edited_at,
        Post.author_name,
        *AUTHOR,
    )
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(_Question, _Question.id == Post.parent_id)
    .where(Post.state == VISIBLE)
    .order_by(Post.created_at.desc(), Post.id.desc())
    .limit(NEWEST)
)


def newest_entries() -> list[Row]:
    """The newest posts of all boards."""
    ids = [row.id for row in newest_rows(NEWEST)]
    return _entries(_ENTRIES.where(Post.id.in_(ids)))


def entries_on(board: Board) -> list[Row]:
    return _entries(_ENTRIES.where(Post.board_id == board.id, Post.parent_id.is_(None)))


def entries_with(tag: Tag) -> list[Row]:
    newest = select(PostTag.post_id).where(PostTag.tag_id == tag.id)
    ids = newest.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()).limit(NEWEST)
    return _entries(_ENTRIES.where(Post.id.in_(db.session.scalars(ids).all())))


def entries_by(user: User) -> list[Row]:
    """What somebody asked, answered and told."""
    is_shown = _Question.id.is_(None) | (_Question.state == VISIBLE)
    return _entries(_ENTRIES.where(Post.author_id == user.id, is_shown))


def _entries(wanted: Select) -> list[Row]:
    return list(db.session.execute(wanted).all())


def map_count() -> int:
    """How many pages the map of the posts has. A page holds a stretch of numbers, so none is found by counting."""
    largest = db.session.scalar(select(func.max(Post.id))) or 0
    return min(-(-largest // ADDRESSES), MOST_MAPS)


def mapped_posts(number: int) -> list[Row]:
    """The public posts on page `number` of the map."""
    first = (number - 1) * ADDRESSES
    posts = select(Post.id, Post.title, Post.last_activity_at).where(
        Post.id > first, Post.id <= first + ADDRESSES, Post.parent_id.is_(None), Post.state == VISIBLE
    )
    return list(db.session.execute(posts.order_by(Post.id)).all())


def mapped_tags() -> list[str]:
    """The tags most in use."""
    tags = select(Tag.name).where(Tag.post_count > 0).order_by(Tag.post_count.desc(), Tag.id.desc())
    return list(db.session.scalars(tags.limit(MAPPED_TAGS)).all())


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """How large the site is."""

    members: int
    posts: int


@ttl_cache(seconds=60)
def site_numbers() -> SiteNumbers:
    return SiteNumbers(member_count(), sum(board.post_count for board in nav_boards()))


def site_rules() -> str:
    """The rules that staff wrote, in Markdown; empty if there are none."""
    return db.session.scalar(select(SiteSetting.value).where(SiteSetting.name == "rules")) or ""

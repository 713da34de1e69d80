"""Queries of the feeds, the sitemaps and the page about the site."""

from dataclasses import dataclass

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries.people import member_count
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.models import Board
from madang.boards.queries import visible_boards
from madang.core.actor import Actor
from madang.core.db import db
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import newest_rows
from madang.posts.queries.visibility import on_visible_boards
from madang.tags.models import PostTag, Tag
from madang.tags.queries.tags import post_count_for

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


def newest_entries(actor: Actor) -> list[Row]:
    """The newest posts of all boards that the actor may see."""
    ids = [row.id for row in newest_rows(FEED_SIZE, actor)]
    return _entries(_ENTRIES.where(Post.id.in_(ids)), actor)


def entries_on(board: Board, actor: Actor) -> list[Row]:
    """The newest posts of a board."""
    return _entries(_ENTRIES.where(Post.board_id == board.id, Post.parent_id.is_(None)), actor)


def entries_with(tag: Tag, actor: Actor) -> list[Row]:
    """The newest posts with a tag that the actor may see."""
    newest = on_visible_boards(select(PostTag.post_id).where(PostTag.tag_id == tag.id), actor, PostTag.board_id)
    ids = newest.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()).limit(FEED_SIZE)
    return _entries(_ENTRIES.where(Post.id.in_(db.session.scalars(ids).all())), actor)


def entries_by(user: User, actor: Actor) -> list[Row]:
    """The newest posts and answers of a user that the actor may see."""
    has_visible_question = _Question.id.is_(None) | (_Question.state == VISIBLE)
    return _entries(_ENTRIES.where(Post.author_id == user.id, has_visible_question), actor)


def _entries(statement: Select, actor: Actor) -> list[Row]:
    return list(db.rows(on_visible_boards(statement, actor)))


def sitemap_count() -> int:
    """How many sitemaps list the posts. Each covers a range of ids, so that no rows are counted."""
    largest = db.session.scalar(select(func.max(Post.id))) or 0
    return min(-(-largest // SITEMAP_SIZE), MAX_SITEMAPS)


def posts_in_sitemap(number: int, actor: Actor) -> list[Row]:
    """The posts that the actor may see of sitemap `number` (from 1), by id."""
    first = (number - 1) * SITEMAP_SIZE
    posts = select(Post.id, Post.title, Post.last_activity_at).where(
        Post.id > first, Post.id <= first + SITEMAP_SIZE, Post.parent_id.is_(None), Post.state == VISIBLE
    )
    return list(db.rows(on_visible_boards(posts, actor).order_by(Post.id)))


def tags_in_sitemap(actor: Actor) -> list[str]:
    """The names of the tags with the most posts that the actor may see."""
    count = post_count_for(actor)
    tags = select(Tag.name).where(count > 0).order_by(count.desc(), Tag.id.desc())
    return list(db.session.scalars(tags.limit(MAX_SITEMAP_TAGS)).all())


@dataclass(frozen=True, slots=True)
class SiteNumbers:
    """How many members and posts the site has."""

    members: int
    posts: int


def site_numbers(actor: Actor) -> SiteNumbers:
    """The numbers of members, and of posts that the actor may see."""
    return SiteNumbers(member_count(), sum(board.post_count for board in visible_boards(actor)))

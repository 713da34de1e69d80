"""Fan out posts to the feeds of followers, and fill, prune and trim feeds.

A post is in a feed once, for the first of its reasons; adding it again changes nothing.
"""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Insert,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
)

from madang.core.db import add_all_if_new, db, transaction
from madang.core.db.upsert import insertion_if_new
from madang.core.queue import progress
from madang.posts.models import POST_KIND_BY_BOARD_KIND, VISIBLE, Post
from madang.tags.models import PostTag

from ..models import BOARD, INITIAL_POSTS, KINDS, MAX_FEED_LENGTH, PERSON, QUESTION, TAG, FeedEntry, Follow, Target

FOLLOWERS_BATCH_SIZE = 1_000
FEW_FOLLOWERS = 50  # of one kind: so many feeds are filled in the transaction of the post, more by a job
PEOPLE_BATCH_SIZE = 500
_COLUMNS = ("user_id", "post_id", "kind", "target_id", "created_at")
_MATCHES = {
    PERSON: Follow.target_id == Post.author_id,
    QUESTION: (Follow.target_id == Post.parent_id) & (Post.created_at >= Follow.created_at),  # a follow starts now
    TAG: Follow.target_id == PostTag.tag_id,
    BOARD: (Follow.target_id == Post.board_id) & (Post.kind != "answer"),
}


def _select_entries(kind: str) -> Select:
    """Select rows for `feed_entries` by follows of a kind; leaves out people's own posts."""
    entries = select(Follow.follower_id, Post.id, Follow.kind, Follow.target_id, Post.created_at).select_from(Post)
    if kind == TAG:
        entries = entries.join(PostTag, PostTag.post_id == Post.id)
    is_own = Post.author_id.is_not(None) & (Post.author_id == Follow.follower_id)
    return entries.join(Follow, _MATCHES[kind]).where(Follow.kind == kind, ~is_own)


def fan_out_to_few(post_id: int, kinds: Iterable[str] = KINDS) -> list[str]:
    """Add a post to the feeds of its followers, kind by kind as far as they are few; return the kinds with many."""
    many = []
    reached = _reached(post_id, FEW_FOLLOWERS + 1)
    for kind in [each for each in kinds if each in reached]:
        batch = reached[kind]
        if batch.follower_count > FEW_FOLLOWERS:
            many.append(kind)
        else:
            _insert(post_id, kind, batch)
    return many


def _reached(post_id: int, size: int) -> dict[str, Row]:
    """The first range of follow ids by kind, of at most `size` followers; without kinds that have none."""
    ranges = db.rows(_first_ranges(), {"post": post_id, "size": size, "after": 0})
    return {row.kind: row for row in ranges if row.first}


def _insert(post_id: int, kind: str, batch: Row) -> None:
    insertion = _insertion(db.engine.dialect.name, kind)
    db.write(insertion, {"post": post_id, "first": batch.first, "last": batch.last})


def fan_out_post(post_id: int, kinds: Iterable[str] = KINDS) -> None:
    """Add a post to the feeds of those who follow its author, its question, its tags or its board.

    Commits between batches of `FOLLOWERS_BATCH_SIZE` followers.
    """
    reached = _reached(post_id, FOLLOWERS_BATCH_SIZE)
    for kind in kinds:
        batch = reached.get(kind)
        while batch is not None and batch.first:
            _insert(post_id, kind, batch)
            if batch.follower_count < FOLLOWERS_BATCH_SIZE:
                break
            with transaction():
                progress(0)  # checks that this worker still holds the job
            values = {"post": post_id, "size": FOLLOWERS_BATCH_SIZE, "after": batch.last}
            batch = db.rows(_range(kind), values)[0]


@cache
def _first_ranges() -> CompoundSelect:
    """The first range of follow ids for each kind."""
    return union_all(*(_range(kind) for kind in KINDS))


@cache
def _range(kind: str) -> Select:
    """The first and last follow id of the next batch of followers of a kind that a visible post reaches."""
    entries = _select_entries(kind).where(
        Post.id == bindparam("post"), Post.state == VISIBLE, Follow.id > bindparam("after")
    )
    batch = entries.with_only_columns(Follow.id).order_by(Follow.id).limit(bindparam("size", type_=Integer)).subquery()
    first, last = func.min(batch.c.id).label("first"), func.max(batch.c.id).label("last")
    return select(literal(kind).label("kind"), first, last, func.count().label("follower_count")).select_from(batch)


@cache
def _insertion(dialect: str, kind: str) -> Insert:
    """Add a post to the feeds of the followers whose follows have ids from `first` to `last`."""
    is_in_batch = Follow.id.between(bindparam("first"), bindparam("last"))
    entries = _select_entries(kind).where(Post.id == bindparam("post"), Post.state == VISIBLE, is_in_batch)
    return insertion_if_new(dialect, FeedEntry).from_select(_COLUMNS, entries)


def fill_feed(target: Target, user_id: int) -> None:
    """Add the newest posts of a newly followed target to a person's feed, except the older answers of a question."""
    if target.kind == QUESTION:
        return
    newest = _newest(target).subquery()
    theirs = _select_entries(target.kind).where(Follow.follower_id == user_id, Follow.target_id == target.id)
    add_all_if_new(FeedEntry, _COLUMNS, theirs.where(Post.id.in_(select(newest.c.id))))
    trim_feed(user_id)


def _newest(target: Target) -> Select:
    """Select the ids of a target's newest posts, by an index for each kind of post."""
    if target.kind == TAG:
        tagged = select(PostTag.post_id.label("id")).where(PostTag.tag_id == target.id)
        return tagged.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()).limit(INITIAL_POSTS)
    kinds = list(POST_KIND_BY_BOARD_KIND.values())
    place = Post.board_id if target.kind == BOARD else Post.author_id
    subqueries = [
        _newest_where(place == target.id, Post.kind == kind).subquery()
        for kind in (kinds if target.kind == BOARD else [*kinds, "answer"])
    ]
    newest = union_all(*(select(subquery.c.id, subquery.c.created_at) for subquery in subqueries)).subquery()
    return select(newest.c.id).order_by(newest.c.created_at.desc(), newest.c.id.desc()).limit(INITIAL_POSTS)


def _newest_where(*conditions: ColumnElement[bool]) -> Select:
    posts = select(Post.id, Post.created_at).where(*conditions, Post.state == VISIBLE)
    return posts.order_by(Post.created_at.desc(), Post.id.desc()).limit(INITIAL_POSTS)


def remove_from_feed(target: Target, user_id: int) -> None:
    """Remove the posts of a target that is no longer followed from a feed, unless another follow has them too."""
    in_feed = FeedEntry.user_id == user_id
    by_target = in_feed & (FeedEntry.kind == target.kind) & (FeedEntry.target_id == target.id)
    post_ids = db.session.scalars(select(FeedEntry.post_id).where(by_target)).all()
    db.session.execute(delete(FeedEntry).where(by_target).execution_options(synchronize_session=False))
    for begin in range(0, len(post_ids), FOLLOWERS_BATCH_SIZE):
        for kind in KINDS:
            batch = Post.id.in_(post_ids[begin : begin + FOLLOWERS_BATCH_SIZE])
            remaining = _select_entries(kind).where(Follow.follower_id == user_id, batch)
            add_all_if_new(FeedEntry, _COLUMNS, remaining)


def trim_feed(user_id: int) -> None:
    """Delete all but the newest `MAX_FEED_LENGTH` posts of a feed."""
    in_feed = FeedEntry.user_id == user_id
    newest = select(FeedEntry.created_at, FeedEntry.post_id).where(in_feed)
    newest = newest.order_by(FeedEntry.created_at.desc(), FeedEntry.post_id.desc())
    first_out = db.session.execute(newest.limit(1).offset(MAX_FEED_LENGTH)).first()
    if first_out is None:
        return
    moment, post_id = first_out
    is_older = (FeedEntry.created_at <= moment) & or_(FeedEntry.created_at < moment, FeedEntry.post_id <= post_id)
    db.session.execute(delete(FeedEntry).where(in_feed, is_older).execution_options(synchronize_session=False))


def trim_feeds() -> None:
    """Trim every feed that is too long, in transactions of `PEOPLE_BATCH_SIZE` people."""
    last = 0
    while True:
        lengths = select(FeedEntry.user_id, func.count()).where(FeedEntry.user_id > last).group_by(FeedEntry.user_id)
        people = db.session.execute(lengths.order_by(FeedEntry.user_id).limit(PEOPLE_BATCH_SIZE)).all()
        if not people:
            return
        with transaction():
            for user_id, length in people:
                if length > MAX_FEED_LENGTH:
                    trim_feed(user_id)
            progress(0)
        last = people[-1][0]

"""Putting posts into feeds: what is new to all followers, the newest of something to whoever begins to follow it.

A post stands in a feed once, for the first of its reasons; what puts it there may be done again and changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, union_all

from madang.core.db import add_all_if_new, db, transaction
from madang.core.queue import progress
from madang.posts.models import KIND_ON_BOARD, VISIBLE, Post
from madang.tags.models import PostTag

from ..models import BOARD, FEED_KEPT, FILLED_WITH, KINDS, PERSON, QUESTION, TAG, FeedEntry, Follow, Target

AT_ONCE = 1_000
PEOPLE_AT_ONCE = 500
_COLUMNS = ("user_id", "post_id", "kind", "target_id", "created_at")
_REACHES = {
    PERSON: Follow.target_id == Post.author_id,
    QUESTION: Follow.target_id == Post.parent_id,
    TAG: Follow.target_id == PostTag.tag_id,
    BOARD: (Follow.target_id == Post.board_id) & (Post.kind != "answer"),
}


def _entries(kind: str) -> Select:
    """Whom posts reach through follows of a kind, as rows of `feed_entries`; nobody is shown their own."""
    entries = select(Follow.follower_id, Post.id, Follow.kind, Follow.target_id, Post.created_at).select_from(Post)
    if kind == TAG:
        entries = entries.join(PostTag, PostTag.post_id == Post.id)
    is_own = Post.author_id.is_not(None) & (Post.author_id == Follow.follower_id)
    return entries.join(Follow, _REACHES[kind]).where(Follow.kind == kind, ~is_own)


def fan_out_post(post_id: int, kinds: Iterable[str] = KINDS) -> None:
    """Put a post into the feeds of those who follow its author, its question, its tags or its board.

    A thousand followers at once, each thousand in a transaction of its own.
    """
    if not _is_visible(post_id):
        return
    for kind in kinds:
        for first, last in _pieces(post_id, kind):
            with transaction():
                reached = _entries(kind).where(Post.id == post_id, Follow.id.between(first, last))
                add_all_if_new(FeedEntry, _COLUMNS, reached)
                progress(0)  # whether the job is still ours


def _is_visible(post_id: int) -> bool:
    post = db.session.get(Post, post_id)
    return post is not None and post.state == VISIBLE


def _pieces(post_id: int, kind: str) -> Iterator[tuple[int, int]]:
    """The first and the last number of each thousand of the follows that a post reaches."""
    last = 0
    while True:
        reached = _entries(kind).where(Post.id == post_id, Follow.id > last).with_only_columns(Follow.id)
        piece = reached.order_by(Follow.id).limit(AT_ONCE).subquery()
        first, end = db.session.execute(select(func.min(piece.c.id), func.max(piece.c.id))).one()
        if first is None:
            return
        yield first, end
        last = end


def fill_feed(target: Target, user_id: int) -> None:
    """Put the newest posts of what a person has begun to follow into their feed."""
    newest = _newest(target).subquery()
    theirs = _entries(target.kind).where(Follow.follower_id == user_id, Follow.target_id == target.id)
    add_all_if_new(FeedEntry, _COLUMNS, theirs.where(Post.id.in_(select(newest.c.id))))
    trim_feed(user_id)


def _newest(target: Target) -> Select:
    """The numbers of the newest posts of something, found in an index for each kind of post."""
    if target.kind == TAG:
        tagged = select(PostTag.post_id.label("id")).where(PostTag.tag_id == target.id)
        return tagged.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()).limit(FILLED_WITH)
    if target.kind == QUESTION:
        return _newest_where(Post.parent_id == target.id)
    kinds = list(KIND_ON_BOARD.values())
    place = Post.board_id if target.kind == BOARD else Post.author_id
    parts = [
        _newest_where(place == target.id, Post.kind == kind).subquery()
        for kind in (kinds if target.kind == BOARD else [*kinds, "answer"])
    ]
    every = union_all(*(select(part.c.id, part.c.created_at) for part in parts)).subquery()
    return select(every.c.id).order_by(every.c.created_at.desc(), every.c.id.desc()).limit(FILLED_WITH)


def _newest_where(*conditions: Any) -> Select:
    posts = select(Post.id, Post.created_at).where(*conditions, Post.state == VISIBLE)
    return posts.order_by(Post.created_at.desc(), Post.id.desc()).limit(FILLED_WITH)


def empty_feed(target: Target, user_id: int) -> None:
    """Take out of a feed what stands there because of something that is no longer followed, and for no other reason."""
    mine = FeedEntry.user_id == user_id
    because = mine & (FeedEntry.kind == target.kind) & (FeedEntry.target_id == target.id)
    post_ids = db.session.scalars(select(FeedEntry.post_id).where(because)).all()
    db.session.execute(delete(FeedEntry).where(because).execution_options(synchronize_session=False))
    for begin in range(0, len(post_ids), AT_ONCE):
        for kind in KINDS:
            some = Post.id.in_(post_ids[begin : begin + AT_ONCE])
            other = _entries(kind).where(Follow.follower_id == user_id, some)
            add_all_if_new(FeedEntry, _COLUMNS, other)


def trim_feed(user_id: int) -> None:
    """Let a feed hold its newest posts alone."""
    mine = FeedEntry.user_id == user_id
    newest = select(FeedEntry.created_at, FeedEntry.post_id).where(mine)
    newest = newest.order_by(FeedEntry.created_at.desc(), FeedEntry.post_id.desc())
    first_out = db.session.execute(newest.limit(1).offset(FEED_KEPT)).first()
    if first_out is None:
        return
    moment, post_id = first_out
    is_older = (FeedEntry.created_at <= moment) & or_(FeedEntry.created_at < moment, FeedEntry.post_id <= post_id)
    db.session.execute(delete(FeedEntry).where(mine, is_older).execution_options(synchronize_session=False))


def trim_feeds() -> None:
    """Trim every feed that has grown too long, some hundred people in one transaction."""
    last = 0
    while True:
        lengths = select(FeedEntry.user_id, func.count()).where(FeedEntry.user_id > last).group_by(FeedEntry.user_id)
        people = db.session.execute(lengths.order_by(FeedEntry.user_id).limit(PEOPLE_AT_ONCE)).all()
        if not people:
            return
        with transaction():
            for user_id, length in people:
                if length > FEED_KEPT:
                    trim_feed(user_id)
            progress(0)
        last = people[-1][0]

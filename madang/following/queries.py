"""What somebody follows, who follows them, and the rows of a feed. The feed's statements stand ready."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.pagination import Place
from madang.core.errors import NotFound
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import ROW
from madang.posts.queries.posts import get_post
from madang.tags.models import Tag
from madang.todos.queries.todos import POST, SAVED

from .models import BOARD, PERSON, QUESTION, TAG, FeedEntry, Follow, Target

Question = aliased(Post)
_OF_QUESTION = ("title", "tag_names")  # an answer's row shows these of its question
_COLUMNS = (
    *(column for column in ROW if getattr(column, "key", "") not in _OF_QUESTION),
    *(func.coalesce(getattr(Question, name), getattr(Post, name)).label(name) for name in _OF_QUESTION),
    FeedEntry.kind.label("reason_kind"),
    FeedEntry.target_id.label("reason_id"),
    Tag.name.label("reason_tag"),
    Board.slug.label("reason_board"),
)
_MINE = select(Follow.kind, Follow.target_id).where(
    Follow.follower_id == bindparam("me"),
    Follow.kind.in_(bindparam("kinds", expanding=True)),
    Follow.target_id.in_(bindparam("ids", expanding=True)),
)

_SAVED_AND_FOLLOWED = union_all(
    SAVED.add_columns(literal(0).label("is_follow")),
    select(Follow.target_id, literal(1)).where(
        Follow.follower_id == bindparam("me"),
        Follow.kind == QUESTION,
        Follow.target_id == bindparam("question"),
    ),
)


def feed_rows(actor: Actor, *, before: Place | None, limit: int, now: datetime) -> list[Row]:
    """The newest of the actor's feed, or what comes behind a place in it; each row has its reason.

    What has been taken away is left out, and what stands there for the sake of somebody who is suspended or gone.
    """
    values: dict[str, Any] = {"me": actor.id, "now": now, "size": limit}
    if before is not None:
        values |= {"moment": before[0], "post": before[1]}
    return list(db.rows(_feed(before is not None), values))


@cache
def _feed(has_before: bool) -> Select:
    entry, why = FeedEntry, Follow
    is_still_followed = (
        (why.follower_id == entry.user_id) & (why.kind == entry.kind) & (why.target_id == entry.target_id)
    )
    rows = (
        select(*_COLUMNS)
        .select_from(entry)
        .join(why, is_still_followed)
        .join(Post, Post.id == entry.post_id)
        .outerjoin(Question, Question.id == Post.parent_id)
        .outerjoin(User, User.id == Post.author_id)
        .outerjoin(Tag, (entry.kind == TAG) & (Tag.id == entry.target_id))
        .outerjoin(Board, (entry.kind == BOARD) & (Board.id == entry.target_id))
        .where(entry.user_id == bindparam("me"), Post.state == VISIBLE)
        .where(or_(Question.id.is_(None), Question.state == VISIBLE))
        .where(or_(entry.kind != PERSON, _is_present(bindparam("now"))))
    )
    if has_before:
        moment: Any = bindparam("moment")
        is_behind = or_(entry.created_at < moment, entry.post_id < bindparam("post"))
        rows = rows.where(entry.created_at <= moment, is_behind)
    return rows.order_by(entry.created_at.desc(), entry.post_id.desc()).limit(bindparam("size", type_=Integer))


def _is_present(now: Any) -> Any:
    """Whether somebody has an account, and is not suspended."""
    return User.is_account() & or_(User.suspended_until.is_(None), User.suspended_until <= now)


def followed_among(actor: Actor, targets: Iterable[Target]) -> set[Target]:
    """Those of the things that the actor follows."""
    asked = set(targets)
    if actor.is_anonymous or not asked:
        return set()
    values = {
        "me": actor.id,
        "kinds": sorted({each.kind for each in asked}),
        "ids": sorted({each.id for each in asked}),
    }
    return {Target(*row) for row in db.rows(_MINE, values)} & asked


def is_following(actor: Actor, kind: str, target_id: int) -> bool:
    return bool(followed_among(actor, [Target(kind, target_id)]))


def saved_and_followed(actor: Actor, post_ids: list[int], question_id: int) -> tuple[set[int], bool]:
    """Which of the posts on a question's page the actor has saved for later, and whether they follow the question.

    One statement for both, since that page asks the database for enough.
    """
    if not actor.has_identity or not post_ids:
        return set(), False
    values = {"me": actor.id, "kind": POST, "ids": post_ids, "question": question_id}
    rows = db.rows(_SAVED_AND_FOLLOWED, values)
    return {row.link_id for row in rows if not row.is_follow}, any(row.is_follow for row in rows)


def get_question(post_id: int, actor: Actor) -> Post:
    """The question that may be followed; raises as `get_post` does, `NotFound` for other posts too."""
    post = get_post(post_id, actor)
    if not post.is_question:
        raise NotFound
    return post


_PERSON = (
    Follow.id.label("follow_id"),
    User.id,
    User.username,
    User.display_name,
    User.avatar_file,
    User.reputation,
    User.question_count,
    User.answer_count,
)


def followers_of(target: Target, *, before: int | None, limit: int, now: datetime) -> list[Row]:
    """Who follows something, the latest first; `before` is the follow that the page before ended with."""
    rows = select(*_PERSON).join(User, User.id == Follow.follower_id).where(_is_present(now))
    return _page(rows.where(Follow.kind == target.kind, Follow.target_id == target.id), before, limit)


def people_followed_by(user_id: int, *, before: int | None, limit: int, now: datetime) -> list[Row]:
    """The people whom somebody follows, in the same order."""
    rows = select(*_PERSON).join(User, User.id == Follow.target_id).where(_is_present(now))
    return _page(rows.where(Follow.follower_id == user_id, Follow.kind == PERSON), before, limit)


def things_followed_by(user_id: int, kind: str, *, before: int | None, limit: int) -> list[Row]:
    """The tags, boards or questions that somebody follows: with `name`, `words`, and a board's or a tag's `word`."""
    columns: dict[str, tuple[Any, ...]] = {
        TAG: (Tag, Tag.name, Tag.name, Tag.excerpt),
        BOARD: (Board, Board.slug, Board.name, Board.description),
        QUESTION: (Post, Post.title, Post.title, Post.excerpt),
    }
    table, word, name, words = columns[kind]
    rows = select(Follow.id.label("follow_id"), table.id, word.label("word"), name.label("name"), words.label("words"))
    rows = rows.join(table, table.id == Follow.target_id).where(Follow.follower_id == user_id, Follow.kind == kind)
    return _page(rows.where(Post.state == VISIBLE) if kind == QUESTION else rows, before, limit)


def _page(rows: Select, before: int | None, limit: int) -> list[Row]:
    if before is not None:
        rows = rows.where(Follow.id < before)
    return list(db.rows(rows.order_by(Follow.id.desc()).limit(limit)))

"""Query follows, followers and feeds."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board
from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.core.errors import NotFound
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.listing import POST_ROW_COLUMNS
from madang.posts.queries.posts import get_post
from madang.posts.queries.visibility import on_visible_boards
from madang.tags.models import Tag
from madang.tags.queries.tags import post_count_for
from madang.todos.queries.todos import POST, SAVED_LINK_IDS

from .models import BOARD, PERSON, QUESTION, TAG, FeedEntry, Follow, Target

FEED_ORDER = Keyset(FeedEntry.created_at.desc(), FeedEntry.post_id.desc(), names=("created_at", "id"))
Question = aliased(Post)
_OF_QUESTION = ("title", "tag_names")  # an answer's row has these of its question
_COLUMNS = (
    *(column for column in POST_ROW_COLUMNS if getattr(column, "key", "") not in _OF_QUESTION),
    *(func.coalesce(getattr(Question, name), getattr(Post, name)).label(name) for name in _OF_QUESTION),
    func.coalesce(Post.parent_id, Post.id).label("question_id"),  # the post itself if it answers none
    FeedEntry.kind.label("reason_kind"),
    FeedEntry.target_id.label("reason_id"),
    Tag.name.label("reason_tag"),
    Board.slug.label("reason_board"),
)
_FOLLOWED = select(Follow.kind, Follow.target_id).where(
    Follow.follower_id == bindparam("me"),
    Follow.kind.in_(bindparam("kinds", expanding=True)),
    Follow.target_id.in_(bindparam("ids", expanding=True)),
)

_SAVED_AND_FOLLOWED = union_all(
    SAVED_LINK_IDS.add_columns(literal(0).label("is_follow")),
    select(Follow.target_id, literal(1)).where(
        Follow.follower_id == bindparam("me"),
        Follow.kind == QUESTION,
        Follow.target_id == bindparam("question"),
    ),
)


def feed_rows(actor: Actor, *, before: Key | None, limit: int, now: datetime) -> list[Row]:
    """A page of the actor's feed, the newest posts first, each row with its reason.

    Leaves out deleted posts, posts on boards that the actor may not see, and posts whose only reason is a person who
    is suspended or deleted.
    """
    values: dict[str, object] = {"me": actor.id, "now": now, "size": limit}
    if before is not None:
        values |= {"moment": before[0], "post": before[1]}
    return list(db.rows(on_visible_boards(_feed(before is not None), actor), values))


@cache
def _feed(has_before: bool) -> Select:
    entry, follow = FeedEntry, Follow
    is_still_followed = (
        (follow.follower_id == entry.user_id) & (follow.kind == entry.kind) & (follow.target_id == entry.target_id)
    )
    rows = (
        select(*_COLUMNS)
        .select_from(entry)
        .join(follow, is_still_followed)
        .join(Post, Post.id == entry.post_id)
        .outerjoin(Question, Question.id == Post.parent_id)
        .outerjoin(User, User.id == Post.author_id)
        .outerjoin(Tag, (entry.kind == TAG) & (Tag.id == entry.target_id))
        .outerjoin(Board, (entry.kind == BOARD) & (Board.id == entry.target_id))
        .where(entry.user_id == bindparam("me"), Post.state == VISIBLE)
        .where(or_(Question.id.is_(None), Question.state == VISIBLE))
        .where(or_(entry.kind != PERSON, _is_active(bindparam("now"))))
    )
    if has_before:
        moment: BindParameter[datetime] = bindparam("moment")
        rows = rows.where(FEED_ORDER.is_after((moment, bindparam("post"))))
    return rows.order_by(*FEED_ORDER.order_by).limit(bindparam("size", type_=Integer))


def _is_active(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Condition: the user is an account and not suspended."""
    return User.is_account() & or_(User.suspended_until.is_(None), User.suspended_until <= now)


def followed_among(actor: Actor, targets: Iterable[Target]) -> set[Target]:
    """Return those of `targets` that the actor follows."""
    requested = set(targets)
    if actor.is_anonymous or not requested:
        return set()
    values = {
        "me": actor.id,
        "kinds": sorted({target.kind for target in requested}),
        "ids": sorted({target.id for target in requested}),
    }
    return {Target(*row) for row in db.rows(_FOLLOWED, values)} & requested


def is_following(actor: Actor, kind: str, target_id: int) -> bool:
    return bool(followed_among(actor, [Target(kind, target_id)]))


def saved_and_followed(actor: Actor, post_ids: list[int], question_id: int) -> tuple[set[int], bool]:
    """Return the posts of a question's page that the actor has saved, and whether they follow the question.

    One statement for both, to save a query on that page.
    """
    if not actor.has_identity or not post_ids:
        return set(), False
    values = {"me": actor.id, "kind": POST, "ids": post_ids, "question": question_id}
    rows = db.rows(_SAVED_AND_FOLLOWED, values)
    return {row.link_id for row in rows if not row.is_follow}, any(row.is_follow for row in rows)


def get_question(post_id: int, actor: Actor) -> Post:
    """Return a question. Raises like `get_post`, and `NotFound` for other kinds of post."""
    post = get_post(post_id, actor)
    if not post.is_question:
        raise NotFound
    return post


_PERSON = (
    Follow.id.label("follow_id"),
    User.id,
    User.username,
    User.display_name,
    User.role,
    User.avatar_file,
    User.reputation,
    User.question_count,
    User.answer_count,
)


def followers_of(target: Target, *, before: int | None, limit: int, now: datetime) -> list[Row]:
    """A page of followers of a target, the latest follow first; `before` is the last follow id of the previous page."""
    rows = select(*_PERSON).join(User, User.id == Follow.follower_id).where(_is_active(now))
    return _page_of_follows(rows.where(Follow.kind == target.kind, Follow.target_id == target.id), before, limit)


def people_followed_by(user_id: int, *, before: int | None, limit: int, now: datetime) -> list[Row]:
    """A page of people whom somebody follows, the latest follow first."""
    rows = select(*_PERSON).join(User, User.id == Follow.target_id).where(_is_active(now))
    return _page_of_follows(rows.where(Follow.follower_id == user_id, Follow.kind == PERSON), before, limit)


def subjects_followed_by(user_id: int, kind: str, actor: Actor, *, before: int | None, limit: int) -> list[Row]:
    """A page of tags, boards or questions that somebody follows and the actor may see, the latest follow first.

    Rows have `word` (the name in addresses), `name` and `words` (a description).
    """
    columns = {
        TAG: (Tag.id, Tag.name, Tag.name, Tag.excerpt),
        BOARD: (Board.id, Board.slug, Board.name, Board.description),
        QUESTION: (Post.id, Post.title, Post.title, Post.excerpt),
    }
    subject_id, word, name, words = columns[kind]
    labels = (word.label("word"), name.label("name"), words.label("words"))
    rows = select(Follow.id.label("follow_id"), subject_id, *labels)
    rows = rows.join(subject_id.class_, subject_id == Follow.target_id).where(
        Follow.follower_id == user_id, Follow.kind == kind
    )
    if kind == QUESTION:
        rows = on_visible_boards(rows.where(Post.state == VISIBLE), actor)
    elif kind == BOARD:
        rows = on_visible_boards(rows, actor, Board.id)
    elif hidden_board_ids(actor):
        rows = rows.where((Tag.post_count == 0) | (post_count_for(actor) > 0))
    return _page_of_follows(rows, before, limit)


def _page_of_follows(rows: Select, before: int | None, limit: int) -> list[Row]:
    if before is not None:
        rows = rows.where(Follow.id < before)
    return list(db.rows(rows.order_by(Follow.id.desc()).limit(limit)))

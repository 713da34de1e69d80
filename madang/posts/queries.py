"""Finding posts, and the rows that pages print of them.

Statements of the busiest pages stand ready: building one costs more than running it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, Select, Text, bindparam, cast, func, literal, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.accounts.queries import AUTHOR
from madang.boards.models import Board
from madang.core.actor import Actor
from madang.core.db import db, find
from madang.core.errors import Gone, NotFound
from madang.core.pagination import Page
from madang.core.ttl_cache import ttl_cache

from .models import DELETED, VISIBLE, Draft, Post, PostLink, Revision
from .policies import can_see_deleted

Editor = aliased(User)
ANSWER_SORTS = ("votes", "newest", "oldest")
ANSWERS_PER_PAGE = 30

# A post with everything its page prints; `is_...` are named as on the entity, so that the policies take the row too.
_PAGE = (
    select(
        Post.id,
        Post.board_id,
        Post.parent_id,
        Post.kind,
        Post.state,
        Post.author_id,
        Post.author_name,
        Post.title,
        Post.body_html,
        Post.excerpt,
        Post.tag_names,
        Post.version,
        Post.score,
        Post.answer_count,
        Post.comment_count,
        Post.view_count,
        Post.accepted_answer_id,
        Post.created_at,
        Post.edited_at,
        Post.last_activity_at,
        Post.deleted_at,
        Post.closed_at,
        Post.close_reason,
        Post.locked_at,
        Post.pinned_at,
        (Post.locked_at.is_not(None)).label("is_locked"),
        (Post.closed_at.is_not(None)).label("is_closed"),
        (Post.state == DELETED).label("is_deleted"),
        *AUTHOR,
        User.reputation.label("author_reputation"),
        User.question_count.label("author_question_count"),
        User.answer_count.label("author_answer_count"),
        User.accepted_count.label("author_accepted_count"),
        Editor.username.label("editor_username"),
        Editor.display_name.label("editor_display_name"),
    )
    .outerjoin(User, User.id == Post.author_id)
    .outerjoin(Editor, Editor.id == Post.editor_id)
)

# The same with its source, for programs; with the state of the question that an answer belongs to.
Question = aliased(Post)
_WHOLE = (
    _PAGE.add_columns(
        Post.body,
        Board.slug.label("board_slug"),
        (Post.pinned_at.is_not(None)).label("is_pinned"),
        Question.state.label("question_state"),
    )
    .join(Board, Board.id == Post.board_id)
    .outerjoin(Question, Question.id == Post.parent_id)
)
_WHOLE_ONE = _WHOLE.where(Post.id == bindparam("id"))
_ONE = _PAGE.where(Post.id == bindparam("id"))
_ONE_WITH_DRAFT = _ONE.add_columns(cast(Draft.fields, Text).label("draft")).outerjoin(
    Draft,  # the post's number joins the two, which else look like every pair of rows
    (Post.id == bindparam("id")) & (Draft.user_id == bindparam("reader")) & (Draft.place == bindparam("place")),
)

Parent = aliased(Post)
_COUNTS = (
    select(Post.state, Post.answer_count, Post.comment_count, Parent.state.label("parent_state"))
    .outerjoin(Parent, Parent.id == Post.parent_id)
    .where(Post.id == bindparam("id"))
)


def get_post(post_id: int, actor: Actor) -> Post:
    """The post. Raises `NotFound`, or `Gone` where it was public and has been deleted."""
    post = find(Post, post_id)
    if post is None:
        raise NotFound
    _check_visible(post.state, actor)
    if post.parent_id is not None and not can_see_deleted(actor):
        _check_visible(db.session.get_one(Post, post.parent_id).state, actor)
    return post


def find_post(post_id: int, actor: Actor) -> Post | None:
    """The post, if there is one that the actor may see."""
    try:
        return get_post(post_id, actor)
    except (NotFound, Gone):
        return None


def get_page_row(post_id: int, actor: Actor) -> Row:
    """The post as a row for its page; for members with their draft of an answer, as JSON. Raises as `get_post` does."""
    values = {"id": post_id, "reader": actor.id, "place": f"answer:{post_id}"}
    found = db.rows(_ONE, {"id": post_id}) if actor.is_anonymous else db.rows(_ONE_WITH_DRAFT, values)
    row = next(iter(found), None)
    if row is None:
        raise NotFound
    _check_visible(row.state, actor)
    return row


def get_whole_row(post_id: int, actor: Actor) -> Row:
    """The post with its source as a row. Raises as `get_post` does."""
    row = next(iter(db.rows(_WHOLE_ONE, {"id": post_id})), None)
    if row is None:
        raise NotFound
    for state in (row.state, row.question_state):
        _check_visible(state, actor)
    return row


def get_counts(post_id: int, actor: Actor) -> Row:
    """How many answers and comments a post has, read without the rest of it. Raises as `get_post` does."""
    row = next(iter(db.rows(_COUNTS, {"id": post_id})), None)
    if row is None:
        raise NotFound
    for state in (row.state, row.parent_state):
        _check_visible(state, actor)
    return row


def _check_visible(state: int | None, actor: Actor) -> None:
    if state == DELETED and not can_see_deleted(actor):
        raise Gone


def answer_rows(question: Row, actor: Actor, *, sort: str, page: int) -> list[Row]:
    """One page of a question's answers, the accepted one first when they are sorted by votes."""
    if question.answer_count == 0 and not can_see_deleted(actor):
        return []
    values = {
        "question": question.id,
        "accepted": question.accepted_answer_id or 0,
        "size": ANSWERS_PER_PAGE,
        "passed": (page - 1) * ANSWERS_PER_PAGE,
    }
    return list(db.rows(_answers(sort, can_see_deleted(actor)), values))


@cache
def _answers(sort: str, with_deleted: bool) -> Select:
    answers = _PAGE.where(Post.parent_id == bindparam("question"))
    if not with_deleted:
        answers = answers.where(Post.state == VISIBLE)
    size, passed = bindparam("size", type_=Integer), bindparam("passed", type_=Integer)
    return answers.order_by(*_answer_order(sort)).limit(size).offset(passed)


def _answer_order(sort: str) -> list[Any]:
    if sort == "newest":
        return [Post.state, Post.created_at.desc(), Post.id.desc()]
    if sort == "oldest":
        return [Post.state, Post.created_at, Post.id]
    return [(Post.id == bindparam("accepted")).desc(), Post.state, Post.score.desc(), Post.id]


def answers_after(
    question: Row, actor: Actor, *, sort: str, after: tuple[Any, ...] | None, limit: int
) -> tuple[list[Row], Callable[[Row], tuple[Any, ...]]]:
    """The next answers of a question after a key, and the function that gives a row's key."""
    accepted = question.accepted_answer_id or 0

    def key(row: Row) -> tuple[Any, ...]:
        if sort == "votes":
            return (int(row.id == accepted), row.score, row.id)
        return (row.created_at, row.id)

    answers = _WHOLE.where(Post.parent_id == question.id)
    if not can_see_deleted(actor):
        answers = answers.where(Post.state == VISIBLE)
    if after is not None:
        answers = answers.where(_is_after(sort, after, accepted))
    is_accepted = (Post.id == accepted).desc()
    order = {
        "votes": (is_accepted, Post.score.desc(), Post.id),
        "newest": (Post.created_at.desc(), Post.id.desc()),
        "oldest": (Post.created_at, Post.id),
    }[sort]
    return list(db.rows(answers.order_by(*order).limit(limit))), key


def _is_after(sort: str, after: tuple[Any, ...], accepted: int) -> Any:
    if sort == "votes":
        was_accepted, score, last = after
        is_behind = (Post.score < score) | ((Post.score == score) & (Post.id > last))
        return (Post.id != accepted) & (True if was_accepted else is_behind)
    moment, last = after
    if sort == "newest":
        return (Post.created_at < moment) | ((Post.created_at == moment) & (Post.id < last))
    return (Post.created_at > moment) | ((Post.created_at == moment) & (Post.id > last))


def page_of_answer(answer: Post, actor: Actor) -> int:
    """The number of the page, sorted by votes, on which an answer stands."""
    question = db.session.get_one(Post, answer.parent_id)
    if question.answer_count <= ANSWERS_PER_PAGE or question.accepted_answer_id == answer.id:
        return 1
    before = select(func.count()).where(
        Post.parent_id == question.id,
        Post.state == VISIBLE,
        Post.id != answer.id,
        (Post.score > answer.score) | ((Post.score == answer.score) & (Post.id < answer.id)),
    )
    return (db.session.scalar(before) or 0) // ANSWERS_PER_PAGE + 1


_TO = select(
    PostLink.related_post_id.label("id"), cast(PostLink.kind == "duplicate", Integer).label("is_original")
).where(PostLink.post_id == bindparam("id"))
_FROM = select(PostLink.post_id, literal(0)).where(PostLink.related_post_id == bindparam("id"))
_ENDS = _TO.union_all(_FROM).subquery()
_IS_ORIGINAL = func.max(_ENDS.c.is_original)
_LINKED = (
    # From the few links to their posts, told apart by kind: a missing parent would lead through every question.
    select(Post.id, Post.title, Post.score, _IS_ORIGINAL.label("is_original"))
    .join(_ENDS, _ENDS.c.id == Post.id)
    .where(Post.state == VISIBLE, Post.kind != "answer")
    .group_by(Post.id, Post.title, Post.score)
    .order_by(_IS_ORIGINAL.desc(), Post.score.desc(), Post.id)
    .limit(10)
)


def linked_posts(post_id: int) -> list[Row]:
    """Posts that link here or that this one links to: those that it repeats first (`is_original`), then the best."""
    kept = links_kept()
    if post_id not in kept:
        kept[post_id] = list(db.rows(_LINKED, {"id": post_id}))
    return kept[post_id]


@ttl_cache(seconds=2)
def links_kept() -> dict[int, list[Row]]:
    """The linked posts of the pages that were shown lately."""
    return {}


def revision_count(post: Post) -> int:
    return db.session.scalar(select(func.count()).where(Revision.post_id == post.id)) or 0


def revision_rows(post: Post, page: Page) -> list[Row]:
    """One page of the texts of a post, the newest first, with who wrote them; and the one before its last, if any."""
    rows = (
        select(
            Revision.id,
            Revision.number,
            Revision.title,
            Revision.body,
            Revision.tag_names,
            Revision.summary,
            Revision.created_at,
            *AUTHOR,
        )
        .outerjoin(User, User.id == Revision.author_id)
        .where(Revision.post_id == post.id)
        .order_by(Revision.number.desc())
    )
    return list(db.session.execute(rows.limit(page.size + 1).offset(page.offset)).all())


def get_revision(post: Post, number: int) -> Revision:
    revision = db.session.scalar(select(Revision).where(Revision.post_id == post.id, Revision.number == number))
    if revision is None:
        raise NotFound
    return revision


def draft_of(actor: Actor, place: str) -> dict[str, str]:
    """What the actor has been writing at `place`; empty if nothing is kept."""
    if actor.is_anonymous:
        return {}
    fields = db.session.scalar(select(Draft.fields).where(Draft.user_id == actor.id, Draft.place == place))
    return dict(fields or {})

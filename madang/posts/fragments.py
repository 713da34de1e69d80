"""What the pages print: rows and posts as pieces of HTML, and what the reader may do with each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url, shown_name
from madang.comments.policies import can_edit_comment
from madang.comments.queries import INITIAL_COMMENT_COUNT, comments_under
from madang.core.actor import GUEST, Actor
from madang.core.clock import now
from madang.core.db.pagination import Page
from madang.core.i18n import ago
from madang.core.text import slugify
from madang.core.web.fragment_cache import fragment, piece
from madang.following.policies import can_follow_question
from madang.following.queries import saved_and_followed
from madang.moderation.policies import can_flag
from madang.votes.policies import can_vote_on_post
from madang.votes.queries import votes_of

from . import policies
from .forms import close_reason
from .models import Post
from .queries.answers import page_of_answer
from .queries.posts import get_post

NEW_QUESTION_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Author:
    """Whoever wrote something, as pages print it; without a username where there is no profile: of an account that is
    gone, of a guest.
    """

    username: str | None
    display_name: str | None
    avatar_url: str | None
    reputation: int | None = None
    question_count: int = 0
    answer_count: int = 0
    accepted_count: int = 0


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the reader may do with one post."""

    vote: bool = False
    vote_down: bool = False
    edit: bool = False
    delete: bool = False
    restore: bool = False
    accept: bool = False
    comment: bool = False
    flag: bool = False
    moderate: bool = False


def author_of(row: Row) -> Author:
    """The author of a row that has the `AUTHOR` columns."""
    if row.author_username is None or row.author_is_deleted:
        return Author(None, row.author_name, None)
    if getattr(row, "author_role", "") == GUEST:
        return Author(None, shown_name(row.author_username, "", GUEST), None)
    counts = {
        name: getattr(row, f"author_{name}", 0)
        for name in ("reputation", "question_count", "answer_count", "accepted_count")
    }
    return Author(row.author_username, row.author_display_name, avatar_url(row.author_avatar_file), **counts)


def post_path(post: Any, anchor: str | None = None) -> str:
    """The address of a post with a title."""
    slug = quote(slugify(post.title))  # not url_for, which takes as long as a query
    return f"/posts/{post.id}" + (f"/{slug}" if slug else "") + (f"#{anchor}" if anchor else "")


def answer_path(answer: Post, actor: Actor) -> str:
    """The address of an answer: its place on its question's page."""
    path = post_path(get_post(answer.parent_id or 0, actor))
    page = page_of_answer(answer, actor)
    return f"{path}?page={page}#answer-{answer.id}" if page > 1 else f"{path}#answer-{answer.id}"


def path_of(post: Post, actor: Actor) -> str:
    """Where a post is read: its own page, or its place on its question's."""
    return answer_path(post, actor) if post.is_answer else post_path(post)


def tile_fragments(rows: Iterable[Row]) -> Markup:
    """The tiles of a gallery."""
    moment = now()
    pieces = (fragment("posts/row.html", "tile", row, ago(row.created_at, moment)) for row in rows)
    return Markup("".join(pieces))  # noqa: S704  (fragments)


def row_fragments(rows: Iterable[Row], first_number: int | None = None, reasons: Sequence[Any] = ()) -> Markup:
    """The rows of a list; `first_number` is the running number of the first, the next ones count down.

    `reasons` say of each row why it is there: as (kind, name, address).
    """
    moment = now()
    pieces: list[str] = []
    for position, row in enumerate(rows):
        number = None if first_number is None else first_number - position
        is_new = row.kind == "question" and row.answer_count == 0 and moment - row.created_at < NEW_QUESTION_AGE
        reason = reasons[position] if reasons else None
        arguments = (row, number, is_new, reason, ago(row.created_at, moment))
        pieces.append(fragment("posts/row.html", "row", *arguments, key=(tuple(row), *arguments[1:])))
    return Markup("".join(pieces))  # noqa: S704  (fragments)


def abilities(actor: Actor, post: Any, question: Any) -> Abilities:
    """What `actor` may do with `post`, which is `question` itself or an answer to it."""
    if actor.is_anonymous:
        return Abilities()
    return Abilities(
        vote=can_vote_on_post(actor, post, 1),
        vote_down=can_vote_on_post(actor, post, -1),
        edit=policies.can_edit_post(actor, post),
        delete=policies.can_delete_post(actor, post),
        restore=policies.can_restore_post(actor, post),
        accept=post.kind == "answer" and not post.is_deleted and policies.can_accept_answer(actor, question),
        comment=policies.can_comment(actor, post),
        flag=can_flag(actor, post),
        moderate=post.kind != "answer" and policies.can_moderate(actor),
    )


@dataclass(frozen=True, slots=True)
class CommentContext:
    """A comment as its fragment prints it."""

    id: int
    post_id: int
    html: Markup
    score: int
    my_vote: int
    created_at: Any
    edited_at: Any
    is_reply: bool
    author: Author
    vote_url: str | None
    edit_url: str | None
    delete_url: str | None
    flag_url: str | None
    can_reply: bool
    age: str


def comments_fragment(
    post: Any, rows: list[Row], actor: Actor, voted_comment_ids: set[int], can_comment: bool, total: int = 0
) -> Markup:
    """The comments under a post. `total` says how many there are where not all are shown."""
    if not rows and not can_comment and not actor.is_anonymous:
        return Markup()
    pieces = tuple(_comment_context(post, row, actor, voted_comment_ids, can_comment) for row in rows)
    return fragment("posts/comments.html", "comments_of", post.id, pieces, can_comment, _login_path(actor, post), total)


def _comment_context(
    post: Any, row: Row, actor: Actor, voted_comment_ids: set[int], can_comment: bool
) -> CommentContext:
    subject = _CommentSubject(row.author_id)
    can_edit = actor.is_authenticated and can_edit_comment(actor, subject, is_locked=post.is_locked)
    can_vote = actor.is_authenticated and can_comment and not post.is_locked and row.author_id != actor.id
    return CommentContext(
        id=row.id,
        post_id=post.id,
        html=Markup(row.body_html),  # noqa: S704  (sanitised when it was written)
        score=row.score,
        my_vote=1 if row.id in voted_comment_ids else 0,
        created_at=row.created_at,
        edited_at=row.edited_at,
        is_reply=row.parent_id is not None,
        author=author_of(row),
        vote_url=f"/comments/{row.id}/votes" if can_vote else None,
        edit_url=f"/comments/{row.id}/edit" if can_edit else None,
        delete_url=f"/comments/{row.id}/delete" if can_edit else None,
        flag_url=f"/comments/{row.id}/flags" if actor.is_anonymous or can_flag(actor, subject) else None,
        can_reply=can_comment,
        age=ago(row.created_at, now()),
    )


@dataclass(frozen=True, slots=True)
class _CommentSubject:
    author_id: int | None
    is_deleted: bool = False


def _login_path(actor: Actor, post: Any) -> str | None:
    """Where a visitor logs in to write under a post."""
    if actor.is_authenticated or post.is_locked:
        return None
    return f"/auth/login?next=/posts/{getattr(post, 'parent_id', None) or post.id}"


def post_fragments(posts: list[Any], question: Any, actor: Actor, expanded_post_id: int = 0) -> list[Markup]:
    """A question with a page of its answers (or answers alone), each with its comments, as pieces of HTML.

    The post of number `expanded_post_id` shows all of its comments, the others the first of them.
    """
    ids = [post.id for post in posts]
    totals = {post.id: post.comment_count for post in posts if post.comment_count > INITIAL_COMMENT_COUNT}
    totals.pop(expanded_post_id, None)
    comments = comments_under([post.id for post in posts if post.comment_count and post.id not in totals])
    comments |= comments_under(list(totals), first=INITIAL_COMMENT_COUNT)
    votes, voted_comment_ids = votes_of(actor, ids, [row.id for rows in comments.values() for row in rows])
    saved, is_followed = saved_and_followed(actor, ids, question.id)
    can_follow, pieces = can_follow_question(actor, question.kind, question.author_id), []
    for post in posts:
        allowed = abilities(actor, post, question)
        comments_html = comments_fragment(
            post, comments.get(post.id, []), actor, voted_comment_ids, allowed.comment, totals.get(post.id, 0)
        )
        ages = (ago(post.created_at, now()), ago(post.edited_at, now()) if post.edited_at else "")
        is_accepted = post.id == question.accepted_answer_id
        is_saved = post.id in saved if actor.has_identity else None
        login, follows = _login_path(actor, question), is_followed if can_follow and post is question else None
        arguments = (post, votes.get(post.id, 0), allowed, is_accepted, comments_html, login, is_saved, follows, ages)
        pieces.append(fragment("posts/article.html", "article", *arguments, key=(tuple(post), *arguments[1:])))
    return pieces


def main_fragment(
    post: Row, pieces: list[Markup], *, sort: str, page: Page, originals: list[Row], can_moderate: bool
) -> Markup:
    """What stands on a post's page above the place for an answer, put together from its pieces."""
    reason = close_reason(post.close_reason) if post.is_closed else None
    ages = (ago(post.created_at, now()), ago(post.edited_at, now()) if post.edited_at else "")
    pages = piece("components/pager.html", "pager", page) if page.last > 1 else ""
    linked = tuple((row.id, row.title) for row in originals)
    arguments = (post, tuple(pieces), sort, pages, can_moderate, reason, linked, ages)
    return fragment("posts/main.html", "post_main", *arguments, key=(tuple(post), *arguments[1:]))


def vote_fragment(post: Post, my_vote: int, actor: Actor, question: Post) -> Markup:
    """The score with its arrows, as it stands after a vote or an acceptance."""
    allowed = abilities(actor, post, question)
    is_accepted = post.id == question.accepted_answer_id
    return fragment("posts/article.html", "votes", post, my_vote, allowed, is_accepted, None)

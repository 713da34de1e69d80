"""HTML fragments and addresses of posts and their comments, and the reader's abilities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
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
from madang.core.web.fragment_cache import fragment, render_macro
from madang.following.policies import can_follow_question
from madang.following.queries import saved_and_followed
from madang.moderation.policies import can_flag
from madang.votes.policies import can_vote_on_post
from madang.votes.queries import votes_of

from . import policies
from .forms import close_reason
from .models import Post
from .policies import PostLike
from .queries.answers import page_of_answer
from .queries.posts import PageRow, get_post

NEW_QUESTION_AGE = timedelta(days=1)
Reason = tuple[str, str, str]


class TitledPost(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...


class CommentedPost(Protocol):
    """What the comments under a post need of it."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def is_locked(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a post or comment, as pages show them.

    `username` is None where there is no profile: for deleted accounts, guests and imported names.
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
    """What the reader can do with a post."""

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
    """The author of a row with the `AUTHOR_COLUMNS` columns."""
    if row.author_username is None or row.author_is_deleted:
        return Author(None, row.author_name, None)
    if getattr(row, "author_role", "") == GUEST:
        return Author(None, shown_name(row.author_username, "", GUEST), None)
    counts = {
        name: getattr(row, f"author_{name}", 0)
        for name in ("reputation", "question_count", "answer_count", "accepted_count")
    }
    return Author(row.author_username, row.author_display_name, avatar_url(row.author_avatar_file), **counts)


def post_path(post: TitledPost | Row, anchor: str | None = None) -> str:
    """The address of a post other than an answer."""
    slug = quote(slugify(post.title))  # built here since url_for takes as long as a query
    return f"/posts/{post.id}" + (f"/{slug}" if slug else "") + (f"#{anchor}" if anchor else "")


def answer_path(answer: Post, actor: Actor) -> str:
    """The address of an answer on the page of its question."""
    path = post_path(get_post(answer.parent_id or 0, actor))
    page = page_of_answer(answer, actor)
    return f"{path}?page={page}#answer-{answer.id}" if page > 1 else f"{path}#answer-{answer.id}"


def path_of(post: Post, actor: Actor) -> str:
    """The address of a post: its own page, or for an answer its anchor on the page of its question."""
    return answer_path(post, actor) if post.is_answer else post_path(post)


def tile_fragments(rows: Iterable[Row]) -> Markup:
    """The tiles of a gallery page."""
    moment = now()
    pieces = (fragment("posts/row.html", "tile", row, ago(row.created_at, moment)) for row in rows)
    return Markup("".join(pieces))  # noqa: S704  (fragments)


def row_fragments(
    rows: Iterable[Row], first_number: int | None = None, reasons: Sequence[Reason | None] = ()
) -> Markup:
    """The rows of a list; `first_number` numbers the first row, and the following rows count down.

    `reasons` give for each row of a feed why it is there: kind, name and address of what the reader follows.
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


def abilities(actor: Actor, post: PostLike, question: PostLike) -> Abilities:
    """What `actor` can do with `post`, which is `question` itself or one of its answers."""
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
    """A comment as its template reads it; an address is None where the reader cannot do that."""

    id: int
    post_id: int
    html: Markup
    score: int
    my_vote: int
    created_at: datetime
    edited_at: datetime | None
    is_reply: bool
    author: Author
    vote_url: str | None
    edit_url: str | None
    delete_url: str | None
    flag_url: str | None
    can_reply: bool
    age: str


def comments_fragment(
    post: CommentedPost, rows: list[Row], actor: Actor, voted_comment_ids: set[int], can_comment: bool, total: int = 0
) -> Markup:
    """The comments under a post; `total` is their number if not all are shown, else 0."""
    if not rows and not can_comment and not actor.is_anonymous:
        return Markup()
    pieces = tuple(_comment_context(post, row, actor, voted_comment_ids, can_comment) for row in rows)
    return fragment("posts/comments.html", "comments_of", post.id, pieces, can_comment, _login_path(actor, post), total)


def _comment_context(
    post: CommentedPost, row: Row, actor: Actor, voted_comment_ids: set[int], can_comment: bool
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
    """A visible comment as the policies read it."""

    author_id: int | None
    is_deleted: bool = False


def _login_path(actor: Actor, post: CommentedPost) -> str | None:
    """The login address for a visitor who wants to reply to a post; None for members and locked posts."""
    if actor.is_authenticated or post.is_locked:
        return None
    return f"/auth/login?next=/posts/{post.parent_id or post.id}"


def post_fragments(posts: list[PageRow], question: PageRow, actor: Actor, expanded_post_id: int = 0) -> list[Markup]:
    """Posts of the page of `question`, each as a fragment with its comments.

    The post `expanded_post_id` shows all its comments, the others the first `INITIAL_COMMENT_COUNT`.
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
        is_accepted = post.id == question.accepted_answer_id
        is_saved = post.id in saved if actor.has_identity else None
        login, follows = _login_path(actor, question), is_followed if can_follow and post is question else None
        arguments = (
            post,
            votes.get(post.id, 0),
            allowed,
            is_accepted,
            comments_html,
            login,
            is_saved,
            follows,
            _ages(post),
        )
        pieces.append(fragment("posts/article.html", "article", *arguments, key=(tuple(post), *arguments[1:])))
    return pieces


def _ages(post: PageRow) -> tuple[str, str]:
    """The relative times of writing and editing as shown, part of the cache key of a fragment."""
    return ago(post.created_at, now()), ago(post.edited_at, now()) if post.edited_at else ""


def main_fragment(
    post: PageRow, pieces: list[Markup], *, sort: str, page: Page, originals: list[Row], can_moderate: bool
) -> Markup:
    """The page of a post above the answer form, assembled from the fragments of its posts."""
    reason = close_reason(post.close_reason) if post.is_closed and post.close_reason else None
    pages = render_macro("components/pager.html", "pager", page) if page.last > 1 else ""
    original_titles = tuple((row.id, row.title) for row in originals)
    arguments = (post, tuple(pieces), sort, pages, can_moderate, reason, original_titles, _ages(post))
    return fragment("posts/main.html", "post_main", *arguments, key=(tuple(post), *arguments[1:]))


def vote_fragment(post: Post, my_vote: int, actor: Actor, question: Post) -> Markup:
    """The vote buttons and score of a post, after the reader voted."""
    allowed = abilities(actor, post, question)
    is_accepted = post.id == question.accepted_answer_id
    return fragment("posts/article.html", "votes", post, my_vote, allowed, is_accepted, None)

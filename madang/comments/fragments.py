"""The comments under a post as a cached fragment, and the addresses of comments."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import Row

from madang.boards.queries import asks_before_vote
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.i18n import ago
from madang.core.markdown.printing import mark_addresses
from madang.core.settings import setting
from madang.core.web.fragment_cache import fragment
from madang.moderation.policies import can_flag
from madang.posts.fragments.addresses import DiscussedPost, login_path, path_of
from madang.posts.fragments.authors import Author, author_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post
from madang.votes.policies import can_vote_on_comment

from .models import Comment
from .policies import can_edit_comment
from .queries import is_shown_initially


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
    asks_before_vote: bool
    edit_url: str | None
    delete_url: str | None
    flag_url: str | None
    can_reply: bool
    age: str


class CommentVotes(NamedTuple):
    """The votes of a comment as their template reads them; a `CommentContext` has the same."""

    id: int
    score: int
    my_vote: int
    vote_url: str
    asks_before_vote: bool


class CommentListContext(NamedTuple):
    """The comments under a post as their template reads them; `total` is their number if not all are shown, else 0.

    `least` is the number of characters of the shortest comment.
    """

    post_id: int
    comments: tuple[CommentContext, ...]
    can_comment: bool
    login_url: str | None
    total: int
    least: int


def comments_fragment(
    post: DiscussedPost, rows: list[Row], actor: Actor, voted_comment_ids: set[int], can_comment: bool, total: int = 0
) -> Markup:
    """The comments under a post; `total` is their number if not all are shown, else 0."""
    if not rows and not can_comment and not actor.is_anonymous:
        return Markup()
    asks = asks_before_vote(post.board_id)
    pieces = tuple(_comment_context(post, row, actor, voted_comment_ids, can_comment, asks) for row in rows)
    shown = CommentListContext(post.id, pieces, can_comment, login_path(actor, post), total, setting("COMMENT_MIN"))
    return fragment("comments/list.html", "comments", shown)


def _comment_context(
    post: DiscussedPost, row: Row, actor: Actor, voted_comment_ids: set[int], can_comment: bool, asks: bool
) -> CommentContext:
    can_edit = can_edit_comment(actor, row, post)
    can_vote = can_comment and can_vote_on_comment(actor, row, post)
    return CommentContext(
        id=row.id,
        post_id=post.id,
        html=Markup(mark_addresses(row.body_html)),  # noqa: S704  (sanitised when it was written)
        score=row.score,
        my_vote=1 if row.id in voted_comment_ids else 0,
        created_at=row.created_at,
        edited_at=row.edited_at,
        is_reply=row.parent_id is not None,
        author=author_of(row),
        vote_url=_vote_url(row.id) if can_vote else None,
        asks_before_vote=asks,
        edit_url=f"/comments/{row.id}/edit" if can_edit else None,
        delete_url=f"/comments/{row.id}/delete" if can_edit else None,
        flag_url=f"/comments/{row.id}/flags" if actor.is_anonymous or can_flag(actor, row) else None,
        can_reply=can_comment,
        age=ago(row.created_at, now()),
    )


def _vote_url(comment_id: int) -> str:
    return f"/comments/{comment_id}/votes"


def comment_votes_fragment(comment: Comment, post: Post, my_vote: int) -> Markup:
    """The vote button and score of a comment on `post`, after the reader voted."""
    votes = CommentVotes(comment.id, comment.score, my_vote, _vote_url(comment.id), asks_before_vote(post.board_id))
    return fragment("comments/list.html", "comment_votes", votes)


def page_path(post: Post, actor: Actor) -> str:
    """The address of the page that shows a post and its comments."""
    return path_of(post, actor).partition("#")[0]


def comment_path(comment: Comment, actor: Actor) -> str:
    """The address of a comment, on a page that shows it."""
    post = get_post(comment.post_id, actor)
    page = page_path(post, actor) if is_shown_initially(comment, post) else expanded_path(post, actor)
    return f"{page}#comment-{comment.id}"


def expanded_path(post: Post, actor: Actor) -> str:
    """The address of a post's page with all its comments expanded."""
    page = page_path(post, actor)
    return f"{page}{'&' if '?' in page else '?'}comments={post.id}"

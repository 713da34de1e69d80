"""Vote on posts and comments."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from madang.comments.models import Comment
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Forbidden, InvalidInput, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.settings import setting
from madang.posts.models import Post

from ..events import CommentVoted, PostVoted
from ..models import CommentVote, PostVote
from ..policies import can_vote_on_comment, can_vote_on_post, takes_votes


def vote_on_post(post: Post, value: int, *, actor: Actor, now: datetime) -> int:
    """Set the actor's vote on `post` to `value`: 1, -1, or 0 for none. Returns the post's new score.

    Repeated and simultaneous calls count once. Raises `Forbidden` and `InvalidInput` (value).
    """
    if value not in (-1, 0, 1):
        raise InvalidInput(_("Send 1, -1 or 0 as the vote."), field="value")
    lock_row(post)
    require_can_vote_on_post(actor, post, value)
    before = db.session.scalar(select(PostVote.value).where(_is_vote_of(post, actor))) or 0
    if before != value:
        _save_vote(post, value, before, actor, now)
        post.score += value - before
        db.session.flush()
        emit(PostVoted(post.id, actor.id or 0, before, value))
    return post.score


def _save_vote(post: Post, value: int, before: int, actor: Actor, now: datetime) -> None:
    if value == 0:
        db.session.execute(delete(PostVote).where(_is_vote_of(post, actor)))
    elif before == 0:
        db.session.add(PostVote(user_id=actor.id, post_id=post.id, value=value, created_at=now))
        db.session.flush()
    else:
        db.session.execute(update(PostVote).where(_is_vote_of(post, actor)).values(value=value, created_at=now))


def _is_vote_of(post: Post, actor: Actor) -> ColumnElement[bool]:
    return (PostVote.user_id == actor.id) & (PostVote.post_id == post.id)


def require_can_vote_on_post(actor: Actor, post: Post, value: int) -> None:
    """Raise `Forbidden`, with the reason, if the actor cannot vote so on a post."""
    if actor.id == post.author_id:
        raise Forbidden(_("You cannot vote for your own posts."))
    if not takes_votes(post.kind, talk_votes=setting("TALK_VOTES")):
        raise Forbidden(_("There are no votes for such posts on this site."))
    if value == -1 and not can_vote_on_post(actor, post, -1) and can_vote_on_post(actor, post, 1):
        raise Forbidden(_("You can only vote up here."))
    require(can_vote_on_post(actor, post, value), _cannot_vote_message())


def _cannot_vote_message() -> str:
    return _("You cannot vote here: the post is locked, or you cannot vote right now.")


def vote_on_comment(comment: Comment, value: int, *, actor: Actor, now: datetime) -> int:
    """Set the actor's vote on `comment` to `value`: 1, or 0 for none. Returns the comment's new score.

    Raises `Forbidden` and `InvalidInput` (value).
    """
    if value not in (0, 1):
        raise InvalidInput(_("Comments can only be voted up."), field="value")
    post = db.session.get_one(Post, comment.post_id)
    lock_row(comment)
    lock_row(post)
    require_can_vote_on_comment(actor, comment, post)
    is_vote = (CommentVote.user_id == actor.id) & (CommentVote.comment_id == comment.id)
    before = 1 if db.session.scalar(select(CommentVote.user_id).where(is_vote)) else 0
    if before == value:
        return comment.score
    if value:
        db.session.add(CommentVote(user_id=actor.id, comment_id=comment.id, created_at=now))
    else:
        db.session.execute(delete(CommentVote).where(is_vote))
    comment.score += value - before
    db.session.flush()
    emit(CommentVoted(comment.id, actor.id or 0, before, value))
    return comment.score


def require_can_vote_on_comment(actor: Actor, comment: Comment, post: Post) -> None:
    """Raise `Forbidden`, with the reason, if the actor cannot vote on a comment on `post`."""
    if actor.id == comment.author_id:
        raise Forbidden(_("You cannot vote for your own comments.", context="comment"))
    require(can_vote_on_comment(actor, comment, post), _cannot_vote_message())

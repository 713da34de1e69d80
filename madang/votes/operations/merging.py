"""Reassign the votes of an account that was merged into another."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from madang.comments.models import Comment
from madang.core.db import db
from madang.core.db.reassign import reassign_rows
from madang.posts.models import Post

from ..models import CommentVote, PostVote
from .reputation import FOR_ACCEPTED, add_reputation
from .retraction import retract_comment_vote, retract_post_vote

Answer, Question = aliased(Post), aliased(Post)
UserAndSubject = tuple[int, int]


def merge_voters(kept_id: int, gone_id: int) -> None:
    """Reassign the votes of `gone_id` to `kept_id`; to be called before posts and comments are reassigned.

    Where both voted on the same post or comment, the vote of `kept_id` stays. Votes on each other's posts and comments
    are retracted, and reputation for accepting each other's answers is taken back.
    """
    for user_id, post_id in sorted(_invalid_post_votes(kept_id, gone_id), key=lambda pair: pair[1]):
        retract_post_vote(user_id, post_id)
    for user_id, comment_id in sorted(_invalid_comment_votes(kept_id, gone_id), key=lambda pair: pair[1]):
        retract_comment_vote(user_id, comment_id)
    for author_id in _authors_accepted_by_other(kept_id, gone_id):
        add_reputation(author_id, -FOR_ACCEPTED)  # accepting one's own answer gives nothing
    reassign_rows(PostVote, PostVote.user_id, gone_id=gone_id, kept_id=kept_id)
    reassign_rows(CommentVote, CommentVote.user_id, gone_id=gone_id, kept_id=kept_id)


def _invalid_post_votes(kept_id: int, gone_id: int) -> set[UserAndSubject]:
    """Votes on posts that would be second votes, or votes on own posts, after the merge."""
    votes = select(PostVote.user_id, PostVote.post_id).join(Post, Post.id == PostVote.post_id)
    each_other = or_(
        (PostVote.user_id == gone_id) & (Post.author_id == kept_id),
        (PostVote.user_id == kept_id) & (Post.author_id == gone_id),
    )
    voted_by_kept = select(PostVote.post_id).where(PostVote.user_id == kept_id)
    both_voted = (PostVote.user_id == gone_id) & PostVote.post_id.in_(voted_by_kept)
    return _user_and_subject_ids(db.session.execute(votes.where(or_(each_other, both_voted))))


def _invalid_comment_votes(kept_id: int, gone_id: int) -> set[UserAndSubject]:
    """The same for comments."""
    votes = select(CommentVote.user_id, CommentVote.comment_id).join(Comment, Comment.id == CommentVote.comment_id)
    each_other = or_(
        (CommentVote.user_id == gone_id) & (Comment.author_id == kept_id),
        (CommentVote.user_id == kept_id) & (Comment.author_id == gone_id),
    )
    voted_by_kept = select(CommentVote.comment_id).where(CommentVote.user_id == kept_id)
    both_voted = (CommentVote.user_id == gone_id) & CommentVote.comment_id.in_(voted_by_kept)
    return _user_and_subject_ids(db.session.execute(votes.where(or_(each_other, both_voted))))


def _user_and_subject_ids(rows: Iterable) -> set[UserAndSubject]:
    return {(row[0], row[1]) for row in rows}


def _authors_accepted_by_other(kept_id: int, gone_id: int) -> list[int | None]:
    """For each answer of one account that the other accepted, its author."""
    both = (kept_id, gone_id)
    accepted = select(Answer.author_id).join(Question, Question.id == Answer.parent_id)
    accepted = accepted.where(Question.accepted_answer_id == Answer.id)
    between = accepted.where(Answer.author_id.in_(both), Question.author_id.in_(both))
    return list(db.session.scalars(between.where(Answer.author_id != Question.author_id)))

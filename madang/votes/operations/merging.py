"""Retract the votes that are invalid once two accounts are one."""

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import Post

from ..models import CommentVote, PostVote
from .reputation import ACCEPTED_POINTS, add_reputation
from .retraction import retract_comment_vote, retract_post_vote

Answer, Question = aliased(Post), aliased(Post)
Column = InstrumentedAttribute[int]


def retract_invalid_votes(target_id: int, source_id: int) -> None:
    """Retract votes of the two on each other's posts and comments, and second votes; the vote of `target_id` stays.

    Reputation for accepting each other's answers is taken back. Call before posts and comments are reassigned.
    """
    accounts = {"target_id": target_id, "source_id": source_id}
    for user_id, post_id in _invalid_votes(PostVote.user_id, PostVote.post_id, Post, **accounts):
        retract_post_vote(user_id, post_id)
    for user_id, comment_id in _invalid_votes(CommentVote.user_id, CommentVote.comment_id, Comment, **accounts):
        retract_comment_vote(user_id, comment_id)
    for author_id in _authors_accepted_by_other(target_id, source_id):
        add_reputation(author_id, -ACCEPTED_POINTS)  # accepting one's own answer gives nothing


def _invalid_votes(
    voter: Column, subject_id: Column, subject: type[Post] | type[Comment], *, target_id: int, source_id: int
) -> list[tuple[int, int]]:
    """Votes (voter, subject id) that the merge would make a second vote or a vote on an own subject, by subject id."""
    each_other = or_(
        (voter == source_id) & (subject.author_id == target_id), (voter == target_id) & (subject.author_id == source_id)
    )
    both_voted = (voter == source_id) & subject_id.in_(select(subject_id).where(voter == target_id))
    votes = select(voter, subject_id).join(subject, subject.id == subject_id).where(or_(each_other, both_voted))
    return [(row[0], row[1]) for row in db.session.execute(votes.order_by(subject_id))]


def _authors_accepted_by_other(target_id: int, source_id: int) -> list[int | None]:
    """For each answer of one account that the other accepted, its author."""
    both = (target_id, source_id)
    accepted = select(Answer.author_id).join(Question, Question.id == Answer.parent_id)
    accepted = accepted.where(Question.accepted_answer_id == Answer.id)
    between = accepted.where(Answer.author_id.in_(both), Question.author_id.in_(both))
    return list(db.session.scalars(between.where(Answer.author_id != Question.author_id)))

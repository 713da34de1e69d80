"""Adjust reputation after votes and acceptances, and react to events of accounts."""

from sqlalchemy import literal, null, select, union_all

from madang.accounts.events import AccountsMerged, PersonalDataRequested
from madang.core.db import db
from madang.posts.events import AnswerAccepted, AnswerUnaccepted
from madang.posts.models import Post

from .events import PostVoted
from .models import CommentVote, PostVote
from .operations.merging import merge_voters
from .operations.reputation import ACCEPTED_POINTS, add_reputation, vote_points


def on_post_voted(event: PostVoted) -> None:
    post = db.session.get_one(Post, event.post_id)
    add_reputation(post.author_id, vote_points(event.after) - vote_points(event.before))


def on_answer_accepted(event: AnswerAccepted) -> None:
    _credit_acceptance(event.answer_id, event.question_id, 1)


def on_answer_unaccepted(event: AnswerUnaccepted) -> None:
    _credit_acceptance(event.answer_id, event.question_id, -1)


def _credit_acceptance(answer_id: int, question_id: int, by: int) -> None:
    """Adjust the author's number of accepted answers and, unless the answer is the asker's own, their reputation."""
    answer, question = db.session.get_one(Post, answer_id), db.session.get_one(Post, question_id)
    is_own = answer.author_id == question.author_id
    add_reputation(answer.author_id, 0 if is_own else ACCEPTED_POINTS * by, accepted=by)


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    """Add the person's votes to the archive of their data."""
    on_posts = select(PostVote.post_id, null().label("comment_id"), PostVote.value, PostVote.created_at).where(
        PostVote.user_id == event.user_id
    )
    on_comments = select(
        null().label("post_id"), CommentVote.comment_id, literal(1).label("value"), CommentVote.created_at
    ).where(CommentVote.user_id == event.user_id)
    event.archive.add_rows("votes.json", select(union_all(on_posts, on_comments).subquery()))


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_voters(event.target_id, event.source_id)

"""Adjust reputation after votes and acceptances, and react to events of accounts."""

from madang.accounts.events import AccountsMergeStarted
from madang.core.db import db
from madang.posts.events import AnswerAccepted, AnswerUnaccepted
from madang.posts.models import Post

from .events import PostVoted
from .operations.merging import retract_invalid_votes
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


def on_accounts_merge_started(event: AccountsMergeStarted) -> None:
    retract_invalid_votes(event.target_id, event.source_id)

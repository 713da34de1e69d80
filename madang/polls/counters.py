"""The number of people who voted in a poll, and for each of its choices."""

from sqlalchemy import distinct, func, select

from madang.core.db.counting import Counter, count_of

from .models import Poll, PollChoice, PollVote

_voters = select(func.count(distinct(PollVote.user_id))).where(PollVote.poll_id == Poll.id)

COUNTERS = (
    Counter(PollChoice, "vote_count", count_of(PollVote.choice_id == PollChoice.id)),
    Counter(Poll, "voter_count", _voters.scalar_subquery()),
)

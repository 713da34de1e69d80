"""What belongs to a person in polls: their votes. The poll itself belongs to its post."""

from sqlalchemy import Select, distinct, func, select

from madang.core.db import db
from madang.core.i18n import ngettext
from madang.core.ownership import NoRowsOfGuests, Owned, Query, Removal, Stays

from .models import Poll, PollChoice, PollVote
from .operations.merging import merge_poll_votes
from .operations.voting import retract_next_poll_votes


def _votes_of(user_id: int) -> Select:
    votes = (
        select(Poll.post_id, Poll.question, PollChoice.text.label("choice"), PollVote.created_at)
        .join(PollChoice, PollChoice.id == PollVote.choice_id)
        .join(Poll, Poll.id == PollVote.poll_id)
    )
    return votes.where(PollVote.user_id == user_id).order_by(PollVote.choice_id)


def _count_polls_of(user_id: int) -> int:
    polls = select(func.count(distinct(PollVote.poll_id))).where(PollVote.user_id == user_id)
    return db.session.scalar(polls) or 0


OWNED = (
    Owned(
        column=PollVote.user_id,
        export=Query("poll_votes.json", _votes_of),
        on_merge=merge_poll_votes,
        on_delete=Stays("Results are the sum of the votes; a vote is shown without its voter."),
        on_removal=Removal(
            name="poll_votes",
            label=lambda count: ngettext("%(num)s poll answered", "%(num)s polls answered", count),
            count=_count_polls_of,
            remove_next=lambda user_id, _actor, _now, limit: retract_next_poll_votes(user_id, limit=limit),
        ),
        on_guest_delete=NoRowsOfGuests("Guests cannot vote."),
    ),
)

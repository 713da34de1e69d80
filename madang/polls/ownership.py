"""What belongs to a person in polls: their votes. A poll belongs to its post; its author's data contain it."""

from sqlalchemy import Select, case, distinct, func, select

from madang.core.db import db
from madang.core.i18n import ngettext
from madang.core.ownership import NoRowsOfGuests, Owned, Query, Removal, Stays
from madang.posts.models import VISIBLE, Post

from .models import Poll, PollChoice, PollVote
from .operations.merging import merge_poll_votes
from .operations.voting import retract_next_poll_votes


def _polls_of(user_id: int) -> Select:
    """Each choice of the polls that the person wrote."""
    columns = (Poll.post_id, Poll.question, PollChoice.text.label("choice"), PollChoice.vote_count, Poll.closes_at)
    choices = select(*columns).join(PollChoice, PollChoice.poll_id == Poll.id).join(Post, Post.id == Poll.post_id)
    return choices.where(Post.author_id == user_id).order_by(Poll.post_id, PollChoice.position)


def _votes_of(user_id: int) -> Select:
    """The person's votes; without the words of a post that was deleted."""
    is_visible = Post.state == VISIBLE
    votes = (
        select(
            Poll.post_id,
            case((is_visible, Poll.question)).label("question"),
            case((is_visible, PollChoice.text)).label("choice"),
            PollVote.created_at,
        )
        .join(PollChoice, PollChoice.id == PollVote.choice_id)
        .join(Poll, Poll.id == PollVote.poll_id)
        .join(Post, Post.id == Poll.post_id)
    )
    return votes.where(PollVote.user_id == user_id).order_by(PollVote.choice_id)


def _count_polls_of(user_id: int) -> int:
    polls = select(func.count(distinct(PollVote.poll_id))).where(PollVote.user_id == user_id)
    return db.session.scalar(polls) or 0


OWNED = (
    Owned(
        column=PollVote.user_id,
        export=(Query("polls.json", _polls_of), Query("poll_votes.json", _votes_of)),
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

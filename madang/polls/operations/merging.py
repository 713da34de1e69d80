"""Move votes in polls when one account is merged into another."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models import Poll, PollVote
from .voting import retract_poll_vote_of


def merge_poll_votes(target_id: int, source_id: int) -> None:
    """Move the votes of the account `source_id`; where both voted, the votes of `target_id` stay."""
    theirs = aliased(PollVote)
    both = (
        select(Poll.post_id)
        .join(PollVote, PollVote.poll_id == Poll.id)
        .join(theirs, theirs.poll_id == Poll.id)
        .where(PollVote.user_id == source_id, theirs.user_id == target_id)
    )
    for post_id in db.session.scalars(both.distinct().order_by(Poll.post_id)).all():
        retract_poll_vote_of(source_id, post_id)
    reassign_rows(PollVote.user_id, source_id=source_id, target_id=target_id)

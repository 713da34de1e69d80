"""Move votes in polls when one account is merged into another."""

from sqlalchemy import select, update

from madang.core.db import db, lock_row
from madang.posts.models import Post

from ..models import Poll, PollVote
from .voting import retract_poll_vote_of


def merge_poll_votes(target_id: int, source_id: int) -> None:
    """Move the votes of the account `source_id`; where both voted, the votes of `target_id` stay.

    Locks the post of each poll first, so that a vote of `target_id` at the same time comes before or after.
    """
    voted = select(Poll.post_id).join(PollVote, PollVote.poll_id == Poll.id).where(PollVote.user_id == source_id)
    for post_id in db.session.scalars(voted.distinct().order_by(Poll.post_id)).all():
        lock_row(db.session.get_one(Post, post_id))
        of_poll = PollVote.poll_id == select(Poll.id).where(Poll.post_id == post_id).scalar_subquery()
        if db.session.scalar(select(PollVote.choice_id).where(of_poll, PollVote.user_id == target_id).limit(1)):
            retract_poll_vote_of(source_id, post_id)
        else:
            db.write(update(PollVote).where(of_poll, PollVote.user_id == source_id).values(user_id=target_id))

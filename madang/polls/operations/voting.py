"""Vote in a poll, change the vote and retract it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from madang.core.actor import Actor
from madang.core.db import add_to, db, lock_row
from madang.core.errors import Gone, InvalidInput, require
from madang.core.i18n import _
from madang.posts.models import Post

from ..models import Poll, PollChoice, PollVote
from ..policies import can_vote_on_poll, has_ended
from ..queries import choices_of, find_poll, get_poll


def vote_in_poll(post: Post, choice_ids: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Vote for these choices of the poll of `post`, in place of the actor's former ones.

    Repeated and simultaneous calls count once. Raises `InvalidInput` (choice_ids), `Forbidden`, `Gone` and `NotFound`.
    """
    poll = _lock_poll(post)
    _require_can_vote(poll, post, actor, now)
    _check_choices(poll, choice_ids)
    _set_choices(poll, actor.id or 0, set(choice_ids), now)


def retract_poll_vote(post: Post, *, actor: Actor, now: datetime) -> None:
    """Take the actor's vote back. Raises `Forbidden`, `Gone` and `NotFound`."""
    poll = _lock_poll(post)
    _require_can_vote(poll, post, actor, now)
    _retract(poll, actor.id or 0)


def retract_next_poll_votes(user_id: int, *, limit: int) -> int:
    """Take back a person's votes in up to `limit` polls, without a check of permission. Returns in how many."""
    post_ids = db.session.scalars(
        select(Poll.post_id)
        .join(PollVote, PollVote.poll_id == Poll.id)
        .where(PollVote.user_id == user_id)
        .distinct()
        .order_by(Poll.post_id)
        .limit(limit)
    ).all()
    for post_id in post_ids:
        retract_poll_vote_of(user_id, post_id)
    return len(post_ids)


def retract_poll_vote_of(user_id: int, post_id: int) -> None:
    """Take a person's vote in the poll of a post back, without a check of permission; nothing if the poll is gone."""
    post = db.session.get_one(Post, post_id)
    lock_row(post)
    if poll := find_poll(post):
        _retract(poll, user_id)


def _lock_poll(post: Post) -> Poll:
    """Lock the post and return its poll. Raises `Gone` and `NotFound`."""
    lock_row(post)
    if post.is_deleted:
        raise Gone
    return get_poll(post)


def _require_can_vote(poll: Poll, post: Post, actor: Actor, now: datetime) -> None:
    message = _("You cannot vote here: the post is locked, or you cannot write right now.", context="poll")
    if has_ended(poll, now):
        message = _("This poll has ended.")
    require(can_vote_on_poll(actor, poll, post, now=now), message)


def _check_choices(poll: Poll, choice_ids: Collection[int]) -> None:
    known = {choice.id for choice in choices_of(poll)}
    if not choice_ids:
        raise InvalidInput(_("Please choose an answer."), field="choice_ids")
    if not set(choice_ids) <= known:
        raise InvalidInput(choices_changed_message(), field="choice_ids")
    if len(set(choice_ids)) > 1 and not poll.is_multiple:
        raise InvalidInput(_("Please choose one answer only."), field="choice_ids")


def choices_changed_message() -> str:
    """The error message for choices that the poll does not have."""
    return _("The choices have changed. Please look at them and choose again.")


def _set_choices(poll: Poll, user_id: int, choice_ids: set[int], now: datetime) -> None:
    """Write the votes of a person for these choices, at least one, and count them."""
    before = _choices_of(poll, user_id)
    _delete_votes(poll, user_id, before - choice_ids)
    for choice_id in sorted(choice_ids - before):
        db.session.add(PollVote(user_id=user_id, choice_id=choice_id, poll_id=poll.id, created_at=now))
        add_to(PollChoice, choice_id, vote_count=1)
    db.session.flush()
    if not before:
        add_to(Poll, poll.id, voter_count=1)


def _retract(poll: Poll, user_id: int) -> None:
    """Delete the votes of a person, and count them."""
    if before := _choices_of(poll, user_id):
        _delete_votes(poll, user_id, before)
        add_to(Poll, poll.id, voter_count=-1)


def _choices_of(poll: Poll, user_id: int) -> set[int]:
    votes = select(PollVote.choice_id).where(PollVote.poll_id == poll.id, PollVote.user_id == user_id)
    return set(db.session.scalars(votes))


def _delete_votes(poll: Poll, user_id: int, choice_ids: set[int]) -> None:
    own = (PollVote.poll_id == poll.id) & (PollVote.user_id == user_id)
    votes = delete(PollVote).where(own, PollVote.choice_id.in_(choice_ids))
    db.session.execute(votes.execution_options(synchronize_session=False))
    for choice_id in sorted(choice_ids):
        add_to(PollChoice, choice_id, vote_count=-1)

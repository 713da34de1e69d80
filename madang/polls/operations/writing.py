"""Add a poll to a post, change, end and delete it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import delete

from madang.accounts.operations.staff_actions import record_staff_action_on
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Conflict, Gone, raise_if_invalid, require
from madang.core.i18n import _
from madang.core.text import clean_line, fold
from madang.posts.models import Post
from madang.posts.operations.editing import require_can_edit

from ..models import (
    AFTER_VOTING,
    ALWAYS,
    CHOICE_MAX,
    CHOICES_MAX,
    CHOICES_MIN,
    MAX_LENGTH,
    QUESTION_MAX,
    QUESTION_MIN,
    Poll,
    PollChoice,
)
from ..policies import can_delete_poll, can_write_poll, has_ended
from ..queries import choices_of, find_poll, get_poll


@dataclass(frozen=True, slots=True)
class PollInput:
    """A poll as it was submitted; `closes_at` is None for one that never ends by itself."""

    question: str
    choices: Sequence[str]
    is_multiple: bool = False
    results: str = ALWAYS
    closes_at: datetime | None = None


def clean_poll(poll: PollInput) -> PollInput:
    """Clean the question and the choices, without empty lines. Choices beyond those that are too many are left out."""
    lines = (line for choice in poll.choices if (line := clean_line(choice)))
    return replace(poll, question=clean_line(poll.question), choices=list(islice(lines, CHOICES_MAX + 1)))


def poll_errors(poll: PollInput) -> dict[str, str]:
    """What is wrong with a cleaned poll, by field (question, choices, results)."""
    is_right_length = QUESTION_MIN <= len(poll.question) <= QUESTION_MAX
    errors = {
        "question": None if is_right_length else _question_error(),
        "choices": _choices_error(poll.choices),
        "results": None
        if poll.results in (ALWAYS, AFTER_VOTING)
        else _("Choose whether results are shown always or after voting."),
    }
    return {name: error for name, error in errors.items() if error}


def _question_error() -> str:
    return _("A poll's question has %(least)s to %(most)s characters.", least=QUESTION_MIN, most=QUESTION_MAX)


def choice_count_error() -> str:
    """The error of too few or too many choices."""
    return _("A poll has %(least)s to %(most)s choices, one on each line.", least=CHOICES_MIN, most=CHOICES_MAX)


def _choices_error(choices: Sequence[str]) -> str | None:
    if not CHOICES_MIN <= len(choices) <= CHOICES_MAX:
        return choice_count_error()
    if len({fold(choice) for choice in choices}) < len(choices):
        return _("Two choices are the same. Please change one.")
    if any(len(choice) > CHOICE_MAX for choice in choices):
        return _("Please shorten each choice to %(count)s characters.", count=CHOICE_MAX)
    return None


def set_poll(post: Post, poll: PollInput, *, actor: Actor, now: datetime) -> None:
    """Give `post` this poll, or change the poll that it has; the same poll again changes nothing.

    After the first vote only `closes_at` and `results` can change. Raises `InvalidInput` (question, choices, results,
    closes_at), `Forbidden`, `Gone` and `Conflict`.
    """
    poll = clean_poll(poll)
    raise_if_invalid(**poll_errors(poll))
    _lock_post(post)
    _require_can_write(post, actor)
    existing = find_poll(post)
    if existing is None:
        _check_end(poll.closes_at, now)
        _add_poll(post, poll, now)
    elif not _change_poll(existing, poll, now):
        return
    record_staff_action_on(post.author_id, "edit_poll", "post", post.id, actor=actor)


def _lock_post(post: Post) -> None:
    """Lock the post. Raises `Gone`."""
    lock_row(post)
    if post.is_deleted:
        raise Gone


def _require_can_write(post: Post, actor: Actor) -> None:
    require_can_edit(post, actor)
    require(can_write_poll(actor, post), _("Only posts of a talk board can have a poll."))


def _check_end(closes_at: datetime | None, now: datetime) -> None:
    """Raise `InvalidInput` (closes_at) unless a poll can end then."""
    error = None
    if closes_at is not None and closes_at <= now:
        error = _("This time has already passed. Please choose a later one.")
    elif closes_at is not None and closes_at > now + MAX_LENGTH:
        error = _("Please choose a time within the next ten years.")
    raise_if_invalid(closes_at=error)


def _add_poll(post: Post, poll: PollInput, now: datetime) -> None:
    row = Poll(
        post_id=post.id,
        question=poll.question,
        is_multiple=poll.is_multiple,
        results=poll.results,
        closes_at=poll.closes_at,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _add_choices(row, poll.choices)


def _add_choices(poll: Poll, texts: Sequence[str]) -> None:
    db.session.add_all(PollChoice(poll_id=poll.id, position=position, text=text) for position, text in enumerate(texts))
    db.session.flush()


def _change_poll(existing: Poll, poll: PollInput, now: datetime) -> bool:
    """Write what differs; return whether anything does."""
    texts = [choice.text for choice in choices_of(existing)]
    is_reworded = (existing.question, existing.is_multiple, texts) != (
        poll.question,
        poll.is_multiple,
        list(poll.choices),
    )
    if is_reworded and existing.voter_count:
        raise Conflict(_("People have voted, so the question and its choices can no longer change."))
    if poll.closes_at != existing.closes_at:
        _check_end(poll.closes_at, now)
    elif not is_reworded and poll.results == existing.results:
        return False
    existing.question, existing.is_multiple = poll.question, poll.is_multiple
    existing.results, existing.closes_at = poll.results, poll.closes_at
    existing.version += 1
    db.session.flush()
    if texts != list(poll.choices):
        db.session.execute(delete(PollChoice).where(PollChoice.poll_id == existing.id))
        _add_choices(existing, poll.choices)
    return True


def end_poll(post: Post, *, actor: Actor, now: datetime) -> None:
    """End the poll of `post` now; one that has ended stays as it is. Raises `Forbidden`, `Gone` and `NotFound`."""
    _lock_post(post)
    _require_can_write(post, actor)
    poll = get_poll(post)
    if has_ended(poll, now):
        return
    poll.closes_at = now
    poll.version += 1
    db.session.flush()
    record_staff_action_on(post.author_id, "end_poll", "post", post.id, actor=actor)


def delete_poll(post: Post, *, actor: Actor) -> None:
    """Delete the poll of `post` with its votes. Raises `Forbidden`, `Gone` and `NotFound`."""
    _lock_post(post)
    require_can_edit(post, actor)
    poll = get_poll(post)
    require(can_delete_poll(actor, poll, post), _("People have voted, so only moderators can delete this poll."))
    db.session.delete(poll)
    db.session.flush()
    record_staff_action_on(post.author_id, "delete_poll", "post", post.id, actor=actor)

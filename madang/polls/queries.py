"""The poll of a post, as an entity and as pages and the API show it."""

from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import bindparam, select

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import Post

from .models import POST_KIND, Poll, PollChoice, PollVote
from .policies import can_see_results, has_ended

_POLL = (
    select(
        Poll.question,
        Poll.is_multiple,
        Poll.results,
        Poll.closes_at,
        Poll.voter_count,
        Poll.version,
        PollChoice.id,
        PollChoice.text,
        PollChoice.vote_count,
        PollVote.user_id.is_not(None).label("is_mine"),
    )
    .join(PollChoice, PollChoice.poll_id == Poll.id)
    .outerjoin(PollVote, (PollVote.choice_id == PollChoice.id) & (PollVote.user_id == bindparam("reader")))
    .where(Poll.post_id == bindparam("post"))
    .order_by(PollChoice.position)
)


class PolledPost(Protocol):
    """What is read of a post to find its poll."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...


class ChoiceRow(NamedTuple):
    """A choice as a reader sees it; `vote_count` is None where the results are hidden from the reader."""

    id: int
    text: str
    vote_count: int | None
    is_mine: bool


class PollRow(NamedTuple):
    """A poll as a reader sees it."""

    post_id: int
    question: str
    is_multiple: bool
    results: str
    closes_at: datetime | None
    voter_count: int
    version: int
    is_ended: bool
    choices: tuple[ChoiceRow, ...]

    @property
    def has_voted(self) -> bool:
        return any(choice.is_mine for choice in self.choices)

    @property
    def shows_results(self) -> bool:
        return self.choices[0].vote_count is not None


def find_poll(post: Post) -> Poll | None:
    """The poll of a post as it is stored now, if it has one."""
    return db.session.scalar(select(Poll).where(Poll.post_id == post.id).execution_options(populate_existing=True))


def get_poll(post: Post) -> Poll:
    """The poll of a post. Raises `NotFound`."""
    poll = find_poll(post)
    if poll is None:
        raise NotFound
    return poll


def choices_of(poll: Poll) -> list[PollChoice]:
    """The choices of a poll, in order."""
    choices = select(PollChoice).where(PollChoice.poll_id == poll.id)
    return list(db.session.scalars(choices.order_by(PollChoice.position)))


def find_poll_row(post: PolledPost, actor: Actor, *, now: datetime) -> PollRow | None:
    """The poll of a post as the actor sees it, if the post shows one. The caller has fetched the post for the actor."""
    if post.kind != POST_KIND:  # a poll stays with a post that was moved to a board of another kind, but is not shown
        return None
    rows = list(db.rows(_POLL, {"post": post.id, "reader": actor.id}))
    if not rows:
        return None
    first = rows[0]
    poll = PollRow(
        post_id=post.id,
        question=first.question,
        is_multiple=first.is_multiple,
        results=first.results,
        closes_at=first.closes_at,
        voter_count=first.voter_count,
        version=first.version,
        is_ended=False,
        choices=tuple(ChoiceRow(row.id, row.text, row.vote_count, row.is_mine) for row in rows),
    )
    choices = poll.choices
    if not can_see_results(poll, has_voted=poll.has_voted, now=now):
        choices = tuple(choice._replace(vote_count=None) for choice in choices)
    return poll._replace(is_ended=has_ended(poll, now), choices=choices)


def get_poll_row(post: PolledPost, actor: Actor, *, now: datetime) -> PollRow:
    """The poll of a post as the actor sees it. Raises `NotFound`. The caller has fetched the post for the actor."""
    poll = find_poll_row(post, actor, now=now)
    if poll is None:
        raise NotFound
    return poll

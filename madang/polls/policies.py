"""Permissions for polls."""

from datetime import datetime
from typing import Protocol

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.posts.policies import PostLike, can_edit_post

from .models import ALWAYS, POST_KIND


class PollLike(Protocol):
    """Attributes of a poll that the policies read; the entity and the rows of pages have them."""

    @property
    def results(self) -> str: ...
    @property
    def voter_count(self) -> int: ...
    @property
    def closes_at(self) -> datetime | None: ...


def has_ended(poll: PollLike, now: datetime) -> bool:
    return poll.closes_at is not None and poll.closes_at <= now


def can_write_poll(actor: Actor, post: PostLike) -> bool:
    """Whoever can edit a post of a talk board can add a poll to it, change it and end it.

    After the first vote the question and the choices stay (`operations/writing.py`).
    """
    return post.kind == POST_KIND and can_edit_post(actor, post)


def can_delete_poll(actor: Actor, poll: PollLike, post: PostLike) -> bool:
    """After the first vote only staff can."""
    return can_edit_post(actor, post) and (actor.is_staff or poll.voter_count == 0)


def can_vote_on_poll(actor: Actor, poll: PollLike, post: PostLike, *, now: datetime) -> bool:
    """Every member, the author too, until the poll has ended; nobody on a locked post or outside of talk boards."""
    is_open = post.kind == POST_KIND and not post.is_deleted and not post.is_locked
    return can_write(actor) and is_open and not has_ended(poll, now)


def can_see_results(poll: PollLike, *, has_voted: bool, now: datetime) -> bool:
    """Everybody if the poll says so or has ended, else those who voted."""
    return poll.results == ALWAYS or has_voted or has_ended(poll, now)

"""Actors and rows for tests of policies, without a database, and named groups of actors."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from madang.core.actor import COMMAND_LINE, VISITOR, Actor

AUTHOR_ID, GUEST_ID, OTHER_ID = 1, 2, 3
COLUMNS = ("policy", "subject", "circumstances", "allowed")  # the parameters of a table of `rule`s

ACTORS = {
    "visitor": VISITOR,
    "guest": Actor(id=GUEST_ID, role="guest"),
    "member": Actor(id=OTHER_ID, role="member"),
    "member with 1,000 reputation": Actor(id=OTHER_ID, role="member", reputation=1_000),
    "author": Actor(id=AUTHOR_ID, role="member"),
    "moderator": Actor(id=OTHER_ID, role="moderator"),
    "moderator who is the author": Actor(id=AUTHOR_ID, role="moderator"),
    "admin": Actor(id=OTHER_ID, role="admin"),
    "suspended guest": Actor(id=GUEST_ID, role="guest", is_suspended=True),
    "suspended member": Actor(id=OTHER_ID, role="member", reputation=1_000, is_suspended=True),
    "suspended author": Actor(id=AUTHOR_ID, role="member", is_suspended=True),
    "suspended moderator": Actor(id=OTHER_ID, role="moderator", is_suspended=True),
    "suspended admin": Actor(id=OTHER_ID, role="admin", is_suspended=True),
    "command line": COMMAND_LINE,
}

NOBODY: set[str] = set()
VISITORS = {"visitor", "command line"}
GUESTS = {"guest"}
MEMBERS = {"member", "member with 1,000 reputation", "author"}
TRUSTED = {"member with 1,000 reputation"}
AUTHORS = {"author", "moderator who is the author"}
MODERATORS = {"moderator", "moderator who is the author"}
ADMINS = {"admin"}
STAFF = MODERATORS | ADMINS
WRITERS = MEMBERS | STAFF  # everybody with an account that is not suspended
COMMAND_LINE = {"command line"}
SUSPENDED_MEMBERS = {"suspended member", "suspended author"}
SUSPENDED_STAFF = {"suspended moderator", "suspended admin"}
SUSPENDED = SUSPENDED_MEMBERS | SUSPENDED_STAFF
SUSPENDED_AUTHORS = {"suspended author"}


@dataclass(frozen=True)
class PostRow:
    """The attributes of a post that policies read."""

    kind: str
    author_id: int | None = AUTHOR_ID
    is_locked: bool = False
    is_closed: bool = False
    is_deleted: bool = False
    answer_count: int = 0


@dataclass(frozen=True)
class CommentRow:
    """The attributes of a comment that policies read."""

    author_id: int | None = AUTHOR_ID
    is_deleted: bool = False


def member(**values: object) -> Actor:
    return Actor(id=OTHER_ID, role="member", **values)


def question(**state: object) -> PostRow:
    return PostRow("question", **state)


def answer(**state: object) -> PostRow:
    return PostRow("answer", **state)


def comment(**state: object) -> CommentRow:
    return CommentRow(**state)


def who_may(policy: Callable[..., bool], *subject: object, **circumstances: object) -> set[str]:
    """The names of the actors that `policy` allows to act on `subject`."""
    return {name for name, actor in ACTORS.items() if policy(actor, *subject, **circumstances)}


def rule(
    policy: Callable[..., bool], case: str, allowed: set[str], *subject: object, **circumstances: object
) -> object:
    """A row of a parametrized test: `policy` allows exactly these actors, in the `case` that the test id names."""
    return pytest.param(policy, subject, circumstances, allowed, id=f"{policy.__name__}: {case}")

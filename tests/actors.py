"""Actors and rows for tests of policies, without a database, and named groups of actors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from madang.core.actor import TERMINAL, VISITOR, Actor

AUTHOR_ID, GUEST_ID, OTHER_ID = 1, 2, 3
COLUMNS = ("policy", "subject", "circumstances", "allowed")  # of a table of `rule`s

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
    "command line": TERMINAL,
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
    """The attributes of a post that policies use."""

    kind: str
    author_id: int | None = AUTHOR_ID
    is_locked: bool = False
    is_closed: bool = False
    is_deleted: bool = False
    answer_count: int = 0


@dataclass(frozen=True)
class CommentRow:
    """The attributes of a comment that policies use."""

    author_id: int | None = AUTHOR_ID
    is_deleted: bool = False


def member(**values: Any) -> Actor:
    return Actor(id=OTHER_ID, role="member", **values)


def question(**state: Any) -> PostRow:
    return PostRow("question", **state)


def answer(**state: Any) -> PostRow:
    return PostRow("answer", **state)


def comment(**state: Any) -> CommentRow:
    return CommentRow(**state)


def who_may(policy: Callable[..., bool], *subject: Any, **circumstances: Any) -> set[str]:
    """The names of the actors that `policy` allows."""
    return {name for name, actor in ACTORS.items() if policy(actor, *subject, **circumstances)}


def rule(policy: Callable[..., bool], where: str, allowed: set[str], *subject: Any, **circumstances: Any) -> Any:
    """A row of a table: in the state that `where` describes, `policy` allows exactly the actors `allowed`."""
    return pytest.param(policy, subject, circumstances, allowed, id=f"{policy.__name__}: {where}")

"""Parse and validate the recipients that somebody types into a new conversation."""

import re
from datetime import datetime

from sqlalchemy import Row

from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import MAX_RECIPIENTS
from ..queries.people import ambiguous_error, blocks_among, people_named

NAME_SEPARATORS = re.compile(r"[\s,;、，]+")
NAMES_SHOWN = 3

Recipients = list[Row]


def parse_names(text: str) -> list[str]:
    """Split a field at commas, semicolons and spaces into usernames without duplicates and without a leading @."""
    names = [name.removeprefix("@") for name in NAME_SEPARATORS.split(clean_line(text))]
    return list({name.casefold(): name for name in names if name}.values())


def read_recipients(text: str, actor: Actor, now: datetime) -> tuple[Recipients, str | None]:
    """Return the people named in `text`, and an error message or None."""
    names = parse_names(text)
    if len(names) > MAX_RECIPIENTS:
        return [], _("You can write to at most %(count)s people at once.", count=MAX_RECIPIENTS)
    people_by_name = people_named(names)
    unknown = [name for name, people in people_by_name.items() if not people]
    if unknown:
        return [], _("No one here is called %(names)s. Please check the name.", names=_join_names(unknown))
    if ambiguous := next((name for name, people in people_by_name.items() if len(people) > 1), None):
        return [], ambiguous_error(ambiguous)
    people = [person for rows in people_by_name.values() for person in rows if person.id != actor.id]
    if not people:
        return [], _("You cannot write to yourself.") if names else _("Please enter a recipient.")
    return people, _first_error(people, actor, now)


def _first_error(people: Recipients, actor: Actor, now: datetime) -> str | None:
    blocked, blockers = blocks_among(actor.id or 0, [person.id for person in people])
    errors = (
        unreachable_error(
            person.username,
            has_blocked_actor=person.id in blockers,
            is_blocked=person.id in blocked,
            is_suspended=bool(person.suspended_until and person.suspended_until > now),
            actor=actor,
        )
        for person in people
    )
    return next((error for error in errors if error), None)


def unreachable_error(
    name: str, *, has_blocked_actor: bool, is_blocked: bool, is_suspended: bool, actor: Actor
) -> str | None:
    """Return why a person cannot receive messages from the actor, or None. Staff can write to suspended people."""
    if has_blocked_actor:
        return _("You cannot send messages to %(name)s.", name=name)
    if is_blocked:
        return _("You have blocked %(name)s. To write to them, unblock them first.", name=name)
    if is_suspended and not actor.is_staff:
        return _("%(name)s is suspended and cannot answer right now.", name=name)
    return None


def _join_names(names: list[str]) -> str:
    joined = ", ".join(name[:30] for name in names[:NAMES_SHOWN])
    return f"{joined}…" if len(names) > NAMES_SHOWN else joined

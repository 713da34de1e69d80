"""Whom somebody writes to: names as they are typed, and what is wrong with them."""

import re
from datetime import datetime

from sqlalchemy import Row

from madang.core.actor import Actor
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import MOST_RECIPIENTS
from ..queries.people import blocks_among, people_named

BETWEEN_NAMES = re.compile(r"[\s,;、，]+")
NAMES_SHOWN = 3

Recipients = list[Row]


def names_in(text: str) -> list[str]:
    """The usernames in a field, each once: separated by commas or spaces, with or without an @."""
    names = [name.removeprefix("@") for name in BETWEEN_NAMES.split(clean_line(text))]
    return list({name.casefold(): name for name in names if name}.values())


def read_recipients(text: str, actor: Actor, now: datetime) -> tuple[Recipients, str | None]:
    """The people whom `text` names, and the sentence about what is wrong with it."""
    names = names_in(text)
    if len(names) > MOST_RECIPIENTS:
        return [], _("You can write to at most %(count)s people at once.", count=MOST_RECIPIENTS)
    found = people_named(names)
    unknown = [name for name in names if name not in found]
    if unknown:
        return [], _("There is nobody called %(names)s here. Please check the name.", names=_listed(unknown))
    people = [person for person in found.values() if person.id != actor.id]
    if not people:
        return [], _("You cannot write to yourself.") if names else _("Please name somebody to write to.")
    return people, _first_sentence(people, actor, now)


def _first_sentence(people: Recipients, actor: Actor, now: datetime) -> str | None:
    mine, against_me = blocks_among(actor.id or 0, [person.id for person in people])
    sentences = (
        unreachable_sentence(
            person.username,
            has_blocked_actor=person.id in against_me,
            is_blocked=person.id in mine,
            is_suspended=bool(person.suspended_until and person.suspended_until > now),
            actor=actor,
        )
        for person in people
    )
    return next((sentence for sentence in sentences if sentence), None)


def unreachable_sentence(
    name: str, *, has_blocked_actor: bool, is_blocked: bool, is_suspended: bool, actor: Actor
) -> str | None:
    """Why a person does not get messages from the actor; None where they do. Staff can write to the suspended."""
    if has_blocked_actor:
        return _("%(name)s does not take messages from you.", name=name)
    if is_blocked:
        return _("You have blocked %(name)s. To write to them, unblock them first.", name=name)
    if is_suspended and not actor.is_staff:
        return _("%(name)s is suspended and cannot answer at present.", name=name)
    return None


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:30] for name in names[:NAMES_SHOWN])
    return f"{shown}…" if len(names) > NAMES_SHOWN else shown

"""Usernames for people who come from a site where names had other rules."""

from collections.abc import Iterator
from itertools import chain, count

from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.policies.usernames import MAX_USERNAME, is_allowed, is_mark, skeleton, username_problem
from madang.core.db import db
from madang.core.text import clean_line


def usernames_for(people: list[tuple[str, str]]) -> list[str]:
    """A free username for each (display name, number elsewhere), in their order.

    The first John is John, the next is John-4711 by his number there. Spaces fall away, as they do where people of such
    sites call each other (@JohnDoe), so that old mentions still lead to somebody.
    """
    wishes = {place: _wishes(name, number) for place, (name, number) in enumerate(people)}
    chosen: dict[int, str] = {}
    used: set[str] = set()
    while wishes:
        wished = {place: next(names) for place, names in wishes.items()}
        taken = _taken({skeleton(name) for name in wished.values()}) | used
        for place, name in wished.items():
            if (key := skeleton(name)) not in taken:
                taken.add(key)
                used.add(key)
                chosen[place] = name
                del wishes[place]
    return [chosen[place] for place in range(len(people))]


def _wishes(display_name: str, number: str) -> Iterator[str]:
    """Names in the order in which they are tried, without end."""
    base = _base(display_name)
    endings = (f"-{number.lstrip('-')}{suffix}" for suffix in chain([""], (f"-{again}" for again in count(2))))
    for ending in chain([""], endings):
        for stem in (base, "user"):
            name = _trimmed(stem[: MAX_USERNAME - len(ending)]) + ending
            if username_problem(name) is None:
                yield name


def _base(display_name: str) -> str:
    return _trimmed("".join(character for character in clean_line(display_name) if is_allowed(character)))


def _trimmed(name: str) -> str:
    """Without marks at the ends or side by side."""
    kept: list[str] = []
    for character in name:
        if is_mark(character) and (not kept or is_mark(kept[-1])):
            continue
        kept.append(character)
    return "".join(kept).rstrip("_.-")


def _taken(keys: set[str]) -> set[str]:
    return set(db.session.scalars(select(User.username_key).where(User.username_key.in_(keys))))

"""The people of a demonstration."""

import random
from datetime import datetime

from sqlalchemy import func, select

from madang.accounts.models import User, name_columns
from madang.accounts.policies.usernames import skeleton
from madang.core.db import db, transaction
from madang.core.markdown.renderer import render
from madang.search.operations.indexing import index_people

from ..source import insert_rows
from ..usernames import usernames_for
from .sentences import Language

AT_ONCE = 500


class People:
    """Who speaks one language, in the order in which they joined; the site grows with the years."""

    def __init__(self, ids: list[int], chance: random.Random) -> None:
        self.ids, self.chance = ids, chance

    def somebody(self, passed: float) -> int:
        """One of those who had joined when this share of the years had passed; a few do most of the writing."""
        here = max(3, int(len(self.ids) * passed))
        return self.ids[int(here * self.chance.random() ** 1.6)]

    def others(self, count: int, passed: float, besides: int) -> set[int]:
        """Up to `count` people, but for one."""
        return {self.somebody(passed) for _ in range(count)} - {besides}


def make_people(count: int, language: Language, chance: random.Random, begin: datetime, now: datetime) -> People:
    """Accounts without a password, who joined one after the other."""
    ids: list[int] = []
    last = db.session.scalar(select(func.max(User.id))) or 0
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))
        with transaction():
            names = [(_name(language, chance), str(last + number)) for number in numbers]
            joined = [begin + (now - begin) * number / count for number in numbers]
            ids += _insert(names, joined, language, chance)
    return People(ids, chance)


def _name(language: Language, chance: random.Random) -> str:
    return chance.choice(language.words.FIRST_NAMES) + chance.choice(language.words.LAST_NAMES)


def _insert(
    names: list[tuple[str, str]], joined: list[datetime], language: Language, chance: random.Random
) -> list[int]:
    rows = []
    for (display_name, _number), username, moment in zip(names, usernames_for(names), joined, strict=True):
        bio = chance.choice(language.words.BIOS)
        rows.append(
            {
                **name_columns(username, display_name),
                "username_key": skeleton(username),
                "bio": bio,
                "bio_html": render(bio) if bio else "",
                "created_at": moment,
            }
        )
    ids = insert_rows(User, rows)
    index_people(ids)
    return ids

"""Fictitious users of a demonstration."""

import random
from datetime import datetime

from sqlalchemy import func, select

from madang.accounts.models import User, name_columns
from madang.accounts.policies.look_alikes import skeleton
from madang.core.db import db, transaction
from madang.core.markdown.renderer import render
from madang.search.operations.indexing import index_people

from ..source import insert_rows
from ..usernames import choose_usernames
from .sentences import Language

BATCH_SIZE = 500


class People:
    """The users who speak one language, in the order in which they joined."""

    def __init__(self, ids: list[int], rng: random.Random) -> None:
        self.ids, self.rng = ids, rng

    def pick_author(self, elapsed: float) -> int:
        """Pick one of the users who had joined when this share of the years had elapsed; early users come up more."""
        joined_count = max(3, int(len(self.ids) * elapsed))
        return self.ids[int(joined_count * self.rng.random() ** 1.6)]

    def pick_voters(self, count: int, elapsed: float, excluded_id: int) -> set[int]:
        """Pick up to `count` different users other than `excluded_id`."""
        return {self.pick_author(elapsed) for _ in range(count)} - {excluded_id}


def create_people(count: int, language: Language, rng: random.Random, start: datetime, now: datetime) -> People:
    """Create `count` accounts without a password that joined evenly between `start` and `now`."""
    ids: list[int] = []
    last = db.session.scalar(select(func.max(User.id))) or 0
    for first in range(0, count, BATCH_SIZE):
        numbers = range(first, min(first + BATCH_SIZE, count))
        with transaction():
            names = [(_name(language, rng), str(last + number)) for number in numbers]
            joined = [start + (now - start) * number / count for number in numbers]
            ids += _insert(names, joined, language, rng)
    return People(ids, rng)


def _name(language: Language, rng: random.Random) -> str:
    return rng.choice(language.words.FIRST_NAMES) + rng.choice(language.words.LAST_NAMES)


def _insert(names: list[tuple[str, str]], joined: list[datetime], language: Language, rng: random.Random) -> list[int]:
    rows = []
    for (display_name, _number), username, moment in zip(names, choose_usernames(names), joined, strict=True):
        bio = rng.choice(language.words.BIOS)
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

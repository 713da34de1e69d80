"""Votes.xml: votes without their voters and on a date, as the format publishes them, and accepted answers."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import count, repeat

from sqlalchemy import Row, bindparam, select

from madang.posts.models import Post
from madang.votes.models import PostVote

from ...queries.public import IS_OF_QUESTION, Parent, public_posts
from .folder import Values
from .source import Source

ACCEPTED, UP, DOWN = 1, 2, 3
Vote = tuple[date, int]
VOTED_POSTS = public_posts(
    Post.id, Post.created_at, Post.imported_up, Post.imported_down, Parent.accepted_answer_id
).where(IS_OF_QUESTION)
VOTES = select(PostVote.post_id, PostVote.value, PostVote.created_at).where(
    PostVote.post_id.in_(bindparam("ids", expanding=True))
)


def vote_rows(source: Source) -> Iterator[Values]:
    numbers = count(1)
    for rows in source.batches(VOTED_POSTS, Post.id):
        votes: dict[int, list[Vote]] = {row.id: list(imported_votes(row)) for row in rows}
        for post_id, value, moment in source.rows(VOTES, {"ids": list(votes)}):
            votes[post_id].append((moment.date(), UP if value > 0 else DOWN))
        for post_id, of_post in votes.items():
            for day, kind in sorted(of_post):  # in an order that does not tell who voted
                yield {"Id": next(numbers), "PostId": post_id, "VoteTypeId": kind, "CreationDate": midnight(day)}


def imported_votes(row: Row) -> Iterable[Vote]:
    """The votes of a post whose days are not known: those of another site, and its acceptance."""
    day = row.created_at.date()
    yield from repeat((day, UP), row.imported_up)
    yield from repeat((day, DOWN), row.imported_down)
    if row.accepted_answer_id == row.id:
        yield (day, ACCEPTED)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

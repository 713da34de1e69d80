"""A worker in a process of its own, with jobs that take their time."""

import time

from sqlalchemy import update

from madang import create_app
from madang.boards.models import Board
from madang.core.db import db
from madang.core.queue import job, progress
from madang.core.queue.work import work

STEPS = 5


@job("tests.dig", title=lambda: "Dig a well")
def dig(seconds: float) -> None:
    """Takes `seconds`, and then counts one more post on a board."""
    for step in range(STEPS):
        progress(100 * step / STEPS)
        time.sleep(seconds / STEPS)
    db.session.execute(update(Board).where(Board.slug == "qa").values(post_count=Board.post_count + 1))


def main(instance: str, count: int) -> None:
    """Not this module's own start: its jobs would have another name then."""
    work(create_app(instance_path=instance), count)

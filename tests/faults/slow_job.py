"""A worker process with a slow job, for tests that kill workers."""

import time

from sqlalchemy import update

from madang import create_app
from madang.boards.models import Board
from madang.core.db import db
from madang.core.queue import job, progress
from madang.core.queue.run_workers import work

STEPS = 5


@job("tests.dig", title=lambda: "Dig a well")
def dig(seconds: float) -> None:
    """Run for `seconds`, then increase the number of posts of a board by one."""
    for step in range(STEPS):
        progress(100 * step / STEPS)
        time.sleep(seconds / STEPS)
    db.session.execute(update(Board).where(Board.slug == "qa").values(post_count=Board.post_count + 1))


def main(instance: str, count: int) -> None:
    """Run a worker. Import this module instead of running it, so that its job keeps its name."""
    work(create_app(instance_path=instance), count)

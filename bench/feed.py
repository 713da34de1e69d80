"""Benchmark of feeds: `bin/bench feed [--posts N] [--people N]` prints a table. README.md says how to read it."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select

from madang.core import db as database
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.db.pagination import format_cursor
from madang.following.models import MAX_FEED_LENGTH, PERSON, FeedEntry, Target
from madang.following.operations.fan_out import fan_out_post, trim_feed
from madang.following.operations.following import begin_follow, end_follow

from .tools.following import fill_feed, make_reader, reader_id
from .tools.measures import Pages, cpu_of_page
from .tools.site import serving
from .tools.tables import HEAD, Result, machine

FAR_OFFSET = 10_000  # rows after the newest
REPETITIONS = 20


def measure_reading(instance: Path, cookie: str, far: str, requests: int) -> Iterator[Result]:
    """Costs of the pages of a member whose feed has never been trimmed."""
    with serving(instance) as server:
        for what, path in (
            ("feed of 30, newest", "/feed"),
            (f"feed of 30, {FAR_OFFSET:,} rows behind", f"/feed?before={far}"),
            ("home of 20, feed", "/"),
        ):
            yield Result(what, 10, cpu_of_page(server, path, requests=requests, cookie=cookie), "ms")


def cursor_at(site: Pages, offset: int) -> str:
    """The value of `before` that skips the first `offset` rows of the reader's feed."""
    with site.app.app_context():
        mine = select(FeedEntry.created_at, FeedEntry.post_id).where(FeedEntry.user_id == reader_id())
        row = mine.order_by(FeedEntry.created_at.desc(), FeedEntry.post_id.desc()).offset(offset).limit(1)
        return format_cursor(*db.session.execute(row).one())


def measure_writing(site: Pages, people: int) -> Iterator[Result]:
    """Costs of fan-out, trimming, following and unfollowing; everything is rolled back."""
    with site.app.app_context():
        reader = reader_id()
        author = db.session.scalars(select(FeedEntry.target_id).order_by(FeedEntry.target_id).limit(1)).one()
        post = db.session.scalars(select(FeedEntry.post_id).where(FeedEntry.target_id == author).limit(1)).one()
        yield Result(f"putting a post into {people:,} feeds", None, cpu(lambda: fan_out_post(post)), "ms")
        with transaction() as session:
            session.execute(delete(FeedEntry).where(FeedEntry.user_id != reader))
        yield Result(f"cutting a feed to {MAX_FEED_LENGTH:,}", None, cpu(lambda: trim_feed(reader)), "ms")
        targets = [Target(PERSON, author + number) for number in range(REPETITIONS)]
        begin = partial(begin_follow, follower_id=reader, now=now())
        end = partial(end_follow, follower_id=reader)
        yield Result("leaving off following", None, cpu(lambda: [end(each) for each in targets]) / REPETITIONS, "ms")
        yield Result("beginning to follow", None, cpu(lambda: [begin(each) for each in targets]) / REPETITIONS, "ms")
        database.rollback()


def cpu(act: Callable[[], object]) -> float:
    """Milliseconds of processor time that `act` takes in this process."""
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000, help="how many posts stand in the feed")
    parser.add_argument("--people", type=int, default=10_000, help="how many people wrote them")
    parser.add_argument("--requests", type=int, default=500, help="how many requests a cost is the mean of")
    parser.add_argument("--folder", type=Path, help="keep the site here and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as temporary:
        instance = (options.folder or Path(temporary)).absolute() / f"feed-{options.people}-{options.posts}"
        cookie, site = make_reader(instance), Pages(instance)
        fill_feed(site.app, instance, people=options.people, posts=options.posts)
        print(f"{now():%Y-%m-%d}, {options.people:,} people followed, {options.posts:,} posts, {machine()}\n")
        print(HEAD)
        far = cursor_at(site, min(FAR_OFFSET, options.posts // 2))
        for results in (
            measure_reading(instance, cookie, far, options.requests),
            measure_writing(site, options.people),
        ):
            for result in results:
                print(result, flush=True)


if __name__ == "__main__":
    main()

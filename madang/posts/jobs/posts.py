"""The background work of posts: pictures that nobody needs, tags that have another name."""

from madang.core.clock import now
from madang.core.db import transaction
from madang.core.queue import checkpoint, job

from ..operations.purging import prefix_for_day, purge_unused_pictures, remove_orphaned_files
from ..operations.retagging import retag_next_posts


@job("posts.purge_pictures")
def purge_pictures(after: int = 0) -> None:
    """Take away pictures that stand in no text; goes on in another job while there are more."""
    last = purge_unused_pictures(after=after, now=now())
    if last is not None:
        purge_pictures.enqueue(after=last)


@job("posts.remove_stray_files")
def remove_stray_files() -> None:
    """Remove the files of a sixteenth of all names that no row knows of."""
    moment = now()
    remove_orphaned_files(prefix_for_day(moment), now=moment)


@job("posts.retag_posts")
def retag_posts(tag_id: int, after: int = 0) -> None:
    """Write the present name of a tag into the posts that have it."""
    last: int | None = after
    while last is not None:
        with transaction():
            last = retag_next_posts(tag_id, last)
            if last is not None:
                checkpoint(0, tag_id=tag_id, after=last)

"""Background jobs of posts: purge unused pictures, remove orphaned files, rename tags on posts."""

from madang.core.clock import now
from madang.core.db import transaction
from madang.core.queue import checkpoint, job

from ..operations.purging import prefix_for_day, purge_unused_pictures, remove_orphaned_files
from ..operations.retagging import retag_next_posts


@job("posts.purge_pictures")
def purge_pictures(after: int = 0) -> None:
    """Delete one batch of unused pictures with an id above `after`; enqueue the next batch if there is one."""
    last = purge_unused_pictures(after=after, now=now())
    if last is not None:
        purge_pictures.enqueue(after=last)


@job("posts.remove_stray_files")
def remove_stray_files() -> None:
    """Remove the orphaned files among the sixteenth of all file names that is due today."""
    moment = now()
    remove_orphaned_files(prefix_for_day(moment), now=moment)


@job("posts.retag_posts")
def retag_posts(tag_id: int, after: int = 0) -> None:
    """Write the current name of a tag into `tag_names` of its posts, with an id above `after`, in batches."""
    last: int | None = after
    while last is not None:
        with transaction():
            last = retag_next_posts(tag_id, last)
            if last is not None:
                checkpoint(0, tag_id=tag_id, after=last)

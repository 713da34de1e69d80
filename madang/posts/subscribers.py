"""Reactions of posts to events of tags and the nightly purge."""

from madang.core.queue.events import PurgeDue
from madang.tags.events import TagRenamed

from .jobs.posts import purge_pictures, remove_stray_files, retag_posts


def on_tag_renamed(event: TagRenamed) -> None:
    retag_posts.enqueue(tag_id=event.tag_id)


def on_purge_due(_event: PurgeDue) -> None:
    """Enqueue the purge of pictures as jobs of their own, since it can take long."""
    purge_pictures.enqueue()
    remove_stray_files.enqueue()

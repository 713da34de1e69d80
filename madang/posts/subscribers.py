"""Reactions of posts to events of accounts, tags and the nightly purge."""

from sqlalchemy import delete, select

from madang.accounts.events import AccountsMerged, PersonalDataRequested, UserDeleted
from madang.core.db import db
from madang.core.queue.events import PurgeDue
from madang.tags.events import TagRenamed

from .jobs.posts import purge_pictures, remove_stray_files, retag_posts
from .models import Attachment, Draft, Post
from .operations.merging import merge_authors

EXPORTED_COLUMNS = (
    Post.id,
    Post.kind,
    Post.parent_id,
    Post.title,
    Post.body,
    Post.tag_names,
    Post.score,
    Post.view_count,
    Post.created_at,
    Post.edited_at,
    Post.deleted_at,
)


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    """Add the person's posts, drafts and pictures to the archive of their data."""
    posts = select(*EXPORTED_COLUMNS).where(Post.author_id == event.user_id)
    event.archive.add_rows("posts.json", posts.order_by(Post.id))
    drafts = select(Draft.place, Draft.fields, Draft.updated_at).where(Draft.user_id == event.user_id)
    event.archive.add_rows("drafts.json", drafts.order_by(Draft.id))
    pictures = select(Attachment.name).where(Attachment.owner_id == event.user_id)
    for name in db.session.scalars(pictures.order_by(Attachment.id)).all():
        event.archive.add_picture(name)


def on_user_deleted(event: UserDeleted) -> None:
    """Delete the drafts of a deleted account."""
    db.session.execute(delete(Draft).where(Draft.user_id == event.user_id))


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_authors(event.target_id, event.source_id)


def on_tag_renamed(event: TagRenamed) -> None:
    retag_posts.enqueue(tag_id=event.tag_id)


def on_purge_due(_event: PurgeDue) -> None:
    """Enqueue the purge of pictures as jobs of their own, since it can take long."""
    purge_pictures.enqueue()
    remove_stray_files.enqueue()

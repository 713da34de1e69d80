"""Purge unused pictures, and files left without a row by an aborted request."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.storage.backends import store
from madang.core.storage.pictures import THUMBNAIL, delete_files, is_picture_name, possible_names
from madang.tags.models import Tag

from ..models import Attachment, Draft
from .pictures import discard_picture

UNUSED_RETENTION = timedelta(days=2)
BATCH_SIZE = 200
NAME_PREFIXES = "0123456789abcdef"


def purge_unused_pictures(*, after: int, now: datetime) -> int | None:
    """Delete one batch of pictures that no text has used for two days, with ids above `after`.

    Returns the last id of the batch, or None if there are no more.
    """
    unused = select(Attachment).where(
        Attachment.is_used.is_(False), Attachment.created_at < now - UNUSED_RETENTION, Attachment.id > after
    )
    pictures = db.session.scalars(unused.order_by(Attachment.id).limit(BATCH_SIZE).with_for_update()).all()
    texts = _referring_texts(pictures) if pictures else ""
    for picture in pictures:
        if _stem(picture.name) not in texts:
            discard_picture(picture)
    db.session.flush()
    return pictures[-1].id if len(pictures) == BATCH_SIZE else None


def _referring_texts(pictures: Sequence[Attachment]) -> str:
    """Texts that do not mark their pictures as used: drafts and profiles of the owners, and tag descriptions."""
    owners = {picture.owner_id for picture in pictures}
    drafts = db.session.scalars(select(Draft.fields).where(Draft.user_id.in_(owners)))
    profiles = db.session.scalars(select(User.bio).where(User.id.in_(owners)))
    tags = db.session.scalars(select(Tag.description).where(Tag.description.contains("/files/")))
    return "\n".join([*map(str, drafts), *profiles, *tags])


def prefix_for_day(moment: datetime) -> str:
    """The first letter of the file names to check that day: a sixteenth of all files."""
    return NAME_PREFIXES[moment.toordinal() % len(NAME_PREFIXES)]


def remove_orphaned_files(prefix: str, *, now: datetime) -> int:
    """Remove pictures without a row whose names begin with `prefix`; return how many.

    An upload writes its files before its row, so an aborted request leaves files without a row. They are found by their
    thumbnail, which is written first and which only pictures have. Files younger than two days may still get a row.
    """
    old = [name for name, since in store().names(prefix) if since < now - UNUSED_RETENTION]
    stems = [_stem(name) for name in old if name.endswith(THUMBNAIL) and is_picture_name(name)]
    removed = 0
    for start in range(0, len(stems), BATCH_SIZE):
        batch = stems[start : start + BATCH_SIZE]
        orphans = set(batch) - _stems_with_rows(batch)
        for stem in orphans:
            delete_files(*possible_names(stem), stem + THUMBNAIL)
        removed += len(orphans)
    return removed


def _stems_with_rows(stems: Iterable[str]) -> set[str]:
    names = [name for stem in stems for name in possible_names(stem)]
    return {_stem(name) for name in db.session.scalars(select(Attachment.name).where(Attachment.name.in_(names)))}


def _stem(name: str) -> str:
    return name.removesuffix(THUMBNAIL).partition(".")[0]

"""Pictures in posts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import func, select, update

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.db import add_if_new, after_commit, db, lock
from madang.core.errors import Conflict, NotFound, RateLimited, require
from madang.core.i18n import _
from madang.core.storage.backends import store
from madang.core.storage.pictures import CONTENT_TYPES, keep_picture, names_of, read_picture, remove, small_name, url_of
from madang.core.text import clean_line

from ..models import Attachment

BYTES_A_DAY = 200 * 1024 * 1024
MAX_DESCRIPTION_LENGTH = 80
FILE_EXTENSION = re.compile(r"\.\w{1,5}$")
UNSAFE_IN_DESCRIPTION = re.compile(r"[^\w .,()+-]|_")
PICTURE_STEM = re.compile(r"/files/([0-9a-f]{32})\b")


@dataclass(frozen=True, slots=True)
class AttachedPicture:
    id: int
    url: str
    thumbnail_url: str
    width: int
    height: int
    content_type: str
    byte_count: int
    is_used: bool

    def markdown(self, file_name: str = "") -> str:
        """How it is put into a text; the name of the file, without what Markdown would read in it, describes it."""
        words = UNSAFE_IN_DESCRIPTION.sub(" ", FILE_EXTENSION.sub("", clean_line(file_name)))
        return f"![{clean_line(words)[:MAX_DESCRIPTION_LENGTH].strip()}]({self.url})"


def attached_picture(row: Attachment) -> AttachedPicture:
    """What whoever has sent a picture is told of it."""
    thumbnail_name = small_name(row.name) if row.thumbnail_width else row.name
    return AttachedPicture(
        id=row.id,
        url=url_of(row.name),
        thumbnail_url=url_of(thumbnail_name),
        width=row.width,
        height=row.height,
        content_type=row.content_type,
        byte_count=row.byte_count,
        is_used=row.is_used,
    )


def attach_picture(stream: IO[bytes], *, actor: Actor, now: datetime) -> AttachedPicture:
    """Keep a picture that its owner will put into a text; sent again it is the same one, so that a double click on the
    text around it is one post.

    Raises `InvalidInput` (file), `Forbidden`, `RateLimited` (the disk belongs to everybody) and `StoreAway`.
    """
    require(can_write(actor), _("You cannot send pictures at present."))
    content = read_picture(stream)
    if earlier := _find_duplicate(content, actor):
        if not earlier.is_used:
            earlier.created_at = now  # it is on its way into a text again
        return attached_picture(earlier)
    if _bytes_sent_since(now - timedelta(days=1), actor) > BYTES_A_DAY:
        raise RateLimited(_("You have sent very many pictures today. Please send more tomorrow."), retry_after=3600)
    return attached_picture(_store_picture(content, actor, now))


def _store_picture(content: bytes, actor: Actor, now: datetime) -> Attachment:
    """The files first, then their row: what a row names is there."""
    picture, thumbnail = keep_picture(content, owner_id=actor.id)
    add_if_new(
        Attachment,
        name=picture.name,
        owner_id=actor.id,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
        byte_count=picture.byte_count,
        is_used=False,
        created_at=now,
    )
    return db.session.scalars(select(Attachment).where(Attachment.name == picture.name)).one()


def _find_duplicate(content: bytes, actor: Actor) -> Attachment | None:
    """The picture if the same person has sent the same one already, and its file is there."""
    names = names_of(content, owner_id=actor.id)
    picture = db.session.scalar(select(Attachment).where(Attachment.name.in_(names)))
    return picture if picture is not None and store().has(picture.name) else None


def _bytes_sent_since(moment: datetime, actor: Actor) -> int:
    """How much the actor has sent since then."""
    total = select(func.sum(Attachment.byte_count)).where(
        Attachment.owner_id == actor.id, Attachment.created_at > moment
    )
    return db.session.scalar(total) or 0


def note_pictures(html: str) -> None:
    """The pictures that a text shows or leads to are in use from now on: they stay, also when the text is changed, for
    its earlier wordings can be read and brought back.
    """
    stems = dict.fromkeys(PICTURE_STEM.findall(html))
    if stems:
        names = [f"{stem}.{ending}" for stem in stems for ending in CONTENT_TYPES]
        unused = update(Attachment).where(Attachment.name.in_(names), Attachment.is_used.is_(False))
        db.session.execute(unused.values(is_used=True))


def pictures_before(actor: Actor, picture_id: int | None, limit: int) -> list[Attachment]:
    """The next pictures that the actor has sent before another, the newest first."""
    own = select(Attachment).where(Attachment.owner_id == actor.id)
    if picture_id is not None:
        own = own.where(Attachment.id < picture_id)
    return list(db.session.scalars(own.order_by(Attachment.id.desc()).limit(limit)))


def get_picture(picture_id: int, actor: Actor) -> Attachment:
    """A picture of the actor's own. Raises `NotFound`."""
    picture = db.session.get(Attachment, picture_id)
    if picture is None or picture.owner_id != actor.id:
        raise NotFound
    return picture


def delete_picture(picture: Attachment, *, actor: Actor) -> None:
    """Take a picture away that stands in no text. Raises `Forbidden` and `Conflict`."""
    require(picture.owner_id == actor.id and can_write(actor), _("You cannot take pictures away at present."))
    lock(picture)
    if picture.is_used:
        raise Conflict(_("This picture stands in a text, so it stays."))
    discard_picture(picture)
    db.session.flush()


def discard_picture(picture: Attachment) -> None:
    """Remove the row, and once that is committed the files."""
    name = picture.name
    db.session.delete(picture)
    after_commit(lambda: remove(name, small_name(name)))

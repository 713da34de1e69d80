"""Upload, find and delete pictures, and mark them as used in a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import func, select

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.db import add_if_new, after_commit, db, lock_row
from madang.core.errors import Conflict, NotFound, RateLimited, require
from madang.core.i18n import _
from madang.core.storage.backends import store
from madang.core.storage.pictures import (
    candidate_names,
    delete_files,
    possible_names,
    read_upload,
    small_name,
    store_picture,
    url_of,
)
from madang.core.text import clean_line

from ..models import Attachment, PictureUse
from ..queries.pictures import can_see_picture

MAX_BYTES_PER_DAY = 200 * 1024 * 1024
MAX_DESCRIPTION_LENGTH = 80
FILE_EXTENSION = re.compile(r"\.\w{1,5}$")
UNSAFE_IN_DESCRIPTION = re.compile(r"[^\w .,()+-]|_")
PICTURE_STEM = re.compile(r"/files/([0-9a-f]{32})\b")


@dataclass(frozen=True, slots=True)
class AttachedPicture:
    """The public details of an uploaded picture; sizes in pixels."""

    id: int
    url: str
    thumbnail_url: str
    width: int
    height: int
    content_type: str
    byte_count: int
    is_used: bool

    def markdown(self, file_name: str = "") -> str:
        """Markdown that shows the picture; `file_name`, without its extension and Markdown syntax, is the alt text."""
        description = UNSAFE_IN_DESCRIPTION.sub(" ", FILE_EXTENSION.sub("", clean_line(file_name)))
        return f"![{clean_line(description)[:MAX_DESCRIPTION_LENGTH].strip()}]({self.url})"


def attached_picture(row: Attachment) -> AttachedPicture:
    """The public details of a picture."""
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
    """Store a picture that its owner will put into a text.

    The same picture uploaded again is the same file, so that a repeated submission of the post around it is detected.
    Raises `InvalidInput` (file), `Forbidden`, `RateLimited` (daily limit of bytes per person) and `StoreUnavailable`.
    """
    require(can_write(actor), _("You cannot upload pictures right now."))
    content = read_upload(stream)
    if earlier := _find_duplicate(content, actor):
        if not earlier.is_used:
            earlier.created_at = now  # restarts the time after which unused pictures are purged
        return attached_picture(earlier)
    if _bytes_sent_since(now - timedelta(days=1), actor) > MAX_BYTES_PER_DAY:
        most = MAX_BYTES_PER_DAY // 1024**2
        message = _(
            "You have reached the limit of %(most)s MB of pictures a day. Please send more tomorrow.", most=most
        )
        raise RateLimited(message, retry_after=3600)
    return attached_picture(_store_picture(content, actor, now))


def _store_picture(content: bytes, actor: Actor, now: datetime) -> Attachment:
    """Write the files, then their row, so that every row has its files."""
    picture, thumbnail = store_picture(content, owner_id=actor.id)
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
    """The actor's earlier upload of the same picture, if its file still exists."""
    names = candidate_names(content, owner_id=actor.id)
    picture = db.session.scalar(select(Attachment).where(Attachment.name.in_(names)))
    return picture if picture is not None and store().has(picture.name) else None


def _bytes_sent_since(moment: datetime, actor: Actor) -> int:
    """Total size in bytes of the actor's uploads since `moment`."""
    total = select(func.sum(Attachment.byte_count)).where(
        Attachment.owner_id == actor.id, Attachment.created_at > moment
    )
    return db.session.scalar(total) or 0


def use_pictures(html: str, *, post_id: int, actor: Actor) -> None:
    """Mark the pictures that the HTML of a post or of a comment on it shows or links to as used on its board.

    They are never purged, and whoever may see the board may see them. They stay used when the text changes, because its
    revisions can be read and restored. Nobody shows others a picture that they may not see themselves.
    """
    pictures = [picture for picture in _pictures_in(html) if can_see_picture(picture, actor)]
    for picture in pictures:
        picture.is_used = True
        add_if_new(PictureUse, attachment_id=picture.id, post_id=post_id)


def send_pictures(html: str, *, actor: Actor) -> None:
    """Mark the pictures that the HTML of a message shows or links to as used, for everybody who knows their address."""
    for picture in _pictures_in(html):
        if can_see_picture(picture, actor):
            picture.is_used = picture.is_sent = True


def _pictures_in(html: str) -> Sequence[Attachment]:
    stems = dict.fromkeys(PICTURE_STEM.findall(html))
    if not stems:
        return []
    names = [name for stem in stems for name in possible_names(stem)]
    return db.session.scalars(select(Attachment).where(Attachment.name.in_(names)).order_by(Attachment.id)).all()


def pictures_before(actor: Actor, picture_id: int | None, limit: int) -> list[Attachment]:
    """The actor's pictures with an id below `picture_id`, the newest first."""
    own = select(Attachment).where(Attachment.owner_id == actor.id)
    if picture_id is not None:
        own = own.where(Attachment.id < picture_id)
    return list(db.session.scalars(own.order_by(Attachment.id.desc()).limit(limit)))


def get_picture(picture_id: int, actor: Actor) -> Attachment:
    """A picture that the actor uploaded. Raises `NotFound`."""
    picture = db.session.get(Attachment, picture_id)
    if picture is None or picture.owner_id != actor.id:
        raise NotFound
    return picture


def delete_picture(picture: Attachment, *, actor: Actor) -> None:
    """Delete a picture that no text uses. Raises `Forbidden`, and `Conflict` for a used picture."""
    lock_row(picture)
    require(picture.owner_id == actor.id and can_write(actor), _("You cannot delete pictures right now."))
    if picture.is_used:
        raise Conflict(_("This picture is used in a text and cannot be deleted."))
    discard_picture(picture)
    db.session.flush()


def discard_picture(picture: Attachment) -> None:
    """Delete the row of a picture, and its files after the commit."""
    name = picture.name
    db.session.delete(picture)
    after_commit(lambda: delete_files(name, small_name(name)))

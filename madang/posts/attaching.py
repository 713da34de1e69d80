"""Pictures in posts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import func, select

from madang.accounts.policies import can_write
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import RateLimited, require
from madang.core.files import keep_picture, url_of
from madang.core.i18n import _

from .models import Attachment

BYTES_A_DAY = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class AttachedPicture:
    url: str
    width: int
    height: int


def attach_picture(stream: IO[bytes], *, actor: Actor, now: datetime) -> AttachedPicture:
    """Keep a picture that its owner will put into a text. Raises `InvalidInput` (file), `Forbidden` and
    `RateLimited`: the disk belongs to everybody.
    """
    require(can_write(actor), _("You cannot send pictures at present."))
    if _bytes_since(now - timedelta(days=1), actor) > BYTES_A_DAY:
        raise RateLimited(_("You have sent very many pictures today. Please send more tomorrow."), retry_after=3600)
    picture = keep_picture(stream)
    db.session.add(
        Attachment(
            name=picture.name,
            owner_id=actor.id,
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
            byte_count=picture.byte_count,
            created_at=now,
        )
    )
    db.session.flush()
    return AttachedPicture(url_of(picture.name), picture.width, picture.height)


def _bytes_since(moment: datetime, actor: Actor) -> int:
    """How much the actor has sent since then."""
    sent = select(func.sum(Attachment.byte_count)).where(
        Attachment.owner_id == actor.id, Attachment.created_at > moment
    )
    return db.session.scalar(sent) or 0

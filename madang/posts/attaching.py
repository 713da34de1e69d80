"""Pictures in posts."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from madang.accounts.policies import can_write
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import require
from madang.core.files import keep_picture, url_of
from madang.core.i18n import _

from .models import Attachment


@dataclass(frozen=True, slots=True)
class AttachedPicture:
    url: str
    width: int
    height: int


def attach_picture(stream: IO[bytes], *, actor: Actor, now: datetime) -> AttachedPicture:
    """Keep a picture that its owner will put into a text. Raises `InvalidInput` (file) and `Forbidden`."""
    require(can_write(actor), _("You cannot send pictures at present."))
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

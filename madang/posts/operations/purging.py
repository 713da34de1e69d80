"""Pictures that nobody needs: sent and never put into a text, or left behind by a request that was not finished."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.storage.backends import store
from madang.core.storage.pictures import CONTENT_TYPES, THUMBNAIL, is_name, remove
from madang.tags.models import Tag

from ..models import Attachment, Draft
from .attaching import forget_picture

UNUSED_KEPT = timedelta(days=2)
AT_ONCE = 200
LETTERS = "0123456789abcdef"


def purge_unused(*, after: int, now: datetime) -> int | None:
    """Take away pictures that have stood in no text for two days, some hundred at a time.

    Begins behind the one with the id `after`; returns the id to go on from, None at the end.
    """
    unused = select(Attachment).where(
        Attachment.is_used.is_(False), Attachment.created_at < now - UNUSED_KEPT, Attachment.id > after
    )
    found = db.session.scalars(unused.order_by(Attachment.id).limit(AT_ONCE).with_for_update()).all()
    texts = _texts(found) if found else ""
    for picture in found:
        if _stem(picture.name) not in texts:
            forget_picture(picture)
    db.session.flush()
    return found[-1].id if len(found) == AT_ONCE else None


def _texts(pictures: Sequence[Attachment]) -> str:
    """Texts that do not say which pictures they show: their owners' drafts and profiles, and the tags."""
    owners = {picture.owner_id for picture in pictures}
    drafts = db.session.scalars(select(Draft.fields).where(Draft.user_id.in_(owners)))
    profiles = db.session.scalars(select(User.bio).where(User.id.in_(owners)))
    tags = db.session.scalars(select(Tag.description).where(Tag.description.contains("/files/")))
    return "\n".join([*map(str, drafts), *profiles, *tags])


def letter_of(moment: datetime) -> str:
    """Which files are looked at on a day: a sixteenth of them, by the first letter of their names."""
    return LETTERS[moment.toordinal() % len(LETTERS)]


def remove_strays(letter: str, *, now: datetime) -> int:
    """Remove the pictures under `letter` that no row names; returns how many.

    A picture is written before its row, so a request that ends between the two leaves it behind. The thumbnail tells,
    which is written first and which nothing else has. A young one may be about to get its row.
    """
    old = [name for name, since in store().names(letter) if since < now - UNUSED_KEPT]
    stems = [_stem(name) for name in old if name.endswith(THUMBNAIL) and is_name(name)]
    removed = 0
    for start in range(0, len(stems), AT_ONCE):
        some = stems[start : start + AT_ONCE]
        strays = set(some) - _known(some)
        for stem in strays:
            remove(*_names(stem), stem + THUMBNAIL)
        removed += len(strays)
    return removed


def _known(stems: Iterable[str]) -> set[str]:
    names = [name for stem in stems for name in _names(stem)]
    return {_stem(name) for name in db.session.scalars(select(Attachment.name).where(Attachment.name.in_(names)))}


def _names(stem: str) -> list[str]:
    return [f"{stem}.{ending}" for ending in CONTENT_TYPES]


def _stem(name: str) -> str:
    return name.removesuffix(THUMBNAIL).partition(".")[0]

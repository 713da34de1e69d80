"""What somebody is writing is kept on the server until it is posted."""

import re
from datetime import datetime

from sqlalchemy import delete, select

from madang.core.actor import Actor
from madang.core.db import db, upsert
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.markdown import MAX_BODY
from madang.core.text import clean_body

from .models import Draft

PLACE = re.compile(r"post|answer:\d{1,18}|edit:\d{1,18}:\d{1,9}")
DRAFTS_KEPT = 50


def keep_draft(actor: Actor, place: str, fields: dict[str, str], *, now: datetime) -> None:
    """Keep what the actor has typed at `place`; an empty draft is forgotten. Raises `InvalidInput`."""
    if not PLACE.fullmatch(place):
        raise InvalidInput(_("This draft belongs to no page we know."), field="place")
    fields = {name: clean_body(value)[:MAX_BODY] for name, value in fields.items()}
    if not any(value.strip() for name, value in fields.items() if name != "board"):
        forget_draft(actor, place)
        return
    words = {"fields": fields, "updated_at": now}
    upsert(Draft, {"user_id": actor.id, "place": place}, new=words, changes=words)
    _forget_oldest(actor)


def forget_draft(actor: Actor, place: str) -> None:
    db.session.execute(delete(Draft).where(Draft.user_id == actor.id, Draft.place == place))


def _forget_oldest(actor: Actor) -> None:
    kept = select(Draft.id).where(Draft.user_id == actor.id).order_by(Draft.updated_at.desc())
    for draft_id in db.session.scalars(kept.offset(DRAFTS_KEPT)).all():
        db.session.execute(delete(Draft).where(Draft.id == draft_id))

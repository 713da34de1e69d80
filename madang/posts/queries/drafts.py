"""Find the draft of somebody at a place."""

from sqlalchemy import select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import Draft


def draft_of(actor: Actor, place: str) -> dict[str, str]:
    """What the actor has been writing at `place`; empty if nothing is kept."""
    if actor.is_anonymous:
        return {}
    fields = db.session.scalar(select(Draft.fields).where(Draft.user_id == actor.id, Draft.place == place))
    return dict(fields or {})

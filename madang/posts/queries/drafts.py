"""The draft that a form starts with."""

from sqlalchemy import select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import Draft


def draft_of(actor: Actor, place: str) -> dict[str, str]:
    """The fields of the actor's draft for `place`; empty if there is none."""
    if actor.is_anonymous:
        return {}
    fields = db.session.scalar(select(Draft.fields).where(Draft.user_id == actor.id, Draft.place == place))
    return dict(fields or {})

"""Drafts: store, list and delete unposted texts."""

import re
import secrets
from datetime import datetime

from sqlalchemy import Row, delete, select

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.db import db, upsert
from madang.core.errors import InvalidInput, NotFound, require
from madang.core.i18n import _
from madang.core.markdown.renderer import MAX_BODY
from madang.core.text import clean_body

from ..models import Draft

NEW_POST = "post"  # the place that pages of earlier versions and simple programs use
NEW_POST_PLACE = re.compile(r"post(?::[0-9a-z]{8,32})?")
DRAFT_PLACE = re.compile(rf"{NEW_POST_PLACE.pattern}|answer:[0-9]{{1,18}}|edit:[0-9]{{1,18}}:[0-9]{{1,9}}")
DRAFT_NAMES = ("board", "title", "body", "tags")  # besides those of other slices
MAX_DRAFTS = 50
_ROWS = select(Draft.place, Draft.fields, Draft.updated_at)


def new_post_place() -> str:
    """A place for the draft of one new post."""
    return f"{NEW_POST}:{secrets.token_hex(8)}"


def save_draft(actor: Actor, place: str, fields: dict[str, str], *, now: datetime) -> None:
    """Store the actor's draft for `place`, or delete it if all its texts are empty.

    Only the newest `MAX_DRAFTS` of a person are stored. Raises `InvalidInput` (place) and `Forbidden`.
    """
    require(can_write(actor), _("Your account is suspended: you can read, but not write."))
    if not DRAFT_PLACE.fullmatch(place):
        raise InvalidInput(_("We do not know which page this draft belongs to."), field="place")
    fields = {name: clean_body(value)[:MAX_BODY] for name, value in fields.items()}
    if not any(value.strip() for name, value in fields.items() if name != "board"):
        discard_draft(actor, place)
        return
    values = {"fields": fields, "updated_at": now}
    upsert(Draft, {"user_id": actor.id, "place": place}, new=values, changes=values)
    _delete_oldest(actor)


def discard_draft(actor: Actor, place: str) -> None:
    """Delete the actor's draft for `place`, if there is one."""
    db.session.execute(delete(Draft).where(Draft.user_id == actor.id, Draft.place == place))


def discard_drafts_of_edit(actor: Actor, post_id: int) -> None:
    """Delete the actor's drafts of an edit of the post, whichever version they began with."""
    places = Draft.place.startswith(f"edit:{post_id}:")
    db.session.execute(delete(Draft).where(Draft.user_id == actor.id, places))


def drafts_of(actor: Actor) -> list[Row]:
    """The actor's drafts, the newest first."""
    own = _ROWS.where(Draft.user_id == actor.id).order_by(Draft.updated_at.desc(), Draft.id.desc())
    return list(db.rows(own.limit(MAX_DRAFTS)))


def get_draft_row(actor: Actor, place: str) -> Row:
    """The actor's draft for `place`. Raises `NotFound`."""
    row = next(iter(db.rows(_ROWS.where(Draft.user_id == actor.id, Draft.place == place))), None)
    if row is None:
        raise NotFound
    return row


def _delete_oldest(actor: Actor) -> None:
    newest = select(Draft.id).where(Draft.user_id == actor.id).order_by(Draft.updated_at.desc())
    for draft_id in db.session.scalars(newest.offset(MAX_DRAFTS)).all():
        db.session.execute(delete(Draft).where(Draft.id == draft_id))

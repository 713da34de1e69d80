"""Idempotency keys: a repeated POST with the same key is executed once and gets the stored response.

Follows the IETF draft "The Idempotency-Key HTTP Header Field". The key's row is inserted first, in the request's own
transaction: of two simultaneous requests the second waits for the first's commit and finds its response.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, request
from sqlalchemy import String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.clock import now
from madang.core.db import Base, Id, LongText, add_if_new, db, table_args
from madang.core.errors import Conflict, InvalidInput
from madang.core.i18n import _

from .access import account_key, caller

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MAX_KEY_LENGTH = 200
RETENTION = timedelta(days=1)
STORED_HEADERS = ("Location", "ETag", "Content-Type")


class IdempotencyRecord(Base):
    """A request with a key, and its response."""

    __tablename__ = "kept_answers"
    id: Mapped[Id]
    caller: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[str] = mapped_column(LongText, default="{}")
    body: Mapped[str] = mapped_column(LongText, default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = table_args(UniqueConstraint("caller", "key"))


def respond_once(respond: Callable[[], Response]) -> Response:
    """Return the stored response of the request's Idempotency-Key, or store and return the one of `respond`.

    Raises `Conflict` for a key that was used with another request, `InvalidInput` for an empty or too long one.
    """
    key = request.headers.get(KEY)
    if key is None:
        return respond()
    if not 1 <= len(key) <= MAX_KEY_LENGTH:
        raise InvalidInput(_("Keys have 1 to %(most)s characters.", most=MAX_KEY_LENGTH), field=KEY)
    this_key = (IdempotencyRecord.caller == caller()) & (IdempotencyRecord.key == key)
    fingerprint = _fingerprint()
    new = {"fingerprint": fingerprint, "status": 0, "headers": "{}", "body": "", "created_at": now()}
    if not add_if_new(IdempotencyRecord, caller=caller(), key=key, **new):
        return _replay(db.session.scalars(select(IdempotencyRecord).where(this_key)).one(), fingerprint)
    response = respond()
    headers = {name: response.headers[name] for name in STORED_HEADERS if name in response.headers}
    values = {"status": response.status_code, "headers": json.dumps(headers), "body": response.get_data(as_text=True)}
    db.session.execute(
        update(IdempotencyRecord).where(this_key).values(values).execution_options(synchronize_session=False)
    )
    return response


def _replay(record: IdempotencyRecord, fingerprint: str) -> Response:
    if record.fingerprint != fingerprint:
        raise Conflict(_("This Idempotency-Key has already been used for another request. Please use a new one."))
    response = Response(record.body, record.status)
    response.headers.update(json.loads(record.headers))
    response.headers[REPLAYED] = "true"
    return response


def _fingerprint() -> str:
    """Hash what identifies a request: method, URL, media type and body, without the boundary of multipart bodies."""
    body = request.get_data(cache=True)
    boundary = request.mimetype_params.get("boundary", "")
    if boundary:
        body = body.replace(boundary.encode(), b"")
    head = "\x1f".join((request.method, request.full_path, request.mimetype, ""))
    return hashlib.sha256(head.encode() + body).hexdigest()


def purge_idempotency_records(moment: datetime) -> None:
    """Delete the records that are older than a day at `moment`."""
    old = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment - RETENTION)
    db.session.execute(old.execution_options(synchronize_session=False))


def delete_idempotency_records(user_id: int) -> None:
    """Delete the records of an account."""
    theirs = delete(IdempotencyRecord).where(IdempotencyRecord.caller == account_key(user_id))
    db.session.execute(theirs.execution_options(synchronize_session=False))

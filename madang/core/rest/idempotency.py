"""`Idempotency-Key`: who sends the same request again gets the same answer, and it is done once.

After the IETF's draft "The Idempotency-Key HTTP Header Field". The key's row is written first, in the transaction of
the request itself: of two at the same instant one waits for the other's commit and finds its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import String, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.clock import now
from madang.core.db import Base, Id, LongText, add_if_new, db, table_args
from madang.core.errors import Conflict, InvalidInput
from madang.core.i18n import _

from .auth import caller

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200
KEPT_FOR = timedelta(days=1)
KEPT_HEADERS = ("Location", "ETag", "Content-Type")


class IdempotencyRecord(Base):
    """What a request with a key was, and what it was answered."""

    __tablename__ = "kept_answers"
    id: Mapped[Id]
    caller: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[str] = mapped_column(LongText, default="{}")
    body: Mapped[str] = mapped_column(LongText, default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = table_args(UniqueConstraint("caller", "key"))


def respond_once(make: Callable[[], Response]) -> Response:
    """The answer that `make` gives, or the one that it gave for the same key before.

    Raises `Conflict` for a key that came with another request, and `InvalidInput` for one that is too long.
    """
    key = request.headers.get(KEY)
    if key is None:
        return make()
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidInput(_("A key has 1 to %(most)s characters.", most=LONGEST_KEY), field=KEY)
    mine = (IdempotencyRecord.caller == caller()) & (IdempotencyRecord.key == key)
    fingerprint = _fingerprint()
    new = {"fingerprint": fingerprint, "status": 0, "headers": "{}", "body": "", "created_at": now()}
    if not add_if_new(IdempotencyRecord, caller=caller(), key=key, **new):
        kept = db.session.scalars(select(IdempotencyRecord).where(mine)).one()
        return _again(kept, fingerprint)
    response = make()
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    values = {"status": response.status_code, "headers": json.dumps(headers), "body": response.get_data(as_text=True)}
    db.session.execute(
        update(IdempotencyRecord).where(mine).values(values).execution_options(synchronize_session=False)
    )
    return response


def _again(kept: IdempotencyRecord, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise Conflict(_("This Idempotency-Key came with another request before. Please use a new one."))
    response = Response(kept.body, kept.status)
    response.headers.update(json.loads(kept.headers))
    response.headers[REPLAYED] = "true"
    return response


def _fingerprint() -> str:
    """What makes two requests the same: the method, the address and the body, whatever divides its parts."""
    body = request.get_data(cache=True)
    boundary = request.mimetype_params.get("boundary", "")
    if boundary:
        body = body.replace(boundary.encode(), b"")
    told: tuple[Any, ...] = (request.method, request.full_path, request.mimetype)
    return hashlib.sha256("\x1f".join(told).encode() + b"\x1f" + body).hexdigest()


def purge_idempotency_records(moment: datetime) -> None:
    """Throw away the answers that had been kept long enough by `moment`."""
    old = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < moment - KEPT_FOR)
    db.session.execute(old.execution_options(synchronize_session=False))

"""How many mails the mail server accepted, refused, or was not there for, by hour, for `/metrics` and `/admin/health`.

A process counts in memory and its worker writes the counts every few seconds: a job that fails to send a mail rolls its
own transaction back, and a row that every mail changed would make them wait for each other.
"""

import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Base, db, table_args, transaction, upsert

SENT, REFUSED, FAILED = "sent", "refused", "failed"
OUTCOMES = (SENT, REFUSED, FAILED)
KEPT = timedelta(days=7)


class MailOutcome(Base):
    """How many mails had an outcome within an hour."""

    __tablename__ = "mail_outcomes"
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]
    __table_args__ = table_args()


_lock = threading.Lock()
_pending: Counter[tuple[datetime, str]] = Counter()


def count_mail(outcome: str) -> None:
    """Count a mail of this process; `outcome` is one of `OUTCOMES`."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    with _lock:
        _pending[hour, outcome] += 1


def write_mail_outcomes() -> None:
    """Write what this process has counted since the last call, in a transaction of its own; delete old rows."""
    with _lock:
        counts = dict(_pending)
        _pending.clear()
    if not counts:
        return
    try:
        with transaction():
            for (hour, outcome), count in counts.items():
                key = {"hour": hour, "outcome": outcome}
                upsert(MailOutcome, key, new={"count": count}, changes={"count": MailOutcome.count + count})
            db.write(delete(MailOutcome).where(MailOutcome.hour < now() - KEPT))
    except Exception:
        with _lock:
            _pending.update(counts)
        raise


def mails_of_last_day(connection: Connection) -> dict[str, int]:
    """How many mails had each outcome in the last 24 hours, by the hour in which they were sent."""
    since = now() - timedelta(days=1)
    rows = select(MailOutcome.outcome, func.sum(MailOutcome.count)).where(MailOutcome.hour >= since)
    counts: dict[str, int] = {
        name: int(count) for name, count in connection.execute(rows.group_by(MailOutcome.outcome))
    }
    return {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}

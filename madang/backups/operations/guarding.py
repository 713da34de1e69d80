"""What happens around the migrations of a database with content: a snapshot first, and a mark until they are complete.

The mark is the file `upgrade-begun` in the folder of snapshots. SQLite and PostgreSQL undo a migration that was stopped
half-way, so the next start goes on. MariaDB cannot: each statement about tables is committed by itself, and a migration
that is run again would meet its own half. So after a stop there the snapshot has to be returned to first.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, inspect, text

from madang.core.db import db
from madang.core.db.upgrade import current_heads
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.settings import setting

from .snapshots import ROLLBACK, UPGRADE, drop_tables, snapshot_folder, take_snapshot

log = logging.getLogger("madang.database")


@contextmanager
def guarded_migration(*, now: datetime) -> Iterator[None]:
    """Migrate in this block: takes the snapshot before it. Raises `Conflict` if a migration cannot begin."""
    mark = snapshot_folder() / UPGRADE
    _require_no_rollback()
    with db.engine.connect() as connection:
        has_content, revision = _has_content(connection), ", ".join(current_heads(connection))
        can_undo = connection.dialect.name in ("sqlite", "postgresql")
    if mark.exists():
        _go_on(mark.read_text(), revision, has_content=has_content, can_undo=can_undo)
    elif has_content and setting("UPGRADE_SNAPSHOT"):
        path = take_snapshot(now=now)
        log.info("the database before the upgrade is in %s; “madang rollback” returns to it", path)
    is_marked = has_content or not can_undo
    if is_marked:
        mark.parent.mkdir(mode=0o700, exist_ok=True)
        mark.write_text(mark.read_text() if mark.exists() else revision)
    yield
    if is_marked:
        mark.unlink()


def _require_no_rollback() -> None:
    if (snapshot_folder() / ROLLBACK).exists():
        raise Conflict(_("A rollback was stopped before its end. Run “madang rollback” again."))


def _go_on(began_at: str, revision: str, *, has_content: bool, can_undo: bool) -> None:
    """Go on with migrations that were stopped. Raises `Conflict` if the tables may be between two revisions."""
    if can_undo:
        log.warning("an upgrade from %s was stopped at %s; it goes on", began_at, revision)
    elif has_content:
        raise Conflict(
            _(
                "An upgrade from %(begin)s was stopped after %(revision)s, perhaps inside a migration. "
                "Run “madang rollback”, then upgrade again.",
                begin=began_at,
                revision=revision,
            )
        )
    else:
        log.warning("the tables of a new site were not complete; they are created again")
        drop_tables()


def _has_content(connection: Connection) -> bool:
    """Whether there is an account, by a statement that fits every version's tables."""
    return inspect(connection).has_table("users") and connection.scalar(text("SELECT 1 FROM users LIMIT 1")) is not None

"""The database: one session a request, one commit at the edge, three dialects that behave alike."""

from .base import Base, table_args
from .contention import is_contention, is_deadlock
from .counters import add_to, increase, increase_and_get
from .locks import find, lock_row
from .session import db
from .transaction import after_commit, before_commit, commit, rollback, transaction
from .types import MYSQL_TABLE, BigId, Id, LongText, UtcDateTime
from .upsert import add_all_if_new, add_if_new, upsert

__all__ = [
    "MYSQL_TABLE",
    "Base",
    "BigId",
    "Id",
    "LongText",
    "UtcDateTime",
    "add_all_if_new",
    "add_if_new",
    "add_to",
    "after_commit",
    "before_commit",
    "commit",
    "db",
    "find",
    "increase",
    "increase_and_get",
    "is_contention",
    "is_deadlock",
    "lock_row",
    "rollback",
    "table_args",
    "transaction",
    "upsert",
]

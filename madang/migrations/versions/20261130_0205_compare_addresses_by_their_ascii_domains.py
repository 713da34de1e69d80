"""Compare addresses by their ASCII domains.

A key that would become that of another account stays as it is; logging in by such an address looks for both.

Revision: 20261130_0205
"""

from collections.abc import Callable
from contextlib import suppress
from unicodedata import normalize

import idna
import sqlalchemy as sa
from alembic import op

revision = "20261130_0205"
down_revision = "20261130_0158"

USERS = sa.table(
    "users", sa.column("id", sa.BigInteger), sa.column("email", sa.String), sa.column("email_key", sa.String)
)
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
KEY_MAX = 254


def upgrade() -> None:
    _recompute(_by_domain)


def downgrade() -> None:
    _recompute(_folded)


def _recompute(key_of: Callable[[str], str]) -> None:
    connection = op.get_bind()
    addresses = sa.select(USERS.c.id, USERS.c.email, USERS.c.email_key).where(USERS.c.email.is_not(None))
    rows = connection.execute(addresses.order_by(USERS.c.id)).all()
    keys = {key for _id, _email, key in rows}
    for user_id, email, former in rows:
        key = key_of(email)
        if key != former and key not in keys and len(key) <= KEY_MAX:
            connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(email_key=key))
            keys.add(key)
            keys.discard(former)


def _by_domain(email: str) -> str:
    local, at, domain = email.strip().rpartition("@")
    with suppress(idna.IDNAError, UnicodeError):
        domain = idna.encode(domain, uts46=True, std3_rules=False, transitional=False).decode()
    return f"{local.translate(LOWER)}{at}{domain.lower()}"


def _folded(email: str) -> str:
    return normalize("NFKC", normalize("NFKC", email).casefold()).strip()

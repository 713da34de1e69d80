"""Drop invisible characters from keys of names.

A key that would become that of another account stays as it is: such an account logs in by its address, and an
administrator can rename it. There is no way back, and none is needed: both forms are keys of the same name.

Revision: 20261130_0130
"""

import re
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "20261130_0130"
down_revision = "20261130_0127"

INVISIBLE = re.compile(
    "[\x80-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u2d7f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U0001107f\U00016fe4\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
USERS = sa.table("users", sa.column("id", sa.BigInteger), sa.column("username_key", sa.String))


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(USERS.c.id, USERS.c.username_key).order_by(USERS.c.id)).all()
    keys = {key for _id, key in rows}
    for user_id, key in rows:
        printed = normalize("NFKC", INVISIBLE.sub("", key))
        if printed and printed not in keys:
            connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(username_key=printed))
            keys.add(printed)


def downgrade() -> None:
    pass

"""Keep tags with older names reachable: the present form of such a name becomes a synonym, unless it is in use.

Revision: 20261130_0215
"""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "20261130_0215"
down_revision = "20261130_0205"

TAGS = sa.table("tags", sa.column("id", sa.BigInteger), sa.column("name", sa.String))
SYNONYMS = sa.table("tag_synonyms", sa.column("name", sa.String), sa.column("tag_id", sa.BigInteger))
TAG_MAX = 30


def upgrade() -> None:
    connection = op.get_bind()
    tags = connection.execute(sa.select(TAGS.c.id, TAGS.c.name).order_by(TAGS.c.id)).all()
    synonyms = connection.execute(sa.select(SYNONYMS.c.tag_id, SYNONYMS.c.name).order_by(SYNONYMS.c.name)).all()
    names = {name for _id, name in [*tags, *synonyms]}
    for tag_id, name in [*tags, *synonyms]:
        folded = _folded(name)
        if folded not in names and len(folded) <= TAG_MAX:
            connection.execute(sa.insert(SYNONYMS).values(name=folded, tag_id=tag_id))
            names.add(folded)


def downgrade() -> None:
    pass


def _folded(name: str) -> str:
    return normalize("NFKC", normalize("NFKC", name).casefold()).replace("i\u0307", "i").lstrip("#")

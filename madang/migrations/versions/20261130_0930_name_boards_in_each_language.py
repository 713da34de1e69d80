"""Name and describe boards in each language; what there is becomes the text in the site's language.

Revision: 20261130_0930
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0930"
down_revision = "20261130_0610"
_TEXTS = (("name", "names", 60), ("description", "descriptions", 300))


def upgrade() -> None:
    is_mysql = op.get_bind().dialect.name in ("mysql", "mariadb")
    empty = sa.text("('{}')" if is_mysql else "'{}'")  # MySQL wants an expression, which SQLite cannot add
    for _old, new, _length in _TEXTS:
        op.add_column("boards", sa.Column(new, sa.JSON(), nullable=False, server_default=empty))
    site_locale = _site_locale()
    boards = _boards()
    for row in _rows():
        values = {new: {site_locale: row[old]} if row[old] else {} for old, new, _length in _TEXTS}
        op.execute(boards.update().where(boards.c.id == row["id"]).values(values))
    for old, _new, _length in _TEXTS:
        op.drop_column("boards", old)


def downgrade() -> None:
    for old, _new, length in _TEXTS:
        op.add_column("boards", sa.Column(old, sa.String(length), nullable=False, server_default=""))
    site_locale = _site_locale()
    boards = _boards()
    for row in _rows():
        values = {old: row[new].get(site_locale) or next(iter(row[new].values()), "") for old, new, _length in _TEXTS}
        op.execute(boards.update().where(boards.c.id == row["id"]).values(values))
    for _old, new, _length in _TEXTS:
        op.drop_column("boards", new)


def _boards() -> sa.TableClause:
    columns = [
        column for old, new, _length in _TEXTS for column in (sa.column(old, sa.String), sa.column(new, sa.JSON))
    ]
    return sa.table("boards", sa.column("id", sa.BigInteger), *columns)


def _rows() -> list[sa.RowMapping]:
    return list(op.get_bind().execute(sa.select(_boards())).mappings())


def _site_locale() -> str:
    """The language that the setup stored; without it any will do, since a text is shown where it is the only one."""
    settings = sa.table("site_settings", sa.column("name", sa.String), sa.column("value", sa.Text))
    stored = op.get_bind().scalar(sa.select(settings.c.value).where(settings.c.name == "locale"))
    return stored if stored in ("ko", "en") else "en"

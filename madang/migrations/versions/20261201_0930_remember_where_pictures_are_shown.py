"""Remember which posts show a picture, so that only readers of their boards see it, and which pictures are in messages.

Revision: 20261201_0930
"""

import re
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

from madang.core.db import BigId

revision = "20261201_0930"
down_revision = "20261201_0900"

PICTURE_STEM = re.compile(r"/files/([0-9a-f]{32})\b")
BATCH_SIZE = 500
# Tables, and their columns with the id of a post and with a text that may name pictures.
TEXTS = (("posts", "id", "body_html"), ("revisions", "post_id", "body"), ("comments", "post_id", "body_html"))
MESSAGES = ("messages", "id", "body_html")


def upgrade() -> None:
    op.add_column("attachments", sa.Column("is_sent", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "picture_uses",
        sa.Column("attachment_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_picture_uses_attachment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_picture_uses_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attachment_id", "post_id", name=op.f("pk_picture_uses")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_picture_uses_post_id"), "picture_uses", ["post_id"])
    pictures = _pictures()
    for table in TEXTS:
        for rows in _batches(*table):
            uses = {(pictures[stem], row.post_id) for row in rows for stem in _stems(row.text) if stem in pictures}
            _add_uses(uses)
    for rows in _batches(*MESSAGES):
        _mark_sent({pictures[stem] for row in rows for stem in _stems(row.text) if stem in pictures})


def _pictures() -> dict[str, int]:
    """The ids of all pictures by the stems of their names."""
    rows = op.get_bind().execute(sa.text("SELECT id, name FROM attachments"))
    return {row.name.partition(".")[0]: row.id for row in rows}


def _batches(table: str, post_id: str, text: str) -> Iterator[Sequence[sa.Row]]:
    """The rows whose text names a picture, in batches, so that memory has a bound."""
    batch = sa.text(
        f"SELECT id, {post_id} AS post_id, {text} AS text FROM {table} "
        f"WHERE id > :after AND {text} LIKE :pattern ORDER BY id LIMIT {BATCH_SIZE}"
    )
    after = 0
    while rows := op.get_bind().execute(batch, {"after": after, "pattern": "%/files/%"}).all():
        yield rows
        after = rows[-1].id


def _stems(text: str) -> set[str]:
    return set(PICTURE_STEM.findall(text))


def _add_uses(uses: set[tuple[int, int]]) -> None:
    """Add uses that are not there yet: a post and its revisions show the same pictures."""
    table = sa.table("picture_uses", sa.column("attachment_id"), sa.column("post_id"))
    posts = {post_id for _attachment_id, post_id in uses}
    there = op.get_bind().execute(sa.select(table).where(table.c.post_id.in_(posts)))
    rows = sorted(uses - {(row.attachment_id, row.post_id) for row in there})
    if rows:
        op.bulk_insert(table, [{"attachment_id": attachment, "post_id": post} for attachment, post in rows])


def _mark_sent(ids: set[int]) -> None:
    table = sa.table("attachments", sa.column("id"), sa.column("is_sent"))
    op.execute(table.update().where(table.c.id.in_(ids)).values(is_sent=sa.true()))


def downgrade() -> None:
    op.drop_table("picture_uses")
    op.drop_column("attachments", "is_sent")

"""Add groups, their members, and requests and invitations to join them.

Revision: 20261201_0900
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "20261201_0900"
down_revision = "20261201_0320"


def upgrade() -> None:
    op.create_table(
        "user_groups",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("color", sa.String(10), nullable=False),
        sa.Column("joining", sa.String(12), nullable=False),
        sa.Column("shows_badge", sa.Boolean(), nullable=False),
        sa.Column("shows_members", sa.Boolean(), nullable=False),
        sa.Column("email_domains", sa.JSON(), nullable=False),
        sa.Column("member_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("joining IN ('invitation', 'request', 'open')", name="ck_user_groups_joining"),
        sa.CheckConstraint("color IN ('gray', 'green', 'amber', 'red')", name="ck_user_groups_color"),
        sa.PrimaryKeyConstraint("id", name="pk_user_groups"),
        sa.UniqueConstraint("slug", name="uq_user_groups_slug"),
        **MYSQL_TABLE,
    )
    op.create_table(
        "group_memberships",
        sa.Column("id", BigId, nullable=False),
        *_columns_of_person_in_group("group_memberships"),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("origin IN ('added', 'joined', 'requested', 'domain')", name="ck_group_memberships_origin"),
        sa.PrimaryKeyConstraint("id", name="pk_group_memberships"),
        sa.UniqueConstraint("user_id", "group_id", name="uq_group_memberships_user_id_group_id"),
        **MYSQL_TABLE,
    )
    op.create_index("ix_group_memberships_group", "group_memberships", ["group_id", "id"])
    op.create_table(
        "membership_requests",
        sa.Column("id", BigId, nullable=False),
        *_columns_of_person_in_group("membership_requests"),
        sa.Column("is_invitation", sa.Boolean(), nullable=False),
        sa.Column("inviter_id", BigId, nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["users.id"], name="fk_membership_requests_inviter_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership_requests"),
        sa.UniqueConstraint("user_id", "group_id", name="uq_membership_requests_user_id_group_id"),
        **MYSQL_TABLE,
    )
    op.create_index("ix_membership_requests_group", "membership_requests", ["group_id", "id"])
    op.create_index("ix_membership_requests_inviter_id", "membership_requests", ["inviter_id"])


def _columns_of_person_in_group(table: str) -> tuple[sa.Column | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["user_groups.id"], name=f"fk_{table}_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("membership_requests")
    op.drop_table("group_memberships")
    op.drop_table("user_groups")

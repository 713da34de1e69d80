"""Tables of groups and of requests and invitations to join them; `accounts` has their members."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, type_coerce
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, table_args
from madang.core.site import TextForReader, text_for_reader

SLUG_MAX = 40
NAME_MAX = 60
DESCRIPTION_MAX = 300
NOTE_MAX = 300  # of a request or an invitation
MAX_GROUPS = 500  # the ids of all groups of a person are loaded with each request of theirs
MAX_DOMAINS = 20
INVITATION, REQUEST, OPEN = "invitation", "request", "open"
JOINING = (INVITATION, REQUEST, OPEN)
ADDED, JOINED, REQUESTED, BY_DOMAIN = "added", "joined", "requested", "domain"  # how a member came
GRAY, GREEN, AMBER, RED = "gray", "green", "amber", "red"
COLORS = (GRAY, GREEN, AMBER, RED)  # those of the pills, whose text can be read in light and in dark
EVERYONE, MEMBERS, STAFF_GROUP = "everyone", "members", "staff"
BUILT_IN = (EVERYONE, MEMBERS, STAFF_GROUP)
# Addresses that no group can have: of built-in groups, those that read like one, and those of pages to come.
RESERVED_SLUGS = frozenset(
    {*BUILT_IN, "admin", "admins", "administrators", "moderator", "moderators", "mods", "guests", "visitors"}
    | {"관리자", "운영자", "운영진", "스태프", "회원", "손님", "모두"}
    | {"add", "new"}
)


class Group(Base):
    """A group of people. `names` and `descriptions` hold a text per language, as those of boards do.

    `joining` says how people come: by invitation only, by request, or on their own. An account whose confirmed address
    is of one of `email_domains` (in ASCII) is a member by that alone.
    """

    __tablename__ = "user_groups"  # GROUPS is a word of MySQL
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(SLUG_MAX))
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    descriptions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    color: Mapped[str] = mapped_column(String(10), default=GRAY)
    joining: Mapped[str] = mapped_column(String(12), default=INVITATION)
    shows_badge: Mapped[bool] = mapped_column(default=False)
    shows_members: Mapped[bool] = mapped_column(default=False)
    email_domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    member_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("slug"),
        CheckConstraint("joining IN ('invitation', 'request', 'open')", name="joining"),
        CheckConstraint("color IN ('gray', 'green', 'amber', 'red')", name="color"),
    )

    @hybrid_property
    def name(self) -> str:
        return text_for_reader(self.names)

    @name.inplace.expression
    @classmethod
    def _name(cls) -> ColumnElement[str]:
        return type_coerce(cls.names, TextForReader).label("name")

    @hybrid_property
    def description(self) -> str:
        return text_for_reader(self.descriptions)

    @description.inplace.expression
    @classmethod
    def _description(cls) -> ColumnElement[str]:
        return type_coerce(cls.descriptions, TextForReader).label("description")


class MembershipRequest(Base):
    """A person asks to join a group, or is invited by `inviter_id`: one of both for each person and group.

    It is deleted when it is answered or taken back.
    """

    __tablename__ = "membership_requests"
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("user_groups.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    is_invitation: Mapped[bool]
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("user_id", "group_id"), Index("ix_membership_requests_group", "group_id", "id")
    )

"""Posts, their revisions, drafts, links and attachments."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

PostKind = Literal["question", "answer", "talk", "notice", "gallery"]
POST_KIND_BY_BOARD_KIND: dict[str, PostKind] = {
    "qa": "question",
    "talk": "talk",
    "notice": "notice",
    "gallery": "gallery",
}
TITLE_MAX = 150
TITLE_COLUMN_LENGTH = 300  # other sites allow longer ones
AUTHOR_NAME_MAX = 60
SUMMARY_MAX = 300
TAGS_MAX = 5
TAG_NAMES_MAX = 260  # of five tags of MAX_TAG letters, with spaces between them
EXCERPT_LENGTH = 200
CLOSE_REASONS = ("duplicate", "off_topic", "unclear", "opinion", "solved_elsewhere")
VISIBLE, DELETED = 0, 1


class Post(Base):
    """A question, answer, talk, notice or gallery post. An answer has a question as its parent.

    `tag_names` repeats the tag names, separated by spaces, so that lists need no join. `version` grows with every edit.
    `imported_up` and `imported_down` count votes of unknown voters on another site. `cover_file` is the thumbnail that
    a gallery shows, with its size in pixels.
    """

    __tablename__ = "posts"
    id: Mapped[Id]
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[int] = mapped_column(default=VISIBLE)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str | None] = mapped_column(String(AUTHOR_NAME_MAX))
    title: Mapped[str] = mapped_column(String(TITLE_COLUMN_LENGTH), default="")
    body: Mapped[str] = mapped_column(LongText)
    body_html: Mapped[str] = mapped_column(LongText)
    renderer_version: Mapped[int] = mapped_column(default=0)
    excerpt: Mapped[str] = mapped_column(String(400), default="")
    cover_file: Mapped[str | None] = mapped_column(String(60))
    cover_width: Mapped[int | None]
    cover_height: Mapped[int | None]
    tag_names: Mapped[str] = mapped_column(String(TAG_NAMES_MAX), default="")
    version: Mapped[int] = mapped_column(default=1)
    score: Mapped[int] = mapped_column(default=0)
    imported_up: Mapped[int] = mapped_column(default=0)
    imported_down: Mapped[int] = mapped_column(default=0)
    answer_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    view_count: Mapped[int] = mapped_column(default=0)
    # No foreign key: with `parent_id` it would be a circle, in which neither row can be inserted first, and MySQL would
    # add an index. It would guard nothing, since rows of posts are never deleted.
    accepted_answer_id: Mapped[int | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    last_activity_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None] = mapped_column(String(20))
    locked_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = table_args(
        UniqueConstraint("author_id", "fingerprint"),
        Index("ix_posts_kind_newest", "kind", "state", "created_at", "id"),
        Index("ix_posts_kind_active", "kind", "state", "last_activity_at", "id"),
        Index("ix_posts_kind_votes", "kind", "state", "score", "id"),
        Index("ix_posts_kind_unanswered", "kind", "state", "answer_count", "created_at", "id"),
        Index("ix_posts_board_newest", "board_id", "kind", "state", "created_at", "id"),
        Index("ix_posts_board_active", "board_id", "kind", "state", "last_activity_at", "id"),
        Index("ix_posts_board_votes", "board_id", "kind", "state", "score", "id"),
        Index("ix_posts_board_unanswered", "board_id", "kind", "state", "answer_count", "created_at", "id"),
        Index("ix_posts_board_pinned", "board_id", "pinned_at"),
        Index("ix_posts_parent", "parent_id", "state", "score", "id"),
        Index("ix_posts_author", "author_id", "kind", "state", "created_at", "id"),
    )

    @property
    def is_question(self) -> bool:
        return self.kind == "question"

    @property
    def is_answer(self) -> bool:
        return self.kind == "answer"

    @property
    def is_deleted(self) -> bool:
        return self.state == DELETED

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def tags(self) -> list[str]:
        return self.tag_names.split()


class Revision(Base):
    """One version of a post's text. Stored from the first edit on; number 1 is the original text."""

    __tablename__ = "revisions"
    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(TITLE_COLUMN_LENGTH), default="")
    body: Mapped[str] = mapped_column(LongText)
    tag_names: Mapped[str] = mapped_column(String(TAG_NAMES_MAX), default="")
    summary: Mapped[str] = mapped_column(String(SUMMARY_MAX), default="")
    created_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("post_id", "number"))


class PostLink(Base):
    """A link from a post to another; `kind` is `duplicate` or `link`."""

    __tablename__ = "post_links"
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    related_post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    created_at: Mapped[datetime]


class Draft(Base):
    """An unposted text; one per person and place: `post:<word>`, `answer:<post id>` or `edit:<post id>:<version>`.

    The word is random, so that each new post has a draft of its own; older pages and programs use `post` alone.
    """

    __tablename__ = "drafts"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(60))
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("user_id", "place"))


class Attachment(Base):
    """An uploaded picture; `name` is its file name, served at `/files/<name>`.

    Its thumbnail is a second file (older pictures have none). `is_used` is set for good once a text contains it,
    `is_sent` once a message does.
    """

    __tablename__ = "attachments"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    thumbnail_width: Mapped[int | None]
    thumbnail_height: Mapped[int | None]
    byte_count: Mapped[int]
    is_used: Mapped[bool] = mapped_column(default=False)
    is_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    __table_args__ = table_args(UniqueConstraint("name"), Index("ix_attachments_unused", "is_used", "id"))


class PictureUse(Base):
    """A picture that a post, one of its revisions or a comment on it shows. It stays when the text changes."""

    __tablename__ = "picture_uses"
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True)
    __table_args__ = table_args()

"""What the search index holds: one row of tokens for each post and comment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args


class SearchDocument(Base):
    """The tokens of a post or a comment, parted by spaces; each engine's own full-text index lies over them.

    `question_id` is the post whose page shows it. The index itself (FTS5, GIN, FULLTEXT) is made by the migration.
    """

    __tablename__ = "search_documents"
    id: Mapped[Id]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    page_post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    title_tokens: Mapped[str] = mapped_column(LongText, default="")
    body_tokens: Mapped[str] = mapped_column(LongText, default="")
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("post_id"), UniqueConstraint("comment_id"), Index(None, "page_post_id")
    )

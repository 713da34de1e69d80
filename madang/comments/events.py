"""Events of comments."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentPosted:
    comment_id: int
    post_id: int
    author_id: int | None


@dataclass(frozen=True, slots=True)
class CommentEdited:
    comment_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class CommentDeleted:
    comment_id: int
    post_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class CommentRestored:
    comment_id: int
    post_id: int
    actor_id: int | None

"""Permissions for comments."""

from typing import Protocol

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.posts.policies import PostLike


class CommentLike(Protocol):
    """Attributes of a comment that the policies read; the entity and the rows of pages have them."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def is_deleted(self) -> bool: ...


def can_edit_comment(actor: Actor, comment: CommentLike, post: PostLike) -> bool:
    """Its author, unless `post` is locked, and staff can edit or delete a comment of `post`."""
    if not can_write(actor) or comment.is_deleted:
        return False
    return actor.is_staff or (actor.id == comment.author_id and not post.is_locked)

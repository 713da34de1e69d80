"""Who may see a picture: those who may see a board where a text shows it."""

from sqlalchemy import select

from madang.boards.queries import hidden_board_ids, restricted_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.storage.pictures import possible_names

from ..models import Attachment, PictureUse, Post


def is_public_file(name: str) -> bool:
    """Whether everybody may see the file of that name for good, so that caches may keep it.

    Where some boards are not for everybody, that is not true of a picture before a text shows it.
    """
    restricted = restricted_board_ids()
    picture = _find_picture(name) if restricted else None
    return picture is None or bool(_boards_of(picture) - restricted)


def may_see_file(name: str, actor: Actor) -> bool:
    """Whether the actor may see the file of that name: a picture, its thumbnail, or somebody's portrait."""
    picture = _find_picture(name)
    return picture is None or can_see_picture(picture, actor)


def can_see_picture(picture: Attachment, actor: Actor) -> bool:
    """Whether the actor may see a picture.

    One that no post shows yet, or that is in a message, is for whoever knows its address, which cannot be guessed.
    """
    hidden = hidden_board_ids(actor)
    if not hidden or picture.is_sent or picture.owner_id == actor.id:
        return True
    boards = _boards_of(picture)
    return not boards or bool(boards - set(hidden))


def _find_picture(name: str) -> Attachment | None:
    return db.session.scalar(select(Attachment).where(Attachment.name.in_(possible_names(name))))


def _boards_of(picture: Attachment) -> set[int]:
    uses = select(Post.board_id).join(PictureUse, PictureUse.post_id == Post.id)
    return set(db.session.scalars(uses.where(PictureUse.attachment_id == picture.id).distinct()))

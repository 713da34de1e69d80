"""What stands on a board is for those who may see the board."""

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor

from ..models import Post


def on_visible_boards(
    statement: Select, actor: Actor, board_id: ColumnElement[int] | InstrumentedAttribute[int] = Post.board_id
) -> Select:
    """The statement without rows whose `board_id` is that of a board which the actor may not see."""
    hidden = hidden_board_ids(actor)
    return statement.where(board_id.not_in(hidden)) if hidden else statement

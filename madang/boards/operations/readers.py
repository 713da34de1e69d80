"""Boards whose readers are groups, when a group is deleted."""

from sqlalchemy import select

from madang.core.db import after_commit, db
from madang.core.errors import Conflict
from madang.core.events import emit
from madang.core.i18n import _

from ..events import BoardReadersChanged
from ..models import Board
from ..policies import GROUPS
from ..queries import clear_board_caches


def remove_group(group_id: int) -> None:
    """Take a group from the readers of all boards. Raises `Conflict` for a board that it alone may see.

    Otherwise administrators alone would see the board, without anybody having decided that.
    """
    boards = db.session.scalars(select(Board).where(Board.readers == GROUPS).order_by(Board.id).with_for_update())
    for board in [each for each in boards if group_id in each.reader_group_ids]:
        if board.reader_group_ids == [group_id]:
            message = _(
                "The board “%(name)s” is seen by this group alone. Please change who may see it first.", name=board.name
            )
            raise Conflict(message)
        board.reader_group_ids = [each for each in board.reader_group_ids if each != group_id]
        db.session.flush()
        after_commit(clear_board_caches)
        emit(BoardReadersChanged(board.id))

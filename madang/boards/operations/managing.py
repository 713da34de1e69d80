"""Administration of boards: list, create, edit, order, archive."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Row, select

from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import require_administrator
from madang.core.actor import Actor
from madang.core.db import after_commit, db, lock_row
from madang.core.errors import NotFound, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.groups.models import Group

from ..events import BoardMathChanged, BoardReadersChanged
from ..models import Board
from ..policies import EVERYONE, GROUPS, READERS
from ..queries import clear_board_caches, get_board
from ..sentences import logged_names
from .counting import Texts, check_board, insert_board

MAX_POSITION = 9_999
_ROW = (
    Board.id,
    Board.slug,
    Board.name,
    Board.names,
    Board.kind,
    Board.description,
    Board.descriptions,
    Board.position,
    Board.post_count,
    Board.unanswered_count,
    Board.archived_at,
    Board.archived_at.is_not(None).label("is_archived"),
    Board.uses_math,
    Board.asks_before_vote,
    Board.readers,
    Board.reader_group_ids,
)


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """How a board works, by the names of its columns."""

    uses_math: bool = False
    asks_before_vote: bool = False
    readers: str = EVERYONE
    reader_group_ids: Collection[int] = ()

    def checked(self) -> dict[str, object]:
        """The columns. The groups are locked, so that none is deleted meanwhile.

        Raises `InvalidInput` (readers, reader_group_ids).
        """
        group_ids = sorted(set(self.reader_group_ids)) if self.readers == GROUPS else []
        raise_if_invalid(
            readers=None if self.readers in READERS else _("Please choose who may see the board."),
            reader_group_ids=_groups_error(group_ids) if self.readers == GROUPS else None,
        )
        return {**asdict(self), "reader_group_ids": group_ids}


def managed_boards(actor: Actor) -> list[Row]:
    """All boards, in the order of the navigation. Raises `Forbidden`."""
    require_administrator(actor)
    return list(db.session.execute(select(*_ROW).order_by(Board.position, Board.id)).all())


def get_managed_board(board_id: int, actor: Actor) -> Board:
    """A board by id, for an administrator. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    board = db.session.get(Board, board_id)
    if board is None:
        raise NotFound
    return board


def get_managed_board_by_slug(slug: str, actor: Actor) -> Board:
    """A board by its address, for an administrator. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    return get_board(slug, actor)


def create_board(
    *,
    actor: Actor,
    slug: str,
    kind: str,
    name: Texts,
    description: Texts = "",
    settings: BoardSettings | None = None,
    now: datetime,
) -> Board:
    """Create a board after the others. Raises `Forbidden`, and `InvalidInput` with an error for every wrong field."""
    require_administrator(actor)
    values = (settings or BoardSettings()).checked()
    board = insert_board(slug=slug, kind=kind, name=name, description=description, now=now)
    _set_fields(board, values)
    db.session.flush()
    after_commit(clear_board_caches)
    record_staff_action("create_board", "board", board.id, actor=actor, **logged_names(board))
    return board


def edit_board(
    board: Board,
    *,
    actor: Actor,
    slug: str,
    name: Texts,
    description: Texts,
    position: int | None,
    is_archived: bool,
    settings: BoardSettings,
    now: datetime,
) -> list[str]:
    """Change the address, names, descriptions, position, archived state and other settings of a board.

    Returns the names of the changed fields. Raises `Forbidden`, and `InvalidInput` with an error for every wrong field.
    """
    lock_row(board)
    require_administrator(actor)
    texts = check_board(
        slug=slug,
        kind=board.kind,
        name=name,
        description=description,
        exclude_id=board.id,
        position=_position_error(position),
    )
    changed = _set_fields(board, {**texts._asdict(), "position": position, **settings.checked()})
    if is_archived != board.is_archived:
        changed.append("is_archived")
        board.archived_at = now if is_archived else None
    db.session.flush()
    after_commit(clear_board_caches)
    if changed:
        record_staff_action("edit_board", "board", board.id, actor=actor, **logged_names(board), changed=changed)
    if "uses_math" in changed:
        emit(BoardMathChanged(board.id))
    if {"readers", "reader_group_ids"} & set(changed):
        emit(BoardReadersChanged(board.id))
    return changed


def _set_fields(board: Board, values: Mapping[str, object]) -> list[str]:
    """Set fields of a board; return the names of those that changed."""
    changed = [field for field, value in values.items() if getattr(board, field) != value]
    for field in changed:
        setattr(board, field, values[field])
    return changed


def _groups_error(group_ids: list[int]) -> str | None:
    if not group_ids:
        return _("Please choose at least one group.")
    found = db.session.scalars(select(Group.id).where(Group.id.in_(group_ids)).order_by(Group.id).with_for_update())
    return None if set(found) == set(group_ids) else _("There is no such group any more. Please choose again.")


def _position_error(position: int | None) -> str | None:
    if position is not None and 0 <= position <= MAX_POSITION:
        return None
    return _("Please enter a whole number from 0 to %(most)s.", most=MAX_POSITION)

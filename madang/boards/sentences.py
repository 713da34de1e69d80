"""Who may see a board, and the actions of staff on boards, in words."""

from collections.abc import Mapping
from typing import TypedDict

from madang.core.i18n import _

from .models import Board
from .policies import EVERYONE, GROUPS, MEMBERS, STAFF, Readable


class LoggedNames(TypedDict):
    """A board's name for who acts, and its names by language for the readers of the staff log."""

    name: str
    names: dict[str, str]


def audience_words(readers: str) -> str:
    """A value of `READERS` in words."""
    return {
        EVERYONE: _("Everyone, also without an account"),
        MEMBERS: _("Members who are logged in"),
        STAFF: _("Moderators and administrators"),
        GROUPS: _("Members of the groups below"),
    }[readers]


def readers_words(board: Readable, groups: Mapping[int, str]) -> str:
    """Who may see a board, in words; `groups` are the names of groups by id."""
    if board.readers != GROUPS:
        return audience_words(board.readers)
    names = (groups[each] for each in board.reader_group_ids if each in groups)
    return _("Members of %(groups)s", groups=", ".join(names))


def logged_names(board: Board) -> LoggedNames:
    """What an entry of the staff log keeps of a board, which may be renamed or deleted later."""
    return {"name": board.name, "names": board.names}


def staff_verbs() -> dict[str, str]:
    """The actions on boards that the staff log records, in words."""
    return {
        "create_board": _("Board added"),
        "edit_board": _("Board changed"),
        "change_board_kind": _("Board's kind changed"),
        "clear_board": _("Board's posts moved away"),
        "delete_board": _("Board deleted"),
    }

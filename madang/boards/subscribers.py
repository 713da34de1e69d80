"""Reactions of boards to events of groups."""

from madang.groups.events import GroupDeleted

from .operations.readers import remove_group


def on_group_deleted(event: GroupDeleted) -> None:
    """Take the group from the readers of boards. Raises `Conflict` for a board that it alone may see."""
    remove_group(event.group_id)

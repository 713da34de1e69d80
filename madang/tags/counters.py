"""The number of posts of each tag, and of each tag on each board."""

from sqlalchemy import func, select

from madang.core.db import db
from madang.core.db.counting import CountedTable, Counter, count_of

from .models import PostTag, Tag, TagBoard


def _on_boards() -> list[dict[str, int]]:
    """The number of posts with each tag on each board."""
    counted = select(PostTag.tag_id, PostTag.board_id, func.count().label("post_count"))
    rows = db.session.execute(counted.group_by(PostTag.tag_id, PostTag.board_id))
    return [{"tag_id": tag_id, "board_id": board_id, "post_count": count} for tag_id, board_id, count in rows]


COUNTERS = (
    Counter(Tag, "post_count", count_of(PostTag.tag_id == Tag.id)),
    CountedTable(TagBoard, ("tag_id", "board_id"), "post_count", _on_boards),
)

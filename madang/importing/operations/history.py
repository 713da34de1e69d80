"""Revisions of posts, assembled from the rows of PostHistory.xml."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from madang.core.markdown.soft_breaks import join_soft_breaks
from madang.core.text import clean_body
from madang.posts.models import CLOSE_REASONS, SUMMARY_MAX, TITLE_COLUMN_LENGTH

from .conversion import parse_tag_names, single_line
from .rows import Row
from .site_links import link_tags

TITLE, BODY, TAGS = (1, 4, 7), (2, 5, 8), (3, 6, 9)
WORDS = frozenset((*TITLE, *BODY, *TAGS))
CLOSED = 10
IMPORTED_KINDS = WORDS | {CLOSED}
_REASONS = {
    "duplicate": ("1", "101"),
    "off_topic": ("2", "7", "20", "102"),
    "unclear": ("4", "103", "104"),
    "opinion": ("3", "105"),
    "solved_elsewhere": ("10",),
}
CLOSE_REASON_OF_CODE = {code: reason for reason, codes in _REASONS.items() for code in codes}
DEFAULT_CLOSE_REASON = CLOSE_REASONS[1]


@dataclass(slots=True)
class Text:
    """The text of a post after one action; None where the history does not say."""

    author: str | None
    created_at: datetime
    title: str | None = None
    body: str | None = None
    tags: list[str] | None = None
    summary: str = ""


@dataclass(slots=True)
class History:
    """The texts of one post, oldest first, and why it was closed."""

    texts: list[Text]
    close_reason: str = DEFAULT_CLOSE_REASON

    @property
    def body(self) -> str | None:
        """The newest Markdown source, None if the history has none."""
        return self.texts[-1].body if self.texts else None


def histories_by_post(rows: Iterable[Row]) -> dict[str, History]:
    """The history of each post by its id in the dump; `rows` are in the order of the dump."""
    rows_by_post: dict[str, list[Row]] = {}
    for row in rows:
        rows_by_post.setdefault(str(row.number("PostId")), []).append(row)
    return {post_id: _history(post_rows) for post_id, post_rows in rows_by_post.items()}


def _history(rows: list[Row]) -> History:
    closes = [row for row in rows if row.number("PostHistoryTypeId") == CLOSED]
    reason = (
        CLOSE_REASON_OF_CODE.get(closes[-1].text("Comment"), DEFAULT_CLOSE_REASON) if closes else DEFAULT_CLOSE_REASON
    )
    return History(list(_texts(row for row in rows if row.number("PostHistoryTypeId") in WORDS)), reason)


def _texts(rows: Iterable[Row]) -> Iterator[Text]:
    """One text for each action; fields that an action did not change are copied from the text before."""
    previous = None
    for action in _actions(rows):
        text = Text(action[0].reference("UserId"), action[0].required_moment("CreationDate"))
        if previous is not None:
            text.title, text.body, text.tags = previous.title, previous.body, previous.tags
        for row in action:
            _apply(row, text)
        yield text
        previous = text


def _actions(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Group rows by action: the rows of one action have the same RevisionGUID."""
    actions: dict[str, list[Row]] = {}
    for row in rows:
        actions.setdefault(row.text("RevisionGUID") or row.id, []).append(row)
    return actions.values()


def _apply(row: Row, text: Text) -> None:
    kind = row.number("PostHistoryTypeId")
    if kind in TITLE:
        text.title = single_line(row.text("Text"), TITLE_COLUMN_LENGTH)
    elif kind in BODY:
        text.body = link_tags(join_soft_breaks(clean_body(row.text("Text"))))
    else:
        text.tags = parse_tag_names(row.text("Text"))
    text.summary = text.summary or single_line(row.text("Comment"), SUMMARY_MAX)

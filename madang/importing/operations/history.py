"""The texts that a post has had, put together from the rows of a dump's history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from madang.core.text import clean_body
from madang.posts.models import CLOSE_REASONS, SUMMARY_MAX, TITLE_KEPT

from .rows import Row
from .text import line, names_of_tags

TITLE, BODY, TAGS = (1, 4, 7), (2, 5, 8), (3, 6, 9)
WORDS = frozenset((*TITLE, *BODY, *TAGS))
CLOSED = 10
WANTED = WORDS | {CLOSED}
_REASONS = {
    "duplicate": ("1", "101"),
    "off_topic": ("2", "7", "20", "102"),
    "unclear": ("4", "103", "104"),
    "opinion": ("3", "105"),
    "solved_elsewhere": ("10",),
}
REASON_OF = {code: reason for reason, codes in _REASONS.items() for code in codes}
USUAL_REASON = CLOSE_REASONS[1]


@dataclass(slots=True)
class Text:
    """A text of a post as one action left it; None where the history does not say."""

    author: str | None
    created_at: datetime
    title: str | None = None
    body: str | None = None
    tags: list[str] | None = None
    summary: str = ""


@dataclass(slots=True)
class History:
    """What happened to one post."""

    texts: list[Text]
    close_reason: str = USUAL_REASON

    @property
    def body(self) -> str | None:
        """The newest Markdown source."""
        return self.texts[-1].body if self.texts else None


def histories(rows: Iterable[Row]) -> dict[str, History]:
    """Post -> its history; `rows` stand in the order of the dump."""
    of_post: dict[str, list[Row]] = {}
    for row in rows:
        of_post.setdefault(str(row.number("PostId")), []).append(row)
    return {post_id: _history(of_one) for post_id, of_one in of_post.items()}


def _history(rows: list[Row]) -> History:
    closes = [row for row in rows if row.number("PostHistoryTypeId") == CLOSED]
    reason = REASON_OF.get(closes[-1].text("Comment"), USUAL_REASON) if closes else USUAL_REASON
    return History(list(_texts(row for row in rows if row.number("PostHistoryTypeId") in WORDS)), reason)


def _texts(rows: Iterable[Row]) -> Iterator[Text]:
    """One text for each action; what an action did not touch stays as it was."""
    before = None
    for action in _actions(rows):
        text = Text(action[0].reference("UserId"), action[0].required_moment("CreationDate"))
        if before is not None:
            text.title, text.body, text.tags = before.title, before.body, before.tags
        for row in action:
            _apply(row, text)
        yield text
        before = text


def _actions(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """The rows that one action wrote have a RevisionGUID in common."""
    actions: dict[str, list[Row]] = {}
    for row in rows:
        actions.setdefault(row.text("RevisionGUID") or row.id, []).append(row)
    return actions.values()


def _apply(row: Row, text: Text) -> None:
    kind = row.number("PostHistoryTypeId")
    if kind in TITLE:
        text.title = line(row.text("Text"), TITLE_KEPT)
    elif kind in BODY:
        text.body = clean_body(row.text("Text"))
    else:
        text.tags = names_of_tags(row.text("Text"))
    text.summary = text.summary or line(row.text("Comment"), SUMMARY_MAX)

"""The parts of an archive that show what was deleted after they were written."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row

from ...queries.removed import ids_of_tags, pages_linking_to, removed_comments, removed_people, removed_posts
from .paths import PER_FOLDER
from .search import FOLDERS_PER_SEGMENT

CLOCKS = timedelta(minutes=1)  # by which those of several machines may differ, and that a transaction may last
ONLY = ""  # the unit of a stage that has one
Unit = tuple[str, str]  # a stage and one of its units


class Removals:
    """What was deleted since a moment; each deletion is told once."""

    def __init__(self, since: datetime) -> None:
        self._since = since - CLOCKS
        self._known: set[tuple[object, ...]] = set()

    def units(self) -> set[Unit]:
        """The stages and units that may show what was deleted since, but for deletions that were told before."""
        posts = self._new("post", removed_posts(self._since))
        comments = self._new("comment", removed_comments(self._since))
        people = self._new("person", removed_people(self._since))
        if not (posts or comments or people):
            return set()
        pages = {row.page_id for row in (*posts, *comments)} | pages_linking_to(row.id for row in posts)
        tags = ids_of_tags({name for row in posts for name in row.tag_names.split()})
        authors = {row.author_id for row in posts if row.author_id is not None}
        return {
            *_folders("posts", pages, PER_FOLDER),
            *_folders("boards", {row.board_id for row in posts}, 1),
            *_folders("tags", tags, PER_FOLDER),
            ("tag list", ONLY),
            *_folders("people", authors | {row.id for row in people}, PER_FOLDER),
            ("people list", ONLY),
            *_folders("search", pages, PER_FOLDER * FOLDERS_PER_SEGMENT),
            ("frame", ONLY),
        }

    def _new(self, kind: str, rows: Sequence[Row]) -> list[Row]:
        new = [row for row in rows if (kind, *row) not in self._known]
        self._known.update((kind, *row) for row in new)
        return new


def _folders(stage: str, ids: set[int], size: int) -> set[Unit]:
    return {(stage, str(each // size)) for each in ids}

"""Importing a site."""

import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from madang.admin.operations.counters import repair_counters
from madang.boards.models import SLUG_MAX, Board
from madang.boards.operations.counting import make_board
from madang.core.db import db, transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.text import slugify
from madang.core.ttl_cache import clear_all

from .comments import import_comments
from .first_pass import note_history, note_votes
from .links import import_links
from .people import import_people
from .posts import import_answers, import_questions
from .rows import Advance, Report
from .session import ImportSession, Summary, find_file
from .source import ImportSource
from .staging import Staging
from .tags import import_tags

READINGS = {
    "Users.xml": 1,
    "Tags.xml": 1,
    "Votes.xml": 1,
    "PostHistory.xml": 1,
    "Posts.xml": 2,
    "Comments.xml": 1,
    "PostLinks.xml": 1,
}


def bytes_to_read(folder: Path) -> int:
    """How much `import_stackexchange` will read. Raises `InvalidInput` where `folder` is no unpacked dump."""
    if not folder.is_dir() or find_file(folder, "Posts.xml") is None:
        raise InvalidInput(
            _("%(folder)s has no Posts.xml. Please name the folder into which the dump was unpacked.", folder=folder)
        )
    files = ((find_file(folder, name), times) for name, times in READINGS.items())
    return sum(path.stat().st_size * times for path, times in files if path)


def import_stackexchange(
    folder: Path,
    *,
    board: str,
    scratch_folder: Path,
    now: datetime,
    advance: Advance = lambda _bytes: None,
    report: Report = lambda _problem: None,
) -> Summary:
    """Bring an official dump of a Stack Exchange site to the board `board`, which is made if there is none.

    Writes in many transactions: what is here already is passed over, so that running it again completes what was
    stopped, and changes nothing else. `advance` hears of bytes read, `report` of each row that is broken. Raises
    `InvalidInput`.
    """
    bytes_to_read(folder)
    _keep_out_of_memory()
    board_id = board_for_questions(board, now)
    source = ImportSource(f"stackexchange/{folder.resolve().name}")
    with tempfile.TemporaryDirectory(dir=scratch_folder) as notes, Staging(Path(notes, "notes.db")) as scratch:
        run = ImportSession(folder, scratch, source=source, board_id=board_id, now=now, advance=advance, report=report)
        _import_all(run)
    _look_over_tables()
    repair_counters()
    clear_all()
    return run.summary


def _keep_out_of_memory() -> None:
    """SQLite maps its file into memory, which is quick for readers; here it would count as the import's own memory."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA mmap_size = 0"))


def _look_over_tables() -> None:
    """PostgreSQL takes tables that were empty a moment ago for empty ones, and counts in them the slow way."""
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            session.execute(text("ANALYZE"))


def _import_all(run: ImportSession) -> None:
    import_people(run)
    import_tags(run)
    note_votes(run)
    history = note_history(run)
    import_questions(run, history)
    import_answers(run, history)
    import_comments(run)
    import_links(run)


def board_for_questions(slug: str, now: datetime) -> int:
    """The board of this slug, made if there is none. Raises `InvalidInput` where it is of another kind."""
    slug = slugify(slug)[:SLUG_MAX]
    with transaction():
        board = db.session.scalar(select(Board).where(Board.slug == slug))
        if board is None:
            board = make_board(slug=slug, kind="qa", name=slug, now=now)
        if board.kind != "qa":
            raise InvalidInput(
                _("The board %(board)s takes no questions. Please name one for questions and answers.", board=slug)
            )
        return board.id

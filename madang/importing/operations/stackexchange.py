"""Import of a Stack Exchange dump."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from madang.admin.operations.counters import repair_counters
from madang.boards.models import SLUG_MAX, Board
from madang.boards.operations.counting import insert_board
from madang.core.db import db, transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.text import slugify
from madang.core.ttl_cache import clear_all

from .comments import import_comments
from .first_pass import stage_history, stage_votes
from .linking import link_questions
from .links import import_links
from .mathematics import decide_on_mathematics
from .people import import_people
from .posts import import_answers, import_questions
from .row_sources import has_rows
from .rows import Advance, Report
from .session import ImportSession, Summary, find_file
from .source import ImportSource
from .staging import Staging
from .staging_folder import staging_folder
from .tags import import_tags

PASSES_OF_FILE = {
    "Users.xml": 1,
    "Tags.xml": 1,
    "Votes.xml": 1,
    "PostHistory.xml": 1,
    "Posts.xml": 3,
    "Comments.xml": 1,
    "PostLinks.xml": 1,
}


def bytes_to_read(folder: Path) -> int:
    """How many bytes `import_stackexchange` will read. Raises `InvalidInput` if `folder` holds no posts."""
    posts = find_file(folder, "Posts.xml") if folder.is_dir() else None
    if posts is None:
        raise InvalidInput(
            _("%(folder)s has no Posts.xml. Please give the folder into which the dump was unpacked.", folder=folder)
        )
    if not has_rows(posts):
        raise InvalidInput(_("No rows found in %(file)s. Please check that it was unpacked completely.", file=posts))
    files = ((find_file(folder, name), passes) for name, passes in PASSES_OF_FILE.items())
    return sum(path.stat().st_size * passes for path, passes in files if path)


def import_stackexchange(
    folder: Path,
    *,
    board: str,
    scratch_folder: Path,
    now: datetime,
    advance: Advance = lambda _bytes: None,
    report: Report = lambda _problem: None,
) -> Summary:
    """Import an official dump of a Stack Exchange site into the board with the slug `board`, created if missing.

    Writes in many transactions and skips rows that were imported before, so that running it again completes a stopped
    import and changes nothing else. Calls `advance` with the number of bytes read and `report` with each broken row.
    Raises `InvalidInput`.
    """
    bytes_to_read(folder)
    _disable_memory_map()
    board_id = board_for_questions(board, now)
    source = ImportSource(f"stackexchange/{folder.resolve().name}")
    with (
        staging_folder(scratch_folder) as temporary,
        Staging(temporary / "staging.db") as staging,
    ):
        run = ImportSession(folder, staging, source=source, board_id=board_id, now=now, advance=advance, report=report)
        _import_all(run)
    _analyze_tables()
    repair_counters()
    clear_all()
    return run.summary


def _disable_memory_map() -> None:
    """Turn off SQLite's memory map, which would count as memory of the import."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA mmap_size = 0"))


def _analyze_tables() -> None:
    """Update PostgreSQL's statistics: it would plan the counting for tables as empty as before the import."""
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            session.execute(text("ANALYZE"))


def _import_all(run: ImportSession) -> None:
    import_people(run)
    import_tags(run)
    stage_votes(run)
    history = stage_history(run)
    decide_on_mathematics(run)
    import_questions(run, history)
    import_answers(run, history)
    link_questions(run, history)
    import_comments(run)
    import_links(run)


def board_for_questions(slug: str, now: datetime) -> int:
    """The id of the question board with this slug, created if missing.

    Raises `InvalidInput` if a board of another kind has the slug.
    """
    slug = slugify(slug)[:SLUG_MAX]
    with transaction():
        board = db.session.scalar(select(Board).where(Board.slug == slug))
        if board is None:
            board = insert_board(slug=slug, kind="qa", name=slug, now=now)
        if board.kind != "qa":
            raise InvalidInput(
                _(
                    "The board %(board)s does not accept questions. Please choose a question-and-answer board.",
                    board=slug,
                )
            )
        return board.id

"""Write the public content of a site as plain HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment

from madang.core.db import db, rollback
from madang.core.db.upgrade import require_up_to_date
from madang.core.i18n import use_locale
from madang.core.settings import setting
from madang.core.site import site_locale

from ...queries.pages import boards, tags, usernames
from . import frame, lists, people, posts, search
from .folder import ArchiveFolder
from .links import Links
from .removals import Removals
from .session import ArchiveSession

PASSES = 5  # over what was deleted while the one before ran; the last of them takes seconds


def only_unit() -> list[str]:
    return [""]


def write_end(session: ArchiveSession, _unit: str) -> None:
    """Remove what belongs to nothing any more: folders of posts, tags and people that are gone, and their pictures."""
    for folder, units in FOLDERS.items():
        session.folder.keep_only(folder, units())
    session.folder.keep_pictures()


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of an archive: its units in their order, and what writes one of them."""

    name: str
    units: Callable[[], list[str]]
    write: Callable[[ArchiveSession, str], None]


STAGES = (
    Stage("posts", posts.units, posts.write_folder),
    Stage("boards", lists.board_units, lists.write_board),
    Stage("tags", lists.tag_units, lists.write_tags),
    Stage("tag list", only_unit, lists.write_tag_list),
    Stage("people", people.units, people.write_folder),
    Stage("people list", only_unit, people.write_people_list),
    Stage("search", search.units, search.write_segment),
    Stage("frame", only_unit, frame.write_frame),
    Stage("end", only_unit, write_end),
)
FOLDERS = {
    "p": posts.units, "b": lists.board_units, "t": lists.tag_units, "u": people.units, "s": search.units,
}  # fmt: skip


def write_archive(
    path: Path,
    templates: Environment,
    *,
    now: datetime,
    on_progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> bool:
    """Write the archive into a folder, or go on where it was stopped; a finished one is written anew.

    Calls `on_progress(done, total)` with units of work. Returns whether it went on. Raises `Conflict` if the folder
    holds anything else, or if the tables are not of this version, and `OSError` if it cannot be written.
    """
    with db.engine.connect() as connection:
        require_up_to_date(connection)
    folder = ArchiveFolder(path)
    is_resumed = folder.open(now.isoformat())
    with use_locale(site_locale(), setting("DEFAULT_TIMEZONE")):
        session = _session(folder, templates)
        units = [(stage, unit) for stage in STAGES for unit in stage.units()]
        done = _position(folder, units)
        for number, (stage, unit) in enumerate(units[done:], done + 1):
            _write(session, stage, unit)
            folder.state.stage, folder.state.unit = stage.name, unit
            folder.save()
            on_progress(number, len(units))
        _write_without_removals(folder, templates, session.begun_at)
    folder.state.is_finished = True
    folder.save()
    return is_resumed


def _write(session: ArchiveSession, stage: Stage, unit: str) -> None:
    stage.write(session, unit)
    session.copy_pictures()
    rollback()  # ends what was read


def _write_without_removals(folder: ArchiveFolder, templates: Environment, begun_at: datetime) -> None:
    """Write again what shows posts, comments or people that were deleted since the archive was begun.

    That may be weeks ago, if it was stopped. Nothing is noted in between: stopped here, all of it is done again.
    """
    removals = Removals(begun_at)
    for _pass in range(PASSES):
        outdated = removals.units()
        rollback()
        if not outdated:
            return
        session = _session(folder, templates)
        for stage in STAGES:
            for unit in stage.units():
                if (stage.name, unit) in outdated:
                    _write(session, stage, unit)
        folder.read_pictures()
        write_end(session, "")


def _session(folder: ArchiveFolder, templates: Environment) -> ArchiveSession:
    places = boards()
    links = Links(
        (setting("SITE_URL") or "").rstrip("/"),
        boards={board.slug: board.id for board in places},
        tags={tag.name: tag.id for tag in tags()},
        people=usernames(),
    )
    return ArchiveSession(folder, templates, links, places)


def _position(folder: ArchiveFolder, units: list[tuple[Stage, str]]) -> int:
    """How many of the units are written; those of the stage that was begun again if its last one is gone."""
    names = [(stage.name, unit) for stage, unit in units]
    last = (folder.state.stage, folder.state.unit)
    if last in names:
        return names.index(last) + 1
    stages = [stage for stage, _unit in names]
    return stages.index(folder.state.stage) if folder.state.stage in stages else 0

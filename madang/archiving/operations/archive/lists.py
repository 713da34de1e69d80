"""Lists of posts, in pages: of boards and of tags; the list of all tags."""

from collections.abc import Callable, Sequence

from sqlalchemy import Row

from madang.core.db.pagination import Page

from ...queries.pages import boards, bodies_of, listed, newest_ids_on, newest_ids_with, tags
from .feeds import FEED_SIZE, write_feed
from .paths import PER_FOLDER, board_path, root_from, tag_path
from .session import ArchiveSession

PER_PAGE = 50
TAGS_PER_PAGE = 200


def page_of(number: int, size: int, total: int, path_of: Callable[[int], str]) -> Page:
    """A page of a list, whose links lead from there to its other pages."""
    root = root_from(path_of(number))
    return Page(number, size, total, link=lambda other: root + path_of(other))


def page_count(total: int, size: int) -> int:
    return max(1, -(-total // size))


def file_of(path: str) -> str:
    return path.rpartition("/")[2]


def write_list(
    session: ArchiveSession, ids: Sequence[int], path_of: Callable[[int], str], template: str, **values: object
) -> list[str]:
    """Write the pages of a list of posts; returns the names of their files."""
    numbers = range(1, page_count(len(ids), PER_PAGE) + 1)
    for number in numbers:
        rows = listed(ids[(number - 1) * PER_PAGE : number * PER_PAGE])
        page = page_of(number, PER_PAGE, len(ids), path_of)
        session.write_page(path_of(number), template, rows=rows, page=page, **values)
    return [file_of(path_of(number)) for number in numbers]


def board_units() -> list[str]:
    """The ids of the boards, which name their folders."""
    return [str(board.id) for board in boards()]


def write_board(session: ArchiveSession, unit: str) -> None:
    board = next(board for board in session.boards if str(board.id) == unit)
    ids = newest_ids_on(board.id)
    feed = f"b/{board.id}/feed.atom"
    names = write_list(session, ids, lambda number: board_path(board.id, number), "board.html", board=board, feed=feed)
    newest = ids[:FEED_SIZE]
    write_feed(session, feed, board.name, listed(newest), board_path(board.id), bodies_of(newest))
    session.folder.keep_only(f"b/{unit}", [*names, file_of(feed)])


def tag_units() -> list[str]:
    """The names of the folders of tags."""
    return sorted({str(tag.id // PER_FOLDER) for tag in tags()}, key=int)


def write_tags(session: ArchiveSession, unit: str) -> None:
    """Write the lists of the tags of a folder."""
    names = []
    for tag in tags():
        if str(tag.id // PER_FOLDER) == unit:
            names += write_tag(session, tag)
    session.folder.keep_only(f"t/{unit}", names)


def write_tag(session: ArchiveSession, tag: Row) -> list[str]:
    ids = newest_ids_with(tag.id)
    feed = f"t/{tag.id // PER_FOLDER}/{tag.id}.atom"
    session.know_posts([tag.description_html])
    description = session.text(tag.description_html, root_from(tag_path(tag.id)))
    names = write_list(
        session, ids, lambda number: tag_path(tag.id, number), "tag.html", tag=tag, description=description, feed=feed
    )
    write_feed(session, feed, tag.name, listed(ids[:FEED_SIZE]), tag_path(tag.id))
    return [*names, file_of(feed)]


def write_tag_list(session: ArchiveSession, _unit: str) -> None:
    """Write the pages of all tags."""
    used = tags()
    names = []
    for number in range(1, page_count(len(used), TAGS_PER_PAGE) + 1):
        rows = used[(number - 1) * TAGS_PER_PAGE : number * TAGS_PER_PAGE]
        page = page_of(number, TAGS_PER_PAGE, len(used), "tags/{}.html".format)
        session.write_page(f"tags/{number}.html", "tags.html", tags=rows, page=page)
        names.append(f"{number}.html")
    session.folder.keep_only("tags", names)

"""The search of an archive, which works without a server: pages in segments, their words in shards.

A segment has the words of some thousand pages, sorted and divided into shards of a bounded size. A reader's browser
loads the list of a segment's shards, then only the shards that have the words of the query; the newest segment first.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Row

from madang.posts.models import Post

from ...queries.pages import largest_id, page_ids_between
from ...queries.words import words_of_pages
from .paths import PER_FOLDER
from .session import ArchiveSession

FOLDERS_PER_SEGMENT = 20
PAGES_AT_ONCE = 200
SHARD_CHARACTERS = 48_000  # of a shard; the list of pages of the commonest word alone may be longer
TITLES_PER_FILE = 200
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def units() -> list[str]:
    """The numbers of the segments, each for the posts with some thousand ids."""
    return [str(number) for number in range(largest_id(Post) // (PER_FOLDER * FOLDERS_PER_SEGMENT) + 1)]


def write_segment(session: ArchiveSession, unit: str) -> None:
    size = PER_FOLDER * FOLDERS_PER_SEGMENT
    first = int(unit) * size
    pages, words = index_pages(range(first, first + size, PER_FOLDER))
    names = [
        write_titles(session, unit, number, pages[start : start + TITLES_PER_FILE])
        for number, start in enumerate(range(0, len(pages), TITLES_PER_FILE))
    ]
    starts: list[str] = []
    for number, shard in enumerate(shards(words)):
        starts.append(next(iter(shard)))
        names.append(write_script(session, f"s/{unit}/{number}.js", "shard", unit, number, shard))
    names.append(write_script(session, f"s/{unit}/index.js", "segment", unit, len(pages), starts))
    session.folder.keep_only(f"s/{unit}", names)


def index_pages(starts: Iterable[int]) -> tuple[list[Row], dict[str, array]]:
    """The posts with these thousands of ids, and by word the numbers of the pages that have it.

    A number is twice the place of the page in the list, and one more where the title has the word.
    """
    pages: list[Row] = []
    words: dict[str, array] = {}
    for start in starts:
        posts = page_ids_between(start, start + PER_FOLDER - 1)
        for batch_start in range(0, len(posts), PAGES_AT_ONCE):
            batch = posts[batch_start : batch_start + PAGES_AT_ONCE]
            for place, (_post_id, found) in enumerate(words_by_page(batch).items(), len(pages)):
                for word, is_in_title in found.items():
                    words.setdefault(word, array("L")).append(2 * place + is_in_title)
            pages += batch
    return pages, words


def words_by_page(posts: Sequence[Row]) -> dict[int, dict[str, bool]]:
    """The words on the page of each post, in the order of the posts, with whether its title has them."""
    found: dict[int, dict[str, bool]] = {post.id: {} for post in posts}
    for post_id, title, text in words_of_pages(list(found)):
        words = found[post_id]
        for word in text:
            words.setdefault(word, False)
        for word in title:
            words[word] = True
    return found


def shards(words: dict[str, array]) -> Iterator[dict[str, str]]:
    """The words in their order, in portions of about `SHARD_CHARACTERS`, each with its pages."""
    shard: dict[str, str] = {}
    size = 0
    for word in sorted(words):
        numbers = packed(words[word])
        if shard and size + len(numbers) > SHARD_CHARACTERS:
            yield shard
            shard, size = {}, 0
        shard[word] = numbers
        size += len(word) + len(numbers) + 6
    if shard:
        yield shard


def packed(numbers: Iterable[int]) -> str:
    """Rising numbers as their differences to the base of 36, with commas between them."""
    pieces, last = [], 0
    for number in numbers:
        pieces.append(base36(number - last))
        last = number
    return ",".join(pieces)


def base36(number: int) -> str:
    if number < 36:
        return DIGITS[number]
    return base36(number // 36) + DIGITS[number % 36]


def write_titles(session: ArchiveSession, unit: str, number: int, pages: Sequence[Row]) -> str:
    """Write the titles of some pages of a segment, with what results show; returns the name of the file."""
    rows = [[page.id, page.title, page.created_at.date().isoformat(), page.answer_count] for page in pages]
    return write_script(session, f"s/{unit}/t{number}.js", "titles", unit, number, rows)


def write_script(session: ArchiveSession, path: str, *values: object) -> str:
    """Write a script that hands `values` to the search: pages opened as files may load scripts, but no data."""
    call = (
        json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
    session.folder.write(path, f"archiveSearch({call});\n")
    return path.rpartition("/")[2]

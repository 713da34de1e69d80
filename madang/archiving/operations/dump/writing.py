"""Write the public questions and answers of a site as a dump in the format of Stack Exchange."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from madang.accounts.models import User
from madang.backups.operations.snapshot import snapshot
from madang.comments.models import Comment
from madang.core.db.upgrade import require_up_to_date
from madang.core.i18n import use_locale
from madang.core.site import site_locale
from madang.posts.models import Post
from madang.tags.models import Tag

from ...queries.public import IS_OF_QUESTION, public_posts
from .comments import comment_rows
from .folder import Values, close_folder, open_folder, write_file
from .history import history_rows
from .links import link_rows
from .people import user_rows
from .posts import post_rows
from .source import Source
from .tags import tag_rows
from .votes import vote_rows


def no_badges(_source: Source) -> Iterator[Values]:
    """There are none; the file is there since programs expect it."""
    yield from ()


WRITERS: dict[str, Callable[[Source], Iterator[Values]]] = {
    "Users": user_rows,
    "Tags": tag_rows,
    "Comments": comment_rows,
    "Votes": vote_rows,
    "PostHistory": history_rows,
    "PostLinks": link_rows,
    "Badges": no_badges,
    "Posts": post_rows,
}


@dataclass(frozen=True, slots=True)
class DumpSummary:
    """The number of rows of each file, and how many public posts are of kinds that the format does not have."""

    rows: dict[str, int]
    left_out: int


def write_dump(folder: Path, *, on_progress: Callable[[int, int], object] = lambda _done, _total: None) -> DumpSummary:
    """Write the dump of one moment into `folder`, which is a dump only when all of it is written.

    Calls `on_progress(done, total)` with rows. Raises `Conflict` if the folder holds anything but a dump that was
    stopped, or if the tables are not of this version, and `OSError` if it cannot be written.
    """
    unfinished = open_folder(folder)
    with snapshot() as connection, use_locale(site_locale()):
        require_up_to_date(connection)
        source = Source(connection, on_progress)
        source.expect(User, Tag, Comment, Post, Post, Post, Post, Tag, Tag)
        rows = {name: write_file(unfinished, name, write(source)) for name, write in WRITERS.items()}
        left_out = source.count(public_posts(Post.id).where(~IS_OF_QUESTION))
    close_folder(folder)
    return DumpSummary(rows, left_out)

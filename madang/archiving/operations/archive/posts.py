"""The pages of posts, in folders of a thousand ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup
from sqlalchemy import Row

from madang.core.actor import VISITOR
from madang.polls.queries import find_poll_row
from madang.posts.models import Post
from madang.posts.sentences import close_reason

from ...queries.pages import answers_of, comments_on, largest_id, links_of, listed, posts_between
from .paths import PER_FOLDER, post_path, root_from
from .session import ArchiveSession


@dataclass(frozen=True, slots=True)
class Piece:
    """A post, an answer or a comment on a page: its row and its text."""

    row: Row
    text: Markup
    comments: Sequence["Piece"] = ()
    is_reply: bool = False
    is_accepted: bool = False


def units() -> list[str]:
    """The names of the folders of posts."""
    return [str(number) for number in range(largest_id(Post) // PER_FOLDER + 1)]


def write_folder(session: ArchiveSession, unit: str) -> None:
    """Write the pages of the posts with a thousand ids, and remove those of posts that are gone."""
    first = int(unit) * PER_FOLDER
    posts = posts_between(first, first + PER_FOLDER - 1)
    names = []
    for start in range(0, len(posts), 200):
        batch = posts[start : start + 200]
        names += write_posts(session, batch)
    session.folder.keep_only(f"p/{unit}", names)


def write_posts(session: ArchiveSession, posts: Sequence[Row]) -> list[str]:
    """Write the pages of these posts; returns the names of their files."""
    ids = [post.id for post in posts]
    answers = answers_of(ids)
    comments = comments_on([*ids, *(answer.id for answer in answers)])
    session.know_posts([row.body_html for row in (*posts, *answers, *comments)])
    answers_by_post = {post_id: list(rows) for post_id, rows in groupby(answers, key=lambda row: row.parent_id)}
    comments_by_post = {post_id: list(rows) for post_id, rows in groupby(comments, key=lambda row: row.post_id)}
    related = related_posts(ids)
    for post in posts:
        write_post(session, post, answers_by_post.get(post.id, []), comments_by_post, related.get(post.id, []))
    return [f"{post.id}.html" for post in posts]


def write_post(
    session: ArchiveSession,
    post: Row,
    answers: list[Row],
    comments: dict[int, list[Row]],
    related: list[tuple[Row, bool]],
) -> None:
    path = post_path(post.id)
    root = root_from(path)

    def piece(row: Row) -> Piece:
        said = [
            Piece(each, session.text(each.body_html, root), is_reply=is_reply)
            for each, is_reply in threads(comments.get(row.id, []))
        ]
        return Piece(row, session.text(row.body_html, root), said, is_accepted=row.id == post.accepted_answer_id)

    pieces = sorted(map(piece, answers), key=lambda answer: not answer.is_accepted)
    board = next((board for board in session.boards if board.id == post.board_id), None)
    reason = close_reason(post.close_reason) if post.closed_at and post.close_reason else None
    poll = find_poll_row(post, VISITOR, now=session.begun_at)
    session.write_page(
        path, "post.html", post=piece(post), answers=pieces, board=board, reason=reason, related=related, poll=poll
    )


def threads(comments: list[Row]) -> Iterator[tuple[Row, bool]]:
    """Comments with whether they are replies, which follow what they reply to."""
    ids = {comment.id for comment in comments}
    for comment in comments:
        if comment.parent_id not in ids:
            yield comment, False
            yield from ((reply, True) for reply in comments if reply.parent_id == comment.id)


def related_posts(post_ids: list[int]) -> dict[int, list[tuple[Row, bool]]]:
    """The public posts to which each of these posts links, with whether it is a duplicate of them."""
    links = links_of(post_ids)
    rows = {row.id: row for row in listed(sorted({link.related_post_id for link in links}))} if links else {}
    found: dict[int, list[tuple[Row, bool]]] = {}
    for link in links:
        if link.related_post_id in rows:
            found.setdefault(link.post_id, []).append((rows[link.related_post_id], link.kind == "duplicate"))
    return found

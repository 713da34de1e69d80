"""Links with titles between the posts and comments of a dump."""

from collections.abc import Iterable

from sqlalchemy import select, update

from madang.core.db import db, transaction
from madang.core.markdown.renderer import excerpt
from madang.core.text import clean_body
from madang.posts.models import EXCERPT_LENGTH, Post, Revision
from madang.posts.operations.rendering import render_body
from madang.search.operations.indexing import index_posts

from .posts import local_posts
from .related_rows import body_of, read_histories
from .rows import BrokenRow, DumpFile, Row
from .session import ImportSession


def titles_of(run: ImportSession, numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """The local id and the title of each question that was imported, by its id in the dump."""
    ids = {number: post_id for number, (post_id, _board) in local_posts(run, numbers, Post.kind == "question").items()}
    titles = dict(db.session.execute(select(Post.id, Post.title).where(Post.id.in_(ids.values()))).all())
    return {number: (post_id, titles[post_id]) for number, post_id in ids.items()}


def link_questions(run: ImportSession, history: DumpFile | None) -> None:
    """Give bare addresses of questions in posts their titles, when all questions are imported.

    Only in posts whose text is still the one of the dump, so that a repeated import changes nothing more.
    """
    file = run.file("Posts.xml")
    if file is None:
        return
    file.report = lambda _problem: None  # of rows that were reported before
    for batch in file.batches(lambda source: run.questions.in_row.search(source) is not None):
        with transaction():
            _link(run, batch, history)


def _link(run: ImportSession, rows: list[Row], history: DumpFile | None) -> None:
    by_id = {number: row for row in rows if (number := _id(row))}
    posts = local_posts(run, by_id)
    histories = read_histories(run, [by_id[number] for number in posts], history)
    columns = select(Post.id, Post.body, Post.version).where(Post.id.in_([post_id for post_id, _ in posts.values()]))
    bodies = {post_id: (body, version) for post_id, body, version in db.session.execute(columns)}
    changed = []
    for number, (post_id, board_id) in posts.items():
        uses_math = run.uses_math(board_id)
        body, version = bodies[post_id]
        linked = clean_body(run.questions.link(body, lambda numbers: titles_of(run, numbers)))
        if linked != body and body == body_of(by_id[number], histories.get(number), uses_math=uses_math):
            _change_body(post_id, version, linked, uses_math=uses_math)
            changed.append(post_id)
    index_posts(changed)


def _id(row: Row) -> str | None:
    try:
        return row.id
    except BrokenRow:
        return None


def _change_body(post_id: int, version: int, body: str, *, uses_math: bool) -> None:
    html = render_body(body, uses_math=uses_math)
    values = {"body": body, "body_html": html, "excerpt": excerpt(html, EXCERPT_LENGTH)}
    db.session.execute(update(Post.__table__).where(Post.id == post_id).values(**values))
    newest = update(Revision.__table__).where(Revision.post_id == post_id, Revision.number == version)
    db.session.execute(newest.values(body=body))

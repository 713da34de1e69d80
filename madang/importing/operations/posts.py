"""Questions and answers of a dump become posts."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import TITLE_KEPT, Post
from madang.search.operations.indexing import index_posts
from madang.tags.models import PostTag

from .first_pass import note_accepted
from .related_rows import RelatedRows, read_histories
from .rows import BrokenRow, DumpFile, Row
from .session import ImportSession
from .source import insert_rows
from .tags import DESCRIPTION, EXCERPT, tag_ids, write_tag_texts
from .text import line, names_of_tags

QUESTION = 1
IS_ANSWER = re.compile(rb"""\sPostTypeId=["']2["']""")
Columns = dict[str, Any]


def import_questions(run: ImportSession, history: DumpFile | None) -> None:
    """The first reading of Posts.xml: questions, and the texts of tags."""
    file = run.file("Posts.xml")
    for batch in file.batches(lambda written: not IS_ANSWER.search(written)) if file else ():
        of_kind: dict[int, list[Row]] = {}
        for row, (kind, _id) in run.sound(batch, lambda row: (row.required_number("PostTypeId"), row.id)):
            of_kind.setdefault(kind, []).append(row)
        questions = of_kind.pop(QUESTION, [])
        note_accepted(run, questions)
        run.write_new("post", questions, lambda rows: _write_questions(run, rows, history), counted_as="question")
        texts = of_kind.pop(EXCERPT, []) + of_kind.pop(DESCRIPTION, [])
        run.write_new("tag_text", texts, lambda rows: write_tag_texts(run, rows, read_histories(run, rows, history)))
        run.summary.left_out["post"] += sum(map(len, of_kind.values()))


def import_answers(run: ImportSession, history: DumpFile | None) -> None:
    """The second reading of Posts.xml: answers, whose questions may stand behind them in the file."""
    file = run.file("Posts.xml")
    for batch in file.batches(lambda written: IS_ANSWER.search(written) is not None) if file else ():
        run.write_new("post", batch, lambda rows: _write_answers(run, rows, history), counted_as="answer")


def _write_questions(run: ImportSession, rows: list[Row], history: DumpFile | None) -> None:
    found = RelatedRows(run, rows, history)
    posts = list(run.sound(rows, lambda row: _question(row, found, run.board_id)))
    ids = _write(run, "question", posts, found)
    tags = tag_ids((name for _row, post in posts for name in post["tag_names"].split()), run.now)
    links = [
        {"tag_id": tags[name], "post_id": post_id, "post_created_at": post["created_at"]}
        for post_id, (_row, post) in zip(ids, posts, strict=True)
        for name in post["tag_names"].split()
    ]
    if links:
        db.session.execute(insert(PostTag), links)


def _question(row: Row, found: RelatedRows, board_id: int) -> Columns:
    closed_at = row.moment("ClosedDate")
    return {
        **found.columns(row),
        "board_id": board_id,
        "kind": "question",
        "title": line(row.required_text("Title"), TITLE_KEPT),
        "tag_names": " ".join(names_of_tags(row.text("Tags"))),
        "view_count": max(0, row.number("ViewCount") or 0),
        "closed_at": closed_at,
        "close_reason": found.close_reason(row) if closed_at else None,
    }


def _write_answers(run: ImportSession, rows: list[Row], history: DumpFile | None) -> None:
    found = RelatedRows(run, rows, history)
    questions = local_posts(run, (row.text("ParentId") for row in rows), Post.kind == "question")
    posts = list(run.sound(rows, lambda row: _answer(row, found, questions)))
    ids = _write(run, "answer", posts, found)
    accepted = run.scratch.accepted(row.id for row, _post in posts)
    marks = [
        {"question_id": post["parent_id"], "answer_id": answer_id}
        for answer_id, (row, post) in zip(ids, posts, strict=True)
        if accepted.get(row.id) == row.reference("ParentId")
    ]
    _mark_accepted(marks)


def _answer(row: Row, found: RelatedRows, questions: dict[str, tuple[int, int]]) -> Columns:
    question = str(row.required_number("ParentId"))
    if question not in questions:
        raise no_such_post(question)
    parent_id, board_id = questions[question]
    return {**found.columns(row), "board_id": board_id, "kind": "answer", "parent_id": parent_id}


def _mark_accepted(marks: list[dict[str, int]]) -> None:
    posts: Any = Post.__table__
    if marks:
        mark = update(posts).where(posts.c.id == bindparam("question_id"))
        db.session.execute(mark.values(accepted_answer_id=bindparam("answer_id")), marks)


def _write(run: ImportSession, kind: str, posts: list[tuple[Row, Columns]], found: RelatedRows) -> list[int]:
    """Insert posts with their revisions and remember where they came from."""
    ids = insert_rows(Post, [post for _row, post in posts])
    run.source.record("post", ((row.id, post_id) for post_id, (row, _post) in zip(ids, posts, strict=True)))
    run.summary.new[kind] += len(ids)
    run.summary.new["revision"] += found.write_revisions(zip(ids, posts, strict=True))
    index_posts(ids)
    return ids


def local_posts(run: ImportSession, external_ids: Iterable[str], *conditions: Any) -> dict[str, tuple[int, int]]:
    """External id -> (id, board) of the posts that are here still."""
    ids = run.source.local_ids("post", external_ids)
    here = select(Post.id, Post.board_id).where(Post.id.in_(ids.values()), *conditions)
    boards: dict[int, int] = dict(db.session.execute(here).all())
    return {external_id: (local_id, boards[local_id]) for external_id, local_id in ids.items() if local_id in boards}


def no_such_post(number: str) -> BrokenRow:
    return BrokenRow(_("It belongs to post %(number)s, which is not here.", number=number))

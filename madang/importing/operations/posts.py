"""Import of the questions and answers of a dump."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from madang.core.db import db
from madang.core.i18n import _
from madang.posts.models import TITLE_COLUMN_LENGTH, Post
from madang.search.operations.indexing import index_posts
from madang.tags.models import PostTag

from .adoption import adopt_posts
from .conversion import parse_tag_names, single_line
from .first_pass import stage_accepted_answers
from .related_rows import RelatedRows, read_histories
from .rows import BrokenRow, DumpFile, Row
from .session import ImportSession
from .source import Columns, insert_rows
from .tags import DESCRIPTION, EXCERPT, tag_ids, write_tag_texts

QUESTION = 1
IS_ANSWER = re.compile(rb"""\sPostTypeId=["']2["']""")


def import_questions(run: ImportSession, history: DumpFile | None) -> None:
    """Import questions and tag descriptions in the first pass over Posts.xml."""
    file = run.file("Posts.xml")
    for batch in file.batches(lambda source: not IS_ANSWER.search(source)) if file else ():
        rows_by_kind: dict[int, list[Row]] = {}
        for row, (kind, _id) in run.convert_rows(batch, lambda row: (row.required_number("PostTypeId"), row.id)):
            rows_by_kind.setdefault(kind, []).append(row)
        questions = rows_by_kind.pop(QUESTION, [])
        run.write_new(
            "post",
            stage_accepted_answers(run, questions),
            lambda rows: _write_questions(run, rows, history),
            counted_as="question",
            mend=lambda rows: adopt_posts(run, rows, history),
        )
        texts = rows_by_kind.pop(EXCERPT, []) + rows_by_kind.pop(DESCRIPTION, [])
        run.write_new("tag_text", texts, lambda rows: write_tag_texts(run, rows, read_histories(run, rows, history)))
        run.summary.skipped["post"] += sum(map(len, rows_by_kind.values()))


def import_answers(run: ImportSession, history: DumpFile | None) -> None:
    """Import answers in the second pass over Posts.xml: a question may follow its answers in the file."""
    file = run.file("Posts.xml")
    for batch in file.batches(lambda source: IS_ANSWER.search(source) is not None) if file else ():
        run.write_new(
            "post",
            batch,
            lambda rows: _write_answers(run, rows, history),
            counted_as="answer",
            mend=lambda rows: adopt_posts(run, rows, history),
        )


def _write_questions(run: ImportSession, rows: list[Row], history: DumpFile | None) -> None:
    related = RelatedRows(run, rows, history)
    posts = list(run.convert_rows(rows, lambda row: _question(row, related, run)))
    ids = _write(run, "question", posts, related)
    tags = tag_ids((name for _row, post in posts for name in post["tag_names"].split()), run.now)
    links = [
        {"tag_id": tags[name], "post_id": post_id, "post_created_at": post["created_at"], "board_id": post["board_id"]}
        for post_id, (_row, post) in zip(ids, posts, strict=True)
        for name in post["tag_names"].split()
    ]
    if links:
        db.session.execute(insert(PostTag), links)


def _question(row: Row, related: RelatedRows, run: ImportSession) -> Columns:
    closed_at = row.moment("ClosedDate")
    return {
        **related.columns(row, uses_math=run.uses_math(run.board_id)),
        "board_id": run.board_id,
        "kind": "question",
        "title": single_line(row.required_text("Title"), TITLE_COLUMN_LENGTH),
        "tag_names": " ".join(parse_tag_names(row.text("Tags"))),
        "view_count": max(0, row.count("ViewCount") or 0),
        "closed_at": closed_at,
        "close_reason": related.close_reason(row) if closed_at else None,
    }


def _write_answers(run: ImportSession, rows: list[Row], history: DumpFile | None) -> None:
    related = RelatedRows(run, rows, history)
    questions = local_posts(run, (row.text("ParentId") for row in rows), Post.kind == "question")
    posts = list(run.convert_rows(rows, lambda row: _answer(row, related, questions, run)))
    ids = _write(run, "answer", posts, related)
    accepted = run.staging.accepted(row.id for row, _post in posts)
    marks = [
        {"question_id": post["parent_id"], "answer_id": answer_id}
        for answer_id, (row, post) in zip(ids, posts, strict=True)
        if accepted.get(row.id) == row.reference("ParentId")
    ]
    _mark_accepted(marks)


def _answer(row: Row, related: RelatedRows, questions: dict[str, tuple[int, int]], run: ImportSession) -> Columns:
    question = str(row.required_number("ParentId"))
    if question not in questions:
        raise missing_post_error(question)
    parent_id, board_id = questions[question]
    return {
        **related.columns(row, uses_math=run.uses_math(board_id)),
        "board_id": board_id,
        "kind": "answer",
        "parent_id": parent_id,
    }


def _mark_accepted(marks: list[dict[str, int]]) -> None:
    if marks:
        posts = Post.__table__
        mark = update(posts).where(posts.c.id == bindparam("question_id"))
        db.session.execute(mark.values(accepted_answer_id=bindparam("answer_id")), marks)


def _write(run: ImportSession, kind: str, posts: list[tuple[Row, Columns]], related: RelatedRows) -> list[int]:
    """Insert posts with their revisions and record their origin. Returns the ids in the order of `posts`."""
    ids = insert_rows(Post, [post for _row, post in posts])
    run.source.record("post", ((row.id, post_id) for post_id, (row, _post) in zip(ids, posts, strict=True)))
    run.summary.new[kind] += len(ids)
    run.summary.new["revision"] += related.write_revisions(zip(ids, posts, strict=True))
    index_posts(ids)
    return ids


def local_posts(
    run: ImportSession, external_ids: Iterable[str], *conditions: ColumnElement[bool]
) -> dict[str, tuple[int, int]]:
    """The (local id, board id) of each imported post that still exists, by its id in the dump."""
    ids = run.source.local_ids("post", external_ids)
    here = select(Post.id, Post.board_id).where(Post.id.in_(ids.values()), *conditions)
    boards: dict[int, int] = dict(db.session.execute(here).all())
    return {external_id: (local_id, boards[local_id]) for external_id, local_id in ids.items() if local_id in boards}


def missing_post_error(number: str) -> BrokenRow:
    return BrokenRow(_("It belongs to post %(number)s, which is not here.", number=number))

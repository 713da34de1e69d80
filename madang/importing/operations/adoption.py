"""Authors of posts and comments that were imported before their accounts, whose rows were broken or missing."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update

from madang.comments.models import Comment
from madang.core.db import db
from madang.posts.models import Post, Revision
from madang.search.operations.indexing import index_comments, index_posts

from .related_rows import read_histories
from .rows import DumpFile, Row
from .session import ImportSession


def adopt_comments(run: ImportSession, rows: Mapping[int, Row]) -> None:
    """Give the comments with these local ids the accounts of their authors."""
    people = {comment_id: row.values.get("UserId") for comment_id, row in rows.items()}
    index_comments(adopt(run, Comment, people))


def adopt_posts(run: ImportSession, rows: Mapping[int, Row], history: DumpFile | None) -> None:
    """Give the posts with these local ids the accounts of their authors and editors, and their revisions too."""
    index_posts(adopt(run, Post, {post_id: row.values.get("OwnerUserId") for post_id, row in rows.items()}))
    editors = {post_id: row.values.get("LastEditorUserId") for post_id, row in rows.items()}
    unedited = select(Post.id).where(Post.id.in_(editors), Post.editor_id.is_(None))
    set_people(run, Post, "editor_id", {post_id: editors[post_id] for post_id in db.session.scalars(unedited)})
    adopt_revisions(run, rows, history)


def adopt_revisions(run: ImportSession, rows: Mapping[int, Row], history: DumpFile | None) -> None:
    nobodys = select(Revision.post_id).where(Revision.post_id.in_(rows), Revision.author_id.is_(None)).distinct()
    post_ids = set(db.session.scalars(nobodys))
    histories = read_histories(run, [rows[post_id] for post_id in post_ids], history)
    people = run.source.local_ids("user", (text.author for each in histories.values() for text in each.texts))
    changes = [
        {"post": post_id, "version": version, "person": people[text.author]}
        for post_id in post_ids
        if (each := histories.get(rows[post_id].id))
        for version, text in enumerate(each.texts, start=1)
        if text.author in people
    ]
    if changes:
        table = Revision.__table__
        mend = update(table).where(
            table.c.post_id == bindparam("post"), table.c.number == bindparam("version"), table.c.author_id.is_(None)
        )
        db.session.execute(mend.values(author_id=bindparam("person")), changes)


def adopt(run: ImportSession, model: type[Post] | type[Comment], authors: Mapping[int, str | None]) -> list[int]:
    """Give rows without an account that of their author, if it is here now. Returns the ids of the changed rows.

    `authors` are the ids of the authors in the dump by the local ids of the rows.
    """
    nobodys = select(model.id).where(model.id.in_(authors), model.author_id.is_(None), model.author_name.is_not(None))
    changed = set_people(run, model, "author_id", {row_id: authors[row_id] for row_id in db.session.scalars(nobodys)})
    if changed:
        db.session.execute(update(model.__table__).where(model.id.in_(changed)).values(author_name=None))
    return changed


def set_people(
    run: ImportSession, model: type[Post] | type[Comment], column: str, numbers: Mapping[int, str | None]
) -> list[int]:
    """Set a column of these rows to the accounts that are here now, by their ids in the dump; returns the changed."""
    people = run.source.local_ids("user", numbers.values())
    changes = [{"row": row_id, "person": people[number]} for row_id, number in numbers.items() if number in people]
    if changes:
        table = model.__table__
        mend = update(table).where(table.c.id == bindparam("row"))
        db.session.execute(mend.values({column: bindparam("person")}), changes)
    return [change["row"] for change in changes]

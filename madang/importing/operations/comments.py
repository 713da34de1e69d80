"""Comments of a dump."""

from typing import Any

from madang.accounts.queries.users import existing_usernames
from madang.comments.models import Comment
from madang.core.markdown.renderer import render_inline
from madang.core.text import clean_body
from madang.search.operations.indexing import index_comments

from .posts import local_posts, no_such_post
from .related_rows import name_of_gone
from .rows import Row
from .session import ImportSession
from .source import insert_rows


def import_comments(run: ImportSession) -> None:
    """Comments.xml; their text is Markdown already."""
    file = run.file("Comments.xml")
    for batch in file.batches() if file else ():
        run.write_new("comment", batch, lambda rows: _write(run, rows))


def _write(run: ImportSession, rows: list[Row]) -> None:
    posts = local_posts(run, (row.text("PostId") for row in rows))
    authors = run.source.local_ids("user", (row.values.get("UserId") for row in rows))
    comments = list(run.sound(rows, lambda row: _comment(row, posts, authors)))
    ids = insert_rows(Comment, [comment for _row, comment in comments])
    run.source.record("comment", zip((row.id for row, _comment in comments), ids, strict=True))
    run.summary.new["comment"] += len(ids)
    index_comments(ids)


def _comment(row: Row, posts: dict[str, tuple[int, int]], authors: dict[str, int]) -> dict[str, Any]:
    post = str(row.required_number("PostId"))
    if post not in posts:
        raise no_such_post(post)
    body = clean_body(row.required_text("Text")).strip()
    score = max(0, row.number("Score") or 0)
    author_id = authors.get(row.reference("UserId") or "")
    return {
        "post_id": posts[post][0],
        "author_id": author_id,
        "author_name": None if author_id else name_of_gone(row, "UserId", "UserDisplayName"),
        "body": body,
        "body_html": render_inline(body, mentions=existing_usernames),
        "score": score,
        "imported_up": score,
        "created_at": row.required_moment("CreationDate"),
    }

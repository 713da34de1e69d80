"""Import of the comments of a dump."""

from madang.comments.models import Comment
from madang.comments.operations.writing import render_comment
from madang.core.text import clean_body
from madang.search.operations.indexing import index_comments

from .adoption import adopt_comments
from .linking import titles_of
from .posts import local_posts, missing_post_error
from .related_rows import deleted_author_name
from .rows import Row
from .session import ImportSession
from .site_links import link_tags
from .source import Columns, insert_rows


def import_comments(run: ImportSession) -> None:
    """Import Comments.xml, whose texts are Markdown already."""
    file = run.file("Comments.xml")
    for batch in file.batches() if file else ():
        run.write_new("comment", batch, lambda rows: _write(run, rows), mend=lambda rows: adopt_comments(run, rows))


def _write(run: ImportSession, rows: list[Row]) -> None:
    posts = local_posts(run, (row.text("PostId") for row in rows))
    authors = run.source.local_ids("user", (row.values.get("UserId") for row in rows))
    comments = list(run.convert_rows(rows, lambda row: _comment(run, row, posts, authors)))
    ids = insert_rows(Comment, [comment for _row, comment in comments])
    run.source.record("comment", zip((row.id for row, _comment in comments), ids, strict=True))
    run.summary.new["comment"] += len(ids)
    index_comments(ids)


def _comment(run: ImportSession, row: Row, posts: dict[str, tuple[int, int]], authors: dict[str, int]) -> Columns:
    post = str(row.required_number("PostId"))
    if post not in posts:
        raise missing_post_error(post)
    body = link_tags(clean_body(row.required_text("Text")).strip())
    body = run.questions.link(body, lambda numbers: titles_of(run, numbers))
    score = max(0, row.count("Score") or 0)
    author_id = authors.get(row.reference("UserId") or "")
    post_id, board_id = posts[post]
    return {
        "post_id": post_id,
        "author_id": author_id,
        "author_name": None if author_id else deleted_author_name(row, "UserId", "UserDisplayName"),
        "body": body,
        "body_html": render_comment(body, uses_math=run.uses_math(board_id)),
        "score": score,
        "imported_up": score,
        "created_at": row.required_moment("CreationDate"),
    }

"""Posts.xml: questions and answers, then the texts about tags."""

from collections.abc import Iterator

from sqlalchemy import Row
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.actor import GUEST
from madang.posts.models import VISIBLE, Post

from ...queries.public import IS_OF_QUESTION, public_posts
from .folder import Values
from .source import Source
from .tags import tag_text_rows
from .texts import author, html, tag_list

QUESTION, ANSWER = 1, 2
Accepted, Editor = aliased(Post), aliased(User)
QUESTIONS_AND_ANSWERS = public_posts(Post.id).where(IS_OF_QUESTION)
POSTS = (
    public_posts(
        Post.id,
        Post.kind,
        Post.parent_id,
        Post.author_id,
        Post.author_name,
        Post.title,
        Post.body_html,
        Post.tag_names,
        Post.score,
        Post.view_count,
        Post.answer_count,
        Post.comment_count,
        Post.created_at,
        Post.edited_at,
        Post.last_activity_at,
        Post.closed_at,
        Accepted.id.label("accepted_answer_id"),
        Editor.id.label("editor_id"),
    )
    .outerjoin(Accepted, (Accepted.id == Post.accepted_answer_id) & (Accepted.state == VISIBLE))
    .outerjoin(Editor, (Editor.id == Post.editor_id) & Editor.deleted_at.is_(None) & (Editor.role != GUEST))
    .where(IS_OF_QUESTION)
)


def post_rows(source: Source) -> Iterator[Values]:
    for rows in source.batches(POSTS, Post.id):
        yield from map(post, rows)
    yield from tag_text_rows(source)


def post(row: Row) -> Values:
    return {
        "Id": row.id,
        **({"PostTypeId": QUESTION} if row.kind == "question" else {"PostTypeId": ANSWER, "ParentId": row.parent_id}),
        "AcceptedAnswerId": row.accepted_answer_id,
        "CreationDate": row.created_at,
        "Score": row.score,
        "ViewCount": row.view_count if row.kind == "question" else None,
        "Body": html(row.body_html),
        **author(row, "OwnerUserId", "OwnerDisplayName"),
        "LastEditorUserId": row.editor_id,
        "LastEditDate": row.edited_at,
        "LastActivityDate": row.last_activity_at,
        **(question(row) if row.kind == "question" else {}),
        "CommentCount": row.comment_count,
        "ClosedDate": row.closed_at,
    }


def question(row: Row) -> Values:
    return {"Title": row.title, "Tags": tag_list(row.tag_names), "AnswerCount": row.answer_count}

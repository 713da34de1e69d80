"""Comments.xml: comments on questions and answers, whose texts are Markdown in the format too."""

from collections.abc import Iterator

from madang.comments.models import Comment

from ...queries.public import IS_OF_QUESTION, public_comments
from .folder import Values
from .source import Source
from .texts import author, escaped_tags

COMMENTS = public_comments(
    Comment.id,
    Comment.post_id,
    Comment.author_id,
    Comment.author_name,
    Comment.body,
    Comment.score,
    Comment.created_at,
).where(IS_OF_QUESTION)


def comment_rows(source: Source) -> Iterator[Values]:
    for rows in source.batches(COMMENTS, Comment.id):
        for row in rows:
            yield {
                "Id": row.id,
                "PostId": row.post_id,
                "Score": row.score,
                "Text": escaped_tags(row.body),
                "CreationDate": row.created_at,
                **author(row, "UserId", "UserDisplayName"),
            }

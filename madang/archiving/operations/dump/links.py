"""PostLinks.xml: duplicates and links between questions and answers."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import BindParameter, bindparam, select

from madang.posts.models import Post, PostLink

from .folder import Values
from .posts import QUESTIONS_AND_ANSWERS
from .source import Source

LINK, DUPLICATE = 1, 3
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
LINKS = (
    select(PostLink.post_id, PostLink.related_post_id, PostLink.kind, PostLink.created_at)
    .where(PostLink.post_id.in_(_IDS))
    .order_by(PostLink.post_id, PostLink.related_post_id, PostLink.kind)
)
RELATED = QUESTIONS_AND_ANSWERS.where(Post.id.in_(_IDS))


def link_rows(source: Source) -> Iterator[Values]:
    numbers = count(1)
    for posts in source.batches(QUESTIONS_AND_ANSWERS, Post.id):
        links = source.rows(LINKS, {"ids": [post.id for post in posts]})
        related = source.rows(RELATED, {"ids": [link.related_post_id for link in links]}) if links else ()
        public = {row.id for row in related}
        for link in links:
            if link.related_post_id in public:
                yield {
                    "Id": next(numbers),
                    "CreationDate": link.created_at,
                    "PostId": link.post_id,
                    "RelatedPostId": link.related_post_id,
                    "LinkTypeId": DUPLICATE if link.kind == "duplicate" else LINK,
                }

"""Write the new name of a renamed tag into its posts, in batches."""

from sqlalchemy import select

from madang.core.db import db
from madang.tags.models import PostTag, Tag, TagSynonym

from ..models import Post

BATCH_SIZE = 200


def retag_next_posts(tag_id: int, after: int) -> int | None:
    """Update `tag_names` of the next posts with a tag, with ids above `after`.

    Returns the last post id of the batch, or None if there was none.
    """
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        return None
    synonyms = set(db.session.scalars(select(TagSynonym.name).where(TagSynonym.tag_id == tag_id)))
    ids = select(PostTag.post_id).where(PostTag.tag_id == tag_id, PostTag.post_id > after).order_by(PostTag.post_id)
    posts = db.session.scalars(select(Post).where(Post.id.in_(db.session.scalars(ids.limit(BATCH_SIZE)).all()))).all()
    for post in posts:
        names = dict.fromkeys(tag.name if name in synonyms else name for name in post.tags)
        post.tag_names = " ".join(names)
    db.session.flush()
    return max((post.id for post in posts), default=None)

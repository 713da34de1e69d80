"""The scores of posts and comments, counted from votes and from imported numbers of votes."""

from sqlalchemy import func, select

from madang.comments.models import Comment
from madang.core.db.counting import Counter, count_of
from madang.posts.models import Post

from .models import CommentVote, PostVote

_up_and_down = select(func.coalesce(func.sum(PostVote.value), 0)).where(PostVote.post_id == Post.id)

COUNTERS = (
    Counter(Post, "score", Post.imported_up - Post.imported_down + _up_and_down.scalar_subquery()),
    Counter(Comment, "score", Comment.imported_up + count_of(CommentVote.comment_id == Comment.id)),
)

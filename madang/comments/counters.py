"""Counters of comments: of posts and of people."""

from madang.accounts.models import User
from madang.core.db.counting import Counter, count_of
from madang.posts.models import Post

from .models import COMMENT_VISIBLE, Comment

COUNTERS = (
    Counter(Post, "comment_count", count_of(Comment.post_id == Post.id, Comment.state == COMMENT_VISIBLE)),
    Counter(User, "comment_count", count_of(Comment.author_id == User.id, Comment.state == COMMENT_VISIBLE)),
)

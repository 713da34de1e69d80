"""Where comments are read."""

from madang.core.actor import Actor
from madang.posts.models import Post
from madang.posts.pages import path_of
from madang.posts.queries import get_post

from .models import Comment


def page_path(post: Post, actor: Actor) -> str:
    """The page on which a post and its comments stand."""
    return path_of(post, actor).partition("#")[0]


def comment_path(comment: Comment, actor: Actor) -> str:
    """The place of a comment on its page."""
    return f"{page_path(get_post(comment.post_id, actor), actor)}#comment-{comment.id}"

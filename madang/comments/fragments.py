"""Where comments are read."""

from madang.core.actor import Actor
from madang.posts.fragments import path_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .models import Comment
from .queries import is_shown_initially


def page_path(post: Post, actor: Actor) -> str:
    """The page on which a post and its comments stand."""
    return path_of(post, actor).partition("#")[0]


def comment_path(comment: Comment, actor: Actor) -> str:
    """The place of a comment on its page."""
    post = get_post(comment.post_id, actor)
    page = page_path(post, actor) if is_shown_initially(comment, post) else expanded_path(post, actor)
    return f"{page}#comment-{comment.id}"


def expanded_path(post: Post, actor: Actor) -> str:
    """The page on which all comments of a post stand, however many there are."""
    page = page_path(post, actor)
    return f"{page}{'&' if '?' in page else '?'}comments={post.id}"

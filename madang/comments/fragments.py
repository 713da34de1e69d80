"""Addresses of comments."""

from madang.core.actor import Actor
from madang.posts.fragments import path_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .models import Comment
from .queries import is_shown_initially


def page_path(post: Post, actor: Actor) -> str:
    """The address of the page that shows a post and its comments."""
    return path_of(post, actor).partition("#")[0]


def comment_path(comment: Comment, actor: Actor) -> str:
    """The address of a comment, on a page that shows it."""
    post = get_post(comment.post_id, actor)
    page = page_path(post, actor) if is_shown_initially(comment, post) else expanded_path(post, actor)
    return f"{page}#comment-{comment.id}"


def expanded_path(post: Post, actor: Actor) -> str:
    """The address of a post's page with all its comments expanded."""
    page = page_path(post, actor)
    return f"{page}{'&' if '?' in page else '?'}comments={post.id}"

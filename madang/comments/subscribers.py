"""Reactions of comments to events of posts."""

from madang.posts.events import PostMoved

from .operations.rerendering import render_comments_of_thread


def on_post_moved(event: PostMoved) -> None:
    """Show formulas as the new board does."""
    render_comments_of_thread(event.post_id)

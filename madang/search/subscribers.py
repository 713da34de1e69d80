"""Subscribers that update the search index in the transaction of each change."""

from madang.accounts.events import AccountsMerged, UserDeleted, UserRenamed, UserSignedUp
from madang.comments.events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from madang.posts.events import AnswerPosted, PostDeleted, PostEdited, PostMoved, PostPublished, PostRestored

from .operations.indexing import index_author, index_comments, index_people, index_posts, index_thread


def on_post_published(event: PostPublished) -> None:
    index_posts([event.post_id], are_new=True)


def on_answer_posted(event: AnswerPosted) -> None:
    index_posts([event.post_id], are_new=True)


def on_post_edited(event: PostEdited) -> None:
    index_posts([event.post_id])


def on_post_moved(event: PostMoved) -> None:
    """Index the answers and comments too, since formulas are other words where a board does not show them."""
    index_thread(event.post_id)


def on_post_deleted(event: PostDeleted) -> None:
    """Remove the answers and comments too, which are hidden with the post."""
    index_thread(event.post_id)


def on_post_restored(event: PostRestored) -> None:
    """Index the answers and comments too, which are shown again with the post."""
    index_thread(event.post_id)


def on_comment_posted(event: CommentPosted) -> None:
    index_comments([event.comment_id], are_new=True)


def on_comment_edited(event: CommentEdited) -> None:
    index_comments([event.comment_id])


def on_comment_deleted(event: CommentDeleted) -> None:
    index_comments([event.comment_id])


def on_comment_restored(event: CommentRestored) -> None:
    index_comments([event.comment_id])


def on_user_signed_up(event: UserSignedUp) -> None:
    index_people([event.user_id])


def on_user_renamed(event: UserRenamed) -> None:
    index_author(event.user_id)


def on_user_deleted(event: UserDeleted) -> None:
    index_author(event.user_id)


def on_accounts_merged(event: AccountsMerged) -> None:
    """Index moved content under the remaining account's name."""
    index_author(event.target_id)

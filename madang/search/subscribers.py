"""Subscribers that update the search index in the transaction of each change."""

from madang.accounts.events import AccountsMergeFinished, UserDeleted, UserRenamed, UserSignedUp
from madang.comments.events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from madang.posts.events import AnswerPosted, PostDeleted, PostEdited, PostMoved, PostPublished, PostRestored

from .operations.indexing import index_author, index_comments, index_people, index_posts, index_thread


def on_post_created(event: PostPublished | AnswerPosted) -> None:
    index_posts([event.post_id], are_new=True)


def on_post_changed(event: PostEdited | PostMoved) -> None:
    index_posts([event.post_id])


def on_post_visibility_changed(event: PostDeleted | PostRestored) -> None:
    """Index the answers and comments too, which are hidden and shown with the post."""
    index_thread(event.post_id)


def on_comment_created(event: CommentPosted) -> None:
    index_comments([event.comment_id], are_new=True)


def on_comment_changed(event: CommentEdited | CommentDeleted | CommentRestored) -> None:
    index_comments([event.comment_id])


def on_sign_up(event: UserSignedUp) -> None:
    index_people([event.user_id])


def on_name_changed(event: UserRenamed | UserDeleted) -> None:
    index_author(event.user_id)


def on_accounts_joined(event: AccountsMergeFinished) -> None:
    """Index moved content under the remaining account's name and remove the other person."""
    index_author(event.kept_id)
    index_people([event.gone_id])

"""React to events of posts, accounts, tags, boards and blocks: fill feeds, move and delete follows."""

from collections.abc import Iterable

from sqlalchemy import select

from madang.accounts.events import AccountsMerged
from madang.boards.events import BoardDeleted
from madang.core.db import db
from madang.messages.events import PersonBlocked
from madang.posts.events import AnswerPosted, PostEdited, PostMoved, PostPublished, PostRestored
from madang.posts.models import Post
from madang.tags.events import TagDeleted, TagsMerged

from . import jobs
from .models import BOARD, KINDS, QUESTION, TAG, Follow, Target
from .operations.cleanup import end_mutual_follows, move_followers
from .operations.fan_out import fan_out_to_few
from .operations.following import end_follow


def on_post_published(event: PostPublished) -> None:
    _fan_out(event.post_id)


def on_answer_posted(event: AnswerPosted) -> None:
    _fan_out(event.post_id)


def on_post_restored(event: PostRestored) -> None:
    _fan_out(event.post_id)


def on_post_edited(event: PostEdited) -> None:
    """Add the post to the feeds of people who follow a tag that it got."""
    if not db.session.get_one(Post, event.post_id).is_answer:
        _fan_out(event.post_id, [TAG])


def on_post_moved(event: PostMoved) -> None:
    _fan_out(event.post_id, [BOARD])


def _fan_out(post_id: int, kinds: Iterable[str] = KINDS) -> None:
    """Fill the feeds of the followers: at once where they are few, else by a job."""
    if many := fan_out_to_few(post_id, kinds):
        jobs.fan_out_to_feeds.enqueue(post_id=post_id, kinds=many)


def on_person_blocked(event: PersonBlocked) -> None:
    end_mutual_follows(event.blocker_id, event.blocked_id)


def on_accounts_merged(event: AccountsMerged) -> None:
    """End follows of the merged account's own questions."""
    own = select(Follow.target_id).join(Post, (Follow.kind == QUESTION) & (Post.id == Follow.target_id))
    own = own.where(Follow.follower_id == event.target_id, Post.author_id == event.target_id)
    for post_id in db.session.scalars(own).all():
        end_follow(Target(QUESTION, post_id), event.target_id)


def on_tags_merged(event: TagsMerged) -> None:
    move_followers(Target(TAG, event.source_id), Target(TAG, event.target_id))


def on_tag_deleted(event: TagDeleted) -> None:
    jobs.delete_follows_of_subject.enqueue(kind=TAG, target_id=event.tag_id)


def on_board_deleted(event: BoardDeleted) -> None:
    jobs.delete_follows_of_subject.enqueue(kind=BOARD, target_id=event.board_id)

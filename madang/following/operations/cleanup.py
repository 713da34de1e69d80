"""Delete or move follows when people, tags or boards are deleted, blocked or merged."""

from sqlalchemy import delete, select, update

from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.core.queue import progress
from madang.tags.models import Tag

from ..models import PERSON, TAG, FeedEntry, Follow, Target
from .following import begin_follow, end_follow

BATCH_SIZE = 100


def delete_follows_by(user_id: int) -> None:
    """Delete all follows by a person, and their feed."""
    for table, kind in ((User, PERSON), (Tag, TAG)):
        followed = select(Follow.target_id).where(Follow.follower_id == user_id, Follow.kind == kind)
        change = update(table).where(table.id.in_(followed)).values(follower_count=table.follower_count - 1)
        db.session.execute(change.execution_options(synchronize_session=False))
    db.session.execute(update(User).where(User.id == user_id).values(following_count=0))
    for follows in (
        delete(Follow).where(Follow.follower_id == user_id),
        delete(FeedEntry).where(FeedEntry.user_id == user_id),
    ):
        db.session.execute(follows.execution_options(synchronize_session=False))


def delete_follows_of(target: Target) -> None:
    """Delete all follows of a target, in transactions of `BATCH_SIZE`."""
    followers = select(Follow.follower_id).where(Follow.kind == target.kind, Follow.target_id == target.id)
    while people := db.session.scalars(followers.order_by(Follow.id).limit(BATCH_SIZE)).all():
        with transaction():
            for follower_id in people:
                end_follow(target, follower_id)
            progress(0)


def end_mutual_follows(one_id: int, other_id: int) -> None:
    """End the follows of two people by each other."""
    for follower_id, user_id in ((one_id, other_id), (other_id, one_id)):
        end_follow(Target(PERSON, user_id), follower_id)


def merge_follows(target_id: int, source_id: int) -> None:
    """Move the follows and followers of the account `source_id` to `target_id`."""
    follows = select(Follow.kind, Follow.target_id, Follow.created_at).where(Follow.follower_id == source_id)
    for kind, followed_id, since in db.session.execute(follows.order_by(Follow.id)).all():
        end_follow(Target(kind, followed_id), source_id)
        if (kind, followed_id) != (PERSON, target_id):
            begin_follow(Target(kind, followed_id), target_id, now=since)
    move_followers(Target(PERSON, source_id), Target(PERSON, target_id))


def move_followers(source: Target, target: Target) -> None:
    """Move the followers of an account or tag to the one it was merged into."""
    followers = select(Follow.follower_id, Follow.created_at).where(
        Follow.kind == source.kind, Follow.target_id == source.id
    )
    for follower_id, since in db.session.execute(followers.order_by(Follow.id)).all():
        end_follow(source, follower_id)
        if target != (PERSON, follower_id):
            begin_follow(target, follower_id, now=since)

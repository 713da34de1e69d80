"""What belongs to a person in following: follows by and of them, and their feed."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.boards.models import Board
from madang.core.ownership import (
    BY_FOREIGN_KEY,
    NOTHING_MORE,
    Drop,
    NoRowsOfGuests,
    NotExported,
    Owned,
    Query,
)
from madang.posts.models import VISIBLE, Post
from madang.tags.models import Tag

from .jobs import delete_follows_of_person
from .models import BOARD, PERSON, QUESTION, TAG, FeedEntry, Follow
from .operations.cleanup import delete_follows_by, merge_follows


def _follows_by(user_id: int) -> Select:
    """What the person follows, by name."""
    person = aliased(User)
    name = func.coalesce(person.username, Tag.name, Board.slug, Post.title).label("name")
    follows = (
        select(Follow.kind, Follow.target_id, name, Follow.created_at)
        .outerjoin(person, (Follow.kind == PERSON) & (person.id == Follow.target_id))
        .outerjoin(Tag, (Follow.kind == TAG) & (Tag.id == Follow.target_id))
        .outerjoin(Board, (Follow.kind == BOARD) & (Board.id == Follow.target_id))
        .outerjoin(Post, (Follow.kind == QUESTION) & (Post.id == Follow.target_id) & (Post.state == VISIBLE))
    )
    return follows.where(Follow.follower_id == user_id).order_by(Follow.id)


def _delete_followers(user_id: int) -> None:
    """By a job: there may be thousands."""
    delete_follows_of_person.enqueue(user_id=user_id)


OWNED = (
    Owned(
        column=Follow.follower_id,
        export=Query("follows.json", _follows_by),
        on_merge=merge_follows,
        on_delete=delete_follows_by,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=Follow.target_id,
        where=Follow.kind == PERSON,
        export=NotExported("Others did it."),
        on_merge=merge_follows,
        on_delete=_delete_followers,
        on_removal=NOTHING_MORE,
        on_guest_delete=NoRowsOfGuests("Guests cannot be followed."),
    ),
    Owned(
        column=FeedEntry.user_id,
        export=NotExported("Others wrote the posts; what fills the feed is in follows.json."),
        on_merge=Drop("The moved follows have filled the feed of the remaining account."),
        on_delete=delete_follows_by,
        on_removal=NOTHING_MORE,
        on_guest_delete=NoRowsOfGuests("Guests cannot follow."),
    ),
    Owned(
        column=FeedEntry.target_id,
        where=FeedEntry.kind == PERSON,
        export=NotExported("It is in the feeds of others."),
        on_merge=merge_follows,
        on_delete=_delete_followers,
        on_removal=NOTHING_MORE,
        on_guest_delete=NoRowsOfGuests("Guests cannot be followed."),
    ),
)

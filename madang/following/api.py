"""JSON API of the feed, of lists of follows, and of following."""

from sqlalchemy import Row

from madang.accounts.queries.users import get_user
from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.tags.queries.tags import get_tag

from .models import PERSON, Followable, Target, target_of
from .operations.following import follow, unfollow
from .queries import (
    FEED_ORDER,
    feed_rows,
    followers_of,
    get_question,
    is_following,
    people_followed_by,
    subjects_followed_by,
)
from .schemas import FeedPostSchema, FollowedQuery, FollowedSchema, FollowerSchema, FollowStateSchema

bp = ApiBlueprint("following", description="Following people, tags, boards and questions, and the feed of their posts.")


@bp.get("/feed")
@bp.paginated(FeedPostSchema)
def read_feed(page: Page) -> PageResult:
    """List the posts of the caller's feed, the newest first, each with the reason why it is there."""
    rows = feed_rows(current_actor(), before=page.after(FEED_ORDER.types), limit=page.more, now=now())
    return page.of(rows, FEED_ORDER.key_of)


@bp.get("/users/<username>/followers", public=True)
@bp.paginated(FollowerSchema)
def list_followers(page: Page, username: str) -> PageResult:
    """List the followers of somebody, the latest follow first."""
    target = Target(PERSON, get_user(username, current_actor()).id)
    return _page_of_follows(page, followers_of(target, before=page.after_id, limit=page.more, now=now()))


@bp.get("/users/<username>/following", public=True)
@bp.paginated(FollowerSchema)
def list_followed_people(page: Page, username: str) -> PageResult:
    """List the people whom somebody follows, the latest follow first."""
    person = get_user(username, current_actor())
    return _page_of_follows(page, people_followed_by(person.id, before=page.after_id, limit=page.more, now=now()))


@bp.get("/me/following")
@bp.paginated(FollowedSchema, FollowedQuery)
def list_followed_things(page: Page) -> PageResult:
    """List the tags, boards or questions that the caller follows, the latest follow first; others cannot see them."""
    actor = current_actor()
    return _page_of_follows(
        page, subjects_followed_by(actor.id or 0, page["kind"], actor, before=page.after_id, limit=page.more)
    )


def _page_of_follows(page: Page, rows: list[Row]) -> PageResult:
    return page.of(rows, lambda row: (row.follow_id,))


@bp.get("/users/<username>/follow")
@bp.response(FollowStateSchema)
def read_person_follow(username: str) -> dict[str, bool]:
    """Get whether the caller follows somebody."""
    return _state(get_user(username, current_actor()))


@bp.put("/users/<username>/follow")
@bp.response(FollowStateSchema)
def follow_person(username: str) -> dict[str, bool]:
    """Follow somebody."""
    return _follow(get_user(username, current_actor()))


@bp.delete("/users/<username>/follow")
@bp.response(None)
@allowed_while_suspended
def unfollow_person(username: str) -> None:
    """Unfollow somebody."""
    _unfollow(get_user(username, current_actor()))


@bp.get("/tags/<name>/follow")
@bp.response(FollowStateSchema)
def read_tag_follow(name: str) -> dict[str, bool]:
    """Get whether the caller follows a tag."""
    return _state(get_tag(name, current_actor()))


@bp.put("/tags/<name>/follow")
@bp.response(FollowStateSchema)
def follow_tag(name: str) -> dict[str, bool]:
    """Follow a tag."""
    return _follow(get_tag(name, current_actor()))


@bp.delete("/tags/<name>/follow")
@bp.response(None)
@allowed_while_suspended
def unfollow_tag(name: str) -> None:
    """Unfollow a tag."""
    _unfollow(get_tag(name, current_actor()))


@bp.get("/boards/<slug>/follow")
@bp.response(FollowStateSchema)
def read_board_follow(slug: str) -> dict[str, bool]:
    """Get whether the caller follows a board."""
    return _state(get_board(slug, current_actor()))


@bp.put("/boards/<slug>/follow")
@bp.response(FollowStateSchema)
def follow_board(slug: str) -> dict[str, bool]:
    """Follow a board."""
    return _follow(get_board(slug, current_actor()))


@bp.delete("/boards/<slug>/follow")
@bp.response(None)
@allowed_while_suspended
def unfollow_board(slug: str) -> None:
    """Unfollow a board."""
    _unfollow(get_board(slug, current_actor()))


@bp.get("/posts/<int:post_id>/follow")
@bp.response(FollowStateSchema)
def read_question_follow(post_id: int) -> dict[str, bool]:
    """Get whether the caller follows a question."""
    return _state(get_question(post_id, current_actor()))


@bp.put("/posts/<int:post_id>/follow")
@bp.response(FollowStateSchema)
def follow_question(post_id: int) -> dict[str, bool]:
    """Follow another person's question."""
    return _follow(get_question(post_id, current_actor()))


@bp.delete("/posts/<int:post_id>/follow")
@bp.response(None)
@allowed_while_suspended
def unfollow_question(post_id: int) -> None:
    """Unfollow a question."""
    _unfollow(get_question(post_id, current_actor()))


def _state(subject: Followable) -> dict[str, bool]:
    target = target_of(subject)
    return {"is_following": is_following(current_actor(), target.kind, target.id)}


@limited_rate("follow")
def _follow(subject: Followable) -> dict[str, bool]:
    follow(subject, actor=current_actor(), now=now())
    return {"is_following": True}


@limited_rate("follow")
def _unfollow(subject: Followable) -> None:
    unfollow(subject, actor=current_actor())

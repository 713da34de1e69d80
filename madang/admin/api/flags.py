"""What people have flagged, for programs of moderators."""

from typing import Any

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.paging import Page, PageResult
from madang.core.web.actor import current_actor
from madang.moderation.operations.resolving import resolve_flags
from madang.moderation.queries import Thing, waiting_rows, with_flags
from madang.moderation.schemas import FlaggedSchema, VerdictSchema
from madang.posts.queries.posts import get_post

from .access import StaffBlueprint

bp = StaffBlueprint("admin_flags", description="What waits for the moderators.", for_moderators=True)


@bp.get("/admin/flags")
@bp.paginated(FlaggedSchema)
def list_flagged(page: Page) -> PageResult:
    """Posts and comments with open flags, whichever was flagged last first."""
    rows = waiting_rows(current_actor(), page.after_id, page.more)
    found = page.of(rows, lambda row: (row.id,))
    return PageResult(with_flags(found.rows), found.next_key)


@bp.put("/admin/flags/posts/<int:post_id>/verdict")
@bp.body(VerdictSchema)
@bp.response(None)
def settle_post_flags(wanted: dict[str, Any], post_id: int) -> None:
    """Decide about the open flags of a post."""
    _settle(get_post(post_id, current_actor()), wanted)


@bp.put("/admin/flags/comments/<int:comment_id>/verdict")
@bp.body(VerdictSchema)
@bp.response(None)
def settle_comment_flags(wanted: dict[str, Any], comment_id: int) -> None:
    """Decide about the open flags of a comment."""
    _settle(get_comment(comment_id, current_actor()), wanted)


def _settle(thing: Thing, wanted: dict[str, Any]) -> None:
    verdict, is_deleted = wanted["verdict"], wanted["delete"]
    resolve_flags(thing, verdict=verdict, is_deleted=is_deleted, actor=current_actor(), now=now())

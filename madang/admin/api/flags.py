"""Staff API of flags: list flagged posts and comments, and resolve their flags."""

from typing import TypedDict

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.moderation.operations.deletion_requests import resolve_deletion_request
from madang.moderation.operations.resolving import resolve_flags
from madang.moderation.queries import Flaggable, flagged_rows, load_flags
from madang.moderation.schemas import DeletionVerdictSchema, FlaggedSchema, VerdictSchema
from madang.posts.queries.posts import get_post

from .access import StaffBlueprint

bp = StaffBlueprint("admin_flags", description="Flagged posts and comments, for moderators.", for_moderators=True)


class Verdict(TypedDict):
    """The body that `VerdictSchema` loads."""

    verdict: str
    delete: bool


@bp.get("/admin/flags")
@bp.paginated(FlaggedSchema)
def list_flagged(page: Page) -> PageResult:
    """Posts and comments with open flags or a request for deletion, the last flagged first."""
    rows = flagged_rows(current_actor(), page.after_id, page.more)
    result = page.of(rows, lambda row: (row.id,))
    return PageResult(load_flags(result.rows), result.next_key)


@bp.put("/admin/flags/posts/<int:post_id>/verdict")
@bp.body(VerdictSchema)
@bp.response(None)
def settle_post_flags(payload: Verdict, post_id: int) -> None:
    """Resolve the open flags of a post."""
    _resolve(get_post(post_id, current_actor()), payload)


@bp.put("/admin/flags/comments/<int:comment_id>/verdict")
@bp.body(VerdictSchema)
@bp.response(None)
def settle_comment_flags(payload: Verdict, comment_id: int) -> None:
    """Resolve the open flags of a comment."""
    _resolve(get_comment(comment_id, current_actor()), payload)


def _resolve(subject: Flaggable, payload: Verdict) -> None:
    verdict, is_deleted = payload["verdict"], payload["delete"]
    resolve_flags(subject, verdict=verdict, is_deleted=is_deleted, actor=current_actor(), now=now())


@bp.put("/admin/flags/posts/<int:post_id>/deletion-request/verdict")
@bp.body(DeletionVerdictSchema)
@bp.response(None)
def settle_deletion_request(payload: dict[str, str], post_id: int) -> None:
    """Delete a question as its author asked, or decline this with a sentence."""
    resolve_deletion_request(get_post(post_id, current_actor()), **payload, actor=current_actor(), now=now())

"""Revisions of posts in the JSON API."""

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate

from ..operations.editing import revert_post
from ..queries.posts import get_full_row, get_post, require_visible_post
from ..queries.revisions import get_revision, get_revision_row, revisions_before
from ..schemas.posts import PostSchema
from ..schemas.revisions import RevisionSchema, RevisionSummarySchema

bp = ApiBlueprint("revisions", description="Revisions: the earlier texts of posts.")


@bp.get("/posts/<int:post_id>/revisions", public=True)
@bp.paginated(RevisionSummarySchema)
def list_revisions(page: Page, post_id: int) -> PageResult:
    """List the revisions of a post, the newest first. A post that was never edited has none."""
    require_visible_post(post_id, current_actor())
    rows = revisions_before(post_id, page.after_id, page.more)
    return page.of(rows, lambda row: (row.number,))


@bp.get("/posts/<int:post_id>/revisions/<int:number>", public=True)
@bp.response(RevisionSchema)
def get_one_revision(post_id: int, number: int) -> Row:
    """Read a revision and its changes since the previous one."""
    require_visible_post(post_id, current_actor())
    return get_revision_row(post_id, number)


@bp.post("/posts/<int:post_id>/revisions/<int:number>/revert")
@bp.response(PostSchema)
@limited_rate("post")
def revert_to_revision(post_id: int, number: int) -> Row:
    """Restore the text of a revision. This is an edit of its own, so it can be reverted too."""
    actor = current_actor()
    post = get_post(post_id, actor)
    revert_post(post, get_revision(post, number), actor=actor, now=now())
    return get_full_row(post_id, actor)

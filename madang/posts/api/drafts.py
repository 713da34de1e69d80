"""What somebody is writing, for programs: drafts, and how words will look."""

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.paging import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate

from ..operations.drafting import discard_draft, drafts_of, get_draft_row, save_draft
from ..operations.rendering import render_preview
from ..schemas.writing import DraftSchema, DraftWordsSchema, PreviewSchema, WordsSchema

bp = ApiBlueprint("drafts", description="What somebody is writing, kept until it is posted.")


@bp.get("/drafts")
@bp.paginated(DraftSchema)
def list_drafts(page: Page) -> PageResult:
    """One's drafts, all of them, the newest first."""
    return PageResult(drafts_of(current_actor()), None)


@bp.get("/drafts/<place>")
@bp.response(DraftSchema)
def get_draft(place: str) -> Row:
    """What one has been writing at a place."""
    return get_draft_row(current_actor(), place)


@bp.put("/drafts/<place>")
@bp.body(DraftWordsSchema)
@bp.response(None)
def set_draft(payload: dict[str, str], place: str) -> None:
    """Keep what one has typed so far in place of what was kept there. Pages show it where it is written."""
    limit_rate("draft")
    save_draft(current_actor(), place, payload, now=now())


@bp.delete("/drafts/<place>")
@bp.response(None)
def delete_draft(place: str) -> None:
    """Forget a draft."""
    discard_draft(current_actor(), place)


@bp.post("/preview", idempotent=False)
@bp.body(WordsSchema)
@bp.response(PreviewSchema)
def create_preview(payload: dict[str, str]) -> dict[str, str]:
    """What words will look like as a post or an answer. Nothing is kept."""
    limit_rate("preview")
    return {"body_html": render_preview(payload["body"])}

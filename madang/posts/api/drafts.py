"""Drafts and previews in the JSON API."""

from typing import TypedDict

from sqlalchemy import Row

from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.parsing import find_named
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate, limited_rate

from ..fragments.slots import part_names
from ..operations.drafting import discard_draft, drafts_of, get_draft_row, save_draft
from ..operations.rendering import render_preview
from ..schemas.writing import DraftSchema, DraftWordsSchema, PreviewSchema, WordsSchema

bp = ApiBlueprint("drafts", description="Drafts: texts that are stored until they are posted.")


@bp.get("/drafts")
@bp.paginated(DraftSchema)
def list_drafts(page: Page) -> PageResult:
    """List your drafts, the newest first."""
    return page.whole(drafts_of(current_actor()))


@bp.get("/drafts/<place>")
@bp.response(DraftSchema)
def get_draft(place: str) -> Row:
    """Read your draft for a place."""
    return get_draft_row(current_actor(), place)


class DraftPayload(TypedDict, total=False):
    """The fields of a draft: those of posts, and `parts` for those of other slices."""

    board: str
    title: str
    body: str
    tags: str
    parts: dict[str, str]


@bp.put("/drafts/<place>")
@bp.body(DraftWordsSchema)
@bp.response(None)
@limited_rate("draft")
def set_draft(payload: DraftPayload, place: str) -> None:
    """Store a draft; it replaces the one stored for that place. The form of that place shows it."""
    parts, names = payload.pop("parts", {}), part_names()
    if not parts.keys() <= set(names):
        raise InvalidInput(_("There are only these fields: %(fields)s.", fields=", ".join(names)), field="parts")
    fields = {name: str(text) for name, text in payload.items()} | parts
    save_draft(current_actor(), place, fields, now=now())


@bp.delete("/drafts/<place>")
@bp.response(None)
def delete_draft(place: str) -> None:
    """Delete a draft."""
    discard_draft(current_actor(), place)


@bp.post("/preview", idempotent=False)
@bp.body(WordsSchema)
@bp.response(PreviewSchema)
def create_preview(payload: dict[str, str]) -> dict[str, str]:
    """Render Markdown as it will look in a post or an answer. Nothing is stored."""
    limit_rate("preview")
    board = (
        find_named("board", payload["board"], lambda slug: get_board(slug, current_actor()))
        if payload["board"]
        else None
    )
    return {"body_html": render_preview(payload["body"], uses_math=board is not None and board.uses_math)}

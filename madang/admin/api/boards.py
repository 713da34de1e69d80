"""Staff API of boards: list, create, edit, order and delete."""

from dataclasses import fields

from flask import Response

from madang.boards.models import Board
from madang.boards.operations.managing import (
    BoardSettings,
    create_board,
    edit_board,
    get_managed_board_by_slug,
    managed_boards,
)
from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.parsing import find_named
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.jobs.fragments import accepted
from madang.jobs.schemas import JobSchema
from madang.posts.operations.clearing_boards import (
    archive_for_clearing,
    change_board_kind,
    check_board_deletion,
    delete_board,
)

from ..jobs import clear_board
from ..schemas.boards_and_tags import BoardRemovalQuery, EditedBoardSchema, ManagedBoardSchema, NewBoardSchema
from .access import StaffBlueprint
from .texts import Payload, errors_of_texts, texts_of

bp = StaffBlueprint("admin_boards", description="Board management, for administrators.")
EDITABLE_FIELDS = ("slug", "position", "is_archived")
SETTINGS = tuple(field.name for field in fields(BoardSettings))


def _get_unchanged(slug: str) -> Board:
    """The board, if it matches the caller's `If-Match`."""
    board = get_managed_board_by_slug(slug, current_actor())
    require_unchanged(ManagedBoardSchema, board)
    return board


@bp.get("/admin/boards")
@bp.paginated(ManagedBoardSchema)
def list_managed_boards(page: Page) -> PageResult:
    """All boards with their positions, in the order of the pages."""
    return page.whole(managed_boards(current_actor()))


@bp.post("/admin/boards")
@bp.body(NewBoardSchema)
@bp.response(ManagedBoardSchema, 201)
def create_one_board(payload: Payload) -> Created:
    """Create a board after the others."""
    with errors_of_texts(payload):
        board = create_board(
            actor=current_actor(),
            slug=payload["slug"],
            kind=payload["kind"],
            name=texts_of(payload, "name", {}),
            description=texts_of(payload, "description", {}),
            settings=BoardSettings(**{each: payload[each] for each in SETTINGS}),
            now=now(),
        )
    return Created(board, f"{PREFIX}/admin/boards/{board.slug}")


@bp.get("/admin/boards/<slug>")
@bp.response(ManagedBoardSchema)
def get_one_managed_board(slug: str) -> Board:
    """A board with its position."""
    return get_managed_board_by_slug(slug, current_actor())


@bp.patch("/admin/boards/<slug>", if_match=True)
@bp.body(EditedBoardSchema)
@bp.response(ManagedBoardSchema)
def edit_one_board(payload: Payload, slug: str) -> Board:
    """Change a board's name, address, description, kind, position or other settings; archive or reopen it."""
    board, actor = _get_unchanged(slug), current_actor()
    change_board_kind(board, payload.get("kind", board.kind), actor=actor)
    kept = {each: payload.get(each, getattr(board, each)) for each in EDITABLE_FIELDS}
    settings = BoardSettings(**{each: payload.get(each, getattr(board, each)) for each in SETTINGS})
    name, description = texts_of(payload, "name", board.names), texts_of(payload, "description", board.descriptions)
    with errors_of_texts(payload):
        edit_board(board, actor=actor, now=now(), name=name, description=description, settings=settings, **kept)
    return board


@bp.delete("/admin/boards/<slug>", if_match=True)
@bp.alt_response(202, schema=JobSchema, description="The job moves the posts and then deletes the board.")
@bp.query(BoardRemovalQuery)
@bp.response(None)
def delete_one_board(query: dict[str, str], slug: str) -> Response | None:
    """Delete an empty board, or start a job (202) that moves its posts to another board and then deletes it."""
    board, actor, other = _get_unchanged(slug), current_actor(), query["move_to"]
    target = find_named("move_to", other, lambda name: get_board(name, actor)) if other else None
    check_board_deletion(board, target, actor=actor)
    if target is None:
        delete_board(board, actor=actor)
        return None
    archive_for_clearing(board, target, actor=actor, now=now())
    return accepted(clear_board.enqueue(owner_id=actor.id, board_id=board.id, target_id=target.id, actor_id=actor.id))

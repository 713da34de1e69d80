"""Boards for programs. What stands on one: `GET /posts?board=`."""

from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.paging import Page, Slice
from madang.posts.queries.keyset import pinned_on
from madang.posts.schemas.posts import PostSummarySchema

from .models import Board
from .queries import get_board, nav_boards
from .schemas import BoardSchema

bp = ApiBlueprint("boards", description="The places where posts stand.")


@bp.get("/boards", public=True)
@bp.lists(BoardSchema)
def list_boards(page: Page) -> Slice:
    """All boards, in the order of the pages."""
    return Slice(nav_boards(), None)


@bp.get("/boards/<slug>", public=True)
@bp.shows(BoardSchema)
def get_one_board(slug: str) -> Board:
    """A board."""
    return get_board(slug)


@bp.get("/boards/<slug>/pinned", public=True)
@bp.lists(PostSummarySchema)
def list_pinned(page: Page, slug: str) -> Slice:
    """The posts that moderators keep at the top of a board, at most ten."""
    return Slice(pinned_on(get_board(slug).id), None)

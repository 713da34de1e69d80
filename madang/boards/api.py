"""Boards in the JSON API; their posts are at `GET /posts?board=`."""

from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.posts.queries.keyset import pinned_posts
from madang.posts.schemas.posts import PostSummarySchema

from .models import Board
from .queries import get_board, visible_boards
from .schemas import BoardSchema

bp = ApiBlueprint("boards", description="Boards, each for posts of one kind.")


@bp.get("/boards", public=True)
@bp.paginated(BoardSchema)
def list_boards(page: Page) -> PageResult:
    """List the boards that the caller may see, in the order of the navigation."""
    return page.whole(visible_boards(current_actor()))


@bp.get("/boards/<slug>", public=True)
@bp.response(BoardSchema)
def get_one_board(slug: str) -> Board:
    """Read a board."""
    return get_board(slug, current_actor())


@bp.get("/boards/<slug>/pinned", public=True)
@bp.paginated(PostSummarySchema)
def list_pinned(page: Page, slug: str) -> PageResult:
    """List the pinned posts of a board, at most ten."""
    return page.whole(pinned_posts(get_board(slug, current_actor()).id))

"""The left column of every page: boards, places and popular tags."""

from markupsafe import Markup

from madang.boards.queries import nav_boards
from madang.core.web.fragment_cache import fragment
from madang.tags.queries.tags import nav_tags

FIXED_PLACES = {"/questions", "/tags", "/users"}


def side_nav_at(place: str) -> Markup:
    """Render the left column with `place`, a path, marked as the current page."""
    boards, tags = tuple(nav_boards()), tuple(nav_tags())
    is_known = place in FIXED_PLACES or any(place == f"/boards/{board.slug}" for board in boards)
    return fragment("components/side_nav.html", "side_nav", boards, tags, place if is_known else "")

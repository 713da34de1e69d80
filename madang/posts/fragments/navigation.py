"""The left column of every page: boards, places and popular tags."""

from markupsafe import Markup

from madang.boards.queries import slug_of, visible_boards
from madang.core.web.actor import current_actor
from madang.core.web.fragment_cache import fragment
from madang.tags.queries.tags import nav_tags

from ..models import Post

FIXED_PLACES = ("/questions", "/tags", "/users")


def side_nav_at(place: str) -> Markup:
    """Render the left column with one entry marked as where the reader is: `place`, a path, or what it lies under."""
    actor = current_actor()
    boards, tags = tuple(visible_boards(actor)), tuple(nav_tags(actor))
    entries = (*(f"/boards/{board.slug}" for board in boards), *(f"/tags/{tag.name}" for tag in tags), *FIXED_PLACES)
    marked = next((entry for entry in entries if place == entry or place.startswith(f"{entry}/")), "")
    return fragment("components/side_nav.html", "side_nav", boards, tags, marked)


def place_of(post: Post) -> str:
    """The path of the board that the navigation marks on the pages about `post`."""
    return f"/boards/{slug_of(post.board_id)}"

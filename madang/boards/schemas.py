"""API schemas of boards."""

from madang.core.rest.schemas import Schema, boolean_field, integer_field, text_field

from .models import BOARD_KINDS
from .policies import EVERYONE, READERS


class BoardSchema(Schema):
    """A board for posts of one kind."""

    slug = text_field("The board's word in addresses.", "qa")
    kind = text_field(f"The kind of its posts: {', '.join(BOARD_KINDS)}.", "qa")
    name = text_field("Its name in the caller's language, or in another where it has none in that.", "Questions")
    description = text_field("What it is for, likewise.", "Ask, and answer others.")
    post_count = integer_field("The number of its posts.", 120)
    unanswered_count = integer_field("The number of its questions without an answer.", 4)
    is_archived = boolean_field("Whether it takes no new posts.", False)
    uses_math = boolean_field("Whether `$…$` and `$$…$$` in its texts are formulas in TeX.", False)
    readers = text_field(f"Who may see it: {', '.join(READERS)}.", EVERYONE)
    asks_before_vote = boolean_field("Whether pages ask before a vote counts; the API does not ask.", False)

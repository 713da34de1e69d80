"""API schemas of boards."""

from madang.core.rest.schemas import Schema, text, truth, whole

from .models import BOARD_KINDS


class BoardSchema(Schema):
    """A board for posts of one kind."""

    slug = text("The board's word in addresses.", "qa")
    kind = text(f"The kind of its posts: {', '.join(BOARD_KINDS)}.", "qa")
    name = text("The name that pages show.", "Questions")
    description = text("What it is for.", "Ask, and answer others.")
    post_count = whole("The number of its posts.", 120)
    unanswered_count = whole("The number of its questions without an answer.", 4)
    is_archived = truth("Whether it takes no new posts.", False)

"""The shape of boards in the API."""

from madang.core.rest.schemas import Schema, text, truth, whole

from .models import BOARD_KINDS


class BoardSchema(Schema):
    """A place for posts of one kind."""

    slug = text("The board's word in addresses.", "qa")
    kind = text(f"What stands on it: {', '.join(BOARD_KINDS)}.", "qa")
    name = text("What pages call it.", "Questions")
    description = text("What it is for.", "Ask, and answer others.")
    post_count = whole("How many posts stand on it.", 120)
    unanswered_count = whole("How many questions wait for an answer.", 4)
    is_archived = truth("Whether it takes no new posts.", False)

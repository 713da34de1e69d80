"""The shapes of boards and tags in the API, as staff manages them."""

from madang.boards.models import BOARD_KINDS
from madang.boards.schemas import BoardSchema
from madang.core.rest.schemas import ListQuery, Schema, choice, moment, text, texts, truth, whole
from madang.tags.queries.listing import ORDERS


class ManagedBoardSchema(BoardSchema):
    """A board, as administrators see it."""

    id = whole("Its number.", 2)
    position = whole("Its place in the list.", 1)
    archived_at = moment("Since when it takes no new posts.", allow_none=True)


class NewBoardSchema(Schema):
    """A board, behind the others."""

    slug = text("Its word in addresses.", "garden", required=True)
    kind = choice("What stands on it.", *BOARD_KINDS, required=True)
    name = text("What pages call it.", "Garden", required=True)
    description = text("What it is for.", "What grows.", load_default="")


class EditedBoardSchema(Schema):
    """What to change of a board; what is left out stays."""

    slug = text("Another word in addresses; the old one leads nowhere.", "garden")
    kind = choice("What stands on it, while nothing was ever written there.", *BOARD_KINDS)
    name = text("What pages call it.", "Garden")
    description = text("What it is for.", "What grows.")
    position = whole("Its place in the list.", 4)
    is_archived = truth("Whether it takes no new posts.", False)


class BoardRemovalQuery(Schema):
    """Where the posts of a board go."""

    move_to = text("A board of the same kind; a board without posts needs none.", "garden", load_default="")


class ManagedTagSchema(Schema):
    """A tag, as staff sees it."""

    id = whole("Its number.", 7)
    name = text("The tag.", "javascript")
    excerpt = text("What it is for, in one sentence.", "A language of the web.")
    synonyms = texts("Other words that mean it.", ["js"])
    post_count = whole("How many posts have it.", 42)
    follower_count = whole("How many people follow it.", 5)
    created_at = moment("When it was made.")


class ManagedTagQuery(ListQuery):
    """Which tags."""

    q = text("Only those that begin so.", "java", load_default="")
    sort = choice("The order.", *ORDERS, load_default="used")


class NamedTagSchema(Schema):
    """What a tag is called."""

    name = text("Letters, digits and + # . - in it.", "javascript", required=True)


class TagMergeSchema(Schema):
    """Which tag stays."""

    into = text("Its name.", "javascript", required=True)

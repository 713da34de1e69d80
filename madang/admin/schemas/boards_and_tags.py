"""API schemas of board and tag management."""

from madang.boards.models import BOARD_KINDS
from madang.boards.schemas import BoardSchema
from madang.core.rest.schemas import ListQuery, Schema, choice, moment, text, texts, truth, whole
from madang.tags.queries.listing import ORDERS


class ManagedBoardSchema(BoardSchema):
    """A board, as administrators see it."""

    id = whole("The board's id.", 2)
    position = whole("Its position in the list.", 1)
    archived_at = moment("Since when it takes no new posts.", allow_none=True)


class NewBoardSchema(Schema):
    """A board to create after the others."""

    slug = text("Its name in URLs.", "garden", required=True)
    kind = choice("The kind of its posts.", *BOARD_KINDS, required=True)
    name = text("The name that pages show.", "Garden", required=True)
    description = text("What it is for.", "What grows.", load_default="")


class EditedBoardSchema(Schema):
    """Changes of a board; fields left out stay."""

    slug = text("A new name in URLs; the old one does not redirect.", "garden")
    kind = choice("The kind of its posts; only while the board never had one.", *BOARD_KINDS)
    name = text("The name that pages show.", "Garden")
    description = text("What it is for.", "What grows.")
    position = whole("Its position in the list.", 4)
    is_archived = truth("Whether it takes no new posts.", False)


class BoardRemovalQuery(Schema):
    """Where to move the posts of a board."""

    move_to = text("A board of the same kind; a board without posts needs none.", "garden", load_default="")


class ManagedTagSchema(Schema):
    """A tag, as staff sees it."""

    id = whole("The tag's id.", 7)
    name = text("The tag.", "javascript")
    excerpt = text("What it is for, in one sentence.", "A language of the web.")
    synonyms = texts("Its synonyms.", ["js"])
    post_count = whole("How many posts have it.", 42)
    follower_count = whole("How many people follow it.", 5)
    created_at = moment("When it was created.")


class ManagedTagQuery(ListQuery):
    """Filter and order of the list of tags."""

    q = text("Only tags that begin with this.", "java", load_default="")
    sort = choice("The order.", *ORDERS, load_default="used")


class NamedTagSchema(Schema):
    """The name of a tag."""

    name = text("Letters, digits and + # . - in it.", "javascript", required=True)


class TagMergeSchema(Schema):
    """The tag to merge into."""

    into = text("Its name.", "javascript", required=True)

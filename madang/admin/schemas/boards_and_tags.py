"""API schemas of board and tag management."""

from madang.boards.models import BOARD_KINDS
from madang.boards.policies import EVERYONE, READERS
from madang.boards.schemas import BoardSchema
from madang.core.rest.schemas import (
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    integer_field,
    integer_list_field,
    language_map_field,
    moment_field,
    text_field,
    text_list_field,
)
from madang.tags.queries.listing import ORDERS

NAMES, NAMES_EXAMPLE = "The names by language.", {"ko": "텃밭", "en": "Garden"}
DESCRIPTIONS, DESCRIPTIONS_EXAMPLE = "The descriptions by language.", {"ko": "자라는 것들.", "en": "What grows."}
STAYS = "languages left out stay, and an empty text is removed"
MATH = "Whether `$…$` and `$$…$$` in its texts are formulas in TeX."
READERS_TEXT = "Who may see it and what stands on it; for others it does not exist."
GROUPS_TEXT = "The ids of the groups whose members may see it; empty unless `readers` is `groups`."
ASKS = "Whether pages ask before a vote counts; the API does not ask."


class ManagedBoardSchema(BoardSchema):
    """A board, as administrators see it."""

    id = integer_field("The board's id.", 2)
    names = language_map_field(NAMES, NAMES_EXAMPLE)
    descriptions = language_map_field(DESCRIPTIONS, DESCRIPTIONS_EXAMPLE)
    reader_group_ids = integer_list_field(GROUPS_TEXT, [3])
    position = integer_field("Its position in the list.", 1)
    archived_at = moment_field("Since when it takes no new posts.", allow_none=True)


class NewBoardSchema(Schema):
    """A board to create after the others."""

    slug = text_field("Its name in URLs.", "garden", required=True)
    kind = choice_field("The kind of its posts.", *BOARD_KINDS, required=True)
    name = text_field("Its name in the caller's language; needed where there are no `names`.", "Garden")
    names = language_map_field(NAMES, NAMES_EXAMPLE)
    description = text_field("What it is for, in the caller's language.", "What grows.")
    descriptions = language_map_field(DESCRIPTIONS, DESCRIPTIONS_EXAMPLE)
    uses_math = boolean_field(MATH, False, load_default=False)
    asks_before_vote = boolean_field(ASKS, False, load_default=False)
    readers = choice_field(READERS_TEXT, *READERS, load_default=EVERYONE)
    reader_group_ids = integer_list_field(GROUPS_TEXT, [3], load_default=[])


class EditedBoardSchema(Schema):
    """Changes of a board; fields left out stay."""

    slug = text_field("A new name in URLs; the old one does not redirect.", "garden")
    kind = choice_field("The kind of its posts; only while the board never had one.", *BOARD_KINDS)
    name = text_field("Its name in the caller's language.", "Garden")
    names = language_map_field(f"Names by language; {STAYS}.", NAMES_EXAMPLE)
    description = text_field("What it is for, in the caller's language.", "What grows.")
    descriptions = language_map_field(f"Descriptions by language; {STAYS}.", DESCRIPTIONS_EXAMPLE)
    position = integer_field("Its position in the list.", 4)
    is_archived = boolean_field("Whether it takes no new posts.", False)
    uses_math = boolean_field(MATH, False)
    asks_before_vote = boolean_field(ASKS, False)
    readers = choice_field(READERS_TEXT, *READERS)
    reader_group_ids = integer_list_field(GROUPS_TEXT, [3])


class BoardRemovalQuery(Schema):
    """Where to move the posts of a board."""

    move_to = text_field("A board of the same kind; a board without posts needs none.", "garden", load_default="")


class ManagedTagSchema(Schema):
    """A tag, as staff sees it."""

    id = integer_field("The tag's id.", 7)
    name = text_field("The tag.", "javascript")
    excerpt = text_field("What it is for, in one sentence.", "A language of the web.")
    synonyms = text_list_field("Its synonyms.", ["js"])
    post_count = integer_field("How many posts have it.", 42)
    follower_count = integer_field("How many people follow it.", 5)
    created_at = moment_field("When it was created.")


class ManagedTagQuery(ListQuery):
    """Filter and order of the list of tags."""

    q = text_field("Only tags that begin with this.", "java", load_default="")
    sort = choice_field("The order.", *ORDERS, load_default="used")


class NamedTagSchema(Schema):
    """The name of a tag."""

    name = text_field("Letters, digits and + # . - in it.", "javascript", required=True)


class TagMergeSchema(Schema):
    """The tag to merge into."""

    into = text_field("Its name.", "javascript", required=True)

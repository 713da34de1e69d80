"""API schemas of group management."""

from madang.core.rest.schemas import (
    Schema,
    boolean_field,
    choice_field,
    integer_field,
    language_map_field,
    moment_field,
    text_field,
    text_list_field,
)
from madang.groups.models import COLORS, GRAY, INVITATION, JOINING

NAMES, NAMES_EXAMPLE = "The names by language.", {"ko": "정원사", "en": "Gardeners"}
DESCRIPTIONS = "The descriptions by language."
DESCRIPTIONS_EXAMPLE = {"ko": "마당에 물을 주는 사람들.", "en": "Who waters the yard."}
STAYS = "languages left out stay, and an empty text is removed"
COLOR, JOINS = "The color of its badge.", "How people join."
BADGE, SHOWN = "Whether members have a badge.", "Whether everybody sees who its members are."
DOMAINS = "Domains of e-mail addresses; an account with a confirmed address of one of them is a member by that."


class ManagedGroupSchema(Schema):
    """A group, as administrators see it."""

    id = integer_field("The group's id.", 2)
    slug = text_field("The group's word in addresses.", "gardeners")
    name = text_field("Its name in the caller's language, or in another where it has none in that.", "Gardeners")
    names = language_map_field(NAMES, NAMES_EXAMPLE)
    description = text_field("What it is for, likewise.", "Who waters the yard.")
    descriptions = language_map_field(DESCRIPTIONS, DESCRIPTIONS_EXAMPLE)
    color = text_field(COLOR, "green")
    joining = text_field(JOINS, "request")
    shows_badge = boolean_field(BADGE, False)
    shows_members = boolean_field(SHOWN)
    email_domains = text_list_field(DOMAINS, ["example.org"])
    member_count = integer_field("How many members it has.", 12)
    created_at = moment_field("When it was created.")


class NewGroupSchema(Schema):
    """A group to create."""

    slug = text_field("Its name in URLs.", "gardeners", required=True)
    name = text_field("Its name in the caller's language; needed where there are no `names`.", "Gardeners")
    names = language_map_field(NAMES, NAMES_EXAMPLE)
    description = text_field("What it is for, in the caller's language.", "Who waters the yard.")
    descriptions = language_map_field(DESCRIPTIONS, DESCRIPTIONS_EXAMPLE)
    color = choice_field(COLOR, *COLORS, load_default=GRAY)
    joining = choice_field(JOINS, *JOINING, load_default=INVITATION)
    shows_badge = boolean_field(BADGE, False, load_default=False)
    shows_members = boolean_field(SHOWN, False, load_default=False)
    email_domains = text_list_field(DOMAINS, ["example.org"], load_default=list)


class EditedGroupSchema(Schema):
    """Changes of a group; fields left out stay."""

    slug = text_field("A new name in URLs; the old one does not redirect.", "gardeners")
    name = text_field("Its name in the caller's language.", "Gardeners")
    names = language_map_field(f"Names by language; {STAYS}.", NAMES_EXAMPLE)
    description = text_field("What it is for, in the caller's language.", "Who waters the yard.")
    descriptions = language_map_field(f"Descriptions by language; {STAYS}.", DESCRIPTIONS_EXAMPLE)
    color = choice_field(COLOR, *COLORS)
    joining = choice_field(JOINS, *JOINING)
    shows_badge = boolean_field(BADGE, False)
    shows_members = boolean_field(SHOWN)
    email_domains = text_list_field(DOMAINS, ["example.org"])

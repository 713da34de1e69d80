"""API schemas of groups, their members and requests."""

from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url
from madang.accounts.schemas import PersonSchema, staff_role_field
from madang.core.rest.schemas import (
    AtMost,
    Schema,
    boolean_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)

from .models import JOINING, NOTE_MAX
from .operations.people import MAX_AT_ONCE, MAX_NAMES


class GroupSchema(Schema):
    """A group, with what the caller is in it."""

    slug = text_field("The group's word in addresses.", "gardeners")
    name = text_field("Its name in the caller's language, or in another where it has none in that.", "Gardeners")
    description = text_field("What it is for, likewise.", "Who waters the yard.")
    color = text_field("The color of its badge: `gray`, `green`, `amber` or `red`.", "green")
    joining = text_field(f"How people join: {', '.join(f'`{each}`' for each in JOINING)}.", "request")
    shows_badge = boolean_field(
        "Whether a badge stands beside the names of its members, on their profiles and cards.", False
    )
    shows_members = boolean_field("Whether everybody sees who its members are.", True)
    member_count = integer_field("How many members it has; null for a built-in group.", 12, allow_none=True)
    is_built_in = boolean_field("Whether it is computed from what an account is, and has no members of its own.", False)
    is_member = boolean_field("Whether the caller is a member.", True)
    is_owner = boolean_field("Whether the caller is an owner.", False)
    has_asked = boolean_field("Whether the caller has asked to join and waits for an answer.", False)
    is_invited = boolean_field("Whether the caller is invited.", False)
    note = text_field("The word that came with the caller's request or invitation; empty without one.", "Come in!")
    created_at = moment_field("When it was created; null for a built-in group.", allow_none=True)


class GroupOfPersonSchema(Schema):
    """A group on a profile."""

    slug = text_field("The group's word in addresses.", "gardeners")
    name = text_field("Its name in the caller's language, or in another where it has none in that.", "Gardeners")
    color = text_field("The color of its badge: `gray`, `green`, `amber` or `red`.", "green")
    shows_badge = boolean_field("Whether a badge stands beside the person's name.", True)


def _picture(row: Row) -> str | None:
    return avatar_url(row.avatar_file)


class PersonInGroupSchema(PersonSchema):
    """A person, from the columns of a row."""

    avatar_url = computed_field(
        text_field("The picture, if there is one.", "/files/5f0c.webp", allow_none=True), _picture
    )
    staff_role = staff_role_field()


class GroupMemberSchema(PersonInGroupSchema):
    """A member of a group."""

    is_owner = boolean_field("Whether they are an owner.", False)
    origin = text_field("How they came: `added`, `joined`, `requested` or `domain`.", "joined")
    created_at = moment_field("Since when they are a member.")


class MembershipRequestSchema(PersonInGroupSchema):
    """A person who has asked to join a group, or is invited."""

    is_invitation = boolean_field("Whether an owner invited them; else they have asked.", False)
    note = text_field("The word that came with it.", "I water the pine.")
    created_at = moment_field("When it was sent.")


class OwnershipSchema(Schema):
    """Whether a member is an owner."""

    is_owner = boolean_field("Whether the member is an owner from now on.")


class NewRequestSchema(Schema):
    """A request to join a group."""

    note = text_field("A word to the owners.", "I water the pine.", load_default="", validate=AtMost(NOTE_MAX))


class NewMembersSchema(Schema):
    """People to add to a group."""

    usernames = text_list_field(
        f"Their usernames, at most {MAX_NAMES:,}. More than {MAX_AT_ONCE} are added by a job.", ["ann"], required=True
    )


class NewInvitationsSchema(Schema):
    """People to invite to a group."""

    usernames = text_list_field(f"Their usernames, at most {MAX_AT_ONCE}.", ["ann"], required=True)
    note = text_field("A word to them.", "Come in!", load_default="", validate=AtMost(NOTE_MAX))


class PeopleSchema(Schema):
    """Whom a call has added or invited; those for whom it changed nothing are missing."""

    usernames = text_list_field("Their usernames.", ["ann"])

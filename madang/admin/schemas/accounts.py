"""API schemas of account management, the staff log and the settings."""

from madang.accounts.models import ROLES
from madang.accounts.queries.directory import ORDERS, STATES
from madang.core.rest.schemas import (
    Between,
    ListQuery,
    OneOfLater,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    integer_field,
    integer_map_field,
    moment_field,
    query_integer_field,
    text_field,
)
from madang.core.web.ids import MAX_ID

from ..queries import KINDS
from ..sentences import all_staff_verbs, staff_action_details, subject_words, verb_words

CONTENT_CHOICES = ("keep", "remove")


class AccountSchema(Schema):
    """An account, as administrators see it."""

    id = integer_field("The account's id.", 3)
    username = text_field("The name in addresses.", "ann")
    display_name = text_field("The name that pages show.", "Ann")
    email = text_field("The e-mail address; imported accounts have none.", "ann@example.org", allow_none=True)
    is_email_confirmed = computed_field(
        boolean_field("Whether the address was confirmed."), lambda user: user.email_confirmed_at is not None
    )
    role = text_field(f"{', '.join(ROLES)}.", "member")
    reputation = integer_field("The sum over votes and acceptances.", 120)
    suspended_until = moment_field("The end of the suspension; a moment in the past means none.", allow_none=True)
    suspended_reason = text_field("Why.", "Too loud at night", allow_none=True)
    created_at = moment_field("When they joined.")
    last_seen_at = moment_field("When they were last here, to ten minutes.", allow_none=True)


class AccountQuery(ListQuery):
    """Filters and order of the list of accounts."""

    q = text_field("Only accounts whose username, display name or address begins with this.", "ann", load_default="")
    role = choice_field("Only accounts with this role.", *ROLES, load_default=None)
    state = choice_field("Only accounts that are suspended now, or that are not.", *STATES, load_default=None)
    sort = choice_field("The order.", *ORDERS, load_default="newest")


class NewAccountSchema(Schema):
    """An account to create for somebody."""

    username = text_field("3 to 30 letters, digits, and single _ . - between them.", "newcomer", required=True)
    display_name = text_field("The name that pages show; empty for the username.", "New Comer", load_default="")
    email = text_field("The e-mail address.", "newcomer@example.org", required=True)
    role = choice_field("The role.", *ROLES, load_default="member")


class EditedAccountSchema(Schema):
    """Changes of an account; fields left out stay."""

    username = text_field("A new username; the old one redirects to it.", "annie")
    display_name = text_field("The name that pages show.", "Annie")
    email = text_field("A new, unconfirmed address; the old one is notified.", "annie@example.org", allow_none=True)
    role = choice_field("The role, effective from the next request.", *ROLES)


class SuspensionSchema(Schema):
    """A suspension: the person can read but not write until it ends."""

    reason = text_field("Why; shown to the person.", "Too loud at night", required=True)
    until = moment_field("When it ends.", required=True)


class NewPasswordLinkSchema(Schema):
    """A link that sets an account's password, to create."""

    is_mailed = boolean_field(
        "Whether to mail it to the account's address instead of returning it.", False, load_default=False
    )


class PasswordLinkSchema(Schema):
    """A link that sets an account's password, returned this once."""

    url = text_field("The link, valid for two days; null if it is mailed.", "/auth/reset/WzE", allow_none=True)


class RemovalQuery(Schema):
    """Why an account is deleted, and whether its content is."""

    reason = text_field("Why, in a few words; recorded in the staff log.", "Sells watches", load_default="")
    content = choice_field(
        'Keep it under "deleted user", or remove it by a job.', *CONTENT_CHOICES, load_default="keep"
    )


class MergeSchema(Schema):
    """The account to merge into."""

    into = text_field("Its username.", "ann", required=True)


class ConsequencesSchema(Schema):
    """How much visible content an account has."""

    counts = integer_map_field(
        "How many posts and answers, comments, votes, and whatever else can be removed.",
        {"posts": 12, "comments": 30, "votes": 41},
    )


class StaffDeedSchema(Schema):
    """A staff action."""

    id = integer_field("The id of the entry.", 8)
    actor_id = integer_field("The id of the person who did it; null for a command.", 2, allow_none=True)
    actor = computed_field(
        text_field("Their username; null if the account is deleted.", "dan", allow_none=True),
        lambda row: row.actor_username if row.actor_deleted_at is None else None,
    )
    verb = text_field("What was done, as an identifier.", "close_post")
    verb_words = computed_field(
        text_field("What was done, in words.", "Question closed"), lambda row: verb_words(row.verb)
    )
    kind = text_field(f"The kind of subject: {', '.join(KINDS)}.", "post")
    subject_id = integer_field("The id of the subject.", 12, allow_none=True)
    about = computed_field(text_field("The subject, in words.", "Post no. 12"), subject_words)
    reason = text_field("The reason that was given.", "")
    details = computed_field(
        text_field("What else is known.", ""), lambda row: staff_action_details(row.verb, row.payload)
    )
    created_at = moment_field("When it was done.")


class StaffLogQuery(ListQuery):
    """Filters of the staff log."""

    actor = text_field("Only actions of this person, by username or address.", "dan", load_default="")
    verb = text_field("Only this action.", "close_post", validate=OneOfLater(all_staff_verbs), load_default=None)
    kind = choice_field("Only actions with subjects of this kind.", *KINDS, load_default=None)
    subject_id = query_integer_field(
        "Only actions with the subject of this id and `kind`.",
        12,
        load_default=None,
        validate=Between(1, MAX_ID),
    )

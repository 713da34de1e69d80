"""API schemas of account management, the staff log and the settings."""

from madang.accounts.models import ROLES
from madang.accounts.queries.directory import ORDERS, STATES
from madang.core.rest.schemas import Between, ListQuery, Schema, choice, computed, counted, moment, text, truth, whole
from madang.core.web.ids import LARGEST_ID

from ..queries import KINDS
from ..sentences import VERBS, staff_action_details, subject_words, verb_words

CONTENT_CHOICES = ("keep", "remove")


class AccountSchema(Schema):
    """An account, as administrators see it."""

    id = whole("The account's id.", 3)
    username = text("The name in addresses.", "ann")
    display_name = text("The name that pages show.", "Ann")
    email = text("The e-mail address; imported accounts have none.", "ann@example.org", allow_none=True)
    is_email_confirmed = computed(
        truth("Whether the address was confirmed."), lambda user: user.email_confirmed_at is not None
    )
    role = text(f"{', '.join(ROLES)}.", "member")
    reputation = whole("The sum over votes and acceptances.", 120)
    suspended_until = moment("The end of the suspension; a moment in the past means none.", allow_none=True)
    suspended_reason = text("Why.", "Too loud at night", allow_none=True)
    created_at = moment("When they joined.")
    last_seen_at = moment("When they were last here, to ten minutes.", allow_none=True)


class AccountQuery(ListQuery):
    """Filters and order of the list of accounts."""

    q = text("Only accounts whose username, display name or address begins with this.", "ann", load_default="")
    role = choice("Only accounts with this role.", *ROLES, load_default=None)
    state = choice("Only accounts that are suspended now, or that are not.", *STATES, load_default=None)
    sort = choice("The order.", *ORDERS, load_default="newest")


class NewAccountSchema(Schema):
    """An account to create for somebody."""

    username = text("3 to 30 letters, digits, and single _ . - between them.", "newcomer", required=True)
    display_name = text("The name that pages show; empty for the username.", "New Comer", load_default="")
    email = text("The e-mail address.", "newcomer@example.org", required=True)
    role = choice("The role.", *ROLES, load_default="member")


class EditedAccountSchema(Schema):
    """Changes of an account; fields left out stay."""

    username = text("A new username; the old one redirects to it.", "annie")
    display_name = text("The name that pages show.", "Annie")
    email = text("A new, unconfirmed address; the old one is notified.", "annie@example.org", allow_none=True)
    role = choice("The role, effective from the next request.", *ROLES)


class SuspensionSchema(Schema):
    """A suspension: the person can read but not write until it ends."""

    reason = text("Why; shown to the person.", "Too loud at night", required=True)
    until = moment("When it ends.", required=True)


class NewPasswordLinkSchema(Schema):
    """A link that sets an account's password, to create."""

    is_mailed = truth("Whether to mail it to the account's address instead of returning it.", False, load_default=False)


class PasswordLinkSchema(Schema):
    """A link that sets an account's password, returned this once."""

    url = text("The link, valid for two days; null if it is mailed.", "/auth/reset/WzE", allow_none=True)


class RemovalQuery(Schema):
    """Why an account is deleted, and whether its content is."""

    reason = text("Why, in a few words; recorded in the staff log.", "Sells watches", load_default="")
    content = choice('Keep it under "deleted user", or remove it by a job.', *CONTENT_CHOICES, load_default="keep")


class MergeSchema(Schema):
    """The account to merge into."""

    into = text("Its username.", "ann", required=True)


class ConsequencesSchema(Schema):
    """How much visible content an account has."""

    posts = whole("How many posts and answers.", 12)
    comments = whole("How many comments.", 30)
    votes = whole("How many votes.", 41)


class StaffDeedSchema(Schema):
    """A staff action."""

    id = whole("The id of the entry.", 8)
    actor_id = whole("The id of the person who did it; null for a command.", 2, allow_none=True)
    actor = computed(
        text("Their username; null if the account is deleted.", "dan", allow_none=True),
        lambda row: row.actor_username if row.actor_deleted_at is None else None,
    )
    verb = text("What was done, as an identifier.", "close_post")
    verb_words = computed(text("What was done, in words.", "Question closed"), lambda row: verb_words(row.verb))
    kind = text(f"The kind of subject: {', '.join(KINDS)}.", "post")
    subject_id = whole("The id of the subject.", 12, allow_none=True)
    about = computed(text("The subject, in words.", "Post no. 12"), subject_words)
    reason = text("The reason that was given.", "")
    details = computed(text("What else is known.", ""), lambda row: staff_action_details(row.verb, row.payload))
    created_at = moment("When it was done.")


class StaffLogQuery(ListQuery):
    """Filters of the staff log."""

    actor = text("Only actions of this person, by username or address.", "dan", load_default="")
    verb = choice("Only this action.", *VERBS, load_default=None)
    kind = choice("Only actions with subjects of this kind.", *KINDS, load_default=None)
    subject_id = counted(
        "Only actions with the subject of this id and `kind`.",
        12,
        load_default=None,
        validate=Between(1, LARGEST_ID),
    )


class SettingSchema(Schema):
    """A setting of the site."""

    name = text("The variable that sets it.", "MADANG_SITE_NAME")
    kind = text("The type of its value.", "text")
    meaning = text("What it is for, in English.", "Name of the site.")
    default = text("The default value.", "Madang")
    value = text("The current value; secrets are masked.", "Yard")

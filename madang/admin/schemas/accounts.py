"""The shapes of administration in the API: accounts, and what staff does with them."""

from madang.accounts.models import ROLES
from madang.accounts.queries.directory import ORDERS, STATES
from madang.core.rest.schemas import Between, ListQuery, Schema, choice, computed, counted, moment, text, truth, whole
from madang.core.web.ids import LARGEST_ID

from ..queries import KINDS
from ..sentences import VERBS, about_words, details_of, verb_words

CONTENTS = ("keep", "remove")


class AccountSchema(Schema):
    """An account, as administrators see it."""

    id = whole("Its number.", 3)
    username = text("The name in addresses.", "ann")
    display_name = text("What pages call the person.", "Ann")
    email = text("The e-mail address; imported accounts have none.", "ann@example.org", allow_none=True)
    is_email_confirmed = computed(
        truth("Whether the address was confirmed."), lambda user: user.email_confirmed_at is not None
    )
    role = text(f"{', '.join(ROLES)}.", "member")
    reputation = whole("The sum over votes and acceptances.", 120)
    suspended_until = moment("Until when the person can only read; one that is over means nothing.", allow_none=True)
    suspended_reason = text("Why.", "Too loud at night", allow_none=True)
    created_at = moment("When they joined.")
    last_seen_at = moment("When they were last here, to ten minutes.", allow_none=True)


class AccountQuery(ListQuery):
    """Which accounts."""

    q = text("Only those whose username, display name or address begins so.", "ann", load_default="")
    role = choice("Only those with this role.", *ROLES, load_default=None)
    state = choice("Only those who are suspended at present, or who are not.", *STATES, load_default=None)
    sort = choice("The order.", *ORDERS, load_default="newest")


class NewAccountSchema(Schema):
    """An account for somebody."""

    username = text("3 to 30 letters, digits, and single _ . - between them.", "newcomer", required=True)
    display_name = text("What pages call the person; empty for the username.", "New Comer", load_default="")
    email = text("The e-mail address.", "newcomer@example.org", required=True)
    role = choice("What the person may do.", *ROLES, load_default="member")


class EditedAccountSchema(Schema):
    """What to change of an account; what is left out stays."""

    username = text("Another name; the old one leads to it.", "annie")
    display_name = text("What pages call the person.", "Annie")
    email = text("Another address, not confirmed; the old one is told of it.", "annie@example.org", allow_none=True)
    role = choice("What the person may do, from the next click on.", *ROLES)


class SuspensionSchema(Schema):
    """Letting somebody write nothing for a time."""

    reason = text("Why; the person reads it.", "Too loud at night", required=True)
    until = moment("When it ends.", required=True)


class NewPasswordLinkSchema(Schema):
    """A link that sets somebody's password."""

    is_mailed = truth("Whether to send it to the account's address instead of showing it.", False, load_default=False)


class PasswordLinkSchema(Schema):
    """A link that sets somebody's password, shown this once."""

    url = text("The link, good for two days; null where it goes by mail.", "/auth/reset/WzE", allow_none=True)


class RemovalQuery(Schema):
    """Why an account goes, and what becomes of what was written by it."""

    reason = text("Why, in a few words; it stands in the staff log.", "Sells watches", load_default="")
    content = choice('Keep it under "deleted user", or remove it by a job.', *CONTENTS, load_default="keep")


class MergeSchema(Schema):
    """Which account stays."""

    into = text("Its username.", "ann", required=True)


class ConsequencesSchema(Schema):
    """What an account has written and can be seen."""

    posts = whole("How many posts and answers.", 12)
    comments = whole("How many comments.", 30)
    votes = whole("How many votes.", 41)


class StaffDeedSchema(Schema):
    """Something that staff did."""

    id = whole("Its number in the log.", 8)
    actor_id = whole("The number of whoever did it; null for a command.", 2, allow_none=True)
    actor = computed(
        text("Their username, if they have one still.", "dan", allow_none=True),
        lambda row: row.actor_username if row.actor_deleted_at is None else None,
    )
    verb = text("What was done, for programs.", "close_post")
    verb_words = computed(text("The same in words.", "Question closed"), lambda row: verb_words(row.verb))
    kind = text(f"What it was done with: {', '.join(KINDS)}.", "post")
    subject_id = whole("The number of that.", 12, allow_none=True)
    about = computed(text("That in words.", "Post no. 12"), about_words)
    reason = text("The reason that was given.", "")
    details = computed(text("What else is known.", ""), lambda row: details_of(row.verb, row.payload))
    created_at = moment("When it was done.")


class StaffLogQuery(ListQuery):
    """Which deeds."""

    actor = text("Only those of this person, by username or address.", "dan", load_default="")
    verb = choice("Only this.", *VERBS, load_default=None)
    kind = choice("Only with things of this kind.", *KINDS, load_default=None)
    subject_id = counted(
        "Only with the thing of this number, of that kind.", 12, load_default=None, validate=Between(1, LARGEST_ID)
    )


class SettingSchema(Schema):
    """A setting of the site."""

    name = text("The variable that sets it.", "MADANG_SITE_NAME")
    kind = text("What its values are.", "text")
    meaning = text("What it is for, in English.", "Name of the site.")
    default = text("What it is unless it is set.", "Madang")
    value = text("What it is at present; secrets are hidden.", "Yard")

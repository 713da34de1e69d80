"""The shapes of people in the API."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields

from madang.core.rest.schemas import ListQuery, Schema, choice, computed, moment, text, texts, truth, whole
from madang.core.storage.pictures import url_of

from .queries.people import SORTS
from .queries.users import avatar_url
from .sentences import browser_in_words


class PersonSchema(Schema):
    """Whoever wrote something; without a username where there is no profile any more."""

    username = text("The name in addresses.", "ann", allow_none=True)
    display_name = text("What pages call them.", "Ann", allow_none=True)
    avatar_url = text("The picture, if there is one.", "/files/5f0c.webp", allow_none=True)


def _picture(user: Any) -> str | None:
    return avatar_url(user.avatar_file)


class UserSummarySchema(PersonSchema):
    """Somebody in a list of people."""

    id = whole("Their number.", 3)
    location = text("Where they are.", "Seoul")
    avatar_url = computed(text("The picture, if there is one.", "/files/5f0c.webp", allow_none=True), _picture)
    reputation = whole("The sum over votes and acceptances.", 120)
    question_count = whole("Questions asked.", 3)
    answer_count = whole("Answers given.", 8)
    created_at = moment("When they joined.")


def author(**options: Any) -> Any:
    """The field of whoever wrote a row that has the columns `queries.AUTHOR`."""
    return computed(fields.Nested(PersonSchema, **options), _author)


def _author(row: Any) -> dict[str, Any]:
    if row.author_username is None or row.author_is_deleted:
        return {"username": None, "display_name": row.author_name, "avatar_url": None}
    return {
        "username": row.author_username,
        "display_name": row.author_display_name,
        "avatar_url": url_of(row.author_avatar_file) if row.author_avatar_file else None,
    }


class UserSchema(UserSummarySchema):
    """Somebody's profile."""

    comment_count = whole("Comments written.", 12)
    accepted_count = whole("Answers that were accepted.", 2)
    bio = text("About themselves, as Markdown.", "I like yards.")
    bio_html = text("The same as HTML that is safe to show.", "<p>I like yards.</p>")
    website = text("Their own site.", "https://example.org")


class MeSchema(UserSchema):
    """One's own account, as only its owner sees it; or a guest's, whose username is the handle."""

    email = text("The e-mail address; a guest has none.", "ann@example.org", allow_none=True)
    is_email_confirmed = computed(
        truth("Whether the address was confirmed."), lambda user: user.email_confirmed_at is not None
    )
    role = text("`member`, `moderator`, `admin`, or `guest`.", "member")
    locale = text("The language of pages and mails.", "ko", allow_none=True)
    timezone = text("The time zone.", "Asia/Seoul", allow_none=True)
    unread_message_count = whole("Messages that wait.", 0)
    unread_notification_count = whole("Notifications that wait.", 2)


class RegistrationSchema(Schema):
    """A new account."""

    username = text("3 to 30 letters, digits, and single _ . - between them.", "newcomer", required=True)
    email = text("An e-mail address.", "newcomer@example.org", required=True)
    password = text("At least 10 characters, and not a common one.", "seven lanterns over water", required=True)


class LoginSchema(Schema):
    """Who logs in."""

    username = text("Username or e-mail address.", "ann", required=True)
    password = text("The password.", "seven lanterns over water", required=True)


class TokenPairSchema(Schema):
    """What a program shows with each call, and what it gets a new one with."""

    access_token = text("Send this as `Authorization: Bearer ...`.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")
    refresh_token = text("Send this to `/auth/refresh`, once.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lo")
    token_type = text("Always Bearer.", "Bearer")
    expires_in = whole("Seconds until the access token expires.", 900)


class NewAccessTokenSchema(Schema):
    """A personal token to make."""

    name = text("What you know it by.", "backup script", required=True)
    scopes = texts("What it may be used for.", ["read"], required=True)
    days = whole("How many days it lives; without it until it is taken back.", 90, load_default=None, allow_none=True)


class AccessTokenSchema(Schema):
    """A personal token, without its secret."""

    id = whole("Its number.", 4)
    name = text("What its owner knows it by.", "backup script")
    scopes = computed(texts("What it may be used for.", ["read"]), lambda token: token.scopes.split())
    created_at = moment("When it was made.")
    last_used_at = moment("When it was last used, to ten minutes.", allow_none=True)
    expires_at = moment("When it ends.", allow_none=True)


class MadeAccessTokenSchema(Schema):
    """A personal token just made: its secret is shown this once."""

    token = fields.Nested(AccessTokenSchema)
    secret = text("Send this as `Authorization: Bearer ...`.", "madang_4tYc1n0")


class PeopleQuery(ListQuery):
    """Which people."""

    q = text("Only those whose name has this in it.", "ann", load_default="")
    sort = choice("The order.", *SORTS, load_default=SORTS[0])


class UserRemovalQuery(Schema):
    """Why an account goes."""

    reason = text("Why; it stands in the staff log.", "Sells watches", load_default="")


class WrittenCommentSchema(Schema):
    """A comment in the list of what somebody wrote."""

    id = whole("The comment's number.", 31)
    post_id = whole("What it is about: a post or an answer.", 12)
    title = text("The title of the page that it stands on.", "How do I move a yard?")
    body_html = text("The words as HTML that is safe to show.", "<p>Which yard do you mean?</p>")
    score = whole("Votes for it.", 1)
    created_at = moment("When it was written.")


class ReceivedVotesSchema(Schema):
    """The votes on what somebody wrote, of one kind."""

    kind = text("`question`, `answer`, `comment`, or another kind of post.", "question")
    up = whole("Votes up.", 8)
    down = whole("Votes down.", 1)


class EditedMeSchema(Schema):
    """What to change of one's profile and preferences; what is left out stays."""

    display_name = text("What pages call one; empty for the username.", "Ann")
    bio = text("About oneself, as Markdown.", "I like yards.")
    website = text("One's own site.", "https://example.org")
    location = text("Where one is.", "Seoul")
    locale = text("`ko` or `en`; null for the browser's.", "ko", allow_none=True)
    timezone = text("A time zone; null for the site's.", "Asia/Seoul", allow_none=True)


class AvatarSchema(Schema):
    """A new picture of oneself."""

    file = Upload(
        required=True, metadata={"description": "PNG, JPEG, GIF or WebP.", "type": "string", "example": "ann.png"}
    )


class NewEmailSchema(Schema):
    """Another address."""

    email = text("The new address.", "ann@example.net", required=True)
    current_password = text("The password.", "seven lanterns over water", required=True)


class NewPasswordSchema(Schema):
    """Another password."""

    current_password = text("The password until now.", "seven lanterns over water", required=True)
    password = text("At least 10 characters, and not a common one.", "other lanterns under water", required=True)


class FarewellSchema(Schema):
    """Leaving for good."""

    current_password = text("The password.", "seven lanterns over water", required=True)


class SessionSchema(Schema):
    """Where one is logged in."""

    id = whole("The session's number.", 7)
    browser = computed(
        text("The browser or program, in words.", "Firefox on Linux"), lambda row: browser_in_words(row.user_agent)
    )
    user_agent = text("What it calls itself.", "Mozilla/5.0")
    ip_address = text("Where it came from.", "192.0.2.7")
    created_at = moment("When it began.")
    last_used_at = moment("When it was last used, to ten minutes.")
    expires_at = moment("When it ends if nobody uses it.")


class ForgottenSchema(Schema):
    """Whose password is forgotten."""

    email = text("The address of the account.", "ann@example.org", required=True)


class ResetSchema(Schema):
    """A new password for whoever has the link of a mail."""

    token = text("The last part of the link.", "WzEsInNlYWwiXQ.aR-1.c2ln", required=True)
    password = text("At least 10 characters, and not a common one.", "other lanterns under water", required=True)


class ConfirmationSchema(Schema):
    """An address whose mail one reads."""

    token = text("The last part of the link.", "WzEsInNlYWwiXQ.aR-1.c2ln", required=True)

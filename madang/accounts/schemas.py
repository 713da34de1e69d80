"""API schemas of accounts: people, sign-up, tokens, sessions, settings."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, validates_schema
from sqlalchemy import Row

from madang.core.actor import staff_role
from madang.core.i18n import _
from madang.core.rest.schemas import (
    AtMost,
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    integer_field,
    moment_field,
    text_field,
    text_list_field,
)
from madang.core.storage.pictures import url_of

from .models import EMAIL_MAX, PASSWORD_MAX, User
from .queries.people import ORDERS
from .queries.users import avatar_url
from .sentences import browser_in_words

TICKET_MAX = 500


def staff_role_field() -> fields.String:
    """The field `staff_role` of an object with a `role`."""
    names = text_field("`moderator` or `admin` for staff, null for others.", "moderator", allow_none=True)
    return computed_field(names, lambda person: staff_role(person.role))


class PersonSchema(Schema):
    """The author of something; `username` is null if the account was deleted or never existed."""

    username = text_field("The name in addresses.", "ann", allow_none=True)
    display_name = text_field("The name that pages show.", "Ann", allow_none=True)
    avatar_url = text_field("The picture, if there is one.", "/files/5f0c.webp", allow_none=True)
    staff_role = text_field("`moderator` or `admin` for staff, null for others.", "moderator", allow_none=True)


def _picture(user: User | Row) -> str | None:
    return avatar_url(user.avatar_file)


class UserSummarySchema(PersonSchema):
    """A person in a list."""

    id = integer_field("The person's id.", 3)
    location = text_field("The person's location.", "Seoul")
    avatar_url = computed_field(
        text_field("The picture, if there is one.", "/files/5f0c.webp", allow_none=True), _picture
    )
    staff_role = staff_role_field()
    reputation = integer_field("The sum over votes and acceptances.", 120)
    question_count = integer_field("Questions asked.", 3)
    answer_count = integer_field("Answers given.", 8)
    created_at = moment_field("When they joined.")


def author(**options: Any) -> Any:
    """The field of the author of a row that has the columns `queries.users.AUTHOR`."""
    return computed_field(fields.Nested(PersonSchema, **options), _author)


def _author(row: Row) -> dict[str, str | None]:
    if row.author_username is None or row.author_is_deleted:
        return {"username": None, "display_name": row.author_name, "avatar_url": None, "staff_role": None}
    return {
        "username": row.author_username,
        "display_name": row.author_display_name,
        "avatar_url": url_of(row.author_avatar_file) if row.author_avatar_file else None,
        "staff_role": staff_role(row.author_role),
    }


class UserSchema(UserSummarySchema):
    """A person's profile."""

    comment_count = integer_field("Comments written.", 12)
    accepted_count = integer_field("Answers that were accepted.", 2)
    bio = text_field("The biography, as Markdown.", "I like yards.")
    bio_html = text_field("The biography as safe HTML.", "<p>I like yards.</p>")
    website = text_field("The person's own website.", "https://example.org")


class MeSchema(UserSchema):
    """The caller's own account, as only its owner sees it; or a guest's, whose username is the handle."""

    email = text_field("The e-mail address; a guest has none.", "ann@example.org", allow_none=True)
    is_email_confirmed = computed_field(
        boolean_field("Whether the address was confirmed."), lambda user: user.email_confirmed_at is not None
    )
    role = text_field("`member`, `moderator`, `admin`, or `guest`.", "member")
    locale = text_field("The language of pages and mails.", "ko", allow_none=True)
    timezone = text_field("The time zone.", "Asia/Seoul", allow_none=True)
    unread_message_count = integer_field("The number of unread messages.", 0)
    unread_notification_count = integer_field("The number of unread notifications.", 2)


class RegistrationSchema(Schema):
    """An account to create."""

    username = text_field(
        "3 (2 with Hangul, Han, Kana) to 30 letters, digits, single _ . - inside; not like a number or handle. "
        "Without it: the letters and digits before the @ of the address, with a number behind if need be.",
        "newcomer",
        load_default=None,
    )
    email = text_field("An e-mail address.", "newcomer@example.org", required=True)
    password = text_field("At least 10 characters, and not a common one.", "seven lanterns over water", required=True)


class LoginSchema(Schema):
    """Credentials to log in with: a password, and either `username` or `email`."""

    username = text_field("Username or e-mail address.", "ann", load_default=None, validate=AtMost(EMAIL_MAX))
    email = text_field("E-mail address.", "ann@example.org", load_default=None, validate=AtMost(EMAIL_MAX))
    password = text_field("The password.", "seven lanterns over water", required=True, validate=AtMost(PASSWORD_MAX))
    ticket = text_field(
        "The ticket of an answer that said to wait.",
        "WyI0ZjFhIl0.c2ln",
        load_default="",
        validate=AtMost(TICKET_MAX),
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _require_one_name(self, _loaded: object, sent: Mapping[str, object], **_options: object) -> None:
        """Require `username` or `email`, and only one of them: they could name two accounts."""
        username, email = sent.get("username"), sent.get("email")
        if username is None and email is None:
            raise ValidationError(_("Please send a username or an e-mail address."), "username")
        if username is not None and email is not None:
            raise ValidationError(_("Please send either a username or an e-mail address."), "email")
        if isinstance(email, str) and "@" not in email:
            raise ValidationError(_("This does not look like an e-mail address. Please check it."), "email")


class TokenPairSchema(Schema):
    """The token that authenticates calls, and the token that it is renewed with."""

    access_token = text_field("Send this as `Authorization: Bearer ...`.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")
    refresh_token = text_field("Send this to `/auth/refresh`, once.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lo")
    token_type = text_field("Always Bearer.", "Bearer")
    expires_in = integer_field("Seconds until the access token expires.", 900)


class NewAccessTokenSchema(Schema):
    """A personal token to create."""

    name = text_field("A name to recognise it by.", "backup script", required=True)
    scopes = text_list_field("What it may be used for.", ["read"], required=True)
    days = integer_field("How many days it is valid; null for no expiry.", 90, load_default=None, allow_none=True)


class AccessTokenSchema(Schema):
    """A personal token, without its secret."""

    id = integer_field("The token's id.", 4)
    name = text_field("The name that its owner gave it.", "backup script")
    scopes = computed_field(text_list_field("What it may be used for.", ["read"]), lambda token: token.scopes.split())
    created_at = moment_field("When it was created.")
    last_used_at = moment_field("When it was last used, to ten minutes.", allow_none=True)
    expires_at = moment_field("When it expires.", allow_none=True)


class MadeAccessTokenSchema(Schema):
    """A personal token just created. Its secret is only in this response."""

    token = fields.Nested(AccessTokenSchema)
    secret = text_field("Send this as `Authorization: Bearer ...`.", "madang_4tYc1n0")


class PeopleQuery(ListQuery):
    """Filter and order of the list of people."""

    q = text_field("Only people whose name contains this.", "ann", load_default="")
    sort = choice_field("The order.", *ORDERS, load_default="reputation")


class UserRemovalQuery(Schema):
    """Why an account is deleted."""

    reason = text_field("Why; recorded in the staff log.", "Sells watches", load_default="")


class WrittenCommentSchema(Schema):
    """A comment in the list of a person's comments."""

    id = integer_field("The comment's id.", 31)
    post_id = integer_field("The id of the post or answer that it belongs to.", 12)
    title = text_field("The title of the page that shows it.", "How do I move a yard?")
    body_html = text_field("The text as safe HTML.", "<p>Which yard do you mean?</p>")
    score = integer_field("Votes for it.", 1)
    created_at = moment_field("When it was written.")


class ReceivedVotesSchema(Schema):
    """The votes on what a person wrote, of one kind."""

    kind = text_field("`question`, `answer`, `comment`, or another kind of post.", "question")
    up = integer_field("Votes up.", 8)
    down = integer_field("Votes down.", 1)


class EditedMeSchema(Schema):
    """Changes of the caller's profile and preferences; fields left out stay."""

    display_name = text_field("The name that pages show; empty for the username.", "Ann")
    bio = text_field("The biography, as Markdown.", "I like yards.")
    website = text_field("The caller's own website.", "https://example.org")
    location = text_field("The caller's location.", "Seoul")
    locale = text_field("`ko` or `en`; null for the browser's.", "ko", allow_none=True)
    timezone = text_field("A time zone; null for the site's.", "Asia/Seoul", allow_none=True)


class AvatarSchema(Schema):
    """A new picture of the caller."""

    file = Upload(
        required=True, metadata={"description": "PNG, JPEG, GIF or WebP.", "type": "string", "example": "ann.png"}
    )


class NewEmailSchema(Schema):
    """A new e-mail address."""

    email = text_field("The new address.", "ann@example.net", required=True)
    current_password = text_field("The current password.", "seven lanterns over water", required=True)


class NewPasswordSchema(Schema):
    """A new password."""

    current_password = text_field("The current password.", "seven lanterns over water", required=True)
    password = text_field("At least 10 characters, and not a common one.", "other lanterns under water", required=True)
    revokes_tokens = boolean_field("Whether your personal tokens are revoked too.", load_default=True)


class FarewellSchema(Schema):
    """Confirmation that the account is to be deleted."""

    current_password = text_field("The current password.", "seven lanterns over water", required=True)


class SessionSchema(Schema):
    """An open session of the caller."""

    id = integer_field("The session's id.", 7)
    browser = computed_field(
        text_field("The browser or program, in words.", "Firefox on Linux"),
        lambda row: browser_in_words(row.user_agent),
    )
    user_agent = text_field("The header `User-Agent`.", "Mozilla/5.0")
    ip_address = text_field("The IP address at log-in.", "192.0.2.7")
    created_at = moment_field("When it began.")
    last_used_at = moment_field("When it was last used, to ten minutes.")
    expires_at = moment_field("When it expires unless it is used.")


class ForgottenSchema(Schema):
    """The account whose password was forgotten."""

    email = text_field("The address of the account.", "ann@example.org", required=True)


class ResetSchema(Schema):
    """A new password, set with the token from a mailed link."""

    token = text_field("The last part of the link.", "WzEsInNlYWwiXQ.aR-1.c2ln", required=True)
    password = text_field("At least 10 characters, and not a common one.", "other lanterns under water", required=True)


class ConfirmationSchema(Schema):
    """Confirmation of an e-mail address with the token from a mailed link."""

    token = text_field("The last part of the link.", "WzEsInNlYWwiXQ.aR-1.c2ln", required=True)

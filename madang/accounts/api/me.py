"""API routes of the caller's own account: profile, preferences, sessions, personal tokens, deletion."""

from typing import TypedDict

from werkzeug.datastructures import FileStorage

from madang.core.clock import now
from madang.core.errors import NotFound
from madang.core.rest.access import ACCOUNT
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate, limited_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import host_of_request

from ..jobs import enqueue_email_link
from ..models import User
from ..operations.access_tokens import make_access_token, revoke_access_token
from ..operations.deletion import delete_account
from ..operations.guests import delete_guest
from ..operations.profiles import edit_profile, remove_avatar, set_avatar, set_preferences
from ..operations.recovery import change_password, check_email_change
from ..operations.sessions import end_other_sessions, end_session
from ..queries.actors import access_tokens_of, sessions_of
from ..queries.users import account_of
from ..schemas import (
    AccessTokenSchema,
    AvatarSchema,
    EditedMeSchema,
    FarewellSchema,
    MadeAccessTokenSchema,
    MeSchema,
    NewAccessTokenSchema,
    NewEmailSchema,
    NewPasswordSchema,
    SessionSchema,
)
from ..views.login_limits import password_within_limits
from ..views.sessions import close_session

bp = ApiBlueprint("me", description="The caller's own account, its sessions and its tokens.")
PROFILE_FIELDS = ("display_name", "bio", "website", "location")
PREFERENCE_FIELDS = ("locale", "timezone")


class NewAccessToken(TypedDict):
    """The body that `NewAccessTokenSchema` loads."""

    name: str
    scopes: list[str]
    days: int | None


@bp.get("/me", guests=True)
@bp.response(MeSchema)
def get_me() -> User:
    """The caller's own account."""
    return account_of(current_actor())


@bp.patch("/me", if_match=True)
@bp.body(EditedMeSchema)
@bp.response(MeSchema)
def edit_me(payload: dict[str, str | None]) -> User:
    """Change the caller's profile, language and time zone."""
    actor, user = current_actor(), account_of(current_actor())
    require_unchanged(MeSchema, user)
    if payload.keys() & set(PROFILE_FIELDS):
        with limited_rate("post"):
            edit_profile(user, actor=actor, **{name: payload.get(name, getattr(user, name)) for name in PROFILE_FIELDS})
    if payload.keys() & set(PREFERENCE_FIELDS):
        set_preferences(user, **{name: payload.get(name, getattr(user, name)) or "" for name in PREFERENCE_FIELDS})
    return user


@bp.delete("/me", fresh=True)
@bp.body(FarewellSchema)
@bp.response(None)
@allowed_while_suspended
def delete_me(payload: dict[str, str]) -> None:
    """Delete the caller's account. Its posts and comments stay, under "deleted user"."""
    limit_rate("login")
    user = account_of(current_actor())
    with password_within_limits(user):
        delete_account(user, **payload, now=now())
    close_session()


@bp.delete("/me/handle", guests=True)
@bp.alt_response(404)
@bp.response(None)
def drop_handle() -> None:
    """Delete the guest that calls, with everything that belongs to it. The next visit creates a new guest."""
    if not delete_guest(current_actor().id or 0):
        raise NotFound
    close_session()


@bp.put("/me/avatar")
@bp.files_body(AvatarSchema)
@bp.response(MeSchema)
def replace_avatar(payload: dict[str, FileStorage]) -> User:
    """Set the caller's picture."""
    limit_rate("upload")
    user = account_of(current_actor())
    set_avatar(user, payload["file"].stream, actor=current_actor())
    return user


@bp.delete("/me/avatar")
@bp.response(None)
def delete_avatar() -> None:
    """Remove the caller's picture; the one drawn from the name is shown again."""
    remove_avatar(account_of(current_actor()))


@bp.put("/me/email", fresh=True)
@bp.body(NewEmailSchema)
@bp.response(MeSchema, 202)
def replace_email(payload: dict[str, str]) -> User:
    """Request another e-mail address. It changes when the link in the mail to it is confirmed.

    Where mails can be sent, the answer does not say whether another account has the address: its owner gets a mail.
    """
    limit_rate("login")
    user = account_of(current_actor())
    with password_within_limits(user):
        email = check_email_change(user, **payload)
    limit_rate("mail")
    enqueue_email_link(user, email, host_of_request(), purpose="change")
    return user


@bp.post("/me/email/confirmations")
@bp.response(None)
@allowed_while_suspended
def send_confirmation() -> None:
    """Send the link that confirms the caller's address again; does nothing if the address is confirmed."""
    limit_rate("mail")
    user = account_of(current_actor())
    if user.email and user.email_confirmed_at is None:
        enqueue_email_link(user, user.email, host_of_request(), purpose="resend")


class PasswordPayload(TypedDict):
    current_password: str
    password: str
    revokes_tokens: bool


@bp.put("/me/password", fresh=True)
@bp.body(NewPasswordSchema)
@bp.response(None)
@allowed_while_suspended
def replace_password(payload: PasswordPayload) -> None:
    """Set a new password. Every other session ends, and unless `revokes_tokens` is false every personal token too."""
    limit_rate("login")
    actor, user = current_actor(), account_of(current_actor())
    with password_within_limits(user):
        change_password(user, **payload, password2=payload["password"], session_id=actor.session_id)


@bp.get("/me/sessions", scope=ACCOUNT)
@bp.paginated(SessionSchema)
def list_sessions(page: Page) -> PageResult:
    """The caller's open sessions, the last used first."""
    return page.whole(sessions_of(current_actor().id or 0))


@bp.delete("/me/sessions", scope=ACCOUNT)
@bp.response(None)
@allowed_while_suspended
def end_sessions() -> None:
    """End every session except the one of this call."""
    actor = current_actor()
    end_other_sessions(actor.id or 0, besides=actor.session_id)


@bp.delete("/me/sessions/<int:session_id>", scope=ACCOUNT)
@bp.response(None)
@allowed_while_suspended
def end_one_session(session_id: int) -> None:
    """End one session, which logs its browser or program out."""
    if not end_session(session_id, user_id=current_actor().id or 0):
        raise NotFound


@bp.get("/me/tokens", fresh=True)
@bp.paginated(AccessTokenSchema)
def list_tokens(page: Page) -> PageResult:
    """The caller's personal tokens, without their secrets."""
    return page.whole(access_tokens_of(current_actor().id or 0))


@bp.post("/me/tokens", fresh=True, idempotent=False)
@bp.body(NewAccessTokenSchema)
@bp.response(MadeAccessTokenSchema, 201)
def create_token(payload: NewAccessToken) -> Created:
    """Create a personal token. Only this response contains its secret."""
    token, secret = make_access_token(actor=current_actor(), **payload, now=now())
    return Created({"token": token, "secret": secret}, f"{PREFIX}/me/tokens")


@bp.delete("/me/tokens/<int:token_id>", fresh=True)
@bp.response(None)
@allowed_while_suspended
def revoke_token(token_id: int) -> None:
    """Revoke a personal token."""
    revoke_access_token(token_id, actor=current_actor())

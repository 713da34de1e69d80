"""API routes: sign up, log in, refresh tokens, log out."""

from typing import TypedDict

from madang.core.clock import now
from madang.core.errors import InvalidInput, require
from madang.core.i18n import _, current_locale
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limit_rate
from madang.core.web.suspension import allowed_while_suspended

from ..operations.addresses import confirms_addresses
from ..operations.naming import username_from
from ..operations.sessions import end_session
from ..operations.signing_up import sign_up
from ..schemas import LoginSchema, MeSchema, RegistrationSchema, TokenPairSchema
from ..views.login_limits import log_in_within_limits
from .credentials import TokenPair, WrongCredentials, open_api_session, refresh_api_session

bp = ApiBlueprint("auth", description="Signing up, and the tokens that authenticate calls.")


class RegistrationPayload(TypedDict):
    username: str | None
    email: str
    password: str


class LoginPayload(TypedDict):
    username: str | None
    email: str | None
    password: str
    ticket: str


@bp.post("/auth/register", public=True, idempotent=False)
@bp.body(RegistrationSchema)
@bp.response(MeSchema, 201)
def register(payload: RegistrationPayload) -> Created:
    """Create an account. Where mails can be sent, its address counts once the link mailed to it is confirmed.

    Without `username` it gets a free one, made of what stands before the @ of the address: send one if that should stay
    private, since usernames are public.

    The answer does not say whether another account has the address: its owner gets a mail that says so.
    """
    require(setting("SIGNUP_OPEN"), _("Sign-up is closed right now. Please ask an administrator."))
    limit_rate("signup", by_address=True)
    email, password = payload["email"], payload["password"]
    user = sign_up(
        username=username_from(email) if payload["username"] is None else payload["username"],
        email=email,
        password=password,
        password2=password,
        locale=current_locale(),
        now=now(),
        confirms_address=confirms_addresses(),
    )
    return Created(user, f"{PREFIX}/users/{user.username}")


@bp.post("/auth/login", public=True, idempotent=False)
@bp.body(LoginSchema)
@bp.response(TokenPairSchema)
@allowed_while_suspended
def create_tokens(payload: LoginPayload) -> TokenPair:
    """Log in with `username` or `email`. Returns an access and a refresh token.

    The access token is fresh, for routes that require a recent password.

    After many tries the answer is 429 with `code` `wait_required` and a `ticket`: send the same call with it after the
    seconds in `Retry-After`.
    """
    try:
        login = payload["username"] or payload["email"] or ""
        user = log_in_within_limits(login=login, password=payload["password"], ticket=payload["ticket"])
    except InvalidInput as error:
        raise WrongCredentials(error.message) from error
    return open_api_session(user)


@bp.post("/auth/refresh", public=True, idempotent=False)
@bp.response(TokenPairSchema)
@allowed_while_suspended
def refresh_tokens() -> TokenPair:
    """Exchange a refresh token, sent as `Authorization: Bearer`, for new tokens.

    Each refresh token works once. A second use means that somebody copied it: its session ends, and all tokens of the
    session are revoked.
    """
    return refresh_api_session()


@bp.post("/auth/logout", idempotent=False)
@bp.response(None)
@allowed_while_suspended
def log_out() -> None:
    """End the session that the token belongs to, which revokes its access and refresh tokens."""
    actor = current_actor()
    if actor.session_id is not None:
        end_session(actor.session_id, user_id=actor.id or 0)

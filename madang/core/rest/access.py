"""Access control of API routes: credentials, scopes, call limits, accepted media types."""

from dataclasses import dataclass

from flask import g, request

from madang.core.errors import Forbidden, InvalidInput, MadangError, Unauthenticated
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.rate_limits import count_use, rate_limited
from madang.core.web.request_limits import network_of

from ..settings import setting

READ, WRITE, MESSAGES, ACCOUNT, ADMIN = "read", "write", "messages", "account", "admin"
READ_METHODS = ("GET", "HEAD")
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Credential:
    """How the caller is authenticated. `kind` is "session", "jwt", "token" (a personal one), "basic" or "none".

    `scopes` None allows everything that the account may do.
    """

    kind: str
    scopes: frozenset[str] | None = None
    is_fresh: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """What a route requires of its callers, and which headers it supports.

    `scope` is what a personal token needs; None means `read` or `write`, by the method. `is_fresh` requires a recent
    log-in with a password. `idempotent` routes support Idempotency-Key on POST; `if_match` ones call
    `require_unchanged`, which says which routes these are.
    """

    is_public: bool = False
    for_guests: bool = False
    scope: str | None = None
    is_fresh: bool = False
    idempotent: bool = True
    if_match: bool = False

    def scope_of(self, method: str) -> str:
        return self.scope or (READ if method in READ_METHODS else WRITE)


class InsufficientScope(Forbidden):
    code = "insufficient_scope"


class FreshTokenRequired(Unauthenticated):
    code = "fresh_token_required"


class NotAcceptable(MadangError):
    code = "not_acceptable"
    status = 406


def current_credential() -> Credential:
    """Return the credential of the current request."""
    current: Credential | None = g.get("credential")
    if current is None:
        current = g.credential = Credential("session" if current_actor().has_identity else "none")
    return current


def may_read_messages() -> bool:
    """Whether the credential of the current request may read private messages: a personal token only with its scope."""
    scopes = current_credential().scopes
    return scopes is None or MESSAGES in scopes


def caller() -> str:
    """Return the key under which calls are counted: the account, or the network of an anonymous visitor."""
    actor = current_actor()
    return account_key(actor.id) if actor.id is not None else f"net:{network_of(request.remote_addr or '')}"


def account_key(user_id: int) -> str:
    """The key of `caller` for an account."""
    return f"user:{user_id}"


def check_access(access: Access) -> None:
    """Check that the caller may call a route with this `access`, and count the call.

    Raises `NotAcceptable`, `RateLimited`, `Unauthenticated`, `InsufficientScope` or `FreshTokenRequired`.
    """
    _check_accept_header()
    _count_call()
    actor, current = current_actor(), current_credential()
    if not access.is_public and (actor.id is None or (actor.is_guest and not access.for_guests)):
        raise Unauthenticated(_("Please send an access token, or log in."))
    needed = access.scope_of(request.method)
    if current.scopes is not None and needed not in current.scopes:
        raise InsufficientScope(
            _("This token is not allowed to do that: it needs the scope “%(scope)s”.", scope=needed)
        )
    if access.is_fresh and current.kind == "token" and needed != ADMIN:
        raise InsufficientScope(_("Personal tokens are not allowed to do that. Please log in with your password."))
    if access.is_fresh and not current.is_fresh:
        raise FreshTokenRequired(_("Please log in with your password again to do this."))


def _check_accept_header() -> None:
    if request.headers.get("Accept", "*/*") == "*/*":
        return
    if not any(request.accept_mimetypes.quality(kind) for kind in (JSON, PROBLEM)):
        raise NotAcceptable(_("This address answers with JSON only. Please accept application/json."))


def _count_call() -> None:
    """Count one call against API_LIMIT. By account, since a new token or session would otherwise start a new count."""
    limit = setting("API_LIMIT")
    if not limit:
        return
    item, left, seconds = count_use(limit, "api", caller())
    g.rate = (item, max(0, left), seconds)
    if left < 0:
        raise rate_limited(seconds)


def rate_headers() -> dict[str, str]:
    """Return the headers that say how many calls are left (IETF draft "RateLimit header fields for HTTP")."""
    if "rate" not in g:
        return {}
    item, left, seconds = g.rate
    return {
        "RateLimit-Policy": f'"api";q={item.amount};w={item.get_expiry()}',
        "RateLimit": f'"api";r={left};t={seconds}',
    }


def refuse_unknown_query(known: frozenset[str]) -> None:
    """Raise `InvalidInput` for unknown query parameters: a mistyped filter would otherwise match everything."""
    unknown = [name for name in request.args if name not in known]
    if unknown:
        raise InvalidInput(fields=dict.fromkeys(unknown, _("This parameter is unknown.")))

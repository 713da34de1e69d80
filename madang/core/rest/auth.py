"""Who calls the API, and whether they may call this."""

from dataclasses import dataclass

from flask import current_app, g, request

from madang.core.errors import Forbidden, InvalidInput, MadangError, RateLimited, Unauthenticated
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.limits import network_of
from madang.core.web.rate_limits import count_use

READ, WRITE, MESSAGES, ADMIN = "read", "write", "messages", "admin"
READING = ("GET", "HEAD")
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Credential:
    """How somebody has shown who they are: by the browser's `session`, a `jwt`, a personal `token`, or `basic`.

    Without `scopes` they may do all that their account may.
    """

    kind: str
    scopes: frozenset[str] | None = None
    is_fresh: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its callers.

    `scope` is what a personal token needs; None stands for `read` or `write`, by the method. `is_fresh` asks for a
    password that was typed lately. Guests may call what is `for_guests`. What `heeds_match` calls `require_unchanged`.
    """

    is_public: bool = False
    for_guests: bool = False
    scope: str | None = None
    is_fresh: bool = False
    idempotent: bool = True
    if_match: bool = False

    def scope_of(self, method: str) -> str:
        return self.scope or (READ if method in READING else WRITE)


class InsufficientScope(Forbidden):
    code = "insufficient_scope"


class FreshTokenRequired(Unauthenticated):
    code = "fresh_token_required"


class NotAcceptable(MadangError):
    code = "not_acceptable"
    status = 406


def credential() -> Credential:
    """How the one who asks in this request came."""
    found = g.get("credential")
    if found is None:
        found = g.credential = Credential("session" if current_actor().has_identity else "none")
    return found


def caller() -> str:
    """Who calls, whatever shows it: a person, or the network of a visitor."""
    actor = current_actor()
    return f"user:{actor.id}" if actor.id is not None else f"net:{network_of(request.remote_addr or '')}"


def admit(access: Access) -> None:
    """Let the caller in, or raise what is wrong with them."""
    _accept()
    _count()
    actor, shown = current_actor(), credential()
    if not access.is_public and (actor.id is None or (actor.is_guest and not access.for_guests)):
        raise Unauthenticated(_("Please send an access token, or log in."))
    needed = access.scope_of(request.method)
    if shown.scopes is not None and needed not in shown.scopes:
        raise InsufficientScope(_("This token may not do that: it needs the scope “%(scope)s”.", scope=needed))
    if access.is_fresh and shown.kind == "token" and needed != ADMIN:
        raise InsufficientScope(_("A personal token may not do that. Please log in with your password."))
    if access.is_fresh and not shown.is_fresh:
        raise FreshTokenRequired(_("Please log in with your password again for this."))


def _accept() -> None:
    if request.headers.get("Accept", "*/*") == "*/*":
        return
    if not any(request.accept_mimetypes.quality(kind) for kind in (JSON, PROBLEM)):
        raise NotAcceptable(_("This address answers with JSON only. Please accept application/json."))


def _count() -> None:
    """Count one call of this caller; the answer will say how many are left.

    By the person: who makes a token or logs in once more would else begin a new count.
    """
    limit = current_app.config["API_LIMIT"]
    if not limit:
        return
    item, left, seconds = count_use(limit, "api", caller())
    g.rate = (item, max(0, left), seconds)
    if left < 0:
        raise RateLimited(
            _("That was too often. Please try again in %(seconds)s seconds.", seconds=seconds), retry_after=seconds
        )


def rate_headers() -> dict[str, str]:
    """How many calls are left, as the IETF's draft "RateLimit header fields for HTTP" says it."""
    if "rate" not in g:
        return {}
    item, left, seconds = g.rate
    return {
        "RateLimit-Policy": f'"api";q={item.amount};w={item.get_expiry()}',
        "RateLimit": f'"api";r={left};t={seconds}',
    }


def refuse_unknown_query(known: frozenset[str]) -> None:
    """Refuse what an address does not know in its query: a mistyped filter would else find everything."""
    unknown = [name for name in request.args if name not in known]
    if unknown:
        raise InvalidInput(fields=dict.fromkeys(unknown, _("This address does not know this name.")))

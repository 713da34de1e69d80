"""The browser's login session: open, renew and close it; create guests."""

from flask import current_app, request, session
from flask_login import login_user, logout_user

from madang.core.actor import GUEST
from madang.core.clock import now
from madang.core.errors import Forbidden
from madang.core.i18n import _, current_locale
from madang.core.settings import setting
from madang.core.web.actor import commit_early, current_actor
from madang.core.web.constants import API, BARE_ENDPOINTS
from madang.core.web.request_limits import limit_rate
from madang.core.web.request_log import log_log_in
from madang.core.web.urls import safe_path

from ..models import SESSION_RENEWED_AFTER, User
from ..operations.guests import make_guest, open_guest
from ..operations.sessions import end_session, renew_session, start_session
from ..queries.actors import get_actor_by_token
from .login_limits import remember_browser

FLASHES_KEY = "_flashes"  # Flask's session key for flashed messages
NEXT_KEY = "next"  # the session key of the path that the link in a mail leads on to, in this browser
MAX_NEXT = 500  # what a cookie has room for


def open_session(user: User, *, is_remembered: bool) -> None:
    """Log this browser in as `user`. Ends its previous session and clears the cookie."""
    close_session()
    token = start_session(
        user,
        now=now(),
        lifetime=current_app.permanent_session_lifetime,
        is_remembered=is_remembered,
        user_agent=request.headers.get("User-Agent", ""),
        ip_address=request.remote_addr or "",
    )
    session.permanent = is_remembered
    login_user(get_actor_by_token(token))
    if user.role != GUEST:
        remember_browser(user)
        log_log_in(user.id)


def ensure_identity() -> None:
    """Create a guest for an actor without an identity, or open the guest named by `?username=` where that is allowed.

    Flashed messages stay. Raises `Forbidden` and `InvalidInput` (username) for a name that cannot be opened.
    """
    actor, flashes = current_actor(), session.get(FLASHES_KEY)
    requested_handle = _requested_handle()
    if requested_handle and requested_handle.upper() != actor.username.upper():
        _open_guest_by_link(requested_handle)
    elif not actor.has_identity:
        limit_rate("guest", by_address=True)
        open_session(make_guest(now=now(), locale=current_locale()), is_remembered=True)
    if flashes and FLASHES_KEY not in session:
        session[FLASHES_KEY] = flashes


def open_guest_of_query() -> None:
    """Open the guest named by `?username=` on any page, where that is allowed. Raises as `ensure_identity` does."""
    is_page = request.endpoint not in (None, *BARE_ENDPOINTS) and not request.path.startswith(API)
    # The settings last: they may be in the database, which most requests need not ask for this.
    if is_page and _requested_handle() and setting("FEATURE_GUESTS") and setting("GUEST_LOGIN_BY_LINK"):
        ensure_identity()
        commit_early()  # the cookie refers to the guest's row


def _requested_handle() -> str:
    return request.args.get("username", "") if request.method in ("GET", "HEAD") else ""


def _open_guest_by_link(handle: str) -> None:
    if current_actor().is_authenticated:
        raise Forbidden(_("You are logged in. To open a guest's handle, please log out first."))
    if not (setting("FEATURE_GUESTS") and setting("GUEST_LOGIN_BY_LINK")):
        raise Forbidden(_("Guest handles cannot be opened by a link on this site."))
    limit_rate("guest", by_address=True)
    open_session(open_guest(handle, now=now(), locale=current_locale()), is_remembered=True)


def keep_next_path(path: str) -> None:
    """Keep where this browser wanted to go until the link in a mail is followed. Call after `open_session`."""
    if path and path != "/" and len(path) <= MAX_NEXT:
        session[NEXT_KEY] = path


def take_next_path() -> str | None:
    """Return the kept path, and forget it. Call before `open_session`, which clears the session."""
    return safe_path(session.pop(NEXT_KEY, None))


def close_session() -> None:
    """Log this browser out and end its session on the server."""
    actor = current_actor()
    if actor.session_id is not None and actor.id is not None:
        end_session(actor.session_id, user_id=actor.id)
    logout_user()
    session.clear()


def keep_session_alive() -> None:
    """Extend the session of this request, and its cookie, at most every ten minutes."""
    actor = current_actor()
    if actor.session_id is None or actor.id is None or actor.session_used_at is None:
        return
    if now() - actor.session_used_at < SESSION_RENEWED_AFTER:
        return
    renew_session(
        actor.session_id,
        user_id=actor.id,
        used_at=actor.session_used_at,
        now=now(),
        lifetime=current_app.permanent_session_lifetime,
    )
    session.modified = True

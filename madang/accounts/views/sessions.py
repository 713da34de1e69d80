"""Sessions of the browser: opening, renewing and ending the one that asks."""

from flask import current_app, request, session
from flask_login import login_user, logout_user

from madang.core.clock import now
from madang.core.errors import Forbidden
from madang.core.i18n import _, current_locale
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate

from ..models import SESSION_RENEWED_AFTER, User
from ..operations.guests import make_guest, open_guest
from ..operations.sessions import end_session, renew_session, start_session
from ..queries.actors import get_actor_by_token

FLASHES = "_flashes"  # where Flask keeps what it has to say on the next page


def open_session(user: User, *, is_remembered: bool) -> None:
    """Log this browser in as `user`. Whoever was logged in is no more, and what the cookie held before is dropped."""
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


def identify() -> None:
    """Make whoever asks and is nobody yet a guest, or the guest that `?username=` names where links may open guests.

    Raises `Forbidden` and `InvalidInput` (username) for a name that cannot be opened.
    """
    actor, flashes = current_actor(), session.get(FLASHES)
    wished = request.args.get("username", "") if request.method in ("GET", "HEAD") else ""
    if wished and wished.upper() != actor.username.upper():
        _open_guest_by_link(wished)
    elif not actor.has_identity:
        limit_rate("guest", by_address=True)
        open_session(make_guest(now=now(), locale=current_locale()), is_remembered=True)
    if flashes and FLASHES not in session:
        session[FLASHES] = flashes


def _open_guest_by_link(handle: str) -> None:
    if current_actor().is_authenticated:
        raise Forbidden(_("You are logged in. To open a guest's handle, please log out first."))
    if not current_app.config["GUEST_LOGIN_BY_LINK"]:
        raise Forbidden(_("Here a guest's handle cannot be opened by a link."))
    limit_rate("guest", by_address=True)
    open_session(open_guest(handle, now=now(), locale=current_locale()), is_remembered=True)


def close_session() -> None:
    """Log this browser out; its session ends on the server too."""
    actor = current_actor()
    if actor.session_id is not None and actor.id is not None:
        end_session(actor.session_id, user_id=actor.id)
    logout_user()
    session.clear()


def keep_session_alive() -> None:
    """A session in use lives on, and so does its cookie."""
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

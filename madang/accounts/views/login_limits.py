"""Limit how often passwords are guessed, by network and by account, without locking anybody out.

Above a limit a log-in must wait: the refusal carries a ticket, and the same log-in is accepted with it once the wait is
over. The wait grows with the wrong passwords for the account. A browser in which its owner logged in before has a count
of its own, so that strangers' guesses do not slow it (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

import hashlib
import secrets
from datetime import timedelta

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import RateLimited
from madang.core.i18n import ngettext
from madang.core.text import clean_line
from madang.core.web.rate_limits import check_rate, count_use, forget_uses, uses_left
from madang.core.web.request_limits import limit_rate, network_of_request

from ..models import User
from ..operations.sessions import log_in
from ..queries.users import find_by_login

SHORTEST_WAIT, LONGEST_WAIT = 10, 640  # seconds
TRIES_PER_WAIT = 5  # after so many wrong passwords more, the wait doubles
TICKET_LIFETIME_SECONDS = 1800
KNOWN_BROWSER_COOKIE = "known_browser"
KNOWN_BROWSER_LIFETIME = timedelta(days=365)


class WaitRequired(RateLimited):
    """Too many tries (429). After `retry_after` seconds the log-in is accepted if `ticket` is sent along."""

    code = "wait_required"

    def __init__(self, ticket: str, seconds: int) -> None:
        message = ngettext(
            "There were many tries to log in. Please wait %(count)s second, then log in again.",
            "There were many tries to log in. Please wait %(count)s seconds, then log in again.",
            seconds,
            count=seconds,
        )
        super().__init__(message, retry_after=seconds)
        self.members = {"ticket": ticket}


def log_in_within_limits(*, login: str, password: str, ticket: str = "") -> User:
    """The account with this username or address, and password.

    Raises `WaitRequired` above `LOGIN_LIMIT` (by network) or `LOGIN_ACCOUNT_LIMIT` (by account), unless `ticket` is one
    whose wait is over; `RateLimited` for too many tickets; `InvalidInput` for a wrong name or password.
    """
    login = clean_line(login)
    user = find_by_login(login)
    account = f"account {user.id}" if user else f"name {login.casefold()}"  # alike, for whoever tries out names
    browser = _known_browser(account)
    if browser and _tries_left(browser) > 0:
        return _log_in(login, password, count=browser)
    left = _tries_left(account)
    if left <= 0 or _is_network_above_limit():
        _use_ticket(ticket, account, _wait(-left))
    return _log_in(login, password, count=account)


def _tries_left(count: str) -> int:
    limit = current_app.config["LOGIN_ACCOUNT_LIMIT"]
    return uses_left(limit, "log in", count) if limit else 1


def _log_in(login: str, password: str, *, count: str) -> User:
    """Log in. A wrong password is counted, from before the check: many at once are all counted."""
    limit = current_app.config["LOGIN_ACCOUNT_LIMIT"]
    if not limit:
        return log_in(login=login, password=password)
    count_use(limit, "log in", count)
    user = log_in(login=login, password=password)
    forget_uses(limit, "log in", count)
    return user


def _is_network_above_limit() -> bool:
    try:
        limit_rate("login", by_address=True)
    except RateLimited:
        return True
    return False


def _wait(tries_above_limit: int) -> int:
    """The seconds to wait: twice as many after every `TRIES_PER_WAIT` tries."""
    doublings = max(0, tries_above_limit) // TRIES_PER_WAIT
    return min(LONGEST_WAIT, SHORTEST_WAIT << min(doublings, 10))


def _use_ticket(ticket: str, account: str, wait: int) -> None:
    """Accept a ticket for the account and network, once, after its wait. Raises `WaitRequired` and `RateLimited`.

    New tickets are limited by network like log-ins, and for one account to one in `wait` seconds: somebody who collects
    tickets must not try more passwords than somebody who waits for each.
    """
    network, moment = network_of_request(), int(now().timestamp())
    ready_at = _ready_at(ticket, account, network)
    if ready_at is not None and ready_at <= moment and _is_first_use(ticket):
        return
    if ready_at is None or ready_at <= moment:
        check_rate(current_app.config["LOGIN_LIMIT"], "log-in ticket", network)
        check_rate(f"1 per {wait} seconds", "log-in ticket", network, account)
        ready_at = moment + wait
        ticket = _tickets().dumps([account, network, ready_at, secrets.token_hex(8)])
    raise WaitRequired(ticket, ready_at - moment)


def _is_first_use(ticket: str) -> bool:
    _limit, left, _seconds = count_use("1 per day", "log-in ticket", hashlib.sha256(ticket.encode()).hexdigest())
    return left == 0


def _ready_at(ticket: str, account: str, network: str) -> int | None:
    """When the wait of a ticket is over, in seconds since 1970; None unless it is one for this account and network."""
    try:
        *owner, ready_at, _nonce = _tickets().loads(ticket)
    except (BadData, TypeError, ValueError):
        return None
    is_current = now().timestamp() < ready_at + TICKET_LIFETIME_SECONDS
    return ready_at if owner == [account, network] and is_current else None


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="madang log-in ticket")


def remember_browser(user: User) -> None:
    """Mark this browser, by a cookie, as one in which the account's owner has logged in."""
    value = _known_browsers().dumps([f"account {user.id}", secrets.token_hex(8)])

    @after_this_request
    def set_cookie(response: AnyResponse) -> AnyResponse:
        response.set_cookie(
            KNOWN_BROWSER_COOKIE,
            value,
            max_age=KNOWN_BROWSER_LIFETIME,
            path="/auth",
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
        return response


def _known_browser(account: str) -> str:
    """The name of this browser if the account's owner logged in here before, else an empty string."""
    try:
        known, name = _known_browsers().loads(request.cookies.get(KNOWN_BROWSER_COOKIE, ""))
    except (BadData, TypeError, ValueError):
        return ""
    return f"browser {name}" if known == account else ""


def _known_browsers() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="madang known browser")

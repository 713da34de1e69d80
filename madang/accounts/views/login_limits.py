"""Limit how often passwords are guessed, by network and by account, without locking anybody out.

Above a limit a log-in must wait: the refusal carries a ticket, and the same log-in is accepted with it once the wait is
over. The wait grows with the wrong passwords. Browsers in which the owner logged in before have a count of their own,
so that strangers' guesses do not slow them (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"); so has a
network from which a program of the owner authenticated recently (HTTP Basic), since a program cannot use tickets.

Tries are counted by the name or address as it was typed, in the form that log-in compares: whether an account has it
changes neither the number of tries nor the answer. One count for both would tell which address belongs to which name.
Whoever knows both has both counts, so each count has half the limit.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hmac import compare_digest

from flask import after_this_request, current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.email_addresses import email_key
from madang.core.errors import RateLimited
from madang.core.i18n import ngettext
from madang.core.keyed_hash import keyed_hash
from madang.core.settings import setting
from madang.core.text import clean_line, fold
from madang.core.web.rate_limits import (
    check_rate,
    count_of_uses,
    count_use,
    forget_uses,
    give_back_use,
    half,
    rate_limited,
    times,
)
from madang.core.web.request_limits import limit_rate, network_of_request
from madang.core.web.request_log import log_refusal

from ..models import EMAIL_MAX, User
from ..operations.passwords import WrongPassword
from ..operations.sessions import log_in
from ..policies.look_alikes import skeleton
from ..queries.users import find_by_login

SHORTEST_WAIT, LONGEST_WAIT = 10, 640  # seconds
TRIES_PER_WAIT = 5  # after so many wrong passwords more, the wait doubles
TICKET_LIFETIME_SECONDS = 1800
KNOWN_BROWSER_COOKIE = "known_browser"
KNOWN_BROWSER_LIFETIME = timedelta(days=365)
KNOWN_CALLER_FACTOR = 10  # so many times LOGIN_LIMIT is the limit of a network's known browsers and programs
PROGRAM_MEMORY = "1 per day"  # how long a network is known after a program of the account authenticated there


class WaitRequired(RateLimited):
    """Too many tries (429). After `retry_after` seconds the log-in is accepted if `ticket` is sent along."""

    code = "wait_required"

    def __init__(self, ticket: str, seconds: int) -> None:
        super().__init__(self._sentence(seconds), retry_after=seconds)
        self.members = {"ticket": ticket}

    def _sentence(self, seconds: int) -> str:
        return ngettext(
            "Too many log-in attempts. Please wait %(count)s second, then log in again.",
            "Too many log-in attempts. Please wait %(count)s seconds, then log in again.",
            seconds,
            count=seconds,
        )


class NetworkBusy(WaitRequired):
    """Too many log-ins with tickets from one network."""

    def _sentence(self, seconds: int) -> str:
        return ngettext(
            "Many people are logging in from your network right now. Please wait %(count)s second, then log in again. "
            "There is no wait in a browser you have logged in with before, or on another network.",
            "Many people are logging in from your network right now. Please wait %(count)s seconds, then log in again. "
            "There is no wait in a browser you have logged in with before, or on another network.",
            seconds,
            count=seconds,
        )


def log_in_within_limits(*, login: str, password: str, ticket: str = "") -> User:
    """The account with this username or address, and password.

    Raises `WaitRequired` above `LOGIN_LIMIT` (by network) or `LOGIN_ACCOUNT_LIMIT` (by account), unless `ticket` is one
    whose wait is over; `WrongPassword` for a wrong name or password.
    """
    login = _clean_login(login)
    # Without the cookie nothing is looked up, so that not even the time of a refusal depends on the account.
    user = find_by_login(login) if KNOWN_BROWSER_COOKIE in request.cookies else None
    known = f"known browsers {user.id}" if user and _is_known_browser(user) else ""
    return _log_in(login, password, known=known, ticket=ticket)


def log_in_program_within_limits(*, login: str, password: str) -> User:
    """As `log_in_within_limits`, for a program that sends name and password with each call (HTTP Basic)."""
    login = _clean_login(login)
    user, network = find_by_login(login), network_of_request()
    known = f"programs {user.id} {network}" if user and count_of_uses(*_program_key(user, network)) else ""
    user = _log_in(login, password, known=known)
    forget_uses(*_program_key(user, network))
    count_use(PROGRAM_MEMORY, *_program_key(user, network))
    return user


def _clean_login(login: str) -> str:
    return clean_line(login)[: EMAIL_MAX + 1]  # nobody has a longer one


def _log_in(login: str, password: str, *, known: str, ticket: str = "") -> User:
    """Log in within the limits of known callers, whose count is `known` if it is one, else of strangers."""
    if known:
        with _counted_try(known) as left:
            if left >= 0 and _is_known_network_within_limit():
                return log_in(login=login, password=password)
    account = _account_key(login)
    with _counted_try(account) as left:
        if left < 0 or _is_network_above_limit():
            _use_ticket(ticket, account, _wait(-left - 1))
        return log_in(login=login, password=password)


def _account_key(login: str) -> str:
    """The key by which tries are counted: the same for all forms of a name or address that log in alike."""
    kind, key = ("address", fold(email_key(login))) if "@" in login else ("name", skeleton(login))
    return keyed_hash("log in", kind, key)


@contextmanager
def password_within_limits(user: User) -> Iterator[None]:
    """Limit an operation that asks for the account's present password: a wrong one counts as one in a log-in does.

    Above `LOGIN_ACCOUNT_LIMIT` there is one try in each wait, so that whoever found a browser open neither guesses the
    password nor keeps the owner from changing it. Raises `RateLimited`.
    """
    count = f"present password {user.id}"
    with _counted_try(count) as left:
        if left < 0 and (seconds := _seconds_to_turn(_wait(-left - 1), count)):
            raise rate_limited(seconds)
        yield


@contextmanager
def _counted_try(count: str) -> Iterator[int]:
    """Count a try from before its password is checked, so that many at once are all counted; only a wrong one stays.

    Yields the tries that are left after it, below 0 above half of `LOGIN_ACCOUNT_LIMIT`.
    """
    limit = half(setting("LOGIN_ACCOUNT_LIMIT"))
    left = count_use(limit, "log in", count)[1] if limit else 0
    is_wrong = False
    try:
        yield left
    except WrongPassword:
        is_wrong = True
        log_refusal("login_failed", WrongPassword.status)
        raise
    finally:
        if limit and not is_wrong:
            give_back_use("log in", count)


def _is_network_above_limit() -> bool:
    try:
        limit_rate("login", by_address=True)
    except RateLimited:
        return True
    return False


def _is_known_network_within_limit() -> bool:
    try:
        check_rate(times(setting("LOGIN_LIMIT"), KNOWN_CALLER_FACTOR), "known log-in", network_of_request())
    except RateLimited:
        return False
    return True


def _wait(tries_above_limit: int) -> int:
    """The seconds to wait: twice as many after every `TRIES_PER_WAIT` tries."""
    doublings = max(0, tries_above_limit) // TRIES_PER_WAIT
    return min(LONGEST_WAIT, SHORTEST_WAIT << min(doublings, 10))


def _use_ticket(text: str, account: str, wait: int) -> None:
    """Accept a ticket for the account and network, once, after its wait. Raises `WaitRequired`.

    Whoever collects tickets tries no more passwords with them than somebody who waits for each: a network uses one in
    `wait` seconds for an account, and as many for all accounts as it may log in without.
    """
    network, moment = network_of_request(), int(now().timestamp())
    owner = keyed_hash("log-in ticket", account, network)
    ready_at, number = _read_ticket(text, owner)
    if ready_at is None or count_of_uses("log-in ticket", number):
        ready_at = moment + wait
        text = _tickets().dumps([owner, ready_at, secrets.token_hex(8)])
    if ready_at > moment:
        raise WaitRequired(text, ready_at - moment)
    if seconds := _seconds_to_turn(wait, account, network):
        raise WaitRequired(text, seconds)
    try:
        check_rate(setting("LOGIN_LIMIT"), "log-in by ticket", network)
    except RateLimited as error:
        give_back_use("log-in turn", account, network)
        raise NetworkBusy(text, error.retry_after) from error
    count_use("1 per day", "log-in ticket", number)


def _seconds_to_turn(wait: int, *key: str) -> int:
    """Take the turn of those who share `key`, which comes once in `wait` seconds; or return the seconds to the next."""
    _limit, left, seconds = count_use(f"1 per {wait} seconds", "log-in turn", *key)
    return 0 if left >= 0 else seconds


def _read_ticket(text: str, owner: str) -> tuple[int | None, str]:
    """When the wait of a ticket is over, in seconds since 1970, and its number; None unless it is one for `owner`."""
    try:
        its_owner, ready_at, number = _tickets().loads(text)
    except (BadData, TypeError, ValueError):
        return None, ""
    is_current = its_owner == owner and now().timestamp() < ready_at + TICKET_LIFETIME_SECONDS
    return (ready_at if is_current else None), number


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="madang log-in ticket")


def remember_browser(user: User) -> None:
    """Mark this browser, by a cookie, as one in which the account's owner has logged in, until the password changes."""
    value = _browser_mark(user)

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


def _browser_mark(user: User) -> str:
    return keyed_hash("known browser", user.id, user.password_hash)


def _is_known_browser(user: User) -> bool:
    """Whether the account's owner logged in with this browser before."""
    return compare_digest(request.cookies.get(KNOWN_BROWSER_COOKIE, "").encode(), _browser_mark(user).encode())


def _program_key(user: User, network: str) -> tuple[str, str]:
    """The key of the count that remembers that a program of the account authenticated in a network."""
    return "program", keyed_hash("program", user.id, user.password_hash, network)

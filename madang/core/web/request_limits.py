"""Rate limits per account or network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from flask import request

from madang.core.email_addresses import email_key
from madang.core.errors import MadangError, RateLimited
from madang.core.keyed_hash import keyed_hash
from madang.core.text import clean_line

from ..settings import setting
from .actor import current_actor
from .rate_limits import check_rate, take_back_use, times

WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):[0-9]{1,5}|\[(?P<v6>[0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")
FREE_REFUSALS_FACTOR = 10  # so many times a limit may be refused within its time before refusals count as uses


def limit_rate(name: str, *, by_address: bool = False) -> None:
    """Count one use against the setting `<NAME>_LIMIT`: by account, or by network for visitors and guests.

    `by_address` counts by network for accounts too, for requests that log in or sign up: those would otherwise start
    a new count each time. Raises `RateLimited`.
    """
    check_rate(_limit(name), name, _caller(by_address=by_address))


@contextmanager
def limited_rate(name: str) -> Iterator[None]:
    """Count one use against the setting `<NAME>_LIMIT` as `limit_rate` does, unless what is done within is refused.

    Also a decorator. Refusals have a generous limit of their own, above which they count: a refusal may cost as much as
    a success, and tell something. What is limited because the try itself costs or tells much has `limit_rate`: log-ins,
    mails, guests, uploads, previews. Raises `RateLimited`.
    """
    key = (name, _caller())
    check_rate(_limit(name), *key)
    try:
        yield
    except MadangError:
        if _is_free_refusal(*key):
            take_back_use(_limit(name), *key)
        raise


def _is_free_refusal(name: str, caller: int | str) -> bool:
    try:
        check_rate(times(_limit(name), FREE_REFUSALS_FACTOR), "refused", name, caller)
    except RateLimited:
        return False
    return True


def _limit(name: str) -> str:
    return setting(f"{name.upper()}_LIMIT")


def _caller(*, by_address: bool = False) -> int | str:
    """Whose uses are counted: those of an account, or of a network."""
    actor = current_actor()
    account_id = actor.id if actor.is_authenticated and not by_address else None
    return account_id or network_of_request()


def is_mail_due(address: str, purpose: str) -> bool:
    """Count one mail to an address that anybody can cause against `MAIL_LIMIT`; False if it must not be sent.

    Each purpose has a count of its own, so that mails of one kind keep none of another from their reader. The caller
    answers as if the mail were sent: it is nobody's business how many the address has had.
    """
    limit, key = setting("MAIL_LIMIT"), email_key(clean_line(address))
    try:
        check_rate(limit, "mail to", purpose, keyed_hash("mail to", key))
    except RateLimited:
        return False
    return True


def network_of_request() -> str:
    """Return the network that sent the request."""
    return network_of(request.remote_addr or "")


def network_of(address: str) -> str:
    """Return the network of one household: an IPv4 address, or the /64 of an IPv6 address.

    Some proxies append the port of the client, which is another one for each connection.
    """
    if match := WITH_PORT.fullmatch(address):
        address = match["v4"] or match["v6"]
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ip_network((int(parsed) >> 64 << 64, 64)))

"""Rate limits per account or address."""

from ipaddress import ip_address, ip_network

from flask import current_app, request

from .actor import current_actor
from .rate_limits import check_rate


def limit_rate(name: str, *, by_address: bool = False) -> None:
    """Count one use of the setting `<NAME>_LIMIT` by this account, or by this address for visitors and guests.

    `by_address` counts for the address whoever is logged in there: what makes or opens an account would else begin a
    new count each time.
    """
    actor = current_actor()
    who = actor.id if actor.is_authenticated and not by_address else None
    check_rate(current_app.config[f"{name.upper()}_LIMIT"], name, who or network_of(request.remote_addr or ""))


def network_of(address: str) -> str:
    """What one household has: an IPv4 address, or the 64 bits that all its IPv6 addresses begin with."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ip_network((int(parsed) >> 64 << 64, 64)))

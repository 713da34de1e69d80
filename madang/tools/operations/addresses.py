"""Which addresses of the net may be asked for somebody else: public ones alone.

Whoever names an address here makes this machine connect to it, and this machine may stand inside a net that the
person cannot reach (SSRF): so the address that was checked is the very one that is connected to.
"""

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from madang.core.errors import MadangError
from madang.core.i18n import _

URL_MAX = 2_000
# The registries of special addresses of IANA, written out: what `ipaddress` knows of them differs by Python version.
# 168.63.129.16 is public by its number, but the neighbour of each machine of a cloud.
NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "3fff::/20",
    )
)  # fmt: skip
GLOBAL_UNICAST = ip_network("2000::/3")
NAT64 = ip_network("64:ff9b::/96")  # the IPv4 address is its last 32 bits
LOCAL_NAMES = ("localhost", "local", "internal", "lan", "intranet", "home.arpa", "test", "invalid", "onion")
LOWEST_OTHER_PORT = 1024
Address = IPv4Address | IPv6Address


class NotFetched(MadangError):
    """A page could not be brought; the sentence says why."""

    code = "not_fetched"
    status = 422


def is_public(address: Address) -> bool:
    """Whether anybody in the world may reach `address`: not private, loopback, link-local or the like."""
    if isinstance(address, IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour or _in_nat64(address):
            return is_public(inner)
        if address not in GLOBAL_UNICAST:
            return False
    return not any(address in network for network in NOT_PUBLIC)


def _in_nat64(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None


def written_address(host: str) -> Address | None:
    """The address that `host` is in itself, in any of its forms: 127.1, 2130706433, 0x7f.0.0.1, ::1. Else None."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host)) if host and host[0].isdigit() else None
    except (OSError, UnicodeError):
        return None


def check_url(url: str) -> SplitResult:
    """The parts of a page's address that may be asked, as far as can be seen from itself. Raises `NotFetched`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotFetched(_("This is no address of a web page.")) from None
    if parts.scheme not in ("http", "https"):
        raise NotFetched(_("Please give an address that begins with http:// or https://."))
    if not host or len(url) > URL_MAX or any(letter <= " " or letter == "\x7f" for letter in url):
        raise NotFetched(_("This is no address of a web page."))
    if parts.username is not None or parts.password is not None:
        raise NotFetched(_("Please give an address without a name and a password in it."))
    if port is not None and port not in (80, 443) and port < LOWEST_OTHER_PORT:
        raise NotFetched(_("Web pages are not asked for at port %(port)s.", port=port))
    address = written_address(host)
    if (address is not None and not is_public(address)) or (address is None and _is_local(host)):
        raise _not_public()
    return parts


def _is_local(host: str) -> bool:
    name = host.rstrip(".").casefold()
    return "." not in name or name.endswith(tuple(f".{ending}" for ending in LOCAL_NAMES))


def _not_public() -> NotFetched:
    return NotFetched(_("This address is not on the public internet, so we do not ask it for anything."))


def public_addresses(host: str, port: int, seconds: float) -> list[Address]:
    """Where `host` is, all of it public. Raises `NotFetched`: not found in time, or somewhere within."""
    written = written_address(host)
    found = [written] if written is not None else resolve(host, port, seconds)
    if not found:
        raise NotFetched(_("There is no site of the name %(host)s.", host=host))
    if not all(is_public(address) for address in found):
        raise _not_public()
    return found


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The addresses of a name. The system's resolver knows no limit, so it is asked in a thread that may be left."""
    found: list[Address] = []

    def ask() -> None:
        try:
            name = host if host.isascii() else host.encode("idna").decode()
            answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, seconds))
    if asking.is_alive():
        raise NotFetched(_("The page did not come within %(seconds)s seconds.", seconds=5))
    return list(dict.fromkeys(found))

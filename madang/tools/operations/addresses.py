"""Protection of the page fetcher against server-side request forgery (SSRF): only public IP addresses are allowed.

The server may be inside a network that the user cannot reach. The fetcher therefore connects to the very IP address
that was checked, without resolving the name again.
"""

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from madang.core.errors import MadangError
from madang.core.i18n import _

URL_MAX = 2_000
# IANA's special-purpose address registries, listed here because `ipaddress` differs between Python versions.
# 168.63.129.16 is in public space, but belongs to the host of each virtual machine on Azure.
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
LOCAL_DOMAINS = ("localhost", "local", "internal", "lan", "intranet", "home.arpa", "test", "invalid", "onion")
MIN_OTHER_PORT = 1024
Address = IPv4Address | IPv6Address


class FetchError(MadangError):
    """The page could not be fetched; the message is a sentence for the user."""

    code = "not_fetched"
    status = 422


def is_public(address: Address) -> bool:
    """Whether `address` is globally reachable: not private, loopback, link-local or otherwise reserved.

    IPv6 addresses that embed an IPv4 address (mapped, 6to4, NAT64) are judged by it.
    """
    if isinstance(address, IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour or _nat64_target(address):
            return is_public(inner)
        if address not in GLOBAL_UNICAST:
            return False
    return not any(address in network for network in NOT_PUBLIC)


def _nat64_target(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None


def parse_ip_address(host: str) -> Address | None:
    """Parse an IP address in any notation (127.1, 2130706433, 0x7f.0.0.1, ::1); None for a host name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host)) if host and host[0].isdigit() else None
    except (OSError, UnicodeError):
        return None


def check_url(url: str) -> SplitResult:
    """Check scheme, host and port of a URL without resolving the host. Returns its parts; raises `FetchError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FetchError(_("This is not the address of a web page.")) from None
    if parts.scheme not in ("http", "https"):
        raise FetchError(_("Please enter an address that begins with http:// or https://."))
    if not host or len(url) > URL_MAX or any(letter <= " " or letter == "\x7f" for letter in url):
        raise FetchError(_("This is not the address of a web page."))
    if parts.username is not None or parts.password is not None:
        raise FetchError(_("Please enter an address without a name and password in it."))
    if port is not None and port not in (80, 443) and port < MIN_OTHER_PORT:
        raise FetchError(_("Web pages are not read from port %(port)s.", port=port))
    address = parse_ip_address(host)
    if (address is not None and not is_public(address)) or (address is None and _is_local(host)):
        raise _not_public_error()
    return parts


def _is_local(host: str) -> bool:
    name = host.rstrip(".").casefold()
    return "." not in name or name.endswith(tuple(f".{ending}" for ending in LOCAL_DOMAINS))


def _not_public_error() -> FetchError:
    return FetchError(_("This address is not on the public internet, so we do not read it."))


def public_addresses(host: str, port: int, seconds: float) -> list[Address]:
    """The IP addresses of `host`. Raises `FetchError` if it is not resolved in time or any address is not public."""
    literal = parse_ip_address(host)
    addresses = [literal] if literal is not None else resolve(host, port, seconds)
    if not addresses:
        raise FetchError(_("No site was found at %(host)s.", host=host))
    if not all(is_public(address) for address in addresses):
        raise _not_public_error()
    return addresses


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """Resolve a host name in at most `seconds`. Raises `FetchError`.

    The system's resolver has no timeout, so it runs in a thread that is abandoned.
    """
    addresses: list[Address] = []

    def look_up() -> None:
        try:
            name = host if host.isascii() else host.encode("idna").decode()
            answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        addresses.extend(ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if thread.is_alive():
        raise FetchError(_("The page did not load within %(seconds)s seconds.", seconds=5))
    return list(dict.fromkeys(addresses))

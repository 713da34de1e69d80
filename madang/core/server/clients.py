"""Who sends a request, as far as the event loop can tell without the database: an account, or a network.

A header proves nothing by itself: one token has many spellings, and a cookie can be made up. So the application says
whose credentials it has accepted, and until then a client is its address.
"""

from cachetools import LRUCache

from madang.core.web.constants import API
from madang.core.web.request_limits import network_of

from .asgi import Scope

MAX_CREDENTIALS = 10_000
Client = int | str  # the id of an account, or a network
Credentials = tuple[bool, bytes, bytes]


def address_of(scope: Scope, proxies: int) -> str:
    """The client's address, which the nearest `proxies` proxies append to X-Forwarded-For."""
    if proxies:
        hops = [part for name, value in scope["headers"] if name == b"x-forwarded-for" for part in value.split(b",")]
        if len(hops) >= proxies:
            return hops[-proxies].decode("latin-1").strip()
    return scope["client"][0] if scope.get("client") else ""


class Clients:
    """The clients of a process. An account is one client, whatever sessions and tokens it uses."""

    def __init__(self, *, session_cookie: str, proxies: int = 0) -> None:
        self.proxies = proxies
        self._cookie = f"{session_cookie}=".encode()
        self._accounts: LRUCache[Credentials, int] = LRUCache(MAX_CREDENTIALS)

    def client_of(self, scope: Scope) -> Client:
        """The account whose credentials these are, if the application accepted them before; else the network."""
        account = self._accounts.get(self._credentials(scope))
        return network_of(address_of(scope, self.proxies)) if account is None else account

    def learn(self, scope: Scope, account_id: int | None) -> None:
        """Remember which account the application found a request to be of; None if it was of none."""
        credentials = self._credentials(scope)
        if account_id is None:
            self._accounts.pop(credentials, None)
        elif any(credentials[1:]):
            self._accounts[credentials] = account_id

    def _credentials(self, scope: Scope) -> Credentials:
        """All that the application may read an account from, as it was sent."""
        token, cookies = [], []
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        for name, value in headers:
            if name == b"authorization":
                token.append(value)
            elif name == b"cookie" and self._cookie in value:
                cookies += [pair.strip() for pair in value.split(b";") if pair.strip().startswith(self._cookie)]
        return scope["path"].startswith(API), b",".join(token), b";".join(cookies)

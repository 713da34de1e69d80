"""How often one may do a thing: moving windows, in memory or in Redis, by the `limits` library."""

from functools import lru_cache
from time import time

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .errors import RateLimited
from .i18n import _

_limiter: list[MovingWindowRateLimiter] = []


def connect(redis_url: str | None) -> None:
    """Count in Redis when there is one, so that all processes share the counts; else in this process."""
    _limiter[:] = [MovingWindowRateLimiter(storage_from_string(redis_url or "memory://"))]


@lru_cache
def _parse(limit: str) -> RateLimitItem:
    return parse(limit)


def check_rate(limit: str, *key: object) -> None:
    """Count one use of `key` against `limit` ("10 per minute"; empty means no limit).

    Raises `RateLimited`, which says how long to wait, when there were too many.
    """
    if not limit or not _limiter:
        return
    item, names = _parse(limit), [str(part) for part in key]
    if _limiter[0].hit(item, *names):
        return
    wait = max(1, round(_limiter[0].get_window_stats(item, *names).reset_time - time()))
    raise RateLimited(_("That was too often. Please try again in %(seconds)s seconds.", seconds=wait), retry_after=wait)

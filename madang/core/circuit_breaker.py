"""Circuit breaker: stop calling an external server for some seconds after a failure, and log each change once."""

import logging
import threading
from time import monotonic

OPEN_SECONDS = 5.0
GRACE_SECONDS = 1.0  # a call that began before the failure may still succeed: it says nothing about the server
REDIS_DOWN = "Redis does not answer%s: everything works on, what is new comes a moment later"
REDIS_UP = "Redis answers again: what is new comes at once"


class CircuitBreaker:
    """The state of an external server, Redis by default, as the threads of this process share it.

    `down` and `up` are log messages; `down` has a placeholder for the reason.
    """

    def __init__(
        self,
        name: str = "madang.redis",
        down: str = REDIS_DOWN,
        up: str = REDIS_UP,
        open_seconds: float = OPEN_SECONDS,
    ) -> None:
        self._log, self._down, self._up = logging.getLogger(name), down, up
        self._lock = threading.Lock()
        self._open_seconds = open_seconds
        self._is_down = False
        self._failed_at = -open_seconds

    @property
    def is_open(self) -> bool:
        """Whether the server has just failed, so that no request should wait for it."""
        return monotonic() < self._failed_at + self._open_seconds

    def record_failure(self, error: Exception | None = None) -> None:
        with self._lock:
            self._failed_at = monotonic()
            if not self._is_down:
                self._log.warning(self._down, f" ({error})" if error else "")
            self._is_down = True

    def record_success(self) -> None:
        """Close the circuit. A success within `GRACE_SECONDS` of a failure is ignored."""
        if not self._is_down:
            return
        with self._lock:
            if self._is_down and monotonic() >= self._failed_at + GRACE_SECONDS:
                self._log.warning(self._up)
                self._is_down, self._failed_at = False, -self._open_seconds


redis_breaker = CircuitBreaker()
"""The state of this process's Redis, which nothing depends on."""

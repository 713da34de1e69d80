"""Whether something outside this process answers, as it has found out: said once when it goes, once when it is back."""

import logging
import threading
from time import monotonic

OPEN_SECONDS = 5.0  # after a failure it is left alone for this long, so that no request waits for it
REDIS_AWAY = "Redis does not answer%s: everything works on, what is new comes a moment later"
REDIS_BACK = "Redis answers again: what is new comes at once"


class CircuitBreaker:
    """What one process knows of a server that it asks; all its threads share it. By default that is Redis.

    `gone` and `back` are what the log says; `gone` has a place for the reason.
    """

    def __init__(self, name: str = "madang.redis", gone: str = REDIS_AWAY, back: str = REDIS_BACK) -> None:
        self._log, self._gone, self._back = logging.getLogger(name), gone, back
        self._noting = threading.Lock()
        self._is_away = False
        self._silent_until = 0.0

    @property
    def is_open(self) -> bool:
        """It has failed moments ago and is not to be asked by anybody who is waited for."""
        return monotonic() < self._silent_until

    def record_failure(self, error: Exception | None = None) -> None:
        with self._noting:
            self._silent_until = monotonic() + OPEN_SECONDS
            if not self._is_away:
                self._log.warning(self._gone, f" ({error})" if error else "")
            self._is_away = True

    def record_success(self) -> None:
        if not self._is_away:
            return
        with self._noting:
            if self._is_away:
                self._log.warning(self._back)
            self._is_away, self._silent_until = False, 0.0


redis_breaker = CircuitBreaker()
"""What this process knows of its Redis. Everything works without it, only later."""

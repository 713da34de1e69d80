"""Call what may hang, such as an outside server, for a bounded time: a caller waits so long and no longer."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedCall(Generic[T]):
    """Runs `function` in a thread of its own, one at a time: callers that come meanwhile wait for the same result.

    So a server that does not answer holds one thread, however often it is asked.
    """

    def __init__(self, function: Callable[[], T], *, name: str) -> None:
        self._function, self._name = function, name
        self._lock = threading.Lock()
        self._running: _Run[T] | None = None

    def result(self, seconds: float) -> T:
        """The result of a call that ends within `seconds`, counted from its start, where another caller started it.

        Raises `TimeoutError` if it does not, and what the function raised.
        """
        with self._lock:
            run = self._running
            if run is None or run.ended.is_set():
                run = self._running = _Run(self._function)
                threading.Thread(target=run, name=self._name, daemon=True).start()
        if not run.ended.wait(max(0.0, run.started_at + seconds - monotonic())):
            raise TimeoutError(f"no answer in {seconds:g} seconds")
        return run.result()


class _Run(Generic[T]):
    def __init__(self, function: Callable[[], T]) -> None:
        self.started_at = monotonic()
        self.ended = threading.Event()
        self._function = function
        self._results: list[T] = []
        self._error: BaseException | None = None

    def __call__(self) -> None:
        try:
            self._results.append(self._function())
        except BaseException as error:
            self._error = error
        finally:
            self.ended.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._results[0]

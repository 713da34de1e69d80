"""Time in tests: how long to wait for an event, and assertions about processor time that allow for a slow machine."""

import gc
from collections.abc import Callable
from time import process_time

TIMEOUT_SECONDS = 120  # an upper bound, reached only when a test fails
TRIES = 3
STEPS = 1_000_000
NOMINAL_SECONDS = 0.05  # the time of `STEPS` on the idle machine where the bounds were measured


def assert_quick(work: Callable[[], object], seconds: float) -> None:
    """Fail when `work` takes more than `seconds` of processor time in each of several tries.

    If the time exceeds the bound, it is divided by the slowdown of a plain loop, since a shared or hot processor is
    slower for everything.
    """
    taken = []
    for _try in range(TRIES):
        taken.append(_cpu_seconds(work))
        if taken[-1] >= seconds:
            taken[-1] /= max(1.0, _cpu_seconds(_count) / NOMINAL_SECONDS)
        if taken[-1] < seconds:
            return
    raise AssertionError(f"took {', '.join(f'{each:.2f}' for each in taken)} s of a processor, not {seconds}")


def _count() -> None:
    for _step in range(STEPS):
        pass


def _cpu_seconds(work: Callable[[], object]) -> float:
    gc.disable()  # garbage of earlier tests must not count
    try:
        start = process_time()
        work()
        return process_time() - start
    finally:
        gc.enable()

"""How long a test waits for what must come, and how quick a thing must be, whatever else the machine does."""

import gc
from collections.abc import Callable
from time import process_time

PATIENCE_SECONDS = 120  # costs nothing where things go well
TRIES = 3
STEPS = 1_000_000
NOMINAL_SECONDS = 0.05  # what `STEPS` take on the machine that the bounds were found on, with nobody beside


def assert_quick(work: Callable[[], object], seconds: float) -> None:
    """Fail when `work` takes more than `seconds` of a processor each time it is tried.

    A processor that is shared, hot or old is slower for everything: what a plain loop takes now is the measure, which
    is taken where the seconds alone do not show that the work was quick enough.
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
    gc.disable()  # the rubbish of a thousand tests before is not this one's
    try:
        began = process_time()
        work()
        return process_time() - began
    finally:
        gc.enable()

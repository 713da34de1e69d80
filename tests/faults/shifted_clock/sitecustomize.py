"""Python with a clock that is set by a file, for a process that has this folder in PYTHONPATH.

The file named by MADANG_TEST_CLOCK holds the seconds by which the time of day differs; the monotonic clock goes on, as
it does when a clock is set. Debian's libfaketime stops Python's `sleep` (0.9.10).
"""

import datetime
import os
import time
from pathlib import Path

CLOCK = Path(os.environ["MADANG_TEST_CLOCK"])
real_time, RealDatetime = time.time, datetime.datetime


def difference() -> int:
    return int(CLOCK.read_text())


class AnyDatetime(type):
    """Takes the datetimes that C code makes for instances of the class below."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, RealDatetime)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, RealDatetime)


class ShiftedDatetime(RealDatetime, metaclass=AnyDatetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> RealDatetime:  # type: ignore[override]
        return RealDatetime.now(tz) + datetime.timedelta(seconds=difference())


time.time = lambda: real_time() + difference()
time.time_ns = lambda: int(time.time() * 1e9)
datetime.datetime = ShiftedDatetime  # type: ignore[misc]

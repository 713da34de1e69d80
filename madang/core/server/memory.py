"""Returning free memory to the operating system, which the allocator would otherwise retain."""

import ctypes
import gc
import os

_libc = ctypes.CDLL(None) if os.name == "posix" else None
_trim = getattr(_libc, "malloc_trim", None)  # glibc only


def trim_memory() -> None:
    """Collect garbage and return free memory to the system. Takes some hundredths of a second."""
    gc.collect()
    if _trim is not None:
        _trim(0)

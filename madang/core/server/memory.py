"""Giving memory back to the system, which the allocator else keeps for as long as the process lives."""

import ctypes
import gc
import os

_libc = ctypes.CDLL(None) if os.name == "posix" else None
_trim = getattr(_libc, "malloc_trim", None)  # of glibc alone


def trim_memory() -> None:
    """Free what nobody refers to, and return what is free. Takes some hundredths of a second."""
    gc.collect()
    if _trim is not None:
        _trim(0)

"""Memory that parsing pages needs again and again: kept, and not searched for garbage each time."""

from __future__ import annotations

import ctypes
import gc
import sys

_M_TRIM_THRESHOLD = -1  # from glibc's malloc.h
_M_MMAP_THRESHOLD = -3
_MIB = 1024 * 1024
_KEPT = 16
_LARGE = 4
# Objects more than there were: more than most pages are made into. A page leaves no circles, so
# what the collector looks for amid one it does not find.
_MANY = 10_000


def settle_for_pages() -> None:
    """Settles a process that does nothing but take pages apart, once all modules are loaded.

    The collector of garbage is spared what lives as long as the process, and looks for circles
    every few pages instead of several times in each. Freed memory is kept (see below).
    """
    keep_freed_memory()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MANY)


def keep_freed_memory() -> bool:
    """Keeps up to 16 MiB of freed memory; true if the C library could be told.

    glibc gives a page's parse tree back to the system after each page and faults it in again
    for the next one, which costs a third of the fast parse. Elsewhere nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:  # another C library than glibc
        return False
    told = [mallopt(_M_MMAP_THRESHOLD, _LARGE * _MIB), mallopt(_M_TRIM_THRESHOLD, _KEPT * _MIB)]
    return all(told)

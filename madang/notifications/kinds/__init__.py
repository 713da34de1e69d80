"""The kinds of notification. A file of this folder with a subclass of `Kind` is a kind; nothing else lists it.

Beside the kinds, `base` has their base classes and `lookups` what they share.
"""

from importlib import import_module
from pkgutil import iter_modules

from .base import CHANNELS, EventKind, Ids, Kind, Notice, defined

for _file in iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")

KINDS = {kind.name: kind() for kind in sorted(defined.values(), key=lambda kind: kind.position)}
EVENT_KINDS = {name: kind for name, kind in KINDS.items() if isinstance(kind, EventKind)}

__all__ = ["CHANNELS", "EVENT_KINDS", "KINDS", "EventKind", "Ids", "Kind", "Notice"]

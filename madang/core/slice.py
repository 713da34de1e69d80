"""The manifest of a slice: what a slice adds to the site. `madang/slices.py` lists the manifests in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from flask import Blueprint, Flask

from .db.counting import CountedTable, Counter
from .ownership import Owned
from .rest.blueprint import ApiBlueprint
from .server.events import EventSource
from .server.gateway import Service
from .web.slots import Filling


@dataclass(frozen=True, kw_only=True)
class Slice:
    """What a slice adds to the site; each `<slice>/slice.py` has one as `SLICE`.

    Importing the modules of `jobs` registers the jobs. `counters` are verified and repaired in the order of the slices,
    lower ones first. `owned` declares what belongs to a person (`core/ownership.py`). `slots` fill the places that
    lower slices leave open in their pages (`core/web/slots.py`). `services` are threads of the server process; one
    slice has the event stream, and one counts the views of cached pages. `feature` names the setting that switches all
    of its routes off (`core/web/features.py`), `feature_of_blueprints` those of some blueprints.
    """

    name: str
    blueprints: Sequence[Blueprint] = ()
    api: Sequence[ApiBlueprint] = ()
    jobs: Sequence[ModuleType] = ()
    counters: Sequence[Counter | CountedTable] = ()
    owned: Sequence[Owned] = ()
    slots: Sequence[Filling] = ()
    staff_verbs: Callable[[], dict[str, str]] = dict
    template_globals: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    template_filters: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    event_stream: Callable[[Flask], EventSource] | None = None
    services: Sequence[Callable[[Flask], Service]] = ()
    count_view: Callable[[int, str], None] | None = None
    feature: str = ""
    feature_of_blueprints: Mapping[str, str] = field(default_factory=dict)


_installed: list[Slice] = []


def install(slices: Iterable[Slice]) -> None:
    """Replace the slices of the site."""
    _installed[:] = slices


def installed_slices() -> list[Slice]:
    """The slices of the site, lower ones first."""
    return _installed

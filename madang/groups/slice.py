"""The manifest of groups."""

from madang.core.slice import Slice

from . import api, jobs, views
from .counters import COUNTERS
from .ownership import OWNED
from .sentences import staff_verbs

SLICE = Slice(
    name="groups",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    counters=COUNTERS,
    owned=OWNED,
    staff_verbs=staff_verbs,
)

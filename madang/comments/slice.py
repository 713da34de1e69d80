"""The manifest of comments."""

from madang.core.slice import Slice

from . import api, views
from .counters import COUNTERS
from .ownership import OWNED
from .sentences import staff_verbs

SLICE = Slice(
    name="comments",
    blueprints=[views.bp],
    api=[api.bp],
    counters=COUNTERS,
    owned=OWNED,
    staff_verbs=staff_verbs,
)

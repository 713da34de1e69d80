"""The manifest of tags."""

from madang.core.slice import Slice

from . import api, views
from .counters import COUNTERS
from .sentences import staff_verbs

SLICE = Slice(
    name="tags",
    blueprints=[views.bp],
    api=[api.bp],
    counters=COUNTERS,
    staff_verbs=staff_verbs,
)

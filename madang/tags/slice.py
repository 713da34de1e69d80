"""The manifest of tags."""

from madang.core.slice import Slice

from . import api, views
from .counters import COUNTERS

SLICE = Slice(
    name="tags",
    blueprints=[views.bp],
    api=[api.bp],
    counters=COUNTERS,
)

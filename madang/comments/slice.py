"""The manifest of comments."""

from madang.core.slice import Slice

from . import api, views
from .counters import COUNTERS
from .ownership import OWNED

SLICE = Slice(
    name="comments",
    blueprints=[views.bp],
    api=[api.bp],
    counters=COUNTERS,
    owned=OWNED,
)

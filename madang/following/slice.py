"""The manifest of following."""

from madang.core.slice import Slice

from . import api, jobs, views
from .counters import COUNTERS
from .ownership import OWNED

SLICE = Slice(
    name="following",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    counters=COUNTERS,
    owned=OWNED,
)

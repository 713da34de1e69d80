"""The manifest of search."""

from madang.core.slice import Slice

from . import api, jobs, views
from .ownership import OWNED

SLICE = Slice(
    name="search",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    owned=OWNED,
)

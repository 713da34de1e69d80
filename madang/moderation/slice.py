"""The manifest of moderation."""

from madang.core.slice import Slice

from . import api, jobs, views
from .ownership import OWNED

SLICE = Slice(
    name="moderation",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    owned=OWNED,
)

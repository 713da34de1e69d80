"""The manifest of moderation."""

from madang.core.slice import Slice

from . import api, jobs, views
from .ownership import OWNED
from .sentences import staff_verbs

SLICE = Slice(
    name="moderation",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    owned=OWNED,
    staff_verbs=staff_verbs,
)

"""The manifest of boards."""

from madang.core.slice import Slice

from . import api
from .queries import nav_boards
from .sentences import staff_verbs

SLICE = Slice(
    name="boards",
    api=[api.bp],
    template_globals={"nav_boards": nav_boards},
    staff_verbs=staff_verbs,
)

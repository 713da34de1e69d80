"""The manifest of boards."""

from madang.core.slice import Slice

from . import api
from .queries import nav_boards

SLICE = Slice(
    name="boards",
    api=[api.bp],
    template_globals={"nav_boards": nav_boards},
)

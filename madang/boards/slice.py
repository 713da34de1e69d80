"""The manifest of boards."""

from madang.core.slice import Slice

from . import api
from .queries import board_has_math
from .sentences import staff_verbs

SLICE = Slice(
    name="boards",
    api=[api.bp],
    template_globals={"board_has_math": board_has_math},
    staff_verbs=staff_verbs,
)

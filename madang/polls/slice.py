"""The manifest of polls."""

from madang.core.slice import Slice
from madang.posts.fragments.slots import BELOW_TEXT, POST_PARTS

from . import api, views
from .counters import COUNTERS
from .forms import PollPart
from .fragments import poll_fragment
from .ownership import OWNED
from .sentences import staff_verbs

SLICE = Slice(
    name="polls",
    blueprints=[views.bp],
    api=[api.bp],
    counters=COUNTERS,
    owned=OWNED,
    slots=[POST_PARTS.filled_by(PollPart()), BELOW_TEXT.filled_by(poll_fragment)],
    staff_verbs=staff_verbs,
)

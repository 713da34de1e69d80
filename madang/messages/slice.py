"""The manifest of messages."""

from madang.core.slice import Slice

from .api import blocks as blocks_api
from .api import conversations as conversations_api
from .counters import COUNTERS
from .ownership import OWNED
from .views import conversations, managing

SLICE = Slice(
    name="messages",
    blueprints=[conversations.bp, managing.bp],
    api=[conversations_api.bp, blocks_api.bp],
    counters=COUNTERS,
    owned=OWNED,
    feature="FEATURE_MESSAGES",
)

"""The manifest of notifications."""

from madang.core.slice import Slice

from . import api, jobs
from .counters import COUNTERS
from .operations.stream import StreamTable
from .ownership import OWNED
from .views import notifications, stream

SLICE = Slice(
    name="notifications",
    blueprints=[notifications.bp, stream.bp],
    api=[api.bp],
    jobs=[jobs],
    counters=COUNTERS,
    owned=OWNED,
    event_stream=StreamTable,
)

"""The manifest of notifications."""

from madang.core.slice import Slice

from . import api, jobs
from .counters import COUNTERS
from .operations.stream import StreamTable
from .views import notifications, stream

SLICE = Slice(
    name="notifications",
    blueprints=[notifications.bp, stream.bp],
    api=[api.bp],
    jobs=[jobs],
    counters=COUNTERS,
    event_stream=StreamTable,
)

"""The manifest of feeds."""

from madang.core.slice import Slice

from . import views

SLICE = Slice(
    name="feeds",
    blueprints=[views.bp],
)

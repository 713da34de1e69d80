"""The manifest of examples."""

from madang.core.slice import Slice

from . import views

SLICE = Slice(
    name="examples",
    blueprints=[views.bp],
)

"""The manifest of tools."""

from madang.core.slice import Slice

from . import api, jobs, views

SLICE = Slice(
    name="tools",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
    feature="FEATURE_TOOLS",
)

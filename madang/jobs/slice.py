"""The manifest of jobs."""

from madang.core.slice import Slice

from . import api, jobs, views

SLICE = Slice(
    name="jobs",
    blueprints=[views.bp],
    api=[api.bp],
    jobs=[jobs],
)

"""Access to the staff API: the same permissions as for the staff pages, plus a fresh token for changes."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Unpack

from flask import Response

from madang.accounts.policies.accounts import require_administrator
from madang.core.queue import Job
from madang.core.rest.access import ADMIN, READ_METHODS
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, RouteOptions, RouteView
from madang.core.rest.serialisation import show_one
from madang.core.web.actor import current_actor
from madang.jobs.fragments import job_row
from madang.jobs.schemas import JobSchema

from ..views.access import require_staff


class StaffBlueprint(ApiBlueprint):
    """Routes for administrators, and for moderators if `for_moderators`. Unsafe methods require a fresh token."""

    def __init__(self, name: str, *, description: str, for_moderators: bool = False) -> None:
        super().__init__(name, description=description, scope=ADMIN)
        self.for_moderators = for_moderators

    def route(
        self, rule: str, *, methods: Sequence[str], **options: Unpack[RouteOptions]
    ) -> Callable[[RouteView], RouteView]:
        options.setdefault("fresh", not set(methods) <= set(READ_METHODS))
        register = super().route(rule, methods=methods, **options)

        def decorator(view: RouteView) -> RouteView:
            @wraps(view)
            def guarded(*args: object, **values: object) -> Response:
                require_staff(current_actor())
                if not self.for_moderators:
                    require_administrator(current_actor())
                return view(*args, **values)

            return register(guarded)

        return decorator


def accepted(job: Job) -> Response:
    """The response 202 with the job that does the rest, and its address as `Location`."""
    response = show_one(JobSchema, job_row(job), 202)
    response.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return response

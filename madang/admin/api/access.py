"""Access to the staff API: the same permissions as for the staff pages, plus a fresh token for changes."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Unpack

from flask import Response

from madang.accounts.policies.accounts import require_administrator
from madang.core.rest.access import ADMIN, READ_METHODS
from madang.core.rest.blueprint import ApiBlueprint, RouteOptions, RouteView
from madang.core.web.actor import current_actor

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

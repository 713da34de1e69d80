"""The routes of a slice's API: who may call them, what they read, what they show, all of it documented."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import flask_smorest
from flask import Response, request

from madang.core.web.caching import mark_cacheable

from .auth import READING, Access, admit, refuse_unknown_query
from .idempotency import respond_once
from .paging import asked_page
from .parsing import parser
from .schemas import ListQuery, Schema, listing_of
from .serialisation import FIELDS, answer_unchanged, dumper, names_of, show_list, show_one

View = Callable[..., Any]
PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Created:
    """Something new, and the address where it is read."""

    thing: Any
    location: str


class ApiBlueprint(flask_smorest.Blueprint):
    """A slice's routes under `/api/v1`.

    `scope` is what a personal token needs for them; without it `read` or `write`, by the method.
    """

    ARGUMENTS_PARSER = parser

    def __init__(self, name: str, *, description: str, scope: str | None = None) -> None:
        super().__init__(f"{name}_api", __name__, url_prefix=PREFIX, description=description)
        self.tag, self.scope = name, scope

    def route(
        self,
        rule: str,
        *,
        public: bool = False,
        guests: bool = False,
        fresh: bool = False,
        scope: str | None = None,
        idempotent: bool = True,
        if_match: bool = False,
        **options: Any,
    ) -> Callable[[View], View]:
        """A route. `public`: for visitors too; `guests`: for guests too; `fresh`: asks for a password typed lately.

        Without `keeps_answer` no Idempotency-Key is heeded: for answers that hold a secret. `heeds_match`: the view
        looks at If-Match by `require_unchanged`.
        """
        access = Access(public, guests, scope or self.scope, fresh, idempotent, if_match)

        def decorator(view: View) -> View:
            gated = _gated(view, access)
            gated.access = access  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, gated, tags=[self.tag], **options)
            return view

        return decorator

    def body(self, schema: type[Schema], *, optional: bool = False) -> Callable[[View], View]:
        """The JSON body, checked against `schema`, is the view's first argument; an `optional` one may be missing."""
        read = self.arguments(schema, required=not optional)

        def decorator(view: View) -> View:
            reading = read(view)
            if not optional:
                return reading

            @wraps(reading)
            def taken(*args: Any, **values: Any) -> Any:
                is_sent = request.mimetype or request.get_data(cache=True)
                return reading(*args, **values) if is_sent else view(dumper(schema).load({}), *args, **values)

            return taken

        return decorator

    def files_body(self, schema: type[Schema]) -> Callable[[View], View]:
        """The files of a form (multipart/form-data), checked against `schema`, are the view's first argument."""
        return self.arguments(schema, location="files")

    def query(self, schema: type[Schema]) -> Callable[[View], View]:
        """The query, checked against `schema`, is the view's first argument."""
        return self._reads_query(schema, schema)

    def _reads_query(self, schema: type[Schema], read_by: type[Schema] | Schema) -> Callable[[View], View]:
        documented = self.arguments(read_by, location="query")

        def decorator(view: View) -> View:
            asked = documented(view)
            asked.query_names = _query_names(view) | names_of([schema])
            return asked

        return decorator

    def response(self, schema: type[Schema] | None, status: int = 200) -> Callable[[View], View]:
        """The view gives a thing (or `Created`) that is shown by `schema`; without a schema it gives nothing: 204."""
        status = status if schema else 204
        documented = super().response(status, schema)

        def decorator(view: View) -> View:
            @wraps(view)
            def shown(*args: Any, **values: Any) -> Response:
                given = view(*args, **values)
                if isinstance(given, Response):
                    return given
                if schema is None:
                    return Response(status=status)
                made = given if isinstance(given, Created) else None
                response = show_one(schema, made.thing if made else given, status)
                if made:
                    response.headers["Location"] = made.location
                return response

            return _with_fields(documented(shown))

        return decorator

    def file_response(self, kind: str) -> Callable[[View], View]:
        """The view gives a file of this kind."""
        content = {"type": "string", "format": "binary", "example": "..."}
        return super().response(200, content, content_type=kind)

    def paginated(self, schema: type[Schema], query: type[ListQuery] = ListQuery) -> Callable[[View], View]:
        """The view is given the `Page` that the query asks for, and gives a `PageResult` whose rows `schema` shows."""
        reads_query = self._reads_query(query, dumper(query))
        documented = super().response(200, listing_of(schema))

        def decorator(view: View) -> View:
            @wraps(view)
            def listed(*args: Any, **values: Any) -> Response:
                *others, asked = args
                page = asked_page(asked)
                return show_list(schema, page, view(page, *others, **values))

            return _with_fields(documented(reads_query(listed)))

        return decorator


def _with_fields(view: View) -> View:
    """`view`, whose query may choose fields."""
    view.query_names = _query_names(view) | {FIELDS}  # type: ignore[attr-defined]
    return view


def _gated(view: View, access: Access) -> View:
    """`view` behind everything that holds for every route."""
    known = _query_names(view)

    @wraps(view)
    def gated(*args: Any, **values: Any) -> Response:
        admit(access)
        refuse_unknown_query(known)
        if request.method in READING:
            if access.is_public:
                mark_cacheable()
            return answer_unchanged(view(*args, **values))
        if request.method == "POST" and access.idempotent:
            return respond_once(lambda: view(*args, **values))
        return view(*args, **values)

    return gated


def _query_names(view: View) -> frozenset[str]:
    """The names that a route knows in its query."""
    return getattr(view, "query_names", frozenset())

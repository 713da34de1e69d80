"""API routes: decorators for access control, request bodies, queries and responses, which also document them."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypedDict, Unpack

import flask_smorest
from flask import Response, request

from madang.core.web.caching import mark_cacheable

from .access import READ_METHODS, Access, check_access, refuse_unknown_query
from .idempotency import respond_once
from .pagination import PageResult, requested_page
from .parsing import parser
from .schemas import ListQuery, Schema, list_schema_of
from .serialisation import FIELDS, dumper, make_conditional, show_list, show_one

View = Callable[..., object]
RouteView = Callable[..., Response]
PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Created:
    """A new subject, and the URL at which it is read."""

    subject: object
    location: str


class RouteOptions(TypedDict, total=False):
    """How a route differs from one for members: see `Access`."""

    public: bool
    guests: bool
    fresh: bool
    scope: str | None
    idempotent: bool
    if_match: bool


class ApiBlueprint(flask_smorest.Blueprint):
    """A slice's routes under `/api/v1`.

    `scope` is what a personal token needs for them; without it `read` or `write`, by the method.
    """

    ARGUMENTS_PARSER = parser

    def __init__(self, name: str, *, description: str, scope: str | None = None) -> None:
        super().__init__(f"{name}_api", __name__, url_prefix=PREFIX, description=description)
        self.tag, self.scope = name, scope

    def route(
        self, rule: str, *, methods: Sequence[str], **options: Unpack[RouteOptions]
    ) -> Callable[[RouteView], RouteView]:
        """Register a view.

        `public` routes are open to visitors, `guests` ones to guest accounts; `fresh` ones require a recent log-in with
        a password. Set `idempotent` to False for responses that contain a secret, since Idempotency-Key stores them.
        `if_match` routes compare If-Match by `require_unchanged`.
        """
        access = Access(
            is_public=options.get("public", False),
            for_guests=options.get("guests", False),
            scope=options.get("scope") or self.scope,
            is_fresh=options.get("fresh", False),
            idempotent=options.get("idempotent", True),
            if_match=options.get("if_match", False),
        )

        def decorator(view: RouteView) -> RouteView:
            guarded = _guard(view, access)
            vars(guarded)["access"] = access
            self.add_url_rule(rule, view.__name__, guarded, methods=methods, tags=[self.tag])
            return view

        return decorator

    def body(self, schema: type[Schema], *, optional: bool = False) -> Callable[[RouteView], RouteView]:
        """Pass the JSON body, validated by `schema`, as the view's first argument; an `optional` one may be missing."""
        read_body = self.arguments(schema, required=not optional)

        def decorator(view: RouteView) -> RouteView:
            with_body: RouteView = read_body(view)
            if not optional:
                return with_body

            @wraps(with_body)
            def wrapper(*args: object, **kwargs: object) -> Response:
                has_body = request.mimetype or request.get_data(cache=True)
                return with_body(*args, **kwargs) if has_body else view(dumper(schema).load({}), *args, **kwargs)

            return wrapper

        return decorator

    def files_body(self, schema: type[Schema]) -> Callable[[RouteView], RouteView]:
        """Pass the files of a form (multipart/form-data), validated by `schema`, as the view's first argument."""
        return self.arguments(schema, location="files")

    def query(self, schema: type[Schema]) -> Callable[[RouteView], RouteView]:
        """Pass the query parameters, validated by `schema`, as the view's first argument."""
        documented, names = self.arguments(dumper(schema), location="query"), dumper(schema).load_fields.keys()
        return lambda view: _add_query_names(documented(view), _query_names(view) | names)

    def response(self, schema: type[Schema] | None, status: int = 200) -> Callable[[View], RouteView]:
        """Serialise what the view returns, a subject or `Created`, by `schema`; without a schema answer 204."""
        status = status if schema else 204
        documented = super().response(status, schema)

        def decorator(view: View) -> RouteView:
            @wraps(view)
            def wrapper(*args: object, **kwargs: object) -> Response:
                result = view(*args, **kwargs)
                if isinstance(result, Response):
                    return result
                if schema is None:
                    return Response(status=status)
                if not isinstance(result, Created):
                    return show_one(schema, result, status)
                response = show_one(schema, result.subject, status)
                response.headers["Location"] = result.location
                return response

            return _add_query_names(documented(wrapper), {FIELDS})

        return decorator

    def file_response(self, content_type: str) -> Callable[[RouteView], RouteView]:
        """Document that the view returns a file of this media type."""
        content = {"type": "string", "format": "binary", "example": "..."}
        return super().response(200, content, content_type=content_type)

    def paginated(
        self, schema: type[Schema], query: type[ListQuery] = ListQuery
    ) -> Callable[[Callable[..., PageResult]], RouteView]:
        """Pass the requested `Page` to the view, which returns a `PageResult` of rows that `schema` serialises."""
        read_query = self.query(query)
        documented = super().response(200, list_schema_of(schema))

        def decorator(view: Callable[..., PageResult]) -> RouteView:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: object) -> Response:
                *others, criteria = args
                page = requested_page(criteria)
                return show_list(schema, page, view(page, *others, **kwargs))

            return _add_query_names(documented(read_query(wrapper)), {FIELDS})

        return decorator


def _query_names(view: View) -> frozenset[str]:
    """Return the names of the query parameters that a view accepts."""
    return getattr(view, "query_names", frozenset())


def _add_query_names(view: RouteView, names: Set[str]) -> RouteView:
    vars(view)["query_names"] = _query_names(view) | names
    return view


def _guard(view: RouteView, access: Access) -> RouteView:
    """Wrap `view` in what applies to every route: access control, query names, conditional and repeated requests."""
    known_names = _query_names(view)

    @wraps(view)
    def wrapper(*args: object, **kwargs: object) -> Response:
        check_access(access)
        refuse_unknown_query(known_names)
        if request.method in READ_METHODS:
            if access.is_public:
                mark_cacheable()
            return make_conditional(view(*args, **kwargs))
        if request.method == "POST" and access.idempotent:
            return respond_once(lambda: view(*args, **kwargs))
        return view(*args, **kwargs)

    return wrapper

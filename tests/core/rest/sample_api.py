"""A sample API on an application without a database."""

from flask import Flask

from madang.core.errors import MadangError
from madang.core.rest.blueprint import ApiBlueprint, Created
from madang.core.rest.openapi import init_app
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.schemas import ListQuery, Schema, choice_field, id_field, text_field
from tests.core.rest.asking import bare_app


class YardSchema(Schema):
    """A yard."""

    id = id_field("Its number.")
    title = text_field("A title.", "A yard", required=True)


class NewYardSchema(Schema):
    """A new yard."""

    title = text_field("A title.", "A yard", load_default="Untitled")


class YardsQuery(ListQuery):
    """The order of yards."""

    sort = choice_field("The order.", "newest", "name", load_default="newest")


blp = ApiBlueprint("yards", description="Places in front of houses.")
administration = ApiBlueprint("admin", description="For administrators.", scope="admin")


@blp.route("/yards", methods=["GET"], public=True)
@blp.paginated(YardSchema, YardsQuery)
def list_yards(page: Page) -> PageResult:
    """All yards."""
    last = page.after_id or 0
    rows = [{"id": number, "title": page["sort"]} for number in range(last + 1, 6)][: page.more]
    return page.of(rows, lambda row: (row["id"],))


@blp.route("/yards", methods=["POST"], public=True)
@blp.body(NewYardSchema)
@blp.response(YardSchema, 201)
def make_yard(values: dict) -> Created:
    """Make a yard."""
    return Created({"id": 7, **values}, "/api/v1/yards/7")


@blp.route("/yards/<int:yard_id>", methods=["GET"], public=True)
@blp.response(YardSchema)
def read_yard(yard_id: int) -> dict:
    """A yard."""
    return {"id": yard_id, "title": "A yard"}


@blp.route("/yards/<int:yard_id>", methods=["PATCH"], if_match=True)
@blp.body(NewYardSchema, optional=True)
@blp.response(YardSchema)
def edit_yard(values: dict, yard_id: int) -> dict:
    """Change a yard."""
    return {"id": yard_id, **values}


@blp.route("/yards/<int:yard_id>", methods=["DELETE"], fresh=True)
@blp.response(None)
def delete_yard(yard_id: int) -> None:
    """Delete a yard."""


@administration.route("/admin/yards", methods=["GET"])
@administration.paginated(YardSchema)
def all_yards(page: Page) -> PageResult:
    """All yards, for administrators."""
    return page.of([], lambda row: (row["id"],))


def probe_app() -> Flask:
    app = bare_app()
    app.register_error_handler(MadangError, lambda error: ({"code": error.code, "errors": error.fields}, error.status))
    init_app(app, [blp, administration])
    return app

"""Views of the example pages, for those who write programs. They exist in development only.

The pages hold no data: their script (frontend/js/examples.js) reads and writes everything by the API.
"""

from flask import Blueprint, abort, current_app, render_template

from madang.boards.models import BOARD_KINDS

bp = Blueprint("examples", __name__, url_prefix="/examples")


@bp.before_request
def hide_in_production() -> None:
    if current_app.config["ENVIRONMENT"] == "production":
        abort(404)


@bp.get("/")
def login() -> str:
    return render_template("examples/login.html")


@bp.get("/account")
def account() -> str:
    return render_template("examples/account.html")


@bp.get("/boards")
def boards() -> str:
    return render_template("examples/boards.html", kinds=BOARD_KINDS)


@bp.get("/people")
def people() -> str:
    return render_template("examples/people.html")

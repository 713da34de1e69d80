"""The view that sends pictures to those who may see them."""

from flask import Blueprint, Response

from madang.core.actor import VISITOR, Actor
from madang.core.errors import NotFound
from madang.core.rest.access import READ, current_credential
from madang.core.storage.backends import store
from madang.core.storage.pictures import is_picture_name
from madang.core.storage.responses import file_response
from madang.core.web.actor import current_actor

from ..queries.pictures import is_public_file, may_see_file

bp = Blueprint("files", __name__)


@bp.get("/files/<name>")
def file(name: str) -> Response:
    """A picture, its thumbnail, or somebody's portrait. Raises `NotFound`, also if the reader may not see it."""
    if not is_picture_name(name):
        raise NotFound
    is_public = is_public_file(name)
    if not is_public and not may_see_file(name, _reader()):
        raise NotFound
    stored = store().open(name)
    if stored is None:
        raise NotFound
    return file_response(name, stored, is_public=is_public)


def _reader() -> Actor:
    """The caller; nobody if their personal token is not for reading."""
    scopes = current_credential().scopes
    return current_actor() if scopes is None or READ in scopes else VISITOR

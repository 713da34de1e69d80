"""The files that people sent, from whichever store they lie in."""

from flask import Blueprint, Response, request
from werkzeug.wsgi import FileWrapper

from madang.core.errors import NotFound

from .backends import StoredFile, store
from .pictures import is_name, type_of

bp = Blueprint("files", __name__)
YEAR_SECONDS = 365 * 86400
PIECE = 256 * 1024


@bp.get("/files/<name>")
def file(name: str) -> Response:
    """A picture that somebody sent; its name changes with its content."""
    found = store().open(name) if is_name(name) else None
    if found is None:
        raise NotFound
    response = _answer(name, found)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _answer(name: str, found: StoredFile) -> Response:
    """The file, a part of it, or only that it is still the same (RFC 9110)."""
    pieces = FileWrapper(found.content, PIECE)
    response = Response(pieces, mimetype=type_of(name), direct_passthrough=True)
    response.call_on_close(found.content.close)
    response.content_length = found.byte_count
    response.last_modified = found.changed_at
    response.set_etag(name)
    response.make_conditional(request, accept_ranges=True, complete_length=found.byte_count)
    return response

"""The view that serves uploaded files."""

from flask import Blueprint, Response, request
from werkzeug.wsgi import FileWrapper

from madang.core.errors import NotFound

from .backends import StoredFile, store
from .pictures import is_picture_name, type_of

bp = Blueprint("files", __name__)
YEAR_SECONDS = 365 * 86400
CHUNK_BYTES = 256 * 1024


@bp.get("/files/<name>")
def file(name: str) -> Response:
    """An uploaded picture, cached for a year: its name changes with its content."""
    stored = store().open(name) if is_picture_name(name) else None
    if stored is None:
        raise NotFound
    response = _conditional_response(name, stored)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _conditional_response(name: str, stored: StoredFile) -> Response:
    """The file (200), a range of it (206), or that it has not changed (304), by RFC 9110."""
    chunks = FileWrapper(stored.content, CHUNK_BYTES)
    response = Response(chunks, mimetype=type_of(name), direct_passthrough=True)
    response.call_on_close(stored.content.close)
    response.content_length = stored.byte_count
    response.last_modified = stored.changed_at
    response.set_etag(name)
    response.make_conditional(request, accept_ranges=True, complete_length=stored.byte_count)
    return response

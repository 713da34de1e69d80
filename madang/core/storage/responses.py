"""The response that sends an uploaded file."""

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from .backends import StoredFile
from .pictures import type_of

YEAR_SECONDS = 365 * 86400
CHUNK_BYTES = 256 * 1024
FOREVER = f"public, max-age={YEAR_SECONDS}, immutable"
ASK_EACH_TIME = "private, no-cache"


def file_response(name: str, stored: StoredFile, *, is_public: bool) -> Response:
    """The file (200), a range of it (206), or that it has not changed (304), by RFC 9110.

    A public one is cached for a year, since its name changes with its content. Of one that is not, only the reader's
    browser keeps a copy, and asks each time. A proxy that has kept it since it was public asks for the tag and the time
    of the public one: those must not match, or it would go on sending its copy.
    """
    chunks = FileWrapper(stored.content, CHUNK_BYTES)
    response = Response(chunks, mimetype=type_of(name), direct_passthrough=True)
    response.call_on_close(stored.content.close)
    response.content_length = stored.byte_count
    response.set_etag(name if is_public else f"{name}:private")
    if is_public:
        response.last_modified = stored.changed_at
    response.make_conditional(request, accept_ranges=True, complete_length=stored.byte_count)
    response.headers["Cache-Control"] = FOREVER if is_public else ASK_EACH_TIME
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

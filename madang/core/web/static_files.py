"""Static files where no web server in front sends them: compressed by the build, and cached by their names."""

import re
from pathlib import Path

from flask import Response, request, send_from_directory
from werkzeug.utils import safe_join

HASHED = re.compile(r"dist/.+-[0-9a-f]+\.\w+")  # the name contains a hash of the content
HASHED_SECONDS, OTHER_SECONDS = 365 * 24 * 3600, 3600
SUFFIXES = {"br": ".br", "gzip": ".gz"}  # the better one first


def send_static(folder: str, name: str) -> Response:
    """Send a file of `folder`, in the best encoding that the build has written and the client accepts.

    Raises `NotFound`.
    """
    encodings = [each for each, suffix in SUFFIXES.items() if _is_file(folder, name + suffix)]
    chosen = request.accept_encodings.best_match(encodings) if encodings and _is_file(folder, name) else None
    is_hashed = HASHED.fullmatch(name) is not None
    response = send_from_directory(
        folder,
        name + SUFFIXES[chosen] if chosen else name,
        download_name=Path(name).name,
        max_age=HASHED_SECONDS if is_hashed else OTHER_SECONDS,
    )
    response.cache_control.immutable = is_hashed
    if encodings:
        response.vary.add("Accept-Encoding")
    if chosen and response.status_code != 304:
        response.content_encoding = chosen
    return response


def _is_file(folder: str, name: str) -> bool:
    path = safe_join(folder, name)
    try:
        return path is not None and Path(path).is_file()
    except OSError:  # the name is too long for the file system
        return False

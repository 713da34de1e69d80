"""How long a copy stays right where nothing is written: as long as who asks may ask, and a minute at most."""

from time import time

from flask import Response

from madang.core.web import STEADY_UNTIL

from .calling import credential

LONGEST_SECONDS = 60  # who comes again and again shall be counted and noted as present now and then


def mark_steady(response: Response) -> Response:
    """Let an answer that says that nothing changed be given again to the same question while nothing is written."""
    if response.status_code == 304:
        latest, ends_at = time() + LONGEST_SECONDS, credential().ends_at
        response.headers[STEADY_UNTIL] = str(latest if ends_at is None else min(latest, ends_at))
    return response

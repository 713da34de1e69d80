"""The errors that a person can act on: each class has a code for programs, an HTTP status, and a message."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .i18n import _


class MadangError(Exception):
    """An error that a person can act on."""

    code = "error"
    status = 400
    members: Mapping[str, str] = {}  # what else the API's problem details contain (RFC 9457, 3.2)

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message or " ".join(f"{name}: {words}" for name, words in self.fields.items()))


class InvalidInput(MadangError):
    """Invalid input (422). `field` names the field; `fields` maps several fields to their messages."""

    code = "invalid_input"
    status = 422

    def __init__(self, message: str = "", *, field: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, fields=fields or ({field: message} if field else {}))


class BadRequest(MadangError):
    """A request that cannot be parsed (400)."""

    code = "bad_request"


class Unauthenticated(MadangError):
    code = "not_logged_in"
    status = 401


class Forbidden(MadangError):
    code = "forbidden"
    status = 403


class NotFound(MadangError):
    code = "not_found"
    status = 404


class Gone(MadangError):
    code = "gone"
    status = 410


class Conflict(MadangError):
    """The row has changed since it was read (409)."""

    code = "conflict"
    status = 409


class RateLimited(MadangError):
    code = "rate_limited"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(MadangError):
    """Something outside Madang that is needed, such as a service or a port, cannot be had now (503)."""

    code = "unavailable"
    status = 503
    retry_after = 10


def require(condition: bool, message: str = "") -> None:
    """Raise `Forbidden` unless `condition` holds."""
    if not condition:
        raise Forbidden(message)


def raise_if_invalid(**fields: str | None) -> None:
    """Raise `InvalidInput` if any of `fields` has an error message; reports all of them at once."""
    errors = {name: message for name, message in fields.items() if message}
    if errors:
        raise InvalidInput(fields=errors)


@contextmanager
def reporting(errors: Mapping[str, str]) -> Iterator[None]:
    """Report `errors` together with those that the block raises as `InvalidInput`, or after the block."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(fields={**errors, **error.fields}) from None
    raise_if_invalid(**errors)


def too_long_error(text: str, most: int) -> str | None:
    """The error message, for `raise_if_invalid`, of a text longer than `most` characters; None for a shorter one."""
    return _("Please shorten this to %(count)s characters.", count=most) if len(text) > most else None

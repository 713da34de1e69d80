"""What can go wrong, as classes: each has a code for programs, a status, and a sentence for people."""

from collections.abc import Mapping

from .i18n import _


class MadangError(Exception):
    """An error that a person can act on."""

    code = "error"
    status = 400

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message or " ".join(f"{name}: {words}" for name, words in self.fields.items()))


class InvalidInput(MadangError):
    """Something in what was sent is not right. `field` names it; `fields` maps several names to their sentences."""

    code = "invalid_input"
    status = 422

    def __init__(self, message: str = "", *, field: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, fields=fields or ({field: message} if field else {}))


class BadRequest(MadangError):
    """What was sent cannot be read at all."""

    code = "bad_request"
    status = 400


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
    """The thing changed since it was read."""

    code = "conflict"
    status = 409


class RateLimited(MadangError):
    code = "rate_limited"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(MadangError):
    """Something outside that is needed does not answer at present."""

    code = "unavailable"
    status = 503
    retry_after = 10


def require(condition: bool, message: str = "") -> None:
    """Refuse with 403 unless `condition` holds."""
    if not condition:
        raise Forbidden(message)


def invalid(**fields: str | None) -> None:
    """Raise `InvalidInput` for the fields that have a sentence; several wrong fields are told at once."""
    wrong = {name: message for name, message in fields.items() if message}
    if wrong:
        raise InvalidInput(fields=wrong)


def too_long(text: str, most: int) -> str | None:
    """What is wrong with a text of more than `most` characters, as a sentence for `invalid`."""
    return _("Please shorten this to %(count)s characters.", count=most) if len(text) > most else None

"""Failures of the database and the disk that no request has caused: out of reach, without room, or read-only."""

import errno
import logging
from enum import Enum

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError

from .contention import is_contention


class Failure(Enum):
    """Why the database or the disk did not do its work."""

    BUSY = "busy"  # concurrent transactions: a retry succeeds
    UNREACHABLE = "unreachable"
    FULL = "full"
    READ_ONLY = "read_only"


# PostgreSQL: the code of an error, or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html).
# MySQL and MariaDB: the number of an error. SQLite: the name of a result code (https://sqlite.org/rescode.html).
CODES: dict[Failure, frozenset[str | int]] = {
    Failure.UNREACHABLE: frozenset(
        {"08", "57P01", "57P02", "57P03", "57P05", "53300"}
        | {
            0,
            1040,
            1044,
            1045,
            1049,
            1053,
            1152,
            1159,
            1160,
            1161,
            1203,
            1698,
            1927,
            2002,
            2003,
            2006,
            2013,
            2055,
            4031,
        }
        | {"SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PROTOCOL"}
    ),
    Failure.FULL: frozenset({"53100", 1021, 1114, "SQLITE_FULL"}),
    Failure.READ_ONLY: frozenset({"25006", 1290, 1792, 1836, "SQLITE_READONLY", "SQLITE_PERM"}),
}
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NO_PERMISSION = (errno.EROFS, errno.EACCES, errno.EPERM)
NO_SPACE = "(Errcode: 28 "  # ENOSPC inside other errors of MySQL and MariaDB


def failure_in(error: BaseException) -> Failure | None:
    """Return which failure of the database or the disk `error` is, or None if it is another error."""
    if isinstance(error, SQLAlchemyError):
        return failure_of(error)
    if isinstance(error, OSError):
        return Failure.FULL if error.errno in FULL_DISK else Failure.READ_ONLY if error.errno in NO_PERMISSION else None
    return None


def failure_of(error: SQLAlchemyError) -> Failure | None:
    """Return which failure `error` is, or None if it is another error."""
    if isinstance(error, TimeoutError):  # no connection of the pool became free
        return Failure.UNREACHABLE
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error, OperationalError) and is_contention(error):
        return Failure.BUSY
    if NO_SPACE in str(error.orig):
        return Failure.FULL
    codes = _codes(error)
    known = (failure for failure, its_codes in CODES.items() if codes & its_codes)
    is_without_answer = isinstance(error, OperationalError) and not codes
    return next(known, Failure.UNREACHABLE if error.connection_invalidated or is_without_answer else None)


def log_error(log: logging.Logger, message: str, error: Exception) -> None:
    """Log an error of a thread that works in the background; a failure of the database in one line."""
    if isinstance(error, SQLAlchemyError) and failure_of(error):
        log.warning("%s (%s)", message, reason(error))
    else:
        log.error(message, exc_info=error)


def reason(error: BaseException) -> str:
    """The first line of the driver's message; the rest has the statement."""
    return str(getattr(error, "orig", error)).partition("\n")[0]


def _codes(error: DBAPIError) -> set[str | int]:
    """The codes of an error and of its class; none if there was no answer to a try to connect."""
    sqlstate: str | None = getattr(error.orig, "sqlstate", None)
    result_name: str | None = getattr(error.orig, "sqlite_errorname", None)
    arguments = getattr(error.orig, "args", ())[:1]
    codes: set[str | int] = {each for each in arguments if isinstance(each, int)}
    if sqlstate:
        codes |= {sqlstate, sqlstate[:2]}
    if result_name:
        codes |= {result_name, "_".join(result_name.split("_")[:2])}  # extended result codes have a suffix
    return codes

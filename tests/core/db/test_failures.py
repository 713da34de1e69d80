"""Which errors of the drivers say that the database cannot be reached, has no room or takes no writes."""

import sqlite3

import psycopg
import pymysql
import pytest
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
    TimeoutError,
)

from madang.core.db.failures import Failure, failure_of

BUSY, UNREACHABLE, FULL, READ_ONLY = Failure.BUSY, Failure.UNREACHABLE, Failure.FULL, Failure.READ_ONLY


def sqlite_error(name: str, message: str = "") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorname = name
    return error


def mysql_error(number: int, message: str = "") -> pymysql.err.OperationalError:
    return pymysql.err.OperationalError(number, message)


@pytest.mark.parametrize(
    ("driver_error", "failure"),
    [
        (psycopg.OperationalError("connection failed: Connection refused"), UNREACHABLE),
        (psycopg.errors.AdminShutdown(), UNREACHABLE),
        (psycopg.errors.CrashShutdown(), UNREACHABLE),
        (psycopg.errors.CannotConnectNow(), UNREACHABLE),
        (psycopg.errors.TooManyConnections(), UNREACHABLE),
        (psycopg.errors.ConnectionFailure(), UNREACHABLE),
        (psycopg.errors.DiskFull(), FULL),
        (psycopg.errors.ReadOnlySqlTransaction(), READ_ONLY),
        (psycopg.errors.DeadlockDetected(), BUSY),
        (psycopg.errors.LockNotAvailable(), BUSY),
        (psycopg.errors.QueryCanceled(), None),
        (mysql_error(2003, "Can't connect to MySQL server"), UNREACHABLE),
        (mysql_error(2006, "MySQL server has gone away"), UNREACHABLE),
        (mysql_error(2013, "Lost connection to MySQL server during query"), UNREACHABLE),
        (mysql_error(1040, "Too many connections"), UNREACHABLE),
        (mysql_error(1045, "Access denied"), UNREACHABLE),
        (mysql_error(1053, "Server shutdown in progress"), UNREACHABLE),
        (pymysql.err.InterfaceError(0, ""), UNREACHABLE),
        (mysql_error(1114, "The table is full"), FULL),
        (mysql_error(3, 'Error writing file (Errcode: 28 "No space left on device")'), FULL),
        (mysql_error(1290, "running with the --read-only option"), READ_ONLY),
        (mysql_error(1213, "Deadlock found"), BUSY),
        (mysql_error(1054, "Unknown column"), None),
        (sqlite_error("SQLITE_FULL", "database or disk is full"), FULL),
        (sqlite_error("SQLITE_READONLY"), READ_ONLY),
        (sqlite_error("SQLITE_READONLY_DIRECTORY"), READ_ONLY),
        (sqlite_error("SQLITE_CANTOPEN_ISDIR"), UNREACHABLE),
        (sqlite_error("SQLITE_IOERR_WRITE"), UNREACHABLE),
        (sqlite3.OperationalError("database is locked"), BUSY),
        (sqlite_error("SQLITE_ERROR", "no such table: posts"), None),
    ],
    ids=repr,
)
def test_an_error_of_a_driver_is_a_failure(driver_error: Exception, failure: Failure | None):
    kind = InterfaceError if isinstance(driver_error, pymysql.err.InterfaceError) else OperationalError
    assert failure_of(kind("UPDATE posts", {}, driver_error)) is failure


def test_a_connection_that_was_lost_is_a_failure_whatever_the_error():
    error = DBAPIError("SELECT 1", {}, psycopg.errors.InternalError(), connection_invalidated=True)
    assert failure_of(error) is UNREACHABLE
    assert failure_of(TimeoutError("QueuePool limit")) is UNREACHABLE


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation()),
        ProgrammingError("SELECT", {}, psycopg.ProgrammingError("cannot adapt type 'object'")),
        InvalidRequestError("This session is closed"),
    ],
    ids=repr,
)
def test_an_error_of_a_program_is_none(error: SQLAlchemyError):
    assert failure_of(error) is None

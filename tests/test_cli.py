"""The command line says in a sentence what to do about a failure of the database or the disk."""

import errno
import sys

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from madang import cli


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/srv/x"), "A file cannot be written ([Errno 30]"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x"), "'/srv/x'). Give the user who runs Madang"),
        (OSError(errno.ENOSPC, "No space left on device", "/srv/x"), "The disk is full"),
        (OperationalError("SELECT", {}, psycopg.OperationalError("refused\nmore")), "does not respond (refused)."),
        (OperationalError("SELECT", {}, psycopg.errors.DiskFull("no space")), "The disk is full (no space)."),
        (OperationalError("SELECT", {}, psycopg.errors.DeadlockDetected("deadlock")), "The database is busy"),
    ],
)
def test_a_failure_is_a_sentence(monkeypatch, capsys, error: Exception, sentence: str):
    monkeypatch.setattr(cli, "create_app", lambda: _raise(error))
    monkeypatch.setattr(cli.cli, "create_app", lambda: _raise(error))
    monkeypatch.setattr(sys, "argv", ["madang", "serve"])
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    printed = capsys.readouterr().err
    assert sentence in printed
    assert printed.count("\n") == 1


def _raise(error: Exception) -> None:
    raise error


def test_an_error_of_the_program_is_not_hidden(monkeypatch):
    monkeypatch.setattr(cli.cli, "create_app", lambda: _raise(FileNotFoundError(errno.ENOENT, "No such file", "/x")))
    monkeypatch.setattr(sys, "argv", ["madang", "serve"])
    with pytest.raises(FileNotFoundError):
        cli.main()

"""Check what runs: workers and waiting jobs, the clock, permissions of files, the limit of open files."""

import os
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import time

from sqlalchemy import Connection, and_, func, select, text

from madang.core.clock import now
from madang.core.db import db
from madang.core.i18n import _, ngettext
from madang.core.mail.explaining import MailDelayed
from madang.core.queue import UNFINISHED, Job
from madang.core.queue.state import queue_state

from .findings import Config, Findings, error, notice

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

MAX_WAIT_SECONDS = 300
MAX_CLOCK_SECONDS = 5
GIVEN_UP_SHOWN = timedelta(days=2)
MIN_OPEN_FILES = 4096
OTHERS, GROUP_WRITE = stat.S_IRWXO, stat.S_IWGRP
CLOCKS = {"postgresql": "SELECT extract(epoch FROM clock_timestamp())", "mysql": "SELECT UNIX_TIMESTAMP(NOW(6))"}


def check_queue() -> Findings:
    """Whether a worker runs, and for how long jobs have waited. Needs an up-to-date database."""
    moment = now()
    state = queue_state(db.session.connection(), moment)
    minutes = int(state.oldest_age(moment) // 60)
    is_late = state.oldest_age(moment) > MAX_WAIT_SECONDS
    if not state.alive_workers(moment):
        sentence = _("No worker runs, so no mail is sent and nobody is notified. Start “madang worker”, or the site.")
        yield error(sentence) if is_late else notice(sentence)
    elif is_late:
        yield error(
            ngettext(
                "The oldest background job has waited for %(num)s minute. Run more: “madang worker --count 4”.",
                "The oldest background job has waited for %(num)s minutes. Run more: “madang worker --count 4”.",
                minutes,
            )
        )


def check_mails() -> Findings:
    """How many mails wait for the mail server or were given up, with what it said to the last one."""
    is_recent = and_(Job.state == "failed", Job.finished_at > now() - GIVEN_UP_SHOWN)
    for is_given_up, condition in ((False, Job.state.in_(UNFINISHED)), (True, is_recent)):
        jobs = select(func.count(), func.max(Job.id)).where(condition, Job.error_code == MailDelayed.code)
        count, last_id = db.rows(jobs)[0]
        words = db.rows(select(Job.error_words).where(Job.id == last_id))[0].error_words if count else ""
        if not count:
            continue
        if is_given_up:
            sentence = ngettext(
                "%(num)s e-mail was given up, because the mail server did not take it for a day: %(words)s",
                "%(num)s e-mails were given up, because the mail server did not take them for a day: %(words)s",
                count,
                words=words,
            )
        else:
            sentence = ngettext(
                "%(num)s e-mail waits, because the mail server did not take it: %(words)s",
                "%(num)s e-mails wait, because the mail server did not take them: %(words)s",
                count,
                words=words,
            )
        yield error(sentence)


def check_clock() -> Findings:
    """Whether the clocks of this machine and of the database server agree; SQLite has none of its own."""
    statement = CLOCKS.get(db.engine.dialect.name.replace("mariadb", "mysql"))
    if statement is None:
        return
    with db.engine.connect() as connection:
        seconds = round(abs(_clock_difference(connection, statement)))
    if seconds > MAX_CLOCK_SECONDS:
        yield error(
            _(
                "The clocks of this machine and of the database differ by %(count)s seconds. "
                "Let both take the time from a time server (systemd-timesyncd, chrony).",
                count=seconds,
            )
        )


def _clock_difference(connection: Connection, statement: str) -> float:
    before = time()
    there = float(connection.scalar(text(statement)) or 0)
    return there - (before + time()) / 2


def check_permissions(config: Config, environ: Mapping[str, str]) -> Findings:
    """Whether other users of this machine can read the secrets and the data."""
    if os.name != "posix":
        return
    instance = Path(config["INSTANCE"])
    for path in (instance / "secret_key", Path(environ.get("APP_CONFIG_FILE") or "/nonexistent")):
        if _mode(path) & OTHERS:
            yield error(
                _("Every user of this machine can read %(path)s, which holds secrets: chmod 640 %(path)s", path=path)
            )
    if config["ENVIRONMENT"] == "production" and _mode(instance) & OTHERS:
        yield notice(
            _(
                "Every user of this machine can look into %(path)s, which holds what people wrote: chmod o= %(path)s",
                path=instance,
            )
        )


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def check_open_files(config: Config) -> Findings:
    """Whether this user may open enough files: each open page takes a connection."""
    if resource is None or config["ENVIRONMENT"] != "production":
        return
    _soft, limit = resource.getrlimit(resource.RLIMIT_NOFILE)  # the server raises the soft one as far as it may
    if limit != resource.RLIM_INFINITY and limit < MIN_OPEN_FILES:
        yield notice(
            _(
                "A program that is started here may open %(count)s files, and each open page takes one. "
                "Set LimitNOFILE=65536 in the service, or “ulimit -n 65536” before the start.",
                count=limit,
            )
        )

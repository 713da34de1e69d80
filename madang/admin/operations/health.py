"""The state of the site's parts, for administrators."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from madang.accounts.policies.accounts import require_administrator
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.i18n import current_locale
from madang.core.instruments import web_process_count
from madang.core.mail_outcomes import mails_of_last_day
from madang.core.queue.state import SeenWorker, queue_state
from madang.core.settings import setting
from madang.core.site import site

from ..queries import is_check_running, last_check
from .findings import Finding

DATABASE_BYTES = {
    "postgresql": "SELECT pg_database_size(current_database())",
    "mysql": "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()",
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
}


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """The state of the parts of the site at one moment. Sizes are in bytes, ages in seconds."""

    version: str
    web_processes: int
    database: str
    database_bytes: int
    jobs: dict[str, int]
    oldest_job_seconds: int
    workers: list[SeenWorker]
    mails: dict[str, int]
    disk_free_bytes: int
    backed_up_at: datetime | None
    backup_verified_at: datetime | None
    checked_at: datetime | None
    is_checking: bool
    findings: list[Finding]


def site_health(*, actor: Actor, now: datetime) -> SiteHealth:
    """The state of the site now, and the findings of the last check. Asks no other machine. Raises `Forbidden`."""
    require_administrator(actor)
    connection = db.session.connection()
    queue, check = queue_state(connection, now), last_check()
    dialect = db.engine.dialect.name.replace("mariadb", "mysql")
    return SiteHealth(
        version=version("madang"),
        web_processes=web_process_count(),
        database=db.engine.dialect.name,
        database_bytes=int(connection.scalar(text(DATABASE_BYTES[dialect])) or 0),
        jobs=queue.counts,
        oldest_job_seconds=round(queue.oldest_age(now)),
        workers=queue.workers,
        mails=mails_of_last_day(connection),
        disk_free_bytes=shutil.disk_usage(Path(setting("INSTANCE"))).free,
        backed_up_at=site().backed_up_at,
        backup_verified_at=site().backup_verified_at,
        checked_at=check.checked_at if check else None,
        is_checking=is_check_running(),
        findings=[Finding(*each) for each in check.findings.get(current_locale(), [])] if check else [],
    )

"""The backup that a worker makes at the time of MADANG_BACKUP_AT, and what `check` says about backups."""

from datetime import UTC, datetime, time, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from madang.admin.operations.installation_checks import findings
from madang.backups.operations.archive import ArchiveWriter
from madang.core.db import db
from madang.core.i18n import set_locale
from madang.core.queue import Job, run_due
from madang.core.queue.models import Schedule
from madang.core.queue.schedules import enqueue_due
from madang.core.site import set_site, site

pytestmark = pytest.mark.each_database

EVENING = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)


@pytest.fixture
def at_three(app, tmp_path):
    app.config.update(BACKUP_AT=time(3, 30), BACKUP_TARGET=str(tmp_path / "kept"), DEFAULT_TIMEZONE="Asia/Seoul")
    return tmp_path / "kept"


def names_enqueued(app, moment: datetime) -> list[str]:
    with app.app_context():
        return [name for name in enqueue_due(moment) if name == "backups.make"]


def run_backup(app, moment: datetime = EVENING + timedelta(days=1)) -> Job:
    """Let the schedule come due and run its job once; returns the job's row."""
    names_enqueued(app, moment - timedelta(days=1))
    assert names_enqueued(app, moment) == ["backups.make"]
    with app.app_context():
        run_due()
        return db.session.scalars(select(Job).where(Job.name == "backups.make").order_by(Job.id.desc())).first()


def test_it_is_off_by_default(app):
    assert names_enqueued(app, EVENING) == names_enqueued(app, EVENING + timedelta(days=2)) == []


def test_a_worker_makes_it_once_a_day_by_the_clock_of_the_site(app, at_three, content):
    assert names_enqueued(app, EVENING) == []
    with app.app_context():
        assert db.session.get(Schedule, "backups.make").next_at == datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    assert names_enqueued(app, EVENING + timedelta(days=1)) == ["backups.make"]
    assert names_enqueued(app, EVENING + timedelta(days=1, minutes=1)) == []
    with app.app_context():
        run_due()
        site.clear()
        assert site().backed_up_at is not None
    assert len(list(at_three.iterdir())) == 1


def test_another_time_counts_from_the_next_look_on(app, at_three):
    names_enqueued(app, EVENING)
    app.config["BACKUP_AT"] = time(6, 0)
    names_enqueued(app, EVENING)
    with app.app_context():
        assert db.session.get(Schedule, "backups.make").next_at == datetime(2026, 11, 30, 21, 0, tzinfo=UTC)


def test_it_deletes_old_ones(app, at_three, content):
    at_three.mkdir()
    for day in range(1, 31):
        (at_three / f"yard-202001{day:02}-000000.zip").write_text("old")
    assert run_backup(app).state == "done"
    assert not (at_three / "yard-20200102-000000.zip").exists()
    assert len(list(at_three.glob("yard-2026*"))) == 1


def test_administrators_are_notified_once_of_one_that_fails(app, at_three, content, ann, ruth, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(ArchiveWriter, "close", fail)
        job = run_backup(app)
        assert job.state == "queued", "it is tried again"
        with app.app_context():
            db.session.get(Job, job.id).run_at = EVENING - timedelta(days=365)
            db.session.commit()
            run_due()
    assert ruth.page("/notifications").count("The daily backup failed: OSError: [Errno 28] No space left") == 1
    assert "daily backup" not in ann.page("/notifications")
    set_locale("en")
    with app.app_context():
        sentences = "\n".join(finding.sentence for finding in findings(app.config, {}) if finding.is_wrong)
    assert "The latest backup failed: OSError" in sentences


def said(app) -> str:
    set_locale("en")
    with app.app_context():
        site.clear()
        return "\n".join(finding.sentence for finding in findings({**app.config, "DEBUG": False}, {}))


def test_check_says_how_backups_stand(app, madang, content, tmp_path):
    is_file = app.config["DATABASE_URL"].startswith("sqlite")
    assert "No backup was made yet" in said(app) and ("madang.db alone" in said(app)) == is_file
    madang("backup", tmp_path / "site.zip")
    assert "No backup was made" not in said(app) and "No backup was verified yet" in said(app)
    madang("verify", tmp_path / "site.zip")
    assert "backup" not in said(app)
    with app.app_context():
        set_site(backed_up_at=(datetime.now(UTC) - timedelta(days=3, hours=1)).isoformat())
        db.session.commit()
    assert "The latest backup is 3 days old" in said(app)


def test_the_time_is_checked(tmp_path, monkeypatch):
    from madang import cli

    monkeypatch.setenv("MADANG_BACKUP_AT", "25:00")
    monkeypatch.setenv("MADANG_INSTANCE", str(tmp_path))
    result = CliRunner().invoke(cli.cli, ["settings"])
    assert "MADANG_BACKUP_AT must be a time of day" in result.output

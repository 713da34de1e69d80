"""`madang import`, `madang check`, and the counters."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select, text, update

from madang import cli
from madang.admin.operations import installation_checks
from madang.admin.operations.counters import _repair, _wrong_rows
from madang.admin.operations.installation_checks import findings
from madang.boards.models import Board, BoardPeriod
from madang.cli import importing
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.i18n import use_locale
from madang.core.queue.heartbeats import record_worker
from madang.core.queue.processes import worker_name
from madang.core.site import set_site, site
from madang.posts.counters import COUNTERS as POST_COUNTERS
from madang.posts.models import Post

from ..people import Person
from .conftest import answer, question, user

pytestmark = pytest.mark.each_database

Dump = Callable[..., Path]
Command = Callable[..., Result]
Findings = list[tuple[bool, str]]  # whether it is an error, and its sentence


@pytest.fixture
def madang(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `madang` with these arguments."""
    monkeypatch.setattr(importing, "bring_up_to_date", lambda: None)  # the tests' tables are there

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, arguments, obj=ScriptInfo(create_app=lambda: app))

    return run


# ImportRunner


def test_the_command_prints_counts_and_broken_rows(madang: Command, dump: Dump, root: Person) -> None:
    folder = dump(Users=[user(7)], Posts=[question(1), answer(2, 1), answer(3, 99)])
    first = madang("import", "stackexchange", str(folder))
    assert first.exit_code == 0, first.output
    assert "Questions: 1 new\nAnswers: 1 new\n" in first.output
    assert "Posts.xml:5: " in first.stderr and "Broken rows, each listed above: 1" in first.output
    again = madang("import", "stackexchange", str(folder))
    assert "Questions: 0 new, 1 already here" in again.output
    assert "create-admin" not in again.output


def test_an_import_sets_up_a_new_site(app: Flask, madang: Command, dump: Dump) -> None:
    with app.app_context(), transaction() as session:
        session.execute(Board.__table__.delete())
        set_site(is_set_up="")
    output = madang("import", "stackexchange", str(dump(Posts=[question(1)]))).output
    assert "create-admin" in output
    with app.app_context():
        site.clear()
        assert site().is_set_up
        assert db.session.scalars(select(Board.slug).order_by(Board.position)).all() == ["notice", "qa", "talk"]


def test_a_wrong_folder_does_not_set_up_the_site(app: Flask, madang: Command, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        set_site(is_set_up="")
    assert "Posts.xml" in str(madang("import", "stackexchange", str(tmp_path)).exception)
    with app.app_context():
        site.clear()
        assert not site().is_set_up


# Counters


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("posts", "answer_count"),
        ("posts", "comment_count"),
        ("posts", "score"),
        ("comments", "score"),
        ("users", "question_count"),
        ("users", "answer_count"),
        ("users", "comment_count"),
        ("users", "accepted_count"),
        ("tags", "post_count"),
        ("boards", "post_count"),
        ("boards", "unanswered_count"),
        ("board_periods", "post_count"),
    ],
)
def test_a_wrong_counter_is_reported_and_repaired(
    app: Flask, madang: Command, ann: Person, bob: Person, table: str, column: str
) -> None:
    question_id = ann.ask(tags="moving")
    answer_id = bob.answer(question_id)
    bob.comment(question_id)
    ann.post(f"/posts/{answer_id}/accept", value=1)
    ann.post(f"/posts/{answer_id}/votes", value="1")
    assert madang("check", "--counts").output == "All counters are correct.\n"
    with app.app_context(), transaction() as session:
        session.execute(text(f"UPDATE {table} SET {column} = {column} + 7"))
    result = madang("check", "--counts")
    assert result.exit_code == 1
    assert f"{table} " in result.output and f"{column} is " in result.output
    assert madang("check", "--counts", "--mend").exit_code == 0
    assert madang("check", "--counts").output == "All counters are correct.\n"


def test_counters_are_right_after_everything_that_people_do(
    madang: Command, ann: Person, bob: Person, cho: Person, dan: Person
) -> None:
    first, second = ann.ask(tags="moving yard"), cho.ask("Where does the yard end?", tags="yard")
    answers = [bob.answer(first), cho.answer(first), ann.answer(second)]
    comments = [cho.comment(first), ann.comment(answers[0])]
    ann.post(f"/posts/{answers[0]}/accept", value=1)
    ann.post(f"/posts/{answers[1]}/accept", value=1)
    cho.post(f"/posts/{first}/votes", value="1")
    bob.post(f"/posts/{first}/votes", value="-1")
    ann.post(f"/comments/{comments[0]}/votes", value="1")
    cho.post(f"/posts/{answers[1]}/delete")
    dan.post(f"/comments/{comments[1]}/delete")
    dan.post(f"/posts/{second}/delete")
    dan.post(f"/posts/{second}/restore")
    bob.post(f"/posts/{answers[0]}/edit", body="I changed my mind about it.", version="1")
    assert madang("check", "--counts").output == "All counters are correct.\n"


def test_the_row_of_a_month_without_posts_is_deleted(app: Flask, madang: Command, ann: Person) -> None:
    ann.ask()
    with app.app_context(), transaction() as session:
        session.add(BoardPeriod(board_id=session.scalar(select(Board.id).limit(1)), period=190001, post_count=5))
    assert "/190001: post_count is 5, counted 0" in madang("check", "--counts").output
    madang("check", "--counts", "--mend")
    with app.app_context():
        assert db.session.scalar(select(BoardPeriod.period).order_by(BoardPeriod.period)) > 190001


def test_a_counter_that_changed_since_the_check_is_not_repaired(
    app: Flask, ann: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_id = ann.ask()
    bob.answer(question_id)
    with app.app_context():
        answers = POST_COUNTERS[0]
        with transaction() as session:
            session.execute(update(Post).where(Post.id == question_id).values(answer_count=5))
        (wrong,) = _wrong_rows(answers)
        with transaction() as session:
            session.execute(update(Post).where(Post.id == question_id).values(answer_count=1))
        _repair(answers, [(question_id, 5, 9)])
        assert wrong == [(question_id, 5, 1)]
        assert db.session.scalar(select(Post.answer_count).where(Post.id == question_id)) == 1


# Settings


def check_settings(app: Flask, environ: dict[str, str] | None = None, **settings: object) -> Findings:
    with app.app_context(), use_locale("en"):
        return [tuple(each) for each in findings({**app.config, **settings}, environ or {})]


def has_finding(found: Findings, words: str, *, is_wrong: bool = True) -> bool:
    return any(words in sentence and wrong == is_wrong for wrong, sentence in found)


PRODUCTION = {
    "ENVIRONMENT": "production",
    "SITE_URL": "https://yard.example.org",
    "SECRET_KEY": "k3PzW0qLx9Jr7TnVb5MsYd2HfGc8AuEt",
    "MAIL_SERVER": "mail.example.org",
    "MAIL_FROM": "Yard <yard@example.org>",
    "TRUSTED_PROXIES": 1,
    "SQLITE_SYNCHRONOUS": "FULL",
}


def test_a_good_installation_has_no_findings(app: Flask, root: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation_checks, "check_open_files", lambda _config: iter(()))  # of this machine
    with app.app_context():
        record_worker(worker_name(1), started_at=now(), now=now())
        with transaction():
            set_site(backed_up_at=now().isoformat(), backup_verified_at=now().isoformat())
    Path(app.instance_path).chmod(0o750)
    assert check_settings(app, **PRODUCTION) == []


@pytest.mark.parametrize(
    ("settings", "words", "is_wrong"),
    [
        ({"DEBUG": True}, "FLASK_DEBUG", True),
        ({"ENVIRONMENT": "development"}, "MADANG_CONFIG=production", False),
        ({"SECRET_KEY": "a" * 40}, "MADANG_SECRET_KEY can be guessed", True),
        ({"SITE_URL": None}, "MADANG_SITE_URL is empty", True),
        ({"SITE_URL": None, "ENVIRONMENT": "development"}, "MADANG_SITE_URL is empty", False),
        ({"SITE_URL": "http://yard.example.org"}, "https", True),
        ({"TRUSTED_PROXIES": 0}, "MADANG_TRUSTED_PROXIES", False),
        ({"MAIL_SERVER": None}, "MADANG_MAIL_SERVER is empty", True),
        ({"MAIL_SERVER": None, "ENVIRONMENT": "development"}, "MADANG_MAIL_SERVER is empty", False),
        ({"MAIL_FROM": "Madang <noreply@localhost>"}, "MADANG_MAIL_FROM", True),
        ({"UPLOAD_FOLDER": "/proc/files"}, "/proc/files cannot be written to", True),
        (
            {"FILE_STORE": "s3", "S3_BUCKET": "yard", "S3_ENDPOINT": "http://127.0.0.1:1"},
            "The file store does not respond",
            True,
        ),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "Redis does not respond", True),
    ],
)
def test_a_wrong_setting_is_explained(app: Flask, settings: dict[str, object], words: str, is_wrong: bool) -> None:
    assert has_finding(check_settings(app, **{**PRODUCTION, **settings}), words, is_wrong=is_wrong)


def test_a_database_that_is_gone_is_not_called_an_old_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("madang.core.db.upgrade.current_heads", lambda _connection: set())
    assert has_finding(check_settings(app, **PRODUCTION), "The database is empty.")


def test_an_unknown_variable_is_reported_with_a_suggestion(app: Flask) -> None:
    unknown = check_settings(app, {"MADANG_SITEURL": "https://yard.example.org"})
    assert has_finding(unknown, "MADANG_SITEURL is not a setting and has no effect. Did you mean MADANG_SITE_URL?")


def test_a_full_disk_is_reported(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 3 * 1024**2

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage)
    assert has_finding(check_settings(app, **PRODUCTION), "Only 3 MB are free")


def test_a_database_of_another_version_is_reported(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("madang.core.db.upgrade.heads", lambda: {"a_later_one"})
    assert has_finding(check_settings(app, **PRODUCTION), "Run “madang upgrade”.")


def test_a_site_without_an_administrator_is_reported(app: Flask, ann: Person) -> None:
    assert has_finding(check_settings(app, **PRODUCTION), "create-admin", is_wrong=False)


def test_check_exits_with_1_if_something_is_wrong(app: Flask, madang: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SITE_URL", "http://yard.example.org")
    result = madang("check")
    assert (result.exit_code, "Problem: MADANG_SITE_URL begins with http" in result.output) == (1, True)
    monkeypatch.setitem(app.config, "SITE_URL", "https://yard.example.org")
    result = madang("check")
    assert (result.exit_code, "No problems found." in result.output) == (0, True)

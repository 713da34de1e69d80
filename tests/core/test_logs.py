"""Every line of the log names the request and its actor, or the job, that wrote it."""

import io
import json
import logging
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from madang.core import logs
from madang.core.db import db, transaction
from madang.core.queue import job, run_due
from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS

log = logging.getLogger("madang.test")


@job("tests.log_a_line")
def log_a_line() -> None:
    log.info("written")


@pytest.fixture
def lines(monkeypatch):
    """A function that returns the lines logged since its last call."""
    root = logging.getLogger("madang")
    monkeypatch.setattr(root, "handlers", [])
    logs.init_app(SimpleNamespace(config={"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "LOG_FILE": None}))
    stream = io.StringIO()
    root.handlers[0].setStream(stream)

    def read() -> list[dict[str, object]]:
        found = [json.loads(line) for line in stream.getvalue().splitlines()]
        stream.truncate(stream.seek(0))
        return found

    return read


@pytest.fixture
def logging_page(app, monkeypatch) -> str:
    """The path of a page that logs a line."""

    def view() -> str:
        log.info("shown")
        return "shown"

    monkeypatch.setitem(app.view_functions, "posts.boards", view)
    return "/boards"


def test_a_line_names_the_request_and_the_actor(ann, bob, visitor, logging_page, lines):
    for person in (ann, bob, visitor):
        assert person.page(logging_page) == "shown"
    found = [line for line in lines() if line["event"] == "shown"]
    assert [line.get("actor") for line in found] == [ann.id, bob.id, None]
    assert len({line["request_id"] for line in found}) == 3


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        ("trace-7.a:b", True),
        ("x" * 100, True),
        ("x" * 101, False),
        ("two words", False),
        ("a\u0131", False),
        ("", False),
    ],
)
def test_a_line_has_the_id_that_the_proxy_sent_if_it_is_a_plain_word(visitor, logging_page, lines, sent, is_taken):
    visitor.get(logging_page, headers={"X-Request-ID": sent})
    found = next(line["request_id"] for line in lines() if line["event"] == "shown")
    assert (found == sent) is is_taken
    assert found


def test_the_page_of_an_unexpected_error_prints_the_id_that_the_log_has(app, visitor, monkeypatch, lines):
    def fail() -> str:
        raise ValueError("the secret is 12345")

    monkeypatch.setitem(app.view_functions, "posts.boards", fail)
    answer = visitor.get("/boards")
    assert answer.status_code == 500
    failure = next(line for line in lines() if "exception" in line)
    assert f"this code: {failure['request_id']}" in answer.text
    assert visitor.get("/no-such-page").text.count("this code") == 0


def test_a_line_of_a_job_names_it_and_its_owner(app, ann, lines):
    with app.app_context():
        with transaction():
            owned = log_a_line.enqueue(owner_id=ann.id)
            site_s = log_a_line.enqueue()
            db.session.flush()
            ids = [owned.id, site_s.id]
        assert run_due() >= 2
        log.info("after")
    found = lines()
    written = [line for line in found if line["event"] == "written"]
    assert [(line["job"], line["job_name"], line["actor"]) for line in written] == [
        (ids[0], "tests.log_a_line", ann.id),
        (ids[1], "tests.log_a_line", None),
    ]
    assert not {"job", "job_name"} & next(line for line in found if line["event"] == "after").keys()


WRITE_LINES = """
import logging, sys
from pathlib import Path
from types import SimpleNamespace
from madang.core import logs
config = {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "LOG_FILE": Path(sys.argv[1]), "LOG_FILE_SIZE": 3_000}
logs.init_app(SimpleNamespace(config=config | {"LOG_FILES_KEPT": 1_000}))
for number in range(200):
    logging.getLogger("madang.test").info("line %s of %s 마당", number, sys.argv[2])
"""


def test_several_processes_write_one_log_file_and_no_line_is_lost(tmp_path):
    """The file is renamed about twenty times meanwhile."""
    path = tmp_path / "logs" / "madang.log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE_LINES, path, name], cwd=ROOT, stderr=subprocess.DEVNULL)
        for name in "abc"
    ]
    assert [writer.wait(TIMEOUT_SECONDS) for writer in writers] == [0, 0, 0]
    files = [file for file in path.parent.iterdir() if file.name.startswith("madang.log")]
    assert len(files) > 3
    events = [json.loads(line)["event"] for file in files for line in file.read_text("utf-8").splitlines()]
    assert sorted(events) == sorted(f"line {number} of {name} 마당" for number in range(200) for name in "abc")


def test_only_so_many_log_files_are_kept(tmp_path):
    path = tmp_path / "madang.log"
    few = WRITE_LINES.replace("1_000", "2")
    subprocess.run([sys.executable, "-c", few, path, "a"], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    assert len([file for file in tmp_path.iterdir() if file.name.startswith("madang.log")]) == 3


SETTINGS_WITH_HANDLER = """
from logging.config import dictConfig

dictConfig({
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"kept": {"class": "logging.FileHandler", "filename": KEPT, "formatter": "short"}},
    LOGGERS
})
"""
CREATE_AND_LOG = """
import logging
from madang import create_app
create_app()
logging.getLogger("madang.posts").warning("A %s of the site", "line")
"""


@pytest.mark.parametrize(
    "loggers", ['"root": {"handlers": ["kept"]},', '"loggers": {"madang": {"handlers": ["kept"]}},']
)
def test_a_handler_of_a_settings_file_gets_the_lines(tmp_path, loggers):
    """As tutorials of Flask do it: `dictConfig` for the root logger or for one logger."""
    kept, settings = tmp_path / "kept.log", tmp_path / "settings.py"
    settings.write_text(SETTINGS_WITH_HANDLER.replace("KEPT", repr(str(kept))).replace("LOGGERS", loggers))
    environment = os.environ | {"APP_CONFIG_FILE": str(settings), "MADANG_INSTANCE": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", CREATE_AND_LOG], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert kept.read_text().splitlines()[-1] == "WARNING madang.posts: A line of the site"
    assert result.stderr.count("A line of the site") == 1, "standard error gets them too, once"


def test_a_settings_file_that_logs_to_standard_error_replaces_the_format(tmp_path):
    settings = tmp_path / "settings.py"
    stream = SETTINGS_WITH_HANDLER.replace('logging.FileHandler", "filename": KEPT', 'logging.StreamHandler"')
    settings.write_text(stream.replace("LOGGERS", '"root": {"handlers": ["kept"]},'))
    environment = os.environ | {"APP_CONFIG_FILE": str(settings), "MADANG_INSTANCE": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", CREATE_AND_LOG], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    lines = [line for line in result.stderr.splitlines() if "A line of the site" in line]
    assert lines == ["WARNING madang.posts: A line of the site"]

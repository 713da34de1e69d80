"""Every line of the log names the request and its actor, or the job, that wrote it."""

import json
import logging
import os
import subprocess
import sys

import pytest

from madang.core import logs
from madang.core.db import db, transaction
from madang.core.errors import MadangError
from madang.core.logs.filters import OncePerSecond, without_private_data
from madang.core.queue import job, run_due
from madang.core.server.gateway import Gateway
from tests.asgi import ask, run
from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS

log = logging.getLogger("madang.test")


@job("tests.log_a_line")
def log_a_line() -> None:
    log.info("written")


@pytest.fixture
def lines(log_lines):
    """A function that returns the lines logged since its last call, without those of requests."""
    return lambda: [line for line in log_lines() if line["logger"] != logs.REQUESTS]


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


def test_a_request_is_one_line_with_its_route_and_without_its_path(ann, visitor, log_lines):
    question = ann.ask("Where does the path stay?")
    log_lines()
    page = visitor.get(f"/posts/{question}?utm=eve@example.org", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    ann.get("/no/such/page/secret")
    first, second = [line for line in log_lines() if line["logger"] == logs.REQUESTS]
    assert (first["method"], first["route"], first["status"]) == ("GET", "/posts/<int:post_id>", page.status_code)
    assert first["queries"] > 0 and first["ms"] > 0 and first["actor"] is None and first["cached"] is False
    assert len(first["client"]) == 16
    assert (second["route"], second["status"], second["actor"]) == ("none", 404, ann.id)
    assert second["client"] != first["client"] and second["request_id"] != first["request_id"]


def test_the_client_is_the_same_hash_for_one_address_only(visitor, log_lines):
    for address in ("203.0.113.9", "203.0.113.10", "203.0.113.9"):
        visitor.get("/boards", environ_base={"REMOTE_ADDR": address})
    one, other, again = [line["client"] for line in log_lines() if line["logger"] == logs.REQUESTS]
    assert one == again != other


def test_a_page_of_the_cache_is_a_line_too(app, log_lines):
    app.config["PAGE_CACHE_SECONDS"] = 60
    gateway = Gateway(app)

    async def twice() -> None:
        for _time in range(2):
            await ask(gateway.pages, "/questions", headers={"X-Request-ID": "from-the-proxy"})

    run(twice())
    rendered, cached = [line for line in log_lines() if line["logger"] == logs.REQUESTS]
    assert (rendered["cached"], cached["cached"]) == (False, True)
    same = ("method", "route", "status", "request_id", "client", "actor")
    assert [cached[name] for name in same] == [rendered[name] for name in same]
    assert cached["route"] == "/questions" and cached["queries"] == 0


def test_readable_logs_have_no_lines_of_requests(ann, log_lines, monkeypatch):
    monkeypatch.setattr(logging.getLogger(logs.REQUESTS), "level", logging.WARNING)
    ann.page("/boards")
    assert log_lines() == []


def test_a_job_has_the_id_of_the_request_that_started_it(app, ann, monkeypatch, lines):
    def view() -> str:
        log_a_line.enqueue()
        return "started"

    monkeypatch.setitem(app.view_functions, "posts.boards", view)
    ann.get("/boards", headers={"X-Request-ID": "trace-1"})
    with app.app_context():
        run_due()
    written = [line for line in lines() if line["event"] == "written"]
    assert [line["request_id"] for line in written] == ["trace-1"]


def test_a_traceback_is_one_line_and_an_error_page_names_the_request(app, ann, monkeypatch, log_lines):
    def fail() -> str:
        raise ValueError("no mail to ann@example.org at 203.0.113.9, see http://example.org/auth/reset/x.y")

    monkeypatch.setitem(app.view_functions, "posts.boards", fail)
    assert ann.get("/boards", headers={"X-Request-ID": "trace-2"}).status_code == 500
    failure = next(line for line in log_lines() if "exception" in line)
    assert failure["exception"].startswith("Traceback") and failure["request_id"] == "trace-2"
    assert "ValueError: no mail to [e-mail] at [address], see [link]" in failure["exception"]


@pytest.mark.parametrize("status", [500, 503, 507])
def test_the_page_of_each_error_of_ours_names_the_request(app, visitor, monkeypatch, status):
    class Failed(MadangError):
        pass

    def fail() -> str:
        error = Failed("Please try later.")
        error.status = status
        raise error

    monkeypatch.setitem(app.view_functions, "posts.boards", fail)
    answer = visitor.get("/boards", headers={"X-Request-ID": "trace-3"})
    assert (answer.status_code, "trace-3" in answer.text) == (status, True)


def failing_record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except Exception:
        return logging.LogRecord("madang.x", logging.ERROR, "", 0, "failed", (), sys.exc_info())


def test_an_exception_of_one_place_passes_once_a_second_and_the_others_are_counted(log_lines):
    moment, later = [0.0], []
    once = OncePerSecond(lambda: moment[0], lambda seconds, call: later.append((seconds, call)))
    passed = [once.filter(failing_record(ValueError("a"))) for _number in range(5)]
    assert passed == [True, False, False, False, False]
    assert once.filter(failing_record(KeyError("another place"))), "another type of exception is another place"
    assert [seconds for seconds, _call in later] == [1.0]
    later[0][1]()
    (line,) = log_lines()
    assert (line["event"], line["error"], line["left_out"]) == ("exceptions_left_out", "ValueError", 4)
    moment[0] = 1.0
    assert once.filter(failing_record(ValueError("a")))
    record = failing_record(ValueError("a"))
    assert [once.filter(record), once.filter(record)] == [False, False], "each handler of a line decides alike"
    assert len(later) == 2


PRIVATE = [
    ("to ann@example.org now", "to [e-mail] now"),
    ("{'홍길동@example.org': (550, b'no')}", "{'[e-mail]': (550, b'no')}"),
    ("GET http://example.org/auth/reset/abc", "GET [link]"),
    ("from 203.0.113.9: refused", "from [address]: refused"),
    ("from 2001:db8::7, refused", "from [address], refused"),
    ("token WzEsImEiXQ.aBcD3f.q9sd8f7sd9f87sd9F87sd9f8s7df98", "token [token]"),
    ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "Bearer [token]"),
    ("secret mdg_Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8Ii9Jj0Kk1", "secret [token]"),
]
PLAIN = [
    "at 12:34:56 of 2026-11-30T18:44:36",
    'connection to server at "127.0.0.1", port 5432 failed',
    "(Background on this error at: https://sqlalche.me/e/20/e3q8)",
    'File "/srv/madang/core/web/a_long_name_of_a_module_of_the_site_for_all.py", line 3, in madang.core.Something',
    "b5d54c39e66671c9731b9f471e585d8262cd4f54963f0c93082d8dcf334d4c78",
]


@pytest.mark.parametrize(("text", "expected"), [*PRIVATE, *((text, text) for text in PLAIN)])
def test_what_is_private_in_the_text_of_an_exception_is_replaced(text, expected):
    assert without_private_data(text) == expected

"""The process that decodes pictures: its limits, its replacement, its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from io import BytesIO

import psutil
import pytest

from madang.core.errors import RateLimited
from madang.core.storage.backends import StoreUnavailable
from madang.core.storage.picture_client import PictureProcess, picture_process
from madang.core.storage.picture_protocol import PictureRefused
from tests.api.programs import program_of
from tests.conventions import ROOT
from tests.core.storage.test_pictures import _picture, _send
from tests.faults.site import soon

STUB = "tests.core.storage.stub_process"
WAITING = f"""
import threading, time
from madang.core.storage.picture_client import PictureProcess
process = PictureProcess(module={STUB!r})
process.encode("post", b"works")
threading.Thread(target=process.encode, args=("post", b"wait"), daemon=True).start()
print(process.process_id, flush=True)
input()
"""


@pytest.fixture
def process() -> Iterator[PictureProcess]:
    with closing(PictureProcess(module=STUB)) as process:
        yield process


def _is_running(process_id: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    return False


def test_pictures_are_decoded_in_another_process(ann):
    assert _send(ann, _picture()).status_code == 201
    assert picture_process.process_id not in (None, os.getpid())


def test_the_web_process_imports_no_decoder():
    program = "import sys, madang.application, madang.slices; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


def test_one_process_serves_many_pictures(process):
    first = process.encode("post", b"one")
    process_id = process.process_id
    assert [each.content for each in (*first, *process.encode("avatar", b"two"))] == [b"one", b"two"]
    assert process.process_id == process_id


@pytest.mark.parametrize("defect", [b"crash", b"fail", b"compute"])
def test_a_process_that_ends_is_replaced_and_its_picture_refused(process, defect):
    with pytest.raises(PictureRefused) as refused:
        process.encode("post", defect)
    assert refused.value.reason == "resources"
    assert process.encode("post", b"next")[0].content == b"next"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_picture_that_takes_too_much_memory_is_refused(process):
    with pytest.raises(PictureRefused) as refused:
        process.encode("post", b"allocate")
    assert refused.value.reason == "resources"
    assert process.encode("post", b"next")[0].content == b"next"


def test_a_picture_that_takes_too_long_is_refused_and_its_process_killed():
    with closing(PictureProcess(module=STUB, seconds=0.05)) as process:
        process_id = process._running_process().pid
        with pytest.raises(PictureRefused):
            process.encode("post", b"wait")
        assert not _is_running(process_id)


def test_what_libraries_print_is_no_part_of_the_response(process):
    assert process.encode("post", b"print")[0].content == b"print"


def test_a_process_that_was_killed_while_idle_is_replaced(process):
    process.encode("post", b"one")
    os.kill(process.process_id, signal.SIGKILL)
    assert soon(lambda: process._process.poll() is not None)
    assert process.encode("post", b"two")[0].content == b"two"


def test_an_idle_process_ends():
    with closing(PictureProcess(module=STUB, idle_seconds=0)) as process:
        process.encode("post", b"one")
        assert soon(lambda: process.process_id is None)


def test_a_process_that_does_not_start_is_a_temporary_error():
    with (
        closing(PictureProcess(module="tests.core.storage.no_such_module")) as process,
        pytest.raises(StoreUnavailable),
    ):
        process.encode("post", b"one")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_one_that_started_it(end):
    """Neither an idle one nor one in the middle of a picture, nor when the whole terminal gets the signal."""
    parent = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_running(child)
        os.kill(parent.pid, end) if end == signal.SIGKILL else os.killpg(parent.pid, end)
    assert soon(lambda: not _is_running(child))


def test_a_second_picture_at_the_same_time_is_told_to_wait(ann, cho):
    with picture_process._turn:
        answer, korean = _send(ann, _picture(color=1)), _send(cho, _picture(color=2))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "Another picture is being processed" in answer.text
    assert "다른 사진을 처리하고" in korean.text
    with picture_process._turn, pytest.raises(RateLimited):
        picture_process.encode("post", b"")


@pytest.fixture
def failing(monkeypatch) -> Iterator[None]:
    with closing(PictureProcess(module=STUB)) as stub:
        monkeypatch.setattr("madang.core.storage.pictures.picture_process", stub)
        yield


def test_a_picture_whose_process_fails_is_refused_with_a_sentence(ann, cho, failing):
    """On the page of the editor, in the form without a script, in the API and as an avatar."""
    answer = _send(ann, b"fail")
    assert (answer.status_code, "too much time or memory" in answer.text) == (422, True)
    assert "메모리가 너무 많이" in _send(cho, b"fail").text
    fields = {"board": "qa", "title": "Which leaf is this?", "body": "It lay in the yard this morning.", "tags": ""}
    form = ann.post("/posts/new", **fields, pictures=[(BytesIO(b"fail"), "leaf.png")])
    assert (form.status_code, "leaf.png: This picture takes too much time" in form.text) == (422, True)
    sent = program_of(ann).call("POST", "/files", data={"file": (BytesIO(b"fail"), "leaf.png")})
    assert (sent.status_code, sent.json["code"]) == (422, "invalid_input")
    assert "too much time or memory" in sent.json["errors"]["file"]
    avatar = ann.post("/settings/avatar", file=(BytesIO(b"fail"), "me.png"))
    assert (avatar.status_code, "too much time or memory" in avatar.text) == (422, True)

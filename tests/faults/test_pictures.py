"""Pictures at work: pages are answered meanwhile, texts posted, and no process is left behind.

The process that decodes pictures is stopped in the middle of one, which is longer than any picture can take. What is
answered then does not wait for it; how fast it is stands in docs/performance.md.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import psutil
import pytest
from PIL import Image

from .people import Person, side_by_side
from .site import Site, new_site, number_in, soon

pytestmark = pytest.mark.faults
MEMBERS = ("ann", "bob", "cho", "dan", "eve", "fay", "gus", "hal")
QUESTION = {"board": "qa", "title": "Which leaf is this one?", "body": "It lay in the yard this morning.", "tags": ""}
PATHS = ("/", "/questions", "/tags", "/healthz")


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", UPLOAD_LIMIT="off", PAGE_CACHE_SECONDS="0") as site:
        site.open()
        yield site


@pytest.fixture
def members(site) -> list[Person]:
    """The members, each with a page open: until then the server counts them all by their one address."""
    people = site.people(*MEMBERS)
    assert {person.get("/").status for person in people} == {200}
    return people


def _png(side: int = 5_000, mode: str = "RGB") -> bytes:
    """A picture of one colour, so that the test sends little."""
    buffer = BytesIO()
    Image.new(mode, (side, side), 1).save(buffer, "PNG")
    return buffer.getvalue()


def _picture_process(site: Site) -> psutil.Process | None:
    for child in psutil.Process(site.process_ids["web"]).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "madang.core.storage.picture_process" in child.cmdline():
                return child
    return None


def _decoding_process(site: Site, already: float) -> psutil.Process:
    """The picture process, once it has computed for more than `already` seconds."""
    found: list[psutil.Process] = []

    def is_at_work() -> bool:
        child = _picture_process(site)
        if child is None or child.cpu_times().user <= already:
            return False
        found.append(child)
        return True

    assert soon(is_at_work), site.log.read_text()
    return found[-1]


@pytest.mark.parametrize("picture", [_png(), _png(mode="1")], ids=["long bodies", "short bodies"])
def test_pages_and_posts_do_not_wait_for_pictures(site, members, picture):
    """Also where the body of a large picture is short: it waits in the event loop like a long one."""
    writer, *senders = members
    assert writer.send_picture(_png(8)).status == 201
    process = _picture_process(site)
    assert process is not None
    started = process.cpu_times().user
    with side_by_side() as begin:
        sent = [begin(each.send_picture, picture + bytes([n])) for n, each in enumerate(senders)]
        process = _decoding_process(site, started)
        process.suspend()
        try:
            address = writer.post("/posts/new", **QUESTION).location
            long_text = " ".join(str(number) for number in range(4_000))
            answer = writer.post(f"/posts/{number_in(address)}/answers", body=long_text)
            visitor = Person("", site.port)
            pages = [visitor.get(path) for path in (*PATHS, f"/posts/{number_in(address)}") for _time in range(5)]
        finally:
            process.resume()
        assert answer.status == 302, answer.text
        assert [page.status for page in pages] == [200] * len(pages)
        answers = [each.result() for each in sent]
    assert {each.status for each in answers} == {201}, [each.text[:300] for each in answers if each.status != 201]
    assert len(psutil.Process(site.process_ids["web"]).children(recursive=True)) == 1


def test_an_upload_whose_process_is_killed_gets_a_sentence_and_the_next_one_works(site, members):
    ann, bob, *_others = members
    ann.send_picture(_png(8))
    process = _picture_process(site)
    assert process is not None
    started = process.cpu_times().user
    with side_by_side() as begin:
        first, second = begin(ann.send_picture, _png()), begin(bob.send_picture, _png(9))
        _decoding_process(site, started).kill()
        statuses = sorted([first.result().status, second.result().status])
    assert statuses in ([201, 201], [201, 422])  # the small one may have been the one at work
    assert bob.send_picture(_png(10)).status == 201
    assert not site.log_lines("Traceback")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_picture_process_outlives_the_web_process(site, members, end):
    ann = members[0]
    ann.send_picture(_png(8))
    process = _picture_process(site)
    assert process is not None
    started = process.cpu_times().user
    with side_by_side() as begin:
        begin(ann.send_picture, _png())
        process = _decoding_process(site, started)
        os.kill(site.process_ids["web"], end)
        assert soon(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)

"""While the web processes are replaced, every request is answered and every listener hears of everything."""

import subprocess
from time import sleep

import pytest

from tests.faults.site import soon

from .installation import Installation

pytestmark = pytest.mark.faults
TIMES = 3
SECONDS_BETWEEN = 2  # of traffic before and after each change
OLD = None  # the version whose responses carry no mark


def test_no_request_fails_and_no_event_is_lost(site):
    traffic = site.traffic()
    changes = {
        "reload": site.service.reload,
        "restart": site.service.restart,
        "upgrade": lambda: (site.upgrade(), site.service.reload()),
    }
    with traffic.running():
        for name, change in changes.items():
            for _time in range(TIMES):
                sleep(SECONDS_BETWEEN)
                connections, main = traffic.reconnects, site.service.main_pid
                change()
                assert soon(lambda: site.nginx.get("/readyz").status == 200)
                assert site.service.main_pid != main, f"the main process is the same after the {name}"
                assert soon(lambda before=connections: traffic.reconnects > before), (
                    f"no stream was closed by the {name}"
                )
                assert site.versions_served() == {str(site.version) if site.version else OLD}
                assert traffic.failures == [], name
        assert traffic.everybody_has_heard()
    assert traffic.failures == []
    assert len(traffic.written) > TIMES * len(changes)
    for heard in traffic.heard:
        assert set(heard) == traffic.ids()
        assert set(heard.values()) == {1}, "an event came twice"
    assert site.version == TIMES


def test_a_version_that_does_not_start_leaves_the_old_one_at_work(site):
    asgi = site.code / "madang" / "asgi.py"
    good = asgi.read_text(encoding="utf-8")
    main, before = site.service.main_pid, site.versions_served()
    asgi.write_text(f"{good}\nraise RuntimeError('this version is broken')\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        site.service.reload()
    assert site.service.main_pid == main
    assert "The site goes on with the old ones." in site.log.read_text(encoding="utf-8")
    assert site.versions_served() == before

    asgi.write_text(good, encoding="utf-8")
    site.service.reload()
    assert site.service.main_pid != main
    assert site.versions_served() == before


@pytest.mark.parametrize("count", [1, 3])
def test_a_reload_reads_the_number_of_processes_again(site, count):
    site.folder.joinpath("etc", "web.env").write_text(f"# how many\nWEB_CONCURRENCY='{count}'\n", encoding="utf-8")
    site.service.reload()
    assert soon(lambda: len(web_processes(site)) == count)


def test_processes_end_when_their_master_is_killed(site):
    workers = web_processes(site)
    site.service.main_process.kill()
    assert soon(lambda: not any(worker.is_running() for worker in workers))
    site.service.start()
    assert soon(lambda: site.nginx.get("/readyz").status == 200)


def test_the_watchdog_hears_that_the_event_loop_runs(site):
    site.service.messages.clear()
    assert soon(lambda: "WATCHDOG=1" in site.service.messages)


def web_processes(site: Installation) -> list:
    return site.service.main_process.children()

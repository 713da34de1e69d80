"""Workers with Redis, and while Redis is stopped, hangs or has lost its data."""

import signal
from time import monotonic, sleep

import pytest
from redis import Redis

from madang.core.errors import RateLimited
from madang.core.web import rate_limits

from .site import soon

pytestmark = pytest.mark.faults


def test_jobs_run_without_redis_and_the_log_reports_it_once(workers, port):
    redis = workers.redis(port)
    workers.worker(2)
    first = workers.enqueue(3, seconds=0.1)
    assert soon(lambda: workers.are_done(first)), workers.log.read_text()

    redis.kill()
    redis.wait(20)
    second = workers.enqueue(6, seconds=0.1)
    assert soon(lambda: workers.are_done(second)), workers.log.read_text()
    sleep(3)  # long enough for repeated messages
    assert workers.log.read_text().count("Redis does not answer") == 1, workers.log.read_text()

    workers.redis(port)
    assert soon(lambda: "Redis answers again" in workers.log.read_text())
    third = workers.enqueue(6, seconds=0.1)
    assert soon(lambda: workers.are_done(third)), workers.log.read_text()
    assert workers.effects() == 15
    assert "Traceback" not in workers.log.read_text()


def test_jobs_run_while_redis_hangs(workers, port):
    redis = workers.redis(port)
    workers.worker()
    first = workers.enqueue(1, seconds=0)
    assert soon(lambda: workers.are_done(first)), workers.log.read_text()
    redis.send_signal(signal.SIGSTOP)
    started = monotonic()
    second = workers.enqueue(3, seconds=0)
    assert monotonic() - started < 5, "enqueuing must not wait for Redis"
    assert soon(lambda: workers.are_done(second)), workers.log.read_text()
    redis.send_signal(signal.SIGCONT)
    assert soon(lambda: "Redis answers again" in workers.log.read_text())
    third = workers.enqueue(3, seconds=0)
    assert soon(lambda: workers.are_done(third)), workers.log.read_text()


def test_jobs_that_redis_has_lost_are_found_in_the_table(workers, port):
    workers.redis(port)
    jobs = workers.enqueue(4, seconds=0.1)
    Redis(port=port).flushall()
    workers.worker()
    assert soon(lambda: workers.are_done(jobs)), workers.log.read_text()
    assert workers.effects() == 4


def test_a_waiting_worker_removes_its_job_from_redis(workers, port):
    workers.redis(port)
    workers.worker()
    redis = Redis(port=port)
    assert soon(lambda: redis.info("clients")["blocked_clients"] == 1), workers.log.read_text()
    for _time in range(3):
        (job_id,) = workers.enqueue(1, seconds=0)
        assert soon(lambda number=job_id: workers.are_done([number]))
    assert soon(lambda: redis.keys("rq:job:*") + redis.keys("*:intermediate") == []), "received entries must be removed"


def test_rate_limits_apply_without_redis(workers, port, caplog):
    redis = workers.redis(port)
    rate_limits.connect(workers.settings["MADANG_REDIS_URL"])
    try:
        rate_limits.check_rate("2 per hour", "ann")
        redis.kill()
        redis.wait(20)
        for _time in range(2):
            rate_limits.check_rate("2 per hour", "ann")
        for _time in range(2):
            with pytest.raises(RateLimited):
                rate_limits.check_rate("2 per hour", "ann")
        assert caplog.text.count("Redis does not answer") == 1
    finally:
        rate_limits.connect(None)

"""Workers with Redis, and while Redis is away, hangs or has lost what it knew."""

import signal
from time import monotonic, sleep

import pytest
from redis import Redis

from madang.core.errors import RateLimited
from madang.core.web import rate_limits

from .site import soon

pytestmark = pytest.mark.faults


def test_jobs_go_on_while_redis_is_away_and_the_log_says_so_once(workers, port):
    redis = workers.redis(port)
    workers.worker(2)
    first = workers.ask(3, seconds=0.1)
    assert soon(lambda: workers.are_done(first)), workers.log.read_text()

    redis.kill()
    redis.wait(20)
    second = workers.ask(6, seconds=0.1)
    assert soon(lambda: workers.are_done(second)), workers.log.read_text()
    sleep(3)  # as long as it takes to complain often
    assert workers.log.read_text().count("Redis does not answer") == 1, workers.log.read_text()

    workers.redis(port)
    assert soon(lambda: "Redis answers again" in workers.log.read_text())
    third = workers.ask(6, seconds=0.1)
    assert soon(lambda: workers.are_done(third)), workers.log.read_text()
    assert workers.effects() == 15
    assert "Traceback" not in workers.log.read_text()


def test_jobs_go_on_while_redis_hangs(workers, port):
    redis = workers.redis(port)
    workers.worker()
    first = workers.ask(1, seconds=0)
    assert soon(lambda: workers.are_done(first)), workers.log.read_text()
    redis.send_signal(signal.SIGSTOP)
    started = monotonic()
    second = workers.ask(3, seconds=0)
    assert monotonic() - started < 5, "whoever asks does not wait for Redis"
    assert soon(lambda: workers.are_done(second)), workers.log.read_text()
    redis.send_signal(signal.SIGCONT)
    assert soon(lambda: "Redis answers again" in workers.log.read_text())
    third = workers.ask(3, seconds=0)
    assert soon(lambda: workers.are_done(third)), workers.log.read_text()


def test_numbers_that_redis_has_lost_are_found_in_the_table(workers, port):
    workers.redis(port)
    jobs = workers.ask(4, seconds=0.1)
    Redis(port=port).flushall()
    workers.worker()
    assert soon(lambda: workers.are_done(jobs)), workers.log.read_text()
    assert workers.effects() == 4


def test_a_waiting_worker_takes_a_job_off_redis(workers, port):
    workers.redis(port)
    workers.worker()
    redis = Redis(port=port)
    assert soon(lambda: redis.info("clients")["blocked_clients"] == 1), workers.log.read_text()
    for _time in range(3):
        (job_id,) = workers.ask(1, seconds=0)
        assert soon(lambda number=job_id: workers.are_done([number]))
    assert soon(lambda: redis.keys("rq:job:*") + redis.keys("*:intermediate") == []), "what was received is taken off"


def test_rates_are_counted_on_while_redis_is_away(workers, port, caplog):
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

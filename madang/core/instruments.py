"""The instruments of this process that `/metrics` shows: counters, histograms and gauges.

With several web processes each writes its values to a file in the folder `PROMETHEUS_MULTIPROC_DIR`, and whichever
answers `/metrics` adds them up. The variable must be set before this module is imported.
"""

import os
from functools import cache
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.multiprocess import mark_process_dead

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable: the folder of all processes' metrics
STATM = Path("/proc/self/statm")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

disable_created_metrics()  # each would double the lines
requests = Counter(
    "madang_requests_total", "Requests answered; cached: by the page cache.", ["endpoint", "status", "cached"]
)
seconds = Histogram(
    "madang_request_seconds",
    "Time from the arrival of a request to its answer, without those that the page cache answers.",
    ["endpoint"],
    buckets=BUCKETS,
)
queries = Counter("madang_request_queries_total", "Statements that requests sent to the database.", ["endpoint"])
listeners = Gauge("madang_event_stream_listeners", "Open event streams.", multiprocess_mode="livesum")
processes = Gauge("madang_web_processes", "Web processes that run.", multiprocess_mode="livesum")
memory = Gauge("madang_web_memory_bytes", "Resident memory of all web processes.", multiprocess_mode="livesum")


@cache
def _requests(endpoint: str, status: int, cached: str) -> Counter:
    return requests.labels(endpoint, status, cached)  # finding the child each time takes as long as counting


@cache
def _seconds(endpoint: str) -> Histogram:
    return seconds.labels(endpoint)


@cache
def _queries(endpoint: str) -> Counter:
    return queries.labels(endpoint)


def count_request(endpoint: str, status: int, duration: float, query_count: int) -> None:
    """Count a request that the application answered in `duration` seconds."""
    _requests(endpoint, status, "no").inc()
    _seconds(endpoint).observe(duration)
    if query_count:
        _queries(endpoint).inc(query_count)


def count_cached_request(endpoint: str, status: int) -> None:
    """Count a request that the page cache answered."""
    _requests(endpoint, status, "yes").inc()


def shared_folder() -> str:
    """The folder of the metrics of all web processes; empty if there is only one process."""
    return os.environ.get(MULTIPROCESS, "")


def web_process_count() -> int:
    """How many web processes run on this machine."""
    folder = shared_folder()
    return len(list(Path(folder).glob("gauge_livesum_*.db"))) if folder else 1


def forget_process(process_id: int | None) -> None:
    """Take a web process that has ended out of the gauges; its counts stay."""
    if process_id is not None and (folder := shared_folder()):
        mark_process_dead(process_id, folder)


def measure_process() -> None:
    """Record that this web process runs, and its resident memory (0 where the system does not tell)."""
    processes.set(1)
    try:
        pages = int(STATM.read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return
    memory.set(pages * os.sysconf("SC_PAGE_SIZE"))

"""Benchmark of pages: `bin/bench pages [--questions N]` prints a table. README.md says how to read it."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from madang.core.clock import now

from .tools.measures import Pages, address_of, cpu_of_page, question_with_answers, throughput, throughput_beside
from .tools.site import ROOT, Server, fill, log_in, serving
from .tools.tables import HEAD, Result, machine

FEW = 1_000
FAR_PAGE = 3_000
ANSWERS = 5
CONNECTIONS = 16
IDLE_SECONDS = 3
LIST = "/questions"
UNCACHED_LIST = f"{LIST}?n={{n}}"


Results = Iterator[Result]


class Costs(NamedTuple):
    """Milliseconds of processor time for a list and a question."""

    list: float
    question: float


def costs(server: Server, question: int, requests: int, cookie: str = "") -> Costs:
    path = address_of(server, question)
    return Costs(*(cpu_of_page(server, each, requests=requests, cookie=cookie) for each in (LIST, path)))


def measure_pages(many: Path, few: Path, pages: int, requests: int) -> Results:
    """Costs of uncached pages: visitors, members, few and many questions, near and far pages."""
    question = question_with_answers(few, ANSWERS)
    with serving(few, PAGE_CACHE_SECONDS=0) as server:
        small_site = costs(server, question, requests)
    question = question_with_answers(many, ANSWERS)
    with serving(many, PAGE_CACHE_SECONDS=0) as server:
        visitor = costs(server, question, requests)
        member = costs(server, question, requests, log_in(server))
        far = cpu_of_page(server, f"{LIST}?page={min(FAR_PAGE, pages)}", requests=requests)
    yield Result("list of 30, visitor", 1.2, visitor.list, "ms")
    yield Result(f"question with {ANSWERS} answers, visitor", 1.2, visitor.question, "ms")
    yield Result("list of 30, member", 1.8, member.list, "ms")
    yield Result(f"question with {ANSWERS} answers, member", 1.8, member.question, "ms")
    yield Result("list, many questions : few", 1.15, visitor.list / small_site.list, "times")
    yield Result("question, many questions : few", 1.15, visitor.question / small_site.question, "times")
    yield Result(f"list, page {min(FAR_PAGE, pages):,} : page 1", 1.5, far / visitor.list, "times")


def measure_cache(many: Path, seconds: float) -> Results:
    """Throughput and cost of cached pages."""
    with serving(many) as server:
        throughput(server, LIST, seconds=1, connections=CONNECTIONS)
        rate, cost = throughput(server, LIST, seconds=seconds, connections=CONNECTIONS)
        cached, uncached = throughput_beside(server, LIST, UNCACHED_LIST, seconds=seconds, connections=CONNECTIONS)
    yield Result("list out of the cache", 0.04, cost, "ms")
    yield Result("list out of the cache", 15_000, rate, "requests/s", is_least=True)
    yield Result("the same beside 8 connections for other pages", 3_000, cached, "requests/s", is_least=True)
    yield Result("what those 8 got", None, uncached, "requests/s")


def measure_queries(many: Path, few: Path, pages: int) -> Results:
    """Statements for each page with warm caches in the process, and for some with cold ones."""
    site, small = Pages(many), Pages(few)
    member = site.member()
    path = f"/posts/{question_with_answers(many, ANSWERS)}"
    counted = {
        "list, visitor": site.queries(LIST),
        "list, far page": site.queries(f"{LIST}?page={min(FAR_PAGE, pages)}"),
        "list, few questions": small.queries(LIST),
        "list, member": site.queries(LIST, member),
        "question, visitor": site.queries(path),
        "question, member": site.queries(path, member),
    }
    for what, count in counted.items():
        yield Result(f"queries: {what}", 6, count, "")
    for what, address, client in (("list, visitor", LIST, None), ("question, member", path, member)):
        yield Result(f"queries with nothing kept: {what}", None, site.queries(address, client, is_cold=True), "")


def measure_memory(folder: Path) -> Results:
    """Memory of an empty site after its first page."""
    fill(folder, 1)
    command = [str(ROOT / "bin" / "serve")] if (ROOT / ".venv").exists() else None
    with serving(folder, command) as server:
        cpu_of_page(server, LIST, requests=1)
        time.sleep(IDLE_SECONDS)
        yield Result("memory of all processes, idle", 130, server.memory_megabytes(), "MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100_000, help="how many the large site has")
    parser.add_argument("--requests", type=int, default=1_000, help="how many requests a cost is the mean of")
    parser.add_argument("--seconds", type=float, default=5, help="how long each throughput is measured")
    parser.add_argument("--folder", type=Path, help="keep the sites here and use them again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as temporary:
        folder = (options.folder or Path(temporary)).absolute()
        many, few = folder / f"questions-{options.questions}", folder / f"questions-{FEW}"
        fill(many, options.questions)
        fill(few, FEW)
        print(f"{now():%Y-%m-%d}, {options.questions:,} questions, {machine()}\n")
        print(HEAD)
        pages = -(-options.questions // 30)
        for results in (
            measure_pages(many, few, pages, options.requests),
            measure_cache(many, options.seconds),
            measure_queries(many, few, pages),
            measure_memory(folder / "empty"),
        ):
            for result in results:
                print(result, flush=True)


if __name__ == "__main__":
    main()

"""Members that write and request jobs, each in a thread, and record what the site has acknowledged."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from .people import Person
from .site import number_in

WORDS = ["the", "yard", "where", "a", "village", "meets", "is", "wide", "and", "everybody", "brings", "a", "stool"]
WORDS_IN_TEXT = 5_000


@dataclass
class Acknowledged:
    """The messages, answers and jobs that the site has acknowledged."""

    messages: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    jobs: dict[int, str] = field(default_factory=dict)


class Members:
    """A ring of members: each writes to the next one and answers the next one's question.

    Each step waits for `allow`, so that steps are distributed over all kills.
    """

    def __init__(self, people: list[Person], chance: random.Random) -> None:
        self.people, self.acknowledged = people, Acknowledged()
        self._chance = chance
        self._turns = threading.Semaphore(0)
        self._questions: list[str] = []

    def ask_questions(self) -> None:
        for person in self.people:
            title = f"What does {person.name} need to know?"
            location = person.post_until_accepted(
                "/posts/new", board="qa", title=title, body=f"{title} Please.", tags=""
            )
            self._questions.append(location.split("#")[0])

    def start(self, *, messages: int, answers: int, jobs: int) -> list["Future[None]"]:
        """Start the work; the returned futures are done when everything was acknowledged."""
        pool = ThreadPoolExecutor(len(self.people), thread_name_prefix="member")
        kinds = [self._write] * messages + [self._answer] * answers + [self._count] * jobs
        parts: list[list[Callable[[], None]]] = [[] for _person in self.people]
        for number, kind in enumerate(kinds):
            place = number % len(self.people)
            parts[place].append(lambda kind=kind, place=place, number=number: kind(place, number))  # type: ignore[misc]
        for part in parts:
            self._chance.shuffle(part)
        working = [pool.submit(self._work, part) for part in parts]
        pool.shutdown(wait=False)
        return working

    def allow(self, times: int) -> None:
        """Allow this number of further steps."""
        self._turns.release(times)

    def _work(self, part: list[Callable[[], None]]) -> None:
        for step in part:
            self._turns.acquire()
            step()

    def _next(self, place: int) -> int:
        return (place + 1) % len(self.people)

    def _write(self, place: int, number: int) -> None:
        body = f"Message {number}: come to the yard."
        to = self.people[self._next(place)].name
        self.people[place].post_until_accepted("/messages/new", to=to, title="", body=body)
        self.acknowledged.messages.append(body)

    def _answer(self, place: int, number: int) -> None:
        body = f"Answer {number}: look behind the gate."
        path = self._questions[self._next(place)].rsplit("/", 1)[0]
        self.people[place].post_until_accepted(f"{path}/answers", body=body)
        self.acknowledged.answers.append(body)

    def _count(self, place: int, number: int) -> None:
        text = f"text{number} " + " ".join(self._chance.choices(WORDS, k=WORDS_IN_TEXT - 1))
        location = self.people[place].post_until_accepted("/tools/word-counter", text=text, url="")
        self.acknowledged.jobs[number_in(location)] = f"text{number}"

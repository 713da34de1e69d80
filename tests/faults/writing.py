"""Members that write, each in a thread, and what the site has acknowledged of it."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from time import monotonic, sleep

from PIL import Image

from .people import Person
from .site import number_in

WORDS = ["the", "yard", "where", "a", "village", "meets", "is", "wide", "and", "everybody", "brings", "a", "stool"]
WORDS_IN_TEXT = 300
PACE_SECONDS = 0.05


@dataclass
class Acknowledged:
    """What the site has acknowledged: texts, which are all different; jobs by id; states by member and subject."""

    questions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    jobs: dict[int, str] = field(default_factory=dict)
    votes: dict[tuple[str, str], int] = field(default_factory=dict)
    follows: dict[tuple[str, str], bool] = field(default_factory=dict)
    writes: int = 0


class Writers:
    """A ring of members: each writes to the next one, and to the next one's question.

    Each write waits for `allow`. One that is not acknowledged is repeated until it is, as people do.
    """

    def __init__(self, people: list[Person], chance: random.Random) -> None:
        self.people, self.acknowledged = people, Acknowledged()
        self._chance, self._numbers = chance, count(1)
        self._turns = threading.Semaphore(0)
        self._is_over = False
        self._questions: list[str] = []
        self._kinds: list[Callable[[int, int], None]] = [
            *(self._vote, self._vote, self._message, self._message, self._comment, self._comment),
            *(self._answer, self._ask, self._follow, self._count_words, self._send_picture),
        ]

    def ask_questions(self) -> None:
        """Ask the questions that the others answer."""
        for person in self.people:
            title = f"What does {person.name} need to know?"
            self._questions.append(self._post_question(person, title))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let the members write; at the end of the block each waits until its last write is acknowledged."""
        with ThreadPoolExecutor(len(self.people), thread_name_prefix="member") as pool:
            working: list[Future[None]] = [pool.submit(self._work, place) for place in range(len(self.people))]
            try:
                yield
            finally:
                self._is_over = True
                self._turns.release(len(self.people))
        for each in working:
            each.result()

    def allow(self, times: int) -> None:
        """Allow this number of further writes."""
        self._turns.release(times)

    @contextmanager
    def at_rate(self, rate: float) -> Iterator[None]:
        """Allow so many writes a second until the end of the block."""
        is_over = threading.Event()

        def allow() -> None:
            began, allowed = monotonic(), 0
            while not is_over.wait(PACE_SECONDS):
                due = int((monotonic() - began) * rate)
                self.allow(due - allowed)
                allowed = due

        pace = threading.Thread(target=allow, daemon=True)
        pace.start()
        try:
            yield
        finally:
            is_over.set()
            pace.join()

    def _work(self, place: int) -> None:
        chance = random.Random(self._chance.random())
        while True:
            self._turns.acquire()
            if self._is_over:
                return
            chance.choice(self._kinds)(place, next(self._numbers))
            self.acknowledged.writes += 1

    def _next(self, place: int) -> int:
        return (place + 1) % len(self.people)

    def _post_question(self, person: Person, title: str) -> str:
        location = person.post_until_accepted("/posts/new", board="qa", title=title, body=f"{title} Please.", tags="")
        self.acknowledged.questions.append(title)
        return location.split("#")[0].rsplit("/", 1)[0]

    def _ask(self, place: int, number: int) -> None:
        self._post_question(self.people[place], f"Question {number}: who has the key?")

    def _answer(self, place: int, number: int) -> None:
        body = f"Answer {number}: look behind the gate."
        self.people[place].post_until_accepted(f"{self._questions[self._next(place)]}/answers", body=body)
        self.acknowledged.answers.append(body)

    def _comment(self, place: int, number: int) -> None:
        body = f"Comment {number}: which gate?"
        self.people[place].post_until_accepted(f"{self._questions[self._next(place)]}/comments", body=body)
        self.acknowledged.comments.append(body)

    def _message(self, place: int, number: int) -> None:
        body = f"Message {number}: come to the yard."
        to = self.people[self._next(place)].name
        self.people[place].post_until_accepted("/messages/new", to=to, title="", body=body)
        self.acknowledged.messages.append(body)

    def _vote(self, place: int, number: int) -> None:
        question, value = self._questions[self._next(place)], number % 2
        self.people[place].post_until_accepted(f"{question}/votes", value=str(value))
        self.acknowledged.votes[self.people[place].name, question] = value

    def _follow(self, place: int, number: int) -> None:
        other = self.people[self._next(place)].name
        self.people[place].post_until_accepted(f"/users/{other}/follow", value=str(number % 2))
        self.acknowledged.follows[self.people[place].name, other] = bool(number % 2)

    def _count_words(self, place: int, number: int) -> None:
        text = f"text{number} " + " ".join(self._chance.choices(WORDS, k=WORDS_IN_TEXT - 1))
        location = self.people[place].post_until_accepted("/tools/word-counter", text=text, url="")
        self.acknowledged.jobs[number_in(location)] = f"text{number}"

    def _send_picture(self, place: int, number: int) -> None:
        buffer = BytesIO()
        Image.new("RGB", (40, 30), (number % 256, number // 256 % 256, 100)).save(buffer, "PNG")
        self.acknowledged.pictures.append(self.people[place].send_picture_until_accepted(buffer.getvalue()))


def pause(seconds: float, since: float) -> None:
    """Wait until `seconds` after `since` (by `monotonic`)."""
    sleep(max(0.0, since + seconds - monotonic()))

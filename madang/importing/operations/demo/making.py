"""Generator of demonstration content: questions over ten years with answers, comments, votes and fictitious users."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, update

from madang.accounts.models import User
from madang.admin.operations.counters import repair_counters
from madang.comments.models import Comment
from madang.core.db import Base, db, transaction
from madang.core.markdown.renderer import RENDERER_VERSION, excerpt
from madang.core.ttl_cache import clear_all
from madang.posts.models import EXCERPT_LENGTH, Post
from madang.search.operations.indexing import index_comments, index_posts
from madang.tags.models import PostTag
from madang.votes.models import PostVote
from madang.votes.operations.reputation import ACCEPTED_POINTS, vote_points

from ..source import Columns, insert_rows
from ..tags import tag_ids
from .people import People, create_people
from .sentences import Language, Scenario, languages

YEARS = 10
BATCH_SIZE = 250
QUESTIONS_PER_PERSON = 10
MIN_PEOPLE, MAX_PEOPLE = 20, 10_000
GROWTH = 0.7
ANSWER_WEIGHTS = (11, 13, 20, 20, 14, 9, 6, 4, 3)  # for 0 to 8 answers: three on average
COMMENT_WEIGHTS = (72, 16, 8, 4)
VOTE_WEIGHTS = (40, 25, 15, 10, 6, 4)
UP_SHARE, ACCEPTED_SHARE, KOREAN_SHARE = 0.88, 0.5, 0.6
MAX_REPLY_DELAY = timedelta(days=60)


@dataclass(slots=True)
class Draft:
    """A post that is not written yet, with its answers, comments and votes.

    `elapsed` is the share (0 to 1) of the demonstration's years before the post's question; `accepted` is the index of
    the accepted answer.
    """

    columns: Columns
    elapsed: float
    votes: list[Columns] = field(default_factory=list)
    comments: list[Columns] = field(default_factory=list)
    answers: list["Draft"] = field(default_factory=list)
    accepted: int | None = None
    tags: list[str] = field(default_factory=list)


class Demonstration:
    """Generates demonstration content on one board; the same seed gives the same content."""

    def __init__(self, board_id: int, *, seed: int, now: datetime) -> None:
        self.board_id, self.now = board_id, now
        self.start = now - timedelta(days=365 * YEARS)
        self.rng = random.Random(seed)
        self.languages = languages(self.rng)
        self.people: list[People] = []
        self.reputation: Counter[int] = Counter()

    def generate(self, question_count: int, advance: Callable[[int], object]) -> None:
        """Write `question_count` questions with all that belongs to them, `BATCH_SIZE` in a transaction."""
        people_count = question_count // QUESTIONS_PER_PERSON // len(self.languages)
        people_count = min(MAX_PEOPLE, max(MIN_PEOPLE, people_count))
        self.people = [create_people(people_count, each, self.rng, self.start, self.now) for each in self.languages]
        for first in range(0, question_count, BATCH_SIZE):
            last = min(first + BATCH_SIZE, question_count)
            with transaction():
                self._write(
                    [self._question((number + self.rng.random()) / question_count) for number in range(first, last)]
                )
            advance(last - first)
        self._write_reputation()
        repair_counters()
        clear_all()

    # Generating drafts

    def _question(self, position: float) -> Draft:
        elapsed = position**GROWTH
        index = 0 if self.rng.random() < KOREAN_SHARE else 1
        language, people = self.languages[index], self.people[index]
        scenario = language.scenario()
        draft = self._post(elapsed, people, *language.question(scenario))
        draft.tags = language.tags(scenario)
        count = self.rng.choices(range(len(ANSWER_WEIGHTS)), ANSWER_WEIGHTS)[0]
        draft.answers = [self._answer(draft, language, scenario, people) for _ in range(count)]
        if count and self.rng.random() < ACCEPTED_SHARE:
            draft.accepted = self.rng.randrange(count)
        self._add_comments_and_votes(draft, language, people)
        draft.columns |= {
            "kind": "question",
            "title": language.title(scenario),
            "tag_names": " ".join(draft.tags),
            "answer_count": count,
            "view_count": int(self.rng.lognormvariate(4, 1.2)) + 3 * count,
            "last_activity_at": max(_moments(draft)),
        }
        return draft

    def _answer(self, question: Draft, language: Language, scenario: Scenario, people: People) -> Draft:
        draft = self._post(question.elapsed, people, *language.answer(scenario))
        draft.columns["created_at"] = self._reply_time(question.columns["created_at"])
        self._add_comments_and_votes(draft, language, people)
        draft.columns |= {"kind": "answer", "last_activity_at": draft.columns["created_at"]}
        return draft

    def _post(self, elapsed: float, people: People, markdown: str, html: str) -> Draft:
        author = people.pick_author(elapsed)
        draft = Draft({"author_id": author, "created_at": self.start + (self.now - self.start) * elapsed}, elapsed)
        draft.columns |= {
            "board_id": self.board_id,
            "body": markdown,
            "body_html": html,
            "renderer_version": RENDERER_VERSION,
            "excerpt": excerpt(html, EXCERPT_LENGTH),
        }
        return draft

    def _add_comments_and_votes(self, draft: Draft, language: Language, people: People) -> None:
        """Add comments and votes to the draft, and the votes to the author's reputation."""
        rng, columns = self.rng, draft.columns
        for _ in range(rng.choices(range(len(COMMENT_WEIGHTS)), COMMENT_WEIGHTS)[0]):
            body, html = rng.choice(language.comments)
            author, moment = people.pick_author(draft.elapsed), self._reply_time(columns["created_at"])
            draft.comments.append({"author_id": author, "body": body, "body_html": html, "created_at": moment})
        count = rng.choices(range(len(VOTE_WEIGHTS)), VOTE_WEIGHTS)[0]
        for voter in sorted(people.pick_voters(count, draft.elapsed, excluded_id=columns["author_id"])):
            value = 1 if rng.random() < UP_SHARE else -1
            draft.votes.append(
                {"user_id": voter, "value": value, "created_at": self._reply_time(columns["created_at"])}
            )
            self.reputation[columns["author_id"]] += vote_points(value)
        columns |= {"score": sum(vote["value"] for vote in draft.votes), "comment_count": len(draft.comments)}

    def _reply_time(self, moment: datetime) -> datetime:
        return min(self.now, moment + MAX_REPLY_DELAY * self.rng.random() ** 4)

    # Writing drafts

    def _write(self, questions: list[Draft]) -> None:
        question_ids = insert_rows(Post, [question.columns for question in questions])
        answers = []
        for question_id, question in zip(question_ids, questions, strict=True):
            for answer in question.answers:
                answer.columns["parent_id"] = question_id
            answers += question.answers
        answer_ids = insert_rows(Post, [answer.columns for answer in answers])
        self._write_comments_and_votes([*questions, *answers], [*question_ids, *answer_ids])
        self._write_tags(questions, question_ids)
        self._accept(questions, question_ids, iter(answer_ids))

    def _write_comments_and_votes(self, posts: list[Draft], ids: list[int]) -> None:
        posts_by_id = list(zip(ids, posts, strict=True))
        comments = [{"post_id": post_id, **comment} for post_id, post in posts_by_id for comment in post.comments]
        index_comments(insert_rows(Comment, comments))
        index_posts(ids)
        _insert(PostVote, [{"post_id": post_id, **vote} for post_id, post in posts_by_id for vote in post.votes])

    def _write_tags(self, questions: list[Draft], ids: list[int]) -> None:
        tags = tag_ids((name for question in questions for name in question.tags), self.now)
        rows = [
            {
                "tag_id": tags[name],
                "post_id": post_id,
                "post_created_at": question.columns["created_at"],
                "board_id": question.columns["board_id"],
            }
            for post_id, question in zip(ids, questions, strict=True)
            for name in question.tags
        ]
        _insert(PostTag, rows)

    def _accept(self, questions: list[Draft], ids: list[int], answer_ids: Iterator[int]) -> None:
        marks = []
        for question_id, question in zip(ids, questions, strict=True):
            question_answer_ids = [next(answer_ids) for _ in question.answers]
            if question.accepted is not None:
                marks.append({"question_id": question_id, "answer_id": question_answer_ids[question.accepted]})
                author = question.answers[question.accepted].columns["author_id"]
                self.reputation[author] += ACCEPTED_POINTS if author != question.columns["author_id"] else 0
        _update(Post, "question_id", {"accepted_answer_id": "answer_id"}, marks)

    def _write_reputation(self) -> None:
        with transaction():
            rows = [{"user": user_id, "points": points} for user_id, points in sorted(self.reputation.items())]
            _update(User, "user", {"reputation": "points"}, rows)


def _moments(question: Draft) -> list[datetime]:
    posts = [question, *question.answers]
    return [post.columns["created_at"] for post in posts] + [
        comment["created_at"] for post in posts for comment in post.comments
    ]


def _insert(model: type[Base], rows: list[Columns]) -> None:
    if rows:
        db.session.execute(insert(model.__table__), rows)


def _update(model: type[Base], key: str, columns: dict[str, str], rows: list[Columns]) -> None:
    """Update the row whose id is `row[key]` for each of `rows`; `columns` maps each column to a key of the row."""
    if rows:
        table = model.__table__
        values: Columns = {name: bindparam(parameter) for name, parameter in columns.items()}
        db.session.execute(update(table).where(table.c.id == bindparam(key)).values(values), rows)

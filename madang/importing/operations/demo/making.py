"""Making a demonstration: questions over ten years, with answers, comments and votes of people who do not exist."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

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
from madang.votes.operations.reputation import FOR_ACCEPTED, worth

from ..source import insert_rows
from ..tags import tag_ids
from .people import People, make_people
from .sentences import Language, Plight, languages

YEARS = 10
AT_ONCE = 250
QUESTIONS_OF_ONE = 10
PEOPLE_LEAST, PEOPLE_MOST = 20, 10_000
GROWTH = 0.7
ANSWER_WEIGHTS = (11, 13, 20, 20, 14, 9, 6, 4, 3)  # for 0 to 8 answers: three on average
COMMENT_WEIGHTS = (72, 16, 8, 4)
VOTE_WEIGHTS = (40, 25, 15, 10, 6, 4)
UP_SHARE, ACCEPTED_SHARE, KOREAN_SHARE = 0.88, 0.5, 0.6
LONGEST_WAIT = timedelta(days=60)
Columns = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """A post before it has an id, with everything under it."""

    columns: Columns
    passed: float
    votes: list[Columns] = field(default_factory=list)
    comments: list[Columns] = field(default_factory=list)
    answers: list["Draft"] = field(default_factory=list)
    accepted: int | None = None
    tags: list[str] = field(default_factory=list)


class Demonstration:
    """Makes everything out of one seed."""

    def __init__(self, board_id: int, *, seed: int, now: datetime) -> None:
        self.board_id, self.now = board_id, now
        self.begin = now - timedelta(days=365 * YEARS)
        self.chance = random.Random(seed)
        self.languages = languages(self.chance)
        self.people: list[People] = []
        self.reputation: Counter[int] = Counter()

    def make(self, questions: int, advance: Callable[[int], object]) -> None:
        """Write `questions` questions and all that belongs to them, a few hundred in a transaction."""
        crowd = min(PEOPLE_MOST, max(PEOPLE_LEAST, questions // QUESTIONS_OF_ONE // len(self.languages)))
        self.people = [make_people(crowd, each, self.chance, self.begin, self.now) for each in self.languages]
        for first in range(0, questions, AT_ONCE):
            last = min(first + AT_ONCE, questions)
            with transaction():
                self._write(
                    [self._question((number + self.chance.random()) / questions) for number in range(first, last)]
                )
            advance(last - first)
        self._give_reputation()
        repair_counters()
        clear_all()

    # What is asked, answered and said

    def _question(self, position: float) -> Draft:
        passed = position**GROWTH
        spoken = 0 if self.chance.random() < KOREAN_SHARE else 1
        language, people = self.languages[spoken], self.people[spoken]
        plight = language.plight()
        draft = self._post(passed, people, *language.question(plight))
        draft.tags = language.tags(plight)
        count = self.chance.choices(range(len(ANSWER_WEIGHTS)), ANSWER_WEIGHTS)[0]
        draft.answers = [self._answer(draft, language, plight, people) for _ in range(count)]
        if count and self.chance.random() < ACCEPTED_SHARE:
            draft.accepted = self.chance.randrange(count)
        self._say(draft, language, people)
        draft.columns |= {
            "kind": "question",
            "title": language.title(plight),
            "tag_names": " ".join(draft.tags),
            "answer_count": count,
            "view_count": int(self.chance.lognormvariate(4, 1.2)) + 3 * count,
            "last_activity_at": max(_moments(draft)),
        }
        return draft

    def _answer(self, question: Draft, language: Language, plight: Plight, people: People) -> Draft:
        draft = self._post(question.passed, people, *language.answer(plight))
        draft.columns["created_at"] = self._later(question.columns["created_at"])
        self._say(draft, language, people)
        draft.columns |= {"kind": "answer", "last_activity_at": draft.columns["created_at"]}
        return draft

    def _post(self, passed: float, people: People, markdown: str, html: str) -> Draft:
        author = people.somebody(passed)
        draft = Draft({"author_id": author, "created_at": self.begin + (self.now - self.begin) * passed}, passed)
        draft.columns |= {
            "board_id": self.board_id,
            "body": markdown,
            "body_html": html,
            "renderer_version": RENDERER_VERSION,
            "excerpt": excerpt(html, EXCERPT_LENGTH),
        }
        return draft

    def _say(self, draft: Draft, language: Language, people: People) -> None:
        """Comments and votes under a post."""
        chance, columns = self.chance, draft.columns
        for _ in range(chance.choices(range(len(COMMENT_WEIGHTS)), COMMENT_WEIGHTS)[0]):
            body, html = chance.choice(language.comments)
            author, moment = people.somebody(draft.passed), self._later(columns["created_at"])
            draft.comments.append({"author_id": author, "body": body, "body_html": html, "created_at": moment})
        count = chance.choices(range(len(VOTE_WEIGHTS)), VOTE_WEIGHTS)[0]
        for voter in sorted(people.others(count, draft.passed, besides=columns["author_id"])):
            value = 1 if chance.random() < UP_SHARE else -1
            draft.votes.append({"user_id": voter, "value": value, "created_at": self._later(columns["created_at"])})
            self.reputation[columns["author_id"]] += worth(value)
        columns |= {"score": sum(vote["value"] for vote in draft.votes), "comment_count": len(draft.comments)}

    def _later(self, moment: datetime) -> datetime:
        return min(self.now, moment + LONGEST_WAIT * self.chance.random() ** 4)

    # What is written

    def _write(self, questions: list[Draft]) -> None:
        question_ids = insert_rows(Post, [question.columns for question in questions])
        answers = []
        for question_id, question in zip(question_ids, questions, strict=True):
            for answer in question.answers:
                answer.columns["parent_id"] = question_id
            answers += question.answers
        answer_ids = insert_rows(Post, [answer.columns for answer in answers])
        self._write_under([*questions, *answers], [*question_ids, *answer_ids])
        self._write_tags(questions, question_ids)
        self._accept(questions, question_ids, iter(answer_ids))

    def _write_under(self, posts: list[Draft], ids: list[int]) -> None:
        under = list(zip(ids, posts, strict=True))
        comments = [{"post_id": post_id, **comment} for post_id, post in under for comment in post.comments]
        index_comments(insert_rows(Comment, comments))
        index_posts(ids)
        _insert(PostVote, [{"post_id": post_id, **vote} for post_id, post in under for vote in post.votes])

    def _write_tags(self, questions: list[Draft], ids: list[int]) -> None:
        tags = tag_ids((name for question in questions for name in question.tags), self.now)
        rows = [
            {"tag_id": tags[name], "post_id": post_id, "post_created_at": question.columns["created_at"]}
            for post_id, question in zip(ids, questions, strict=True)
            for name in question.tags
        ]
        _insert(PostTag, rows)

    def _accept(self, questions: list[Draft], ids: list[int], answer_ids: Any) -> None:
        marks = []
        for question_id, question in zip(ids, questions, strict=True):
            of_question = [next(answer_ids) for _ in question.answers]
            if question.accepted is not None:
                marks.append({"question_id": question_id, "answer_id": of_question[question.accepted]})
                author = question.answers[question.accepted].columns["author_id"]
                self.reputation[author] += FOR_ACCEPTED if author != question.columns["author_id"] else 0
        _update(Post, "question_id", {"accepted_answer_id": "answer_id"}, marks)

    def _give_reputation(self) -> None:
        with transaction():
            rows = [{"user": user_id, "points": points} for user_id, points in sorted(self.reputation.items())]
            _update(User, "user", {"reputation": "points"}, rows)


def _moments(question: Draft) -> list[datetime]:
    posts = [question, *question.answers]
    return [post.columns["created_at"] for post in posts] + [
        comment["created_at"] for post in posts for comment in post.comments
    ]


def _insert(table: type[Base], rows: list[Columns]) -> None:
    if rows:
        db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def _update(table: type[Base], key: str, columns: dict[str, str], rows: list[Columns]) -> None:
    if rows:
        posts: Any = table.__table__
        values: Columns = {name: bindparam(given) for name, given in columns.items()}
        db.session.execute(update(posts).where(posts.c.id == bindparam(key)).values(values), rows)

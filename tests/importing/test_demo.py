"""Generated demonstrations: plausible, reproducible from the seed, rendered as pages are, with right counters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from madang.accounts.models import User
from madang.accounts.policies.usernames import username_problem
from madang.admin.operations.counters import differences
from madang.comments.models import Comment
from madang.core.db import db
from madang.core.markdown.renderer import render, render_inline
from madang.importing.operations.demo.making import Demonstration
from madang.importing.operations.demo.sentences import add_particle, join_rieul
from madang.importing.operations.stackexchange import board_for_questions
from madang.posts.models import TITLE_MAX, Post
from madang.votes.models import PostVote

from ..people import Person

pytestmark = pytest.mark.each_database

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
QUESTIONS = 300
Generate = Callable[..., list[int]]


@pytest.fixture
def generate(app: Flask) -> Generate:
    """Generates a demonstration and returns the reported steps of its progress."""

    def run(questions: int = QUESTIONS, seed: int = 1) -> list[int]:
        steps: list[int] = []
        with app.app_context():
            Demonstration(board_for_questions("qa", MOMENT), seed=seed, now=MOMENT).generate(questions, steps.append)
        return steps

    return run


def posts(app: Flask) -> list[Post]:
    with app.app_context():
        return list(db.session.scalars(select(Post).order_by(Post.id)))


def test_a_demonstration_has_all_kinds_of_content(app: Flask, generate: Generate, visitor: Person) -> None:
    assert sum(generate()) == QUESTIONS
    written = posts(app)
    questions = [post for post in written if post.kind == "question"]
    answers = [post for post in written if post.kind == "answer"]
    assert len(questions) == QUESTIONS
    assert 2.4 < len(answers) / QUESTIONS < 3.6
    assert {post.answer_count for post in questions} == set(range(9))
    assert all(2 <= len(post.title) <= TITLE_MAX and post.tags for post in questions)
    assert any("가" <= letter <= "힣" for letter in questions[0].title + questions[1].title + questions[2].title)
    oldest, newest = questions[0].created_at, questions[-1].created_at
    assert timedelta(days=365 * 9) < newest - oldest < timedelta(days=365 * 10 + 1)
    assert max(post.last_activity_at for post in written) <= MOMENT
    with app.app_context():
        assert list(differences()) == []
        assert db.session.scalar(select(func.count()).select_from(Comment))
        assert db.session.scalar(select(func.count()).select_from(PostVote))
        assert all(username_problem(name) is None for name in db.session.scalars(select(User.username)))
    page = visitor.page("/questions")
    assert questions[-1].title in page.replace("&#39;", "'")
    accepted = next(post for post in questions if post.accepted_answer_id)
    page = visitor.get(f"/posts/{accepted.id}", follow_redirects=True)
    assert page.status_code == 200 and f'id="answer-{accepted.accepted_answer_id}"' in page.text


def test_a_demonstration_can_be_searched(generate: Generate, visitor: Person) -> None:
    generate(50)
    assert "/posts/" in visitor.page("/search?q=%EC%84%A4%EB%AA%85%EC%84%9C")
    assert "/posts/" in visitor.page("/search?q=manual")


def test_joined_paragraphs_equal_the_rendered_body(app: Flask, generate: Generate) -> None:
    generate()
    assert all(post.body_html == render(post.body) for post in posts(app))
    with app.app_context():
        comments = db.session.scalars(select(Comment)).all()
    assert all(comment.body_html == render_inline(comment.body) for comment in comments)


def test_reputation_is_the_sum_over_votes_and_acceptances(app: Flask, generate: Generate) -> None:
    generate()
    expected: dict[int, int] = {}
    by_id = {post.id: post for post in posts(app)}
    with app.app_context():
        votes = db.session.scalars(select(PostVote)).all()
        people = db.session.scalars(select(User)).all()
    assert not any(vote.user_id == by_id[vote.post_id].author_id for vote in votes)
    for vote in votes:
        author = by_id[vote.post_id].author_id
        expected[author] = expected.get(author, 0) + (10 if vote.value == 1 else -2)
    for question in by_id.values():
        answer = by_id.get(question.accepted_answer_id or 0)
        if answer and answer.author_id != question.author_id:
            expected[answer.author_id] = expected.get(answer.author_id, 0) + 15
    assert {person.id: person.reputation for person in people if person.reputation} == {
        user: points for user, points in expected.items() if points
    }


def test_the_same_seed_gives_the_same_content(app: Flask, generate: Generate) -> None:
    words = []
    for seed in (5, 5, 6):
        generate(20, seed)
        words.append([(post.title, post.body, post.score) for post in posts(app)])
    first, second, third = words[0], words[1][len(words[0]) :], words[2][len(words[1]) :]
    assert first == second != third
    with app.app_context():
        assert list(differences()) == []


@pytest.mark.parametrize(
    ("word", "pair", "joined"),
    [
        ("공유기", "을/를", "공유기를"),
        ("노트북", "을/를", "노트북을"),
        ("물레", "이/가", "물레가"),
        ("텃밭", "이/가", "텃밭이"),
    ],
)
def test_particles_fit_their_words(word: str, pair: str, joined: str) -> None:
    assert add_particle(word, pair) == joined


def test_endings_join_their_stems() -> None:
    assert join_rieul("전용 공구 없이 고치ㄹ 수 있나요?") == "전용 공구 없이 고칠 수 있나요?"
    assert join_rieul("아무 일 없이") == "아무 일 없이"

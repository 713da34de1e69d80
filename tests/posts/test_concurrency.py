"""Simultaneous writes to one question all succeed, and all counters are right."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.boards.models import Board
from madang.core.db import db
from madang.posts.models import Post

pytestmark = pytest.mark.each_database

ROUNDS = 6


def _poster(person):
    """A function that posts as a person, with a client of its own for use in a thread."""
    client, token = person.app.test_client(), person.token  # reading the token sets the session cookie
    cookie = person.client.get_cookie(person.app.config["SESSION_COOKIE_NAME"])
    client.set_cookie(cookie.key, cookie.value)
    return lambda path, **fields: client.post(path, data={"csrf_token": token, **fields}).status_code


def _actions(path: str, answer: int) -> dict:
    """The requests that each person sends in a round."""

    def asker(turn):
        yield f"{path}/answers", {"body": f"My own answer number {turn}."}
        yield f"/posts/{answer}/accept", {"value": turn % 2}

    def answerer(turn):
        yield f"{path}/answers", {"body": f"An answer of mine, number {turn}."}
        yield f"{path}/votes", {"value": turn % 2}

    def voter(turn):
        yield f"{path}/votes", {"value": turn % 2 or -1}
        yield f"/posts/{answer}/votes", {"value": turn % 2}

    def commenter(turn):
        for place in (path, f"/posts/{answer}"):
            yield f"{place}/comments", {"body": f"Remark {turn}"}

    def moderator(turn):
        yield f"{path}/pin", {"value": turn % 2}
        yield f"/posts/{answer}/votes", {"value": 1}

    def other(turn):
        words = {"title": f"Another question, number {turn}", "body": "Long enough to be a question."}
        yield "/posts/new", {"board": "qa", "tags": "yard", **words}
        yield f"/posts/{answer}/votes", {"value": turn % 2}

    return {"ann": asker, "bob": answerer, "cho": voter, "dan": moderator, "eve": commenter, "fay": other}


def test_simultaneous_writers_at_a_question_all_succeed_and_counters_are_right(ann, bob, people, visitor):
    question = ann.ask("Where shall we all meet?", tags="yard")
    answer = bob.answer(question)
    actions = _actions(f"/posts/{question}", answer)
    posts, start = {name: _poster(people[name]) for name in actions}, Barrier(len(actions))

    def act(name):
        statuses = []
        for turn in range(ROUNDS):
            start.wait(60)
            statuses += [posts[name](where, **fields) for where, fields in actions[name](turn)]
        return statuses

    with ThreadPoolExecutor(len(actions)) as pool:
        assert {status for statuses in pool.map(act, actions) for status in statuses} <= {302, 303}
    assert re.search(rf"\b{1 + 2 * ROUNDS} answers", visitor.page(f"/posts/{question}"))
    with ann.app.app_context():
        row = db.session.get_one(Post, question)
        assert (row.answer_count, row.comment_count) == (1 + 2 * ROUNDS, ROUNDS)
        board = db.session.scalars(select(Board).where(Board.slug == "qa")).one()
        assert (board.post_count, board.unanswered_count) == (1 + ROUNDS, ROUNDS)
        counts = dict(db.session.execute(select(User.username, User.answer_count)).all())
        assert (counts["ann"], counts["bob"]) == (ROUNDS, 1 + ROUNDS)

"""Drafts are stored on the server and shown to their author."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

pytestmark = pytest.mark.each_database


def test_a_draft_answer_is_shown_on_the_question_page_only_to_its_author(ann, bob, visitor):
    question, other = ann.ask(), ann.ask("Another question?")
    assert bob.post("/posts/drafts", key=f"answer:{question}", body="반쯤 쓴 답 \U0001f3e1").status_code == 204
    assert "반쯤 쓴 답 \U0001f3e1" in bob.page(f"/posts/{question}")
    for person in (ann, visitor):
        assert "반쯤 쓴" not in person.page(f"/posts/{question}")
    assert "반쯤 쓴" not in bob.page(f"/posts/{other}")


def test_a_draft_is_deleted_when_it_is_posted_or_emptied(ann, bob):
    question = ann.ask()
    bob.post("/posts/drafts", key=f"answer:{question}", body="Lift it gently, I would say.")
    bob.answer(question, "Lift it gently and walk.")
    assert "I would say" not in bob.page(f"/posts/{question}")
    bob.post("/posts/drafts", key="post", title="A title", body="A body")
    assert "A title" in bob.page("/posts/new")
    bob.post("/posts/drafts", key="post", title=" ", body="")
    assert "A title" not in bob.page("/posts/new")


def test_a_draft_for_an_unknown_place_is_refused(bob):
    for place in ("", "elsewhere", "answer:", "answer:x", "answer:1\0", "post ", "answer:" + "9" * 50):
        answer = bob.post("/posts/drafts", key=place, body="words")
        assert answer.status_code == 422
        assert "belongs to no page" in answer.text


def test_simultaneous_saves_from_several_tabs_make_one_draft(ann, bob, whole_app):
    question, token = ann.ask(), bob.token
    cookie = bob.client.get_cookie(whole_app.config["SESSION_COOKIE_NAME"])
    barrier = Barrier(4)

    def save(tab):
        client = whole_app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        statuses = set()
        for version in range(10):
            barrier.wait(30)
            fields = {"csrf_token": token, "key": f"edit:{question}:{version}", "body": f"draft of tab {tab}"}
            statuses.add(client.post("/posts/drafts", data=fields).status_code)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        assert set.union(*pool.map(save, range(4))) == {204}

"""Drafts: what somebody is writing waits for them on the server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

pytestmark = pytest.mark.each_database


def test_a_draft_of_an_answer_waits_on_the_questions_page_for_its_writer_alone(ann, bob, visitor):
    question, other = ann.ask(), ann.ask("Another question?")
    assert bob.post("/posts/drafts", key=f"answer:{question}", body="반쯤 쓴 답 \U0001f3e1").status_code == 204
    assert "반쯤 쓴 답 \U0001f3e1" in bob.page(f"/posts/{question}")
    for person in (ann, visitor):
        assert "반쯤 쓴" not in person.page(f"/posts/{question}")
    assert "반쯤 쓴" not in bob.page(f"/posts/{other}")


def test_a_draft_goes_when_it_is_posted_or_emptied(ann, bob):
    question = ann.ask()
    bob.post("/posts/drafts", key=f"answer:{question}", body="Lift it gently, I would say.")
    bob.answer(question, "Lift it gently and walk.")
    assert "I would say" not in bob.page(f"/posts/{question}")
    bob.post("/posts/drafts", key="post", title="A title", body="A body")
    assert "A title" in bob.page("/posts/new")
    bob.post("/posts/drafts", key="post", title=" ", body="")
    assert "A title" not in bob.page("/posts/new")


def test_a_draft_belongs_to_a_page_that_there_is(bob):
    for place in ("", "elsewhere", "answer:", "answer:x", "answer:1\0", "post ", "answer:" + "9" * 50):
        answer = bob.post("/posts/drafts", key=place, body="words")
        assert answer.status_code == 422
        assert "belongs to no page" in answer.text


def test_tabs_that_save_at_the_same_instant_make_one_draft(ann, bob, whole_app):
    question, token = ann.ask(), bob.token
    cookie = bob.client.get_cookie(whole_app.config["SESSION_COOKIE_NAME"])
    tabs = Barrier(4)

    def save(tab):
        client = whole_app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        statuses = set()
        for version in range(10):
            tabs.wait(30)
            fields = {"csrf_token": token, "key": f"edit:{question}:{version}", "body": f"draft of tab {tab}"}
            statuses.add(client.post("/posts/drafts", data=fields).status_code)
        return statuses

    with ThreadPoolExecutor(4) as pool:
        assert set.union(*pool.map(save, range(4))) == {204}

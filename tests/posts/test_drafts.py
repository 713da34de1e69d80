"""Drafts are stored on the server and shown to their author."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from madang.core.clock import at, now

pytestmark = pytest.mark.each_database
NEW, OTHER = "post:0123456789abcdef", "post:fedcba98"
WRONG = ("post:", "post:short", "post:" + "a" * 33, "post:ABCDEFGH", "post:가나다라마바사아", "edit:1:", "edit:١:1")


def value_of(page: str, name: str) -> str:
    """The value of an input field of a page."""
    return re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)[0]


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
    bob.post("/posts/drafts", key=NEW, title="A title", body="A body")
    assert "A title" in bob.page("/posts/new")
    bob.post("/posts/drafts", key=NEW, title=" ", body="")
    assert "A title" not in bob.page("/posts/new")


def test_a_draft_for_an_unknown_place_is_refused(bob):
    for place in ("", "elsewhere", "answer:", "answer:x", "answer:1\0", "post ", "answer:" + "9" * 50, *WRONG):
        answer = bob.post("/posts/drafts", key=place, body="words")
        assert answer.status_code == 422
        assert "do not know which page this draft belongs to" in answer.text


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


def test_each_new_post_has_a_draft_of_its_own(ann):
    for place, title in ((NEW, "The first of two texts"), (OTHER, "The second of two texts")):
        ann.post("/posts/drafts", key=place, board="talk", title=title, body="With some words.")
    form = ann.page("/posts/new?board=talk")
    assert value_of(form, "draft") not in (NEW, OTHER, "") and value_of(form, "title") == ""
    assert value_of(form, "draft") != value_of(ann.page("/posts/new?board=talk"), "draft")
    continued = ann.page(f"/posts/new?draft={NEW}")
    assert (value_of(continued, "draft"), value_of(continued, "title")) == (NEW, "The first of two texts")
    assert "Draft from" in continued
    ann.post("/posts/new", draft=NEW, board="talk", title="The first of two texts", body="With some words.")
    page = ann.page("/drafts")
    assert "The second of two texts" in page and "The first of two texts" not in page


def test_a_form_that_is_shown_again_keeps_its_draft(ann):
    refused = ann.post("/posts/new", draft=NEW, board="talk", title="Hm", body="")
    assert refused.status_code == 422 and value_of(refused.text, "draft") == NEW
    for wrong in ("", *WRONG, "answer:1"):
        assert value_of(ann.post("/posts/new", draft=wrong, board="talk").text, "draft") == "post"


def test_a_post_of_an_old_form_discards_the_draft_without_a_word(ann):
    """Pages that were open during an upgrade, and programs, know one new post only."""
    ann.post("/posts/drafts", key="post", board="talk", title="An old unfinished text", body="With some words.")
    assert value_of(ann.page("/posts/new?draft=post"), "title") == "An old unfinished text"
    assert "An old unfinished text" in ann.page("/posts/new")
    ann.post("/posts/new", board="talk", title="An old unfinished text", body="With some words.")
    assert "An old unfinished text" not in ann.page("/drafts")


def test_unfinished_texts_are_offered_on_boards_of_their_kind(ann):
    """In the forms of a question, of a talk board, and of no board yet; a text without a board suits all."""
    ann.post("/posts/drafts", key=OTHER, board="", title="A text without a board", body="")
    with at(now() + timedelta(minutes=1)):
        ann.post("/posts/drafts", key=NEW, board="qa", title="An unfinished question", body="")
    for path, is_offered in (("/questions/ask", True), ("/posts/new?board=talk", False), ("/posts/new", True)):
        page = ann.page(path)
        assert ("An unfinished question" in page) == is_offered
        assert ("A text without a board" in page) == (not is_offered), "only the newest"
        assert value_of(page, "title") == ""


def test_only_the_newest_unfinished_text_is_offered_and_the_others_are_counted(ann):
    ann.post("/posts/drafts", key=NEW, board="qa", title="The first text", body="")
    assert "more draft" not in ann.page("/posts/new")
    for number in range(2):
        with at(now() + timedelta(minutes=number + 1)):
            ann.post("/posts/drafts", key=f"post:{number:016x}", board="qa", title=f"Text {number}", body="")
        page = ann.page("/posts/new")
        assert re.findall(r"<q>(.*?)</q>", page) == [f"Text {number}", ""], "the last is the script's template"
        words = "1 more draft" if number == 0 else "2 more drafts"
        assert f'href="/drafts">{words}</a>' in page


def test_the_list_says_where_each_draft_belongs(ann, bob, dan):
    question, gone = ann.ask(), ann.ask("A question that will be deleted?")
    answer = bob.answer(question, "Lift it gently and walk.")
    bob.post("/posts/drafts", key=NEW, board="talk", title="", body="\n  Only a body\nof two lines")
    bob.post("/posts/drafts", key=f"answer:{question}", body="Another answer")
    bob.post("/posts/drafts", key=f"answer:{gone}", body="An answer too late")
    bob.post("/posts/drafts", key=f"edit:{answer}:1", body="A better answer")
    ann.post(f"/posts/{gone}/delete")
    page = bob.page("/drafts")
    for text in (
        "New post on",
        "Only a body",
        "Answer to",
        "Edit of",
        "For a deleted post",
        "too late",
    ):
        assert text in page
    for url in (f"/posts/new?draft={NEW}", f"/posts/{question}#write", f"/posts/{answer}/edit?draft=edit:{answer}:1"):
        assert f'href="{url}"' in page
    assert f'href="/posts/{gone}#write"' not in page
    dan.post(f"/posts/{question}/lock", value="1")
    assert f'href="/posts/{question}#write"' not in bob.page("/drafts")
    assert "Only a body" not in ann.page("/drafts")


def test_a_draft_is_discarded_only_by_its_author(ann, bob):
    bob.post("/posts/drafts", key=NEW, board="talk", title="Not to be seen", body="")
    assert ann.post("/drafts/discard", place=NEW).location == "/drafts"
    assert "Not to be seen" in bob.page("/drafts")
    for target, location in (("/posts/new?board=talk", "/posts/new?board=talk"), ("//evil.example/", "/drafts")):
        assert bob.post("/drafts/discard", place=NEW, next=target).location == location
    assert "Not to be seen" not in bob.page("/drafts")


def test_an_edit_that_began_with_an_older_version_is_continued_with_its_conflict(ann):
    question = ann.ask()
    place = f"edit:{question}:1"
    ann.post("/posts/drafts", key=place, title="A better title of it?", body="Half of an edit.")
    ann.post(f"/posts/{question}/edit", version=1, title="The title of another tab?", body="The edit of another tab.")
    assert place not in ann.page("/drafts")
    ann.post("/posts/drafts", key=place, title="A better title of it?", body="Half of an edit.")
    assert "Half of an edit." not in ann.page(f"/posts/{question}/edit")
    page = ann.page(f"/posts/{question}/edit?draft={place}")
    assert "Half of an edit." in page and value_of(page, "version") == "1"
    assert "Half of an edit." not in ann.page(f"/posts/{question}/edit?draft=edit:{question}:7")


def test_the_answer_to_a_refused_token_leads_back_to_the_form(ann, bob):
    question = ann.ask()
    assert bob.client.get(f"/posts/{question}/answers").location == f"/posts/{question}#write"


def test_posting_tells_the_browser_which_copy_to_forget(ann, bob):
    question = ann.ask()
    posted = ann.post("/posts/new", draft=NEW, board="talk", title="A text that is posted", body="With some words.")
    answered = bob.post(f"/posts/{question}/answers", body="Lift it gently and walk.")
    edited = ann.post(
        f"/posts/{question}/edit", version=1, title="A title that is better?", body="A text that is better."
    )
    for response, place in ((posted, NEW), (answered, f"answer:{question}"), (edited, f"edit:{question}:1")):
        assert any(f"posted_draft={place};" in cookie for cookie in response.headers.getlist("Set-Cookie"))

"""Close, lock, pin and move posts."""

import pytest

from tests.api.programs import program_of
from tests.people import BODY

pytestmark = pytest.mark.each_database


def test_a_closed_question_takes_no_answers_until_it_is_reopened(ann, bob, dan, visitor):
    question = ann.ask()
    assert dan.post(f"/posts/{question}/close", reason="unclear").status_code == 302
    assert "It is not clear what is asked" in visitor.page(f"/posts/{question}")
    assert bob.post(f"/posts/{question}/answers", body=BODY).status_code == 403
    dan.post(f"/posts/{question}/reopen")
    bob.answer(question)


def test_a_duplicate_names_the_question_that_it_repeats(ann, dan, visitor):
    original, duplicate = ann.ask("The first of its kind?"), ann.ask("The second of its kind?")
    refused = dan.post(f"/posts/{duplicate}/close", reason="duplicate", duplicate_of="")
    assert refused.status_code == 422
    assert "Please enter the title or address of another question" in refused.text
    dan.post(
        f"/posts/{duplicate}/close", reason="duplicate", duplicate_of=f"http://localhost/posts/{original}/the-first"
    )
    assert "The first of its kind?" in visitor.page(f"/posts/{duplicate}")


ADDRESSES = ["/posts/{}", "posts/{}", "/posts/{}/the-first", "http://localhost/posts/{}?page=2#answer-9", " /posts/{} "]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_original_is_named_by_its_address(ann, bob, dan, visitor, address):
    """Tried too: an answer's address means its question."""
    original, duplicate = ann.ask("The first of its kind?"), ann.ask("The second of its kind?")
    for post in (original, bob.answer(original)):
        closed = dan.post(f"/posts/{duplicate}/close", reason="duplicate", duplicate_of=address.format(post))
        assert closed.status_code == 302
        assert "The first of its kind?" in visitor.page(f"/posts/{duplicate}")
        dan.post(f"/posts/{duplicate}/reopen")


@pytest.mark.parametrize("typed", ["lantern", "How does a lantern", "How does a lantern glow?", "등불", "{}"])
def test_without_a_script_the_original_is_chosen_from_matches(ann, dan, visitor, typed):
    """A number alone chooses nothing either: it could be a position in a list."""
    original, duplicate = ann.ask("How does a lantern glow? 등불"), ann.ask("How may a lamp glow?")
    fields = {"reason": "duplicate", "duplicate_of": typed.format(original)}
    page = dan.post(f"/posts/{duplicate}/close", **fields)
    assert page.status_code == 422
    assert f'type="radio" name="original" value="{original}"' in page.text
    assert "How does a lantern glow?" in page.text and "0 answers" in page.text and "I tried the obvious" in page.text
    assert f'value="{duplicate}"' not in page.text
    assert "Closed" not in visitor.page(f"/posts/{duplicate}")
    assert dan.post(f"/posts/{duplicate}/close", **fields, original=original).status_code == 302
    assert "How does a lantern glow?" in visitor.page(f"/posts/{duplicate}")


@pytest.mark.parametrize(
    "address", ["https://stackoverflow.com/questions/{}", "http://localhost.evil/posts/{}", "//x/posts/{}"]
)
def test_an_address_of_another_site_names_no_question_here(ann, dan, address):
    original, duplicate = ann.ask("The first of its kind?"), ann.ask("The second of its kind?")
    refused = dan.post(f"/posts/{duplicate}/close", reason="duplicate", duplicate_of=address.format(original))
    assert refused.status_code == 422


def test_the_picker_completes_titles_for_moderators(ann, bob, dan, visitor):
    original, duplicate = ann.ask("How does a lantern glow?"), ann.ask("How may a lamp glow?")
    ann.answer(original)
    path = f"/posts/{duplicate}/close/matches"
    (match,) = dan.get(f"{path}?q=lant").json
    assert (match["id"], match["title"], match["state"]) == (original, "How does a lantern glow?", "1 answer")
    assert match["excerpt"]
    for nothing in ("", "%00", "zzz", "?", "lamp"):
        assert all(row["id"] != duplicate for row in dan.get(f"{path}?q={nothing}").json)
    assert bob.get(f"{path}?q=lant").status_code == 403
    assert visitor.get(f"{path}?q=lant").status_code == 302
    dan.post(f"/posts/{original}/delete")
    assert dan.get(f"{path}?q=lant").json == []


def test_in_korean_the_picker_says_what_is_required(ann, dan):
    duplicate = ann.ask()
    dan.client.set_cookie("locale", "ko")
    page = dan.page(f"/posts/{duplicate}/close")
    assert "꼭 적어 주세요" in page and "선택 사항" not in page


@pytest.mark.parametrize("reference", ["99999999999999999999", "-3", "abc", "\0", "/posts/", "💥"])
def test_an_unknown_original_is_refused(ann, dan, reference):
    question = ann.ask()
    assert dan.post(f"/posts/{question}/close", reason="duplicate", duplicate_of=reference).status_code == 422


def test_only_staff_reply_to_a_locked_post(ann, bob, dan):
    question = ann.ask()
    dan.post(f"/posts/{question}/lock", value=1)
    assert bob.post(f"/posts/{question}/answers", body=BODY).status_code == 403
    assert bob.post(f"/posts/{question}/comments", body="But why?").status_code == 403
    assert bob.post(f"/posts/{question}/votes", value="1").status_code == 403
    assert ann.post(f"/posts/{question}/edit", title="A new title?", body=BODY, version=1).status_code == 403
    dan.answer(question)
    dan.post(f"/posts/{question}/lock", value="0")
    bob.answer(question)


def test_locking_a_question_locks_its_answers_and_comments(ann, bob, cho, dan):
    question = ann.ask()
    answer = bob.answer(question)
    comment = cho.comment(answer, "Which way round?")
    dan.post(f"/posts/{question}/lock", value=1)
    staff_answer = dan.answer(question, "Let us leave it at this, all of you.")
    for post in (answer, staff_answer):
        assert cho.post(f"/posts/{post}/comments", body="But why?").status_code == 403
        assert cho.post(f"/posts/{post}/votes", value="1").status_code == 403
    assert bob.post(f"/posts/{answer}/edit", body=BODY, version=1).status_code == 403
    assert bob.post(f"/posts/{answer}/delete").status_code == 403
    assert bob.post(f"/comments/{comment}/votes", value="1").status_code == 403
    assert cho.post(f"/comments/{comment}/edit", body="Or that way?").status_code == 403
    page = cho.page(f"/posts/{question}")
    assert f"/posts/{answer}/comments" not in page
    assert f"/posts/{answer}/votes" not in page
    assert f"/comments/{comment}/votes" not in bob.page(f"/posts/{question}")
    dan.post(f"/posts/{question}/lock", value="0")
    cho.comment(answer, "Now I may.")
    assert bob.post(f"/comments/{comment}/votes", value="1").status_code == 302
    assert cho.post(f"/posts/{staff_answer}/votes", value="1").status_code == 302


def test_an_answer_cannot_be_locked_alone(ann, bob, dan):
    answer = bob.answer(ann.ask())
    for value in ("1", "0"):
        refused = dan.post(f"/posts/{answer}/lock", value=value)
        assert refused.status_code == 422
        assert "together with its question" in refused.text


def test_in_korean_whoever_unlocks_an_answer_is_sent_to_unlock_the_question(ann, bob, dan):
    answer = bob.answer(ann.ask())
    dan.client.set_cookie("locale", "ko")
    assert "질문을 잠가 주세요." in dan.post(f"/posts/{answer}/lock", value="1").text
    assert "질문의 잠금을 풀어 주세요." in dan.post(f"/posts/{answer}/lock", value="0").text


def test_a_pinned_post_is_at_the_top_of_its_board(ann, dan, visitor):
    first = ann.ask("The oldest of them all")
    for number in range(3):
        ann.ask(f"A newer question {number}")
    dan.post(f"/posts/{first}/pin", value=1)
    page = visitor.page("/boards/qa")
    assert page.index(f'href="/posts/{first}/') < page.index("A newer question 2")
    dan.post(f"/posts/{first}/pin", value="0")
    page = visitor.page("/boards/qa")
    assert page.index(f'href="/posts/{first}/') > page.index("A newer question 2")


def test_a_moved_question_becomes_a_talk_post(ann, dan, visitor):
    post = ann.ask("This is not a question")
    dan.post(f"/posts/{post}/move", board="talk")
    assert "This is not a question" in visitor.page("/boards/talk")
    assert "This is not a question" not in visitor.page("/questions")


def test_a_question_with_answers_cannot_become_talk(ann, bob, dan):
    question = ann.ask()
    bob.answer(question)
    assert dan.post(f"/posts/{question}/move", board="talk").status_code == 409


def test_members_cannot_moderate(ann):
    question = ann.ask()
    for verb in ("close", "reopen", "lock", "pin", "move"):
        response = ann.post(f"/posts/{question}/{verb}", reason="unclear", board="talk")
        assert response.status_code == 403, verb
        assert "Only moderators can do this." in response.text


def test_a_call_that_changes_nothing_writes_nothing(ann, dan):
    """A repeated PUT neither moves a pinned post to the top again nor stands in the log a second time."""
    staff = program_of(dan)
    first, second = ann.ask(), ann.ask("How does one carry a yard?")
    original = ann.ask("How is a yard lost?")
    bodies = {"close": {"reason": "duplicate", "duplicate_of": original}}
    for verb in ("pin", "lock", "close"):
        for method in ("DELETE", "PUT", "PUT", "DELETE", "DELETE"):
            body = bodies.get(verb) if method == "PUT" else None
            assert staff.call(method, f"/posts/{first}/{verb}", body).status_code in (200, 204), f"{method} {verb}"
    actions = [entry["verb"] for entry in staff.read("/admin/log")["items"]]
    assert actions == ["reopen_post", "close_post", "unlock_post", "lock_post", "unpin_post", "pin_post"]
    for post in (first, second, first):
        staff.put(f"/posts/{post}/pin")
    assert [post["id"] for post in staff.read("/boards/qa/pinned")["items"]] == [second, first]


def test_a_question_is_closed_again_for_another_reason(ann, dan):
    staff = program_of(dan)
    question, original = ann.ask(), ann.ask("How does one carry a yard?")
    staff.put(f"/posts/{question}/close", {"reason": "unclear"})
    closed = staff.put(f"/posts/{question}/close", {"reason": "duplicate", "duplicate_of": original})
    assert closed.json["close_reason"] == "duplicate"
    assert len(staff.read("/admin/log")["items"]) == 2


def test_staff_deletes_a_deleted_post_without_effect(ann, dan):
    staff = program_of(dan)
    question = ann.ask()
    for _twice in range(2):
        assert staff.delete(f"/posts/{question}").status_code == 204
    assert len(staff.read("/admin/log")["items"]) == 1

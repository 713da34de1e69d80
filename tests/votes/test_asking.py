"""Boards whose pages ask before a vote counts: who is asked when, with a script and without, and who is not."""

import re

import pytest
from sqlalchemy import select

from madang.boards.models import Board
from madang.core.db import db
from tests.admin.helpers import staff_actions, suspend
from tests.api.programs import program_of

pytestmark = pytest.mark.each_database

ASKED = 'data-confirm="Vote up?"'


def _set(root, app, board: str = "qa", **fields: str) -> None:
    with app.app_context():
        row = db.session.scalars(select(Board).where(Board.slug == board)).one()
        values = {"name_en": row.names["en"], "slug": board, "position": str(row.position)}
    response = root.post(f"/admin/boards/{row.id}", **{**values, **fields})
    assert response.status_code == 302, response.text


@pytest.fixture
def asking(root, app) -> None:
    """The board `qa` asks before a vote."""
    _set(root, app, asks_before_vote="y")


def _score(person, post: int) -> int:
    return program_of(person).read(f"/posts/{post}")["score"]


def test_no_board_asks_at_first(ann, bob):
    question = ann.ask()
    assert ASKED not in bob.page(f"/posts/{question}")
    bob.post(f"/posts/{question}/votes", value="1")
    assert _score(ann, question) == 1


def test_the_setting_is_in_the_form_in_the_api_and_in_the_log(app, root, dan):
    with app.app_context():
        board = db.session.scalars(select(Board.id).where(Board.slug == "qa")).one()
    for page in (f"/admin/boards/{board}", "/admin/boards/add"):
        assert 'name="asks_before_vote"' in root.page(page)
    admin, path = program_of(root), "/admin/boards/qa"
    assert admin.read(path)["asks_before_vote"] is False
    assert admin.patch(path, {"asks_before_vote": True}).json["asks_before_vote"] is True
    assert admin.read("/boards/qa")["asks_before_vote"] is True
    assert admin.patch(path, {"name": "Questions"}).json["asks_before_vote"] is True
    assert admin.patch(path, {"asks_before_vote": "perhaps"}).status_code == 422
    assert program_of(dan).patch(path, {"asks_before_vote": False}).status_code == 403
    assert " checked" in re.search(r'<input[^>]*name="asks_before_vote"[^>]*>', root.page(f"/admin/boards/{board}"))[0]
    made = {"slug": "sums", "kind": "talk", "name": "Sums", "asks_before_vote": True}
    assert admin.post("/admin/boards", made).json["asks_before_vote"] is True
    root.post("/admin/boards/add", name_en="Tea", slug="tea", kind="talk", asks_before_vote="y", confirmed="1")
    assert admin.read("/boards/tea")["asks_before_vote"] is True
    _set(root, app)
    assert admin.read(path)["asks_before_vote"] is False
    assert [action for action, _id in staff_actions(app)].count("edit_board") == 3
    assert "Ask before a vote counts" in root.page("/admin/log")


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
def test_a_vote_without_a_script_is_asked_about_on_a_page(asking, ann, bob, kind):
    """The page shows what is voted on and does nothing; its button votes."""
    question = ann.ask()
    write = {"question": lambda number: number, "answer": ann.answer, "comment": ann.comment}[kind]
    path = f"/{'comments' if kind == 'comment' else 'posts'}/{write(question)}"
    assert ASKED in bob.page(f"/posts/{question}")
    asked = bob.post(f"{path}/votes", value="1")
    assert (asked.status_code, asked.location) == (303, f"{path}/votes?value=1")
    page = bob.page(asked.location)
    assert "<h1>Vote up?</h1>" in page and 'name="confirmed" value="1"' in page
    assert ("Which yard do you mean?" if kind == "comment" else "How do I move a yard?") in page
    assert program_of(ann).read(path)["score"] == 0
    voted = bob.post(f"{path}/votes", value="1", confirmed="1")
    assert voted.status_code == 302
    assert program_of(ann).read(path)["score"] == 1


@pytest.mark.parametrize(
    ("before", "value", "is_asked"),
    [("0", "1", True), ("0", "-1", True), ("1", "-1", True), ("-1", "1", True), ("1", "0", False), ("-1", "0", False)],
)
def test_a_new_vote_and_a_new_direction_are_asked_about_but_not_taking_a_vote_back(
    asking, ann, bob, before, value, is_asked
):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value=before, confirmed="1")
    answer = bob.post(f"/posts/{question}/votes", value=value)
    assert (answer.status_code == 303) is is_asked
    assert _score(ann, question) == (int(before) if is_asked else int(value))


def test_the_buttons_say_what_the_dialog_asks(asking, ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="1", confirmed="1")
    buttons = re.findall(r'<button type="submit" id="vote-[^>]*>', bob.page(f"/posts/{question}"))
    assert ['data-confirm="Vote down?"' in button for button in buttons] == [False, True]
    assert "data-confirm=" not in buttons[0], "taking the vote back is not asked about"


def test_a_vote_that_the_dialog_asked_about_counts_in_place(asking, ann, bob):
    question = ann.ask()
    comment = ann.comment(question)
    for path in (f"/posts/{question}", f"/comments/{comment}"):
        voted = bob.htmx(f"{path}/votes", value="1", confirmed="1").text
        assert ">1</b>" in voted and 'aria-pressed="true"' in voted
        assert ASKED in bob.htmx(f"{path}/votes", value="0").text, "the next vote is asked about again"


def test_a_page_that_is_older_than_the_setting_leads_to_the_question(app, root, ann, bob):
    question = ann.ask()
    bob.page(f"/posts/{question}")
    _set(root, app, asks_before_vote="y")
    answer = bob.htmx(f"/posts/{question}/votes", value="1")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/posts/{question}/votes?value=1")
    assert _score(ann, question) == 0


def test_cached_pages_follow_the_setting(app, root, ann, bob):
    question = ann.ask()
    ann.comment(question)
    for fields, count in (({}, 0), ({"asks_before_vote": "y"}, 2), ({}, 0)):
        _set(root, app, **fields)
        for _twice in range(2):
            assert bob.page(f"/posts/{question}").count(ASKED) == count
            assert bob.htmx(f"/posts/{question}/votes", value="0").text.count(ASKED) == min(count, 1)


def test_only_votes_on_that_board_are_asked_about(asking, ann, bob):
    talk = ann.ask("Just saying hello", board="talk")
    assert ASKED not in bob.page(f"/posts/{talk}")
    assert bob.post(f"/posts/{talk}/votes", value="1").status_code == 302
    assert _score(ann, talk) == 1


def test_programs_are_not_asked(asking, ann, bob):
    question = ann.ask()
    comment = ann.comment(question)
    for path in (f"/posts/{question}/vote", f"/comments/{comment}/vote"):
        assert program_of(bob).put(path, {"value": 1}).json["score"] == 1


def test_the_page_asks_nobody_who_cannot_vote(asking, root, ann, bob, visitor):
    question = ann.ask()
    comment = ann.comment(question)
    for path in (f"/posts/{question}/votes?value=1", f"/comments/{comment}/votes?value=1"):
        assert "You cannot vote for your own" in ann.page(path, 403)
        assert visitor.get(path).status_code == 302
    for path in (f"/posts/{question}/votes", f"/posts/{question}/votes?value=7", f"/comments/{comment}/votes?value=-1"):
        assert bob.get(path).status_code == 302, "nothing is asked; as after a log-in, to what could be voted on"
    suspend(root, bob)
    assert bob.get(f"/posts/{question}/votes?value=1").status_code == 403
    ann.post(f"/comments/{comment}/delete")
    assert ann.get(f"/comments/{comment}/votes?value=1").status_code == 404


def test_being_asked_does_not_count_against_the_limit(app, asking, ann, bob):
    question = ann.ask()
    app.config["VOTE_LIMIT"] = "1 per minute"
    answers = [bob.post(f"/posts/{question}/votes", value="1").status_code for _time in range(3)]
    answers += [bob.post(f"/posts/{question}/votes", value="1", confirmed="1").status_code for _time in range(2)]
    assert answers == [303, 303, 303, 302, 429]

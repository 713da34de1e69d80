"""Boards that use mathematics: their texts, previews, feeds and search, and what happens when the setting changes."""

import pytest
from sqlalchemy import select

from madang.boards.models import Board
from madang.core.db import db
from madang.core.queue import Job
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions
from tests.api.programs import program_of

pytestmark = pytest.mark.each_database

BODY = r"Is $x^2 + \alpha$ more than $5 or $6, or not at all?"
FORMULA = r'<math alttext="x^2 + \alpha"><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mi>α</mi></math>'
TEX = r"Is $x^2 + \alpha$ more than $5 or $6"


def _change(root, app, board: str, **fields: str):
    with app.app_context():
        row = db.session.scalars(select(Board).where(Board.slug == board)).one()
        values = {"name_en": row.names["en"], "slug": board, "position": str(row.position)}
    response = root.post(f"/admin/boards/{row.id}", **{**values, **fields})
    assert response.status_code == 302, response.text


def _use_math(root, app, board: str = "qa") -> None:
    _change(root, app, board, uses_math="y")


@pytest.fixture
def with_math(root, app) -> None:
    """The board `qa` uses mathematics."""
    _use_math(root, app)


def test_a_board_uses_no_mathematics_at_first(ann, visitor):
    page = visitor.page(f"/posts/{ann.ask(body=BODY)}")
    assert "<math" not in page and TEX in page


def test_formulas_stand_in_questions_answers_and_comments(with_math, ann, bob, visitor):
    question = ann.ask(body=BODY)
    answer = bob.answer(question, f"No. {BODY}")
    for post in (question, answer):
        bob.comment(post, f"Why {BODY}")
    assert visitor.page(f"/posts/{question}").count(FORMULA) == 4
    bob.post(f"/posts/{answer}/edit", body="Yes: $y$ is more than that.", version="1")
    assert '<math alttext="y">' in visitor.page(f"/posts/{question}")


def test_the_setting_is_in_the_form_and_in_the_api(app, root):
    with app.app_context():
        board = db.session.scalars(select(Board.id).where(Board.slug == "qa")).one()
    for page in (f"/admin/boards/{board}", "/admin/boards/add"):
        assert 'name="uses_math"' in root.page(page)
    assert program_of(root).read("/admin/boards/qa")["uses_math"] is False
    assert program_of(root).patch("/admin/boards/qa", {"uses_math": True}).json["uses_math"] is True
    assert program_of(root).read("/boards/qa")["uses_math"] is True
    assert program_of(root).patch("/admin/boards/qa", {"name": "Sums"}).json["uses_math"] is True
    assert program_of(root).patch("/admin/boards/qa", {"uses_math": "perhaps"}).status_code == 422
    made = {"slug": "sums", "kind": "talk", "name": "Sums", "uses_math": True}
    assert program_of(root).post("/admin/boards", made).json["uses_math"] is True
    assert "Mathematics" in root.page("/admin/log")
    assert staff_actions(app)[0] == ("edit_board", board)


def test_only_administrators_change_the_setting(app, ann, dan):
    with app.app_context():
        board = db.session.scalars(select(Board.id).where(Board.slug == "qa")).one()
    for person in (ann, dan):
        refused = person.post(f"/admin/boards/{board}", name_en="A", slug="qa", position="1", uses_math="y")
        assert refused.status_code in (403, 404)
    with app.app_context():
        assert not db.session.get(Board, board).uses_math


def test_texts_that_are_there_change_with_the_setting(app, root, ann, bob, dan, visitor):
    question, other = ann.ask(body=BODY), ann.ask("Without any formula?")
    answer = bob.answer(question, f"No. {BODY}")
    comment = bob.comment(answer, f"Why {BODY}")
    deleted = ann.ask("And I, deleted?", body=BODY)
    dan.post(f"/posts/{deleted}/delete")
    version = program_of(ann).read(f"/posts/{other}")
    _use_math(root, app)
    run_jobs(app)
    assert visitor.page(f"/posts/{question}").count(FORMULA) == 3
    assert FORMULA in dan.page(f"/posts/{deleted}")
    assert program_of(ann).read(f"/posts/{other}") == version
    assert program_of(ann).read(f"/posts/{question}")["edited_at"] is None
    assert FORMULA in program_of(ann).read(f"/comments/{comment}")["body_html"]
    _change(root, app, "qa")
    run_jobs(app)
    assert "<math" not in visitor.page(f"/posts/{question}") + dan.page(f"/posts/{deleted}")


def test_other_changes_of_a_board_render_nothing_again(app, root, ann):
    ann.ask(body=BODY)
    _change(root, app, "qa", name="Sums")
    with app.app_context():
        assert "admin.render_board" not in db.session.scalars(select(Job.name)).all()


def test_a_long_board_is_rendered_in_batches(app, root, ann, monkeypatch):
    monkeypatch.setattr("madang.admin.jobs.RENDER_BATCH_SIZE", 2)
    questions = [ann.ask(f"Question no. {number}?", body=f"{BODY} {number}") for number in range(5)]
    for number in range(3):
        ann.comment(questions[0], f"{BODY} {number}")
    _use_math(root, app)
    run_jobs(app)
    assert [ann.page(f"/posts/{question}").count(FORMULA) for question in questions] == [4, 1, 1, 1, 1]


def test_a_moved_post_has_formulas_as_its_new_board_has(app, root, ann, bob, dan, visitor):
    root.post("/admin/boards/add", name_en="Sums", slug="sums", kind="qa", uses_math="y", confirmed="1")
    question = ann.ask(body=BODY)
    answer = bob.answer(question, f"No. {BODY}")
    bob.comment(question, f"Why {BODY}")
    bob.comment(answer, f"How {BODY}")
    assert dan.post(f"/posts/{question}/move", board="sums").status_code == 302
    assert visitor.page(f"/posts/{question}").count(FORMULA) == 4
    assert dan.post(f"/posts/{question}/move", board="qa").status_code == 302
    assert "<math" not in visitor.page(f"/posts/{question}")


def test_the_preview_shows_what_the_board_will(with_math, ann):
    assert FORMULA in ann.post("/posts/preview", body=BODY, board="qa").text
    for board in ("talk", "", "nowhere", "QA'"):
        assert "<math" not in ann.post("/posts/preview", body=BODY, board=board).text
    program = program_of(ann)
    assert FORMULA in program.post("/preview", {"body": BODY, "board": "qa"}).json["body_html"]
    assert "<math" not in program.post("/preview", {"body": BODY}).json["body_html"]
    assert "board" in program.post("/preview", {"body": BODY, "board": "nowhere"}).json["errors"]


def test_the_editors_of_answers_and_edits_know_their_board(with_math, ann, bob):
    question = ann.ask(body=BODY)
    for person, path in ((bob, f"/posts/{question}"), (ann, f"/posts/{question}/edit")):
        assert 'data-board="qa"' in person.page(path)


def test_writers_are_told_where_formulas_are_shown(with_math, root, app, ann, bob):
    question, talk = ann.ask(body=BODY), ann.ask("Just saying hello", board="talk")
    hint = "Write formulas between dollar signs"
    for uses_math in ("", "y"):
        _change(root, app, "qa", uses_math=uses_math)
        assert (hint in bob.page(f"/posts/{question}")) == bool(uses_math)
    for person, path in ((bob, f"/posts/{question}"), (ann, f"/posts/{question}/edit"), (ann, "/posts/new?board=qa")):
        assert hint in person.page(path)
    for path in ("/posts/new?board=talk", f"/posts/{talk}/edit", "/messages/new"):
        assert hint not in ann.page(path)


def test_lists_feeds_search_and_mails_have_the_tex(with_math, app, ann, bob, visitor):
    question = ann.ask("Which sum is it?", body=BODY)
    excerpt = TEX.replace("&", "&amp;")
    for path in ("/", "/boards/qa", "/search?q=alpha"):
        page = visitor.page(path)
        assert "alpha" in page and "<math" not in page, path
    assert excerpt in visitor.page(f"/posts/{question}").partition("</head>")[0]
    feed = visitor.page("/feed.atom")
    assert "math" not in feed and r"&lt;code&gt;$x^2 + \alpha$&lt;/code&gt;" in feed
    assert program_of(ann).read(f"/posts/{question}")["body"] == BODY


def test_a_text_with_too_many_formulas_is_refused_with_a_sentence(with_math, ann):
    refused = ann.post("/posts/new", board="qa", title="Too many formulas?", body="$x$ and then " * 1_001)
    assert refused.status_code == 422 and "formulas in this text are too many" in refused.text


def test_nobody_is_notified_who_stands_in_a_formula(with_math, ann, bob):
    ann.ask(body="Is $x_{@bob}$ an index, or what is it then?")
    assert "mentioned you" not in bob.page("/notifications")

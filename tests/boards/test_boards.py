"""Boards: places for posts of one kind, and what is counted on them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import select

from madang import cli
from madang.accounts.models import User
from madang.boards.models import Board, BoardPeriod
from madang.boards.operations.counting import count_post, make_board
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import use_locale
from madang.posts.models import Post

pytestmark = pytest.mark.each_database


def _make(app, **others) -> None:
    values = {"slug": "garden", "kind": "qa", "name": "Garden", "description": "What grows."}
    with app.app_context(), transaction(), use_locale("en"):
        make_board(**{**values, **others}, now=now())


def _counts(app, slug: str) -> tuple[int, int, int]:
    """Posts and questions that wait on a board, and the posts of its days."""
    with app.app_context():
        board = db.session.scalars(select(Board).where(Board.slug == slug)).one()
        days = select(BoardPeriod.post_count).where(BoardPeriod.board_id == board.id, BoardPeriod.period > 1_000_000)
        return int(board.post_count), int(board.unanswered_count), sum(db.session.scalars(days))


def test_a_board_has_its_page_and_its_place_on_every_page(app, ann, visitor):
    _make(app, name="채소밭 \U0001f955")
    page = visitor.page("/boards/garden")
    assert "<h1>채소밭 \U0001f955</h1>" in re.sub(r"\s+</h1>", "</h1>", page)
    assert "What grows." in page
    assert 'href="/boards/garden"' in visitor.page(f"/posts/{ann.ask()}")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "", "choose another address"),
        ("slug", "///", "choose another address"),
        ("slug", "qa", "choose another address"),
        ("slug", "QA ", "choose another address"),
        ("kind", "wiki", "one of the four kinds"),
        ("name", "", "A name has 1 to 60 characters."),
        ("name", "가" * 61, "A name has 1 to 60 characters."),
        ("description", "가" * 301, "A description has at most 300 characters."),
    ],
)
def test_what_is_no_board_is_refused(app, field, value, sentence):
    with pytest.raises(InvalidInput) as caught:
        _make(app, **{field: value})
    assert sentence in caught.value.fields[field]


def test_everything_wrong_is_said_at_once(app):
    with pytest.raises(InvalidInput) as caught:
        _make(app, slug="", kind="", name="")
    assert set(caught.value.fields) == {"slug", "kind", "name"}


def test_a_board_keeps_count_of_its_posts(app, ann, bob, dan):
    first, second = ann.ask("The first question?"), ann.ask("The second question?")
    assert _counts(app, "qa") == (2, 2, 2)
    answer = bob.answer(first)
    bob.answer(first, "Another answer, just as good.")
    assert _counts(app, "qa") == (2, 1, 2)
    bob.post(f"/posts/{answer}/delete")
    assert _counts(app, "qa") == (2, 1, 2)
    ann.post(f"/posts/{second}/delete")
    assert _counts(app, "qa") == (1, 0, 1)
    dan.post(f"/posts/{second}/restore")
    assert _counts(app, "qa") == (2, 1, 2)


def test_a_post_that_moves_is_counted_where_it_stands(app, ann, dan):
    _make(app)
    question = ann.ask()
    dan.post(f"/posts/{question}/move", board="garden")
    assert _counts(app, "qa") == (0, 0, 0)
    assert _counts(app, "garden") == (1, 1, 1)
    dan.post(f"/posts/{question}/move", board="talk")
    assert _counts(app, "garden") == (0, 0, 0)
    assert _counts(app, "talk") == (1, 0, 1)


def test_people_are_counted_by_what_their_posts_are_now(app, ann, dan):
    question = ann.ask()
    assert _questions_of(ann) == 1
    dan.post(f"/posts/{question}/move", board="talk")
    assert _questions_of(ann) == 0
    dan.post(f"/posts/{question}/move", board="qa")
    assert _questions_of(ann) == 1
    ann.post(f"/posts/{question}/delete")
    assert _questions_of(ann) == 0


def _questions_of(person) -> int:
    with person.app.app_context():
        return int(db.session.scalars(select(User.question_count).where(User.id == person.id)).one())


def test_a_page_far_back_is_found_by_months_and_days(app, ann, visitor):
    """Posts of several days and months, more than are walked one by one."""
    app.config["POSTS_PER_PAGE"] = 10
    with app.app_context(), transaction() as session:
        board = session.scalars(select(Board).where(Board.slug == "talk")).one()
        for number in range(420):
            moment = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(hours=7 * number)
            session.add(
                Post(
                    board_id=board.id,
                    kind="talk",
                    author_id=ann.id,
                    title=f"Talk number {number}",
                    body="",
                    body_html="",
                    created_at=moment,
                    last_activity_at=moment,
                )
            )
            count_post(board.id, moment, 1)
    for page in (1, 30, 31, 32, 40, 42):
        shown = re.findall(r"data-row>Talk number (\d+)</a>", visitor.page(f"/boards/talk?page={page}"))
        newest = 420 - (page - 1) * 10 - 1
        assert [int(number) for number in shown] == list(range(newest, newest - 10, -1)), page


def test_visitors_find_no_button_to_write_and_members_none_on_notices(ann, dan, visitor):
    assert "Write here" not in visitor.page("/boards/notice")
    assert "Write here" not in ann.page("/boards/notice")
    assert "Write here" in dan.page("/boards/notice")
    assert "Write here" in ann.page("/boards/talk")


@pytest.mark.parametrize("slug", ["nowhere", "QA", "qa ", " qa", "q%00a", "%ff", "한글", "a" * 300, "%E2%80%8Bqa"])
def test_there_is_nothing_on_other_boards(ann, visitor, slug):
    assert visitor.get(f"/boards/{slug}").status_code == 404
    assert ann.get("/posts/new?board=" + slug).status_code == 404


@pytest.fixture
def create_board(app, monkeypatch):
    """Types `madang create-board`."""
    monkeypatch.setattr(cli, "bring_up_to_date", lambda: None)  # the tests' tables are there
    script = ScriptInfo(create_app=lambda: app)
    return lambda *words: CliRunner().invoke(cli.cli, ("create-board", *words), obj=script)


@pytest.mark.parametrize("kind", ["qa", "talk", "notice", "gallery"])
def test_a_command_makes_a_board_behind_the_others(create_board, visitor, kind):
    made = create_board("yard-2", "--kind", kind, "--name", "뒷마당", "--description", "What lies behind.")
    assert (made.exit_code, made.output) == (0, "뒷마당 stands at /boards/yard-2 now.\n")
    assert "What lies behind." in visitor.page("/boards/yard-2")
    links = re.findall(r'href="/boards/([\w-]+)"', visitor.page("/boards"))
    assert links[:4] == ["notice", "qa", "talk", "yard-2"]


def test_the_command_says_what_is_wrong_and_makes_nothing(app, create_board, monkeypatch, capsys):
    assert create_board("yard", "--kind", "wiki", "--name", "Yard").exit_code == 2
    wrong = ("create-board", "qa", "--kind", "gallery", "--name", " ")
    monkeypatch.setattr("sys.argv", ["madang", *wrong])
    monkeypatch.setattr(cli, "_create", lambda: app)
    monkeypatch.setattr(cli.cli, "create_app", lambda: app)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "slug: " in said and "name: " in said
    assert _counts(app, "qa") == (0, 0, 0)

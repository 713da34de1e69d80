"""Boards: creation, pages, permissions and counters."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo
from sqlalchemy import select

from madang import cli
from madang.accounts.models import User
from madang.boards.models import Board, BoardPeriod
from madang.boards.operations.counting import count_post, insert_board
from madang.cli import managing
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import use_locale
from madang.posts.models import Post

pytestmark = pytest.mark.each_database


def _make_board(app, **fields) -> None:
    values = {"slug": "garden", "kind": "qa", "name": "Garden", "description": "What grows."}
    with app.app_context(), transaction(), use_locale("en"):
        insert_board(**{**values, **fields}, now=now())


def _counts(app, slug: str) -> tuple[int, int, int]:
    """Numbers of posts and of unanswered questions of a board, and the sum of its posts per day."""
    with app.app_context():
        board = db.session.scalars(select(Board).where(Board.slug == slug)).one()
        days = select(BoardPeriod.post_count).where(BoardPeriod.board_id == board.id, BoardPeriod.period > 1_000_000)
        return int(board.post_count), int(board.unanswered_count), sum(db.session.scalars(days))


def test_a_board_has_a_page_and_is_in_the_navigation(app, ann, visitor):
    _make_board(app, name="채소밭 \U0001f955")
    page = visitor.page("/boards/garden")
    assert "<h1>채소밭 \U0001f955</h1>" in re.sub(r"\s+</h1>", "</h1>", page)
    assert "What grows." in page
    assert 'href="/boards/garden"' in visitor.page(f"/posts/{ann.ask()}")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("slug", "", "choose another address"),
        ("slug", "///", "choose another address"),
        ("slug", "qa", "choose another address"),
        ("slug", "QA ", "choose another address"),
        ("kind", "wiki", "one of the four kinds"),
        ("name", "", "Names have 1 to 60 characters."),
        ("name", "가" * 61, "Names have 1 to 60 characters."),
        ("description", "가" * 301, "Descriptions have at most 300 characters."),
    ],
)
def test_an_invalid_board_is_refused(app, field, value, message):
    with pytest.raises(InvalidInput) as error:
        _make_board(app, **{field: value})
    assert message in error.value.fields[field]


def test_all_wrong_fields_are_reported_at_once(app):
    with pytest.raises(InvalidInput) as error:
        _make_board(app, slug="", kind="", name="")
    assert set(error.value.fields) == {"slug", "kind", "name"}


def test_a_board_counts_its_posts(app, ann, bob, dan):
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


def test_a_moved_post_is_counted_on_its_new_board(app, ann, dan):
    _make_board(app)
    question = ann.ask()
    dan.post(f"/posts/{question}/move", board="garden")
    assert _counts(app, "qa") == (0, 0, 0)
    assert _counts(app, "garden") == (1, 1, 1)
    dan.post(f"/posts/{question}/move", board="talk")
    assert _counts(app, "garden") == (0, 0, 0)
    assert _counts(app, "talk") == (1, 0, 1)


def test_question_counts_of_authors_follow_the_kind_of_their_posts(app, ann, dan):
    question = ann.ask()
    assert _question_count(ann) == 1
    dan.post(f"/posts/{question}/move", board="talk")
    assert _question_count(ann) == 0
    dan.post(f"/posts/{question}/move", board="qa")
    assert _question_count(ann) == 1
    ann.post(f"/posts/{question}/delete")
    assert _question_count(ann) == 0


def _question_count(person) -> int:
    with person.app.app_context():
        return int(db.session.scalars(select(User.question_count).where(User.id == person.id)).one())


def test_distant_pages_are_located_by_months_and_days(app, ann, visitor):
    """More posts, over several months, than `MAX_PLAIN_OFFSET`."""
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
        numbers = re.findall(r"data-row>Talk number (\d+)</a>", visitor.page(f"/boards/talk?page={page}"))
        newest = 420 - (page - 1) * 10 - 1
        assert [int(number) for number in numbers] == list(range(newest, newest - 10, -1)), page


def test_the_write_button_is_shown_to_those_who_can_post(ann, dan, visitor):
    assert 'href="/posts/new?board=notice"' not in visitor.page("/boards/notice")
    assert 'href="/posts/new?board=notice"' not in ann.page("/boards/notice")
    assert 'href="/posts/new?board=notice"' in dan.page("/boards/notice")
    assert 'href="/posts/new?board=talk"' in ann.page("/boards/talk")


@pytest.mark.parametrize("slug", ["nowhere", "QA", "qa ", " qa", "q%00a", "%ff", "한글", "a" * 300, "%E2%80%8Bqa"])
def test_unknown_boards_are_not_found(ann, visitor, slug):
    assert visitor.get(f"/boards/{slug}").status_code == 404
    assert ann.get("/posts/new?board=" + slug).status_code == 404


@pytest.fixture
def create_board(app, monkeypatch):
    """A function that runs `madang create-board` with arguments."""
    monkeypatch.setattr(managing, "bring_up_to_date", lambda: None)  # the tests' tables are there
    script = ScriptInfo(create_app=lambda: app)
    return lambda *words: CliRunner().invoke(cli.cli, ("create-board", *words), obj=script)


@pytest.mark.parametrize("kind", ["qa", "talk", "notice", "gallery"])
def test_the_command_creates_a_board_after_the_others(create_board, visitor, kind):
    result = create_board("yard-2", "--kind", kind, "--name", "뒷마당", "--description", "What lies behind.")
    assert (result.exit_code, result.output) == (0, "뒷마당 stands at /boards/yard-2 now.\n")
    assert "What lies behind." in visitor.page("/boards/yard-2")
    links = re.findall(r'href="/boards/([\w-]+)"', visitor.page("/boards"))
    assert links[:4] == ["notice", "qa", "talk", "yard-2"]


def test_the_command_names_a_board_in_several_languages(create_board, visitor):
    texts = (
        "--name-in",
        "ko",
        "뒷마당",
        "--description",
        "What lies behind.",
        "--description-in",
        "ko",
        "뒤에 있는 것.",
    )
    assert create_board("yard-2", "--kind", "talk", "--name", "Back yard", *texts).exit_code == 0
    for language, name, words in (("en", "Back yard", "What lies behind."), ("ko", "뒷마당", "뒤에 있는 것.")):
        page = visitor.get("/boards/yard-2", headers={"Accept-Language": language}).text
        assert name in page and words in page
    assert create_board("yard-3", "--kind", "talk", "--name", "A", "--name-in", "fr", "B").exit_code == 2


def test_the_command_reports_errors_and_creates_nothing(app, create_board, monkeypatch, capsys):
    assert create_board("yard", "--kind", "wiki", "--name", "Yard").exit_code == 2
    arguments = ("create-board", "qa", "--kind", "gallery", "--name", " ")
    monkeypatch.setattr("sys.argv", ["madang", *arguments])
    monkeypatch.setattr(cli, "_create", lambda: app)
    monkeypatch.setattr(cli.cli, "create_app", lambda: app)
    with pytest.raises(SystemExit) as exit_info:
        cli.main()
    output = capsys.readouterr().err
    assert exit_info.value.code == 1
    assert "slug: " in output and "name: " in output
    assert _counts(app, "qa") == (0, 0, 0)

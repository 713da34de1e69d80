"""Staff pages of boards."""

import pytest
from sqlalchemy import select

from madang.boards.models import Board
from madang.core.db import db
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, wrong_counts

FIELDS = {"name_en": "Garden", "slug": "garden", "kind": "qa", "description_en": "What grows."}


def _id(app, slug: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Board.id).where(Board.slug == slug)).one()


def _add(root, **fields) -> None:
    response = root.post("/admin/boards/add", **{**FIELDS, **fields}, confirmed="1")
    assert response.status_code == 302, response.text


def _edit(root, app, board: str, **fields):
    values = {"name_en": "Talk", "slug": board, "position": "3", "confirmed": "1"}
    return root.post(f"/admin/boards/{_id(app, board)}", **{**values, **fields})


def test_a_board_is_created_after_confirmation(app, root, visitor):
    confirmation = root.post("/admin/boards/add", **FIELDS)
    assert (
        confirmation.status_code == 200
        and "A board named “Garden” will be created at /boards/garden." in confirmation.text
    )
    visitor.page("/boards/garden", 404)
    _add(root)
    assert "What grows." in visitor.page("/boards/garden")
    assert "/boards/garden" in root.page("/admin/boards")
    assert staff_actions(app) == [("create_board", _id(app, "garden"))]


def test_each_error_is_shown_at_its_field(root, app):
    refused = root.post("/admin/boards/add", name_en="", slug="qa", kind="wiki", description_en="x" * 400)
    assert refused.status_code == 422
    for field in ("name_en", "slug", "kind", "description_en"):
        assert f'id="{field}-error"' in refused.text
    refused = _edit(root, app, "talk", name_en="", position="far up")
    assert refused.status_code == 422 and 'id="position-error"' in refused.text and 'id="name_en-error"' in refused.text
    assert 'value="far up"' in refused.text


def test_a_board_gets_another_name_and_address(app, root, ann, visitor):
    ann.ask("Just saying hello", board="talk")
    confirmation = _edit(root, app, "talk", slug="chat", name_en="Chat", confirmed="")
    assert "The board moves from /boards/talk to /boards/chat" in confirmation.text
    visitor.page("/boards/talk")
    assert _edit(root, app, "talk", slug="chat", name_en="Chat", position="0").status_code == 302
    visitor.page("/boards/talk", 404)
    assert "Just saying hello" in visitor.page("/boards/chat")
    assert staff_actions(app)[-1] == ("edit_board", _id(app, "chat"))


def test_an_archived_board_takes_no_new_posts(app, root, ann, bob, dan):
    old = ann.ask("What stood here before?")
    other = ann.ask("Just saying hello", board="talk")
    assert _edit(root, app, "qa", name_en="Questions", archived="y").status_code == 302
    refused = ann.post("/posts/new", board="qa", title="May I still ask?", body="I have a question, may I ask it?")
    assert refused.status_code == 403 and "archived" in refused.text
    assert 'href="/posts/new?board=qa"' not in ann.page("/boards/qa")
    assert 'value="qa"' not in ann.page("/posts/new")
    assert dan.post(f"/posts/{other}/move", board="qa").status_code == 422
    bob.answer(old)
    _edit(root, app, "qa", name_en="Questions")
    ann.ask("May I ask again?")


def test_the_kind_of_a_board_with_posts_cannot_change(app, root, ann, dan):
    board = _id(app, "talk")
    post = ann.ask("Just saying hello", board="talk")
    dan.post(f"/posts/{post}/delete")
    refused = _edit(root, app, "talk", kind="qa")
    assert refused.status_code == 422 and "so its kind cannot change" in refused.text, "deleted posts can be restored"
    _add(root)
    assert _edit(root, app, "garden", kind="gallery", name_en="Garden").status_code == 302
    with app.app_context():
        assert db.session.get(Board, _id(app, "garden")).kind == "gallery"
        assert db.session.get(Board, board).kind == "talk"


def test_a_board_with_posts_shows_its_own_kind_when_a_form_comes_back(app, root, ann):
    ann.ask("Just saying hello", board="talk")
    page = _edit(root, app, "talk", name_en="").text
    assert '<option selected value="talk">' in page


def test_an_empty_board_is_deleted(app, root, visitor):
    board = _id(app, "talk")
    assert "It has no posts." in root.page(f"/admin/boards/{board}/delete")
    assert root.post(f"/admin/boards/{board}/delete").status_code == 302
    visitor.page("/boards/talk", 404)
    assert staff_actions(app) == [("delete_board", board)]


def test_deleting_a_board_moves_its_posts_to_another_one(app, root, ann, bob, dan, visitor):
    _add(root)
    question, deleted = ann.ask("Where will I stand?"), ann.ask("And I, deleted?")
    bob.answer(question)
    dan.post(f"/posts/{deleted}/delete")
    board = _id(app, "qa")
    assert "1 post moves to another board" in root.page(f"/admin/boards/{board}/delete")
    refused = root.post(f"/admin/boards/{board}/delete", move_to="")
    assert refused.status_code == 422 and "choose where to move them" in refused.text
    for target in ("talk", "qa", "nowhere"):
        assert root.post(f"/admin/boards/{board}/delete", move_to=target).status_code == 422
    assert "/jobs/" in root.post(f"/admin/boards/{board}/delete", move_to="garden").location
    run_jobs(app)
    visitor.page("/boards/qa", 404)
    assert "Where will I stand?" in visitor.page("/boards/garden")
    dan.post(f"/posts/{deleted}/restore")
    assert "And I, deleted?" in visitor.page("/boards/garden")
    assert wrong_counts(app) == []


def test_moderators_cannot_manage_boards(app, dan, eve):
    board = _id(app, "talk")
    for path in ("/admin/boards/add", f"/admin/boards/{board}", f"/admin/boards/{board}/delete"):
        assert dan.post(path, **FIELDS).status_code == 403
        assert eve.post(path, **FIELDS).status_code == 404


@pytest.mark.parametrize("path", ["/admin/boards/999", "/admin/boards/999/delete"])
def test_an_unknown_board_is_not_found(root, path):
    root.page(path, 404)

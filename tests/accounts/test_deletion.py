"""Export of personal data, and account deletion."""

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from sqlalchemy import func, select

from madang.accounts.models import LoginSession, User
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.jobs.jobs import purge
from madang.posts.models import Draft
from tests.accounts.mailbox import mails, run_jobs
from tests.people import PASSWORD


def _download_path(person) -> str:
    """The path of the file, as the page links it."""
    return re.search(r'href="(/jobs/\d+/download)"', person.page("/settings/leave"))[1]


def _archive(person) -> ZipFile:
    response = person.get(_download_path(person))
    assert response.status_code == 200 and response.mimetype == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    return ZipFile(BytesIO(response.data))


def _rows(archive: ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read(name))


def _picture() -> BytesIO:
    buffer = BytesIO()
    Image.new("RGB", (20, 20), "teal").save(buffer, "PNG")
    return BytesIO(buffer.getvalue())


def test_the_export_contains_all_personal_data(app, ann, bob):
    others_question = bob.ask("A question of somebody else")
    question = ann.ask("파이썬 서버가 느려요", body="무엇을 해 봐도 느려요. What can I do?")
    answer = ann.answer(others_question, "An answer of my own, with words.")
    ann.comment(others_question, "And a remark of mine.")
    ann.post(f"/posts/{others_question}/votes", value="1")
    ann.post("/posts/drafts", key="post", title="Not yet", body="half a thought")
    ann.post("/settings/avatar", file=(_picture(), "me.png"))
    attached = ann.post("/files", file=(_picture(), "yard.png")).json["url"]

    assert "being created" in ann.follow(ann.post("/settings/leave/export"))
    run_jobs(app)
    assert "Download the file" in ann.page("/settings/leave")
    archive = _archive(ann)

    (profile,) = _rows(archive, "profile.json")
    assert profile["username"] == "ann" and profile["email"] == "ann@example.org"
    assert "password_hash" not in profile
    posts = {post["id"]: post for post in _rows(archive, "posts.json")}
    assert set(posts) == {question, answer}
    assert posts[question]["title"] == "파이썬 서버가 느려요"
    assert [comment["body"] for comment in _rows(archive, "comments.json")] == ["And a remark of mine."]
    assert [(vote["post_id"], vote["value"]) for vote in _rows(archive, "votes.json")] == [(others_question, 1)]
    assert _rows(archive, "drafts.json")[0]["fields"]["body"] == "half a thought"
    assert len(_rows(archive, "sessions.json")) == 1
    assert f"files/{Path(attached).name}" in archive.namelist()
    assert sum(name.startswith("files/") for name in archive.namelist()) == 2


def test_a_second_request_makes_no_second_file(app, ann):
    ann.post("/settings/leave/export")
    ann.post("/settings/leave/export")
    run_jobs(app)
    assert len(_archives(app)) == 1
    ann.post("/settings/leave/export")
    run_jobs(app)
    assert len(_archives(app)) == 1  # the earlier one is deleted


def _archives(app) -> list[Path]:
    return list((Path(app.instance_path) / "exports").glob("*.zip"))


def test_only_the_owner_can_download_the_file(app, ann, eve, visitor):
    ann.post("/settings/leave/export")
    run_jobs(app)
    eve.page(_download_path(ann), 404)
    visitor.page(_download_path(ann), 404)


def test_the_file_is_deleted_after_a_week(app, ann):
    requested_at = now()
    ann.post("/settings/leave/export")
    run_jobs(app)
    path = _download_path(ann)
    with at(requested_at + timedelta(days=3)):
        assert "Download the file" in ann.page("/settings/leave")
    with at(requested_at + timedelta(days=6)):
        ann.page("/")  # use extends the session
    with at(requested_at + timedelta(days=8)):
        assert "Download the file" not in ann.page("/settings/leave")
        ann.page(path, 410)
        with app.app_context(), transaction():
            purge.enqueue()
        run_jobs(app)
    assert _archives(app) == []


def test_posts_and_comments_stay_under_deleted_user(app, ann, bob, visitor):
    question = ann.ask()
    bob.answer(question, "Lift it gently and walk slowly.")
    ann.comment(question, "Thank you, I will.")
    assert "Your username, e-mail address" in ann.page("/settings/leave/delete")
    page = ann.follow(ann.post("/settings/leave/delete", current_password=PASSWORD))
    assert "Your account has been deleted." in page
    page = visitor.page(f"/posts/{question}")
    assert "deleted user" in page and "Thank you, I will." in page
    assert "/users/ann" not in page and ">ann<" not in page


def test_personal_data_is_erased(app, ann, people, visitor):
    other = people.visitor()
    assert other.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    ann.post("/posts/drafts", key="post", title="Not yet", body="half a thought")
    ann.post("/settings/leave/export")
    run_jobs(app)
    ann.post("/settings/leave/delete", current_password=PASSWORD)

    assert other.get("/settings").status_code == 302
    visitor.page("/users/ann", 404)
    visitor.page("/users/ann/card", 404)
    assert "@ann" not in visitor.page("/users")
    assert visitor.post("/auth/login", username="ann", password=PASSWORD).status_code == 422
    visitor.post("/auth/forgot", email="ann@example.org")
    assert mails(app) == []
    assert _archives(app) == []
    with app.app_context():
        user = db.session.get(User, ann.id)
        assert (user.email, user.password_hash, user.bio, user.display_name) == (None, None, "", "")
        for table in (LoginSession, Draft):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_the_address_can_be_used_again_but_the_name_cannot(ann, visitor):
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    fields = {"username": "ann", "email": "ann@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert "This name is taken" in visitor.post("/auth/signup", **fields).text
    fields["username"] = "anna"
    assert visitor.post("/auth/signup", **fields).status_code == 302


def test_deleting_requires_the_password(ann):
    response = ann.post("/settings/leave/delete", current_password="wrong")
    assert response.status_code == 422 and "not your current password" in response.text
    ann.page("/users/ann")


def test_the_last_administrator_cannot_delete_the_account(root, people):
    response = root.post("/settings/leave/delete", current_password=PASSWORD)
    assert response.status_code == 409
    assert "You are the only administrator" in response.text
    root.page("/users/ruth")


def test_deleting_requires_a_csrf_token(app, ann):
    app.config["WTF_CSRF_ENABLED"] = True
    assert ann.client.post("/settings/leave/delete", data={"current_password": PASSWORD}).status_code == 400
    ann.page("/users/ann")

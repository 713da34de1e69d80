"""An archive that is written again, goes on after it was stopped, or finds files of others in its folder."""

import json

import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.archiving.operations.archive import frame, writing
from madang.archiving.operations.archive.folder import PICTURES, STATE, ArchiveFolder
from madang.archiving.operations.archive.paths import person_path, post_path
from madang.archiving.operations.archive.session import ArchiveSession
from madang.core.clock import now
from madang.core.db import transaction

from .archives import SECRET, Archive, Killed, stop_after, upload, write
from .conftest import Command

pytestmark = pytest.mark.each_database


def test_an_archive_is_updated(app, ann, content, tmp_path):
    gone = ann.ask("This one will go", "It stays only for a moment here.")
    archive = write(app, tmp_path / "yard")
    assert (archive.path / post_path(gone)).is_file()
    ann.post(f"/posts/{gone}/delete")
    new = ann.ask("This one is new", "It was written after the first archive.")
    write(app, tmp_path / "yard")
    assert not (archive.path / post_path(gone)).exists() and (archive.path / post_path(new)).is_file()
    assert [name for name, data in archive.files().items() if b"This one will go" in data] == []


@pytest.mark.parametrize("after", [1, 3, 6, 8])
def test_a_stopped_archive_goes_on(app, content, tmp_path, after):
    def stop(done: int, _total: int) -> None:
        if done == after:
            raise Killed

    moment = now()
    with pytest.raises(Killed):
        write(app, tmp_path / "yard", moment, on_progress=stop)
    written: list[int] = []
    archive = write(app, tmp_path / "yard", on_progress=lambda done, _total: written.append(done))
    assert written[0] == after + 1, "what is written is not written again"
    assert archive.content() == write(app, tmp_path / "whole", moment).content()
    assert json.loads(archive.read(STATE))["is_finished"]
    assert not list(archive.path.rglob("*.part"))


STAGES = [stage.name for stage in writing.STAGES]


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_deleted_while_an_archive_is_stopped_is_not_in_it(app, ann, bob, cho, dan, content, tmp_path, stage):
    path, picture = tmp_path / "yard", upload(ann, "olive")
    question = ann.ask(f"A question about a {SECRET}", f"It is a {SECRET}. ![one]({picture})", tags=f"나무 {SECRET}")
    bob.answer(question, f"I have a {SECRET}.")
    bob.ask("What follows from it?", f"See [that](/posts/{question}), please.")
    answer = cho.answer(content, f"Use a {SECRET}.")
    comment = cho.comment(content, f"Not a {SECRET}?")
    with pytest.raises(Killed):
        write(app, path, on_progress=stop_after(stage, path))
    cho.post(f"/posts/{answer}/delete")
    cho.post(f"/comments/{comment}/delete")
    dan.post(f"/posts/{question}/delete")
    archive, whole = write(app, path), write(app, tmp_path / "whole")
    assert archive.with_text(SECRET) == []
    assert archive.files().keys() == whole.files().keys(), "nor are its pages, tags and pictures"


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_deleted_while_an_archive_is_written_is_not_in_it(app, ann, content, tmp_path, stage):
    path, question = tmp_path / "yard", ann.ask(f"A question about a {SECRET}", f"It is a {SECRET}, I think.")

    def delete(_done: int, _total: int) -> None:
        if json.loads((path / STATE).read_text("utf-8"))["stage"] == stage:
            ann.post(f"/posts/{question}/delete")

    archive = write(app, path, on_progress=delete)
    assert archive.with_text(SECRET) == [] and not (path / post_path(question)).exists()


def test_what_is_deleted_while_other_removals_are_made_is_not_in_it(app, ann, content, tmp_path, monkeypatch):
    path, first, second = tmp_path / "yard", ann.ask("This goes first"), ann.ask(f"A question about a {SECRET}")
    write_search_page = frame.write_search_page

    def delete(session: ArchiveSession) -> None:
        write_search_page(session)
        if not (path / post_path(first)).exists():
            ann.post(f"/posts/{second}/delete")

    monkeypatch.setattr(frame, "write_search_page", delete)
    archive = write(app, path, on_progress=lambda done, _total: done == 1 and ann.post(f"/posts/{first}/delete"))
    assert archive.with_text(SECRET) == []


def test_an_account_that_is_deleted_while_an_archive_is_stopped_is_not_in_it(app, bob, content, tmp_path):
    path = tmp_path / "yard"
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(display_name=SECRET))
    with pytest.raises(Killed):
        write(app, path, on_progress=stop_after("frame", path))
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(deleted_at=now()))
    archive = write(app, path)
    assert archive.with_text(SECRET) == [] and not (path / person_path(bob.id)).exists()


@pytest.mark.parametrize("writes", [1, 2, 4, 9, 30, 45])
def test_an_archive_that_was_killed_in_the_middle_goes_on(app, content, tmp_path, monkeypatch, writes):
    moment = now()
    written: list[str] = []
    write_file = ArchiveFolder.write

    def kill(self: ArchiveFolder, name: str, content: str | bytes) -> None:
        written.append(name)
        if len(written) == writes:
            (self.path / f"{name}.part").parent.mkdir(parents=True, exist_ok=True)
            (self.path / f"{name}.part").write_text("half")
            raise Killed
        write_file(self, name, content)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(ArchiveFolder, "write", kill)
        write(app, tmp_path / "yard", moment)
    archive = write(app, tmp_path / "yard", moment)
    assert archive.content() == write(app, tmp_path / "whole", moment).content()


def test_a_picture_is_copied_again_if_the_archive_was_stopped_before(app, content, tmp_path, monkeypatch):
    def fail(_self: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr("madang.core.storage.folder.FolderStore.open", lambda _self, _name: fail(_self))
        write(app, tmp_path / "yard")
    archive = write(app, tmp_path / "yard")
    assert [path for path in (archive.path / "files").rglob("*") if path.is_file()]


def test_a_folder_with_other_files_is_refused(madang: Command, content, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear reader")
    result = madang("archive", tmp_path)
    assert result.exit_code == 1 and "is not empty" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_files_of_other_people_stay_when_an_archive_is_updated(app, ann, content, tmp_path):
    archive, gone = write(app, tmp_path / "yard"), ann.ask("This one will go")
    own = ("files/mine.txt", "files/ab/mine.png", "p/own/letter.html", "p/0/letter.html", "p/77/letter.txt", "mine.txt")
    for name in own:
        (archive.path / name).parent.mkdir(exist_ok=True, parents=True)
        (archive.path / name).write_text("Dear reader")
    former = archive.path / "p/77/77001.html"
    former.write_text("of an earlier archive")
    ann.post(f"/posts/{gone}/delete")
    write(app, archive.path)
    assert [name for name in own if not (archive.path / name).is_file()] == [] and not former.exists()


@pytest.mark.parametrize("name", ["p", "p/0", "files", PICTURES])
def test_symbolic_links_are_refused_and_not_followed(madang, app, content, tmp_path, name):
    archive, elsewhere = write(app, tmp_path / "yard"), tmp_path / "elsewhere"
    (archive.path / name).rename(elsewhere)
    (archive.path / name).symlink_to(elsewhere)
    before = Archive(elsewhere).files() if elsewhere.is_dir() else elsewhere.read_bytes()
    result = madang("archive", archive.path)
    assert result.exit_code == 1 and "is a symbolic link" in str(result.exception)
    assert (Archive(elsewhere).files() if elsewhere.is_dir() else elsewhere.read_bytes()) == before


def test_a_link_in_place_of_an_unfinished_file_is_not_followed(app, content, tmp_path):
    archive, letter = write(app, tmp_path / "yard"), tmp_path / "letter.txt"
    letter.write_text("Dear reader")
    (archive.path / "index.html.part").symlink_to(letter)
    write(app, archive.path)
    assert letter.read_text() == "Dear reader" and "<html" in archive.read("index.html")


@pytest.mark.parametrize(
    "state", ["", "half", "[]", "1", "{}", '{"begun_at": 5}', '{"begun_at": "2026-01-01T00:00:00"}', "\0" * 20]
)
def test_an_archive_whose_state_cannot_be_read_is_begun_anew(app, content, tmp_path, state):
    moment = now()
    archive = write(app, tmp_path / "yard", moment)
    before = archive.files()
    (archive.path / STATE).write_text(state)
    assert write(app, archive.path, moment).files() == before


def test_an_archive_without_its_list_of_pictures_is_begun_anew(app, content, tmp_path):
    path, moment = tmp_path / "yard", now()
    with pytest.raises(Killed):
        write(app, path, moment, on_progress=stop_after("posts", path))
    (path / PICTURES).unlink()
    assert write(app, path, moment).files() == write(app, tmp_path / "whole", moment).files()

"""`madang archive`: the public site as plain HTML, which works in any folder, without a server and without a script."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import html5lib
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import update

from madang.accounts.models import User
from madang.archiving.operations.archive import frame, writing
from madang.archiving.operations.archive.folder import PICTURES, STATE, ArchiveFolder
from madang.archiving.operations.archive.search import base36, packed
from madang.archiving.operations.archive.session import ArchiveSession
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.site import set_site
from madang.posts.models import Post
from madang.tags.models import Tag

from ..conftest import skip_missing
from ..conventions import ROOT
from ..people import Person
from ..timing import TIMEOUT_SECONDS
from .conftest import Command

pytestmark = pytest.mark.each_database
SECRET = "xylophone"
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


class Archive:
    """A written archive."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> str:
        return (self.path / name).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.path)): path.read_bytes() for path in self.path.rglob("*") if path.is_file()}

    def content(self) -> dict[str, bytes]:
        """The files, but for how far the archive has got."""
        return {name: data for name, data in self.files().items() if name != STATE}

    def with_text(self, text: str) -> list[str]:
        """The names of the files that have a text."""
        return [name for name, data in self.files().items() if text.encode() in data]

    def pages(self) -> Iterator[Path]:
        return self.path.rglob("*.html")


class Killed(BaseException):
    """A stop of the command that nothing catches."""


def write(app: Flask, path: Path, moment: datetime | None = None, **options: object) -> Archive:
    with app.app_context():
        writing.write_archive(path, app.jinja_env, now=moment or now(), **options)
    return Archive(path)


def stop_after(stage: str, path: Path) -> Callable[[int, int], None]:
    """What stops an archive in `path` when a stage is written."""

    def stop(_done: int, _total: int) -> None:
        if json.loads((path / STATE).read_text("utf-8"))["stage"] == stage:
            raise Killed

    return stop


def upload(person: Person, colour: str) -> str:
    """Upload a picture; returns its address."""
    picture = BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "PNG")
    picture.seek(0)
    return person.post("/files", file=(picture, "tree.png")).json["url"]


@pytest.fixture
def content(app: Flask, ann: Person, bob: Person, cho: Person, dan: Person) -> int:
    """A site with something on each kind of page; returns its question."""
    picture = upload(ann, "teal")
    question = ann.ask(
        "마당의 나무를 어떻게 옮기나요? 🌳 & <가지>",
        f"나무가 있어요. ![나무]({picture}) @bob\n\n`code & <b>`",
        tags="나무 c++",
    )
    answer = bob.answer(question, f"[the question](/posts/{question}) and [c++](/tags/c%2B%2B) and [notes](/messages)")
    bob.answer(question, "Another answer, which is not as good.")
    ann.post(f"/posts/{answer}/accept", value="1")
    comment = cho.comment(question, f"[저 답변](/posts/{answer})이 궁금해요")
    bob.comment(question, "A reply to it", parent_id=comment)
    cho.ask("Talk about trees", "We talk here of trees and yards.", board="talk")
    duplicate = bob.ask("How are trees moved?", f"See [this](/posts/{answer}), please.", tags="나무")
    dan.post(f"/posts/{duplicate}/close", reason="duplicate", original=str(question))
    with app.app_context(), transaction() as session:
        session.execute(update(Tag).values(excerpt="A short & <description>"))
        session.execute(update(User).where(User.id == ann.id).values(bio_html="<p>I plant trees.</p>"))
    return question


def links_of(page: Path) -> Iterator[str]:
    document = html5lib.parse(page.read_bytes(), namespaceHTMLElements=False)
    for element in document.iter():
        for name in ("href", "src", "action"):
            if isinstance(element.tag, str) and name in element.attrib:
                yield element.attrib[name]


def test_every_link_leads_to_a_file_and_its_anchor(app, content, tmp_path):
    archive = write(app, tmp_path / "yard")
    seen = 0
    for page in archive.pages():
        for link in links_of(page):
            if re.match("https?:", link):
                continue
            address, anchor = urldefrag(link)
            target = (page.parent / unquote(address)).resolve() if address else page
            assert target.is_file(), f"{page}: {link}"
            assert not link.startswith("/"), f"{page}: {link}"
            assert not anchor or f'id="{anchor}"' in target.read_text("utf-8"), f"{page}: {link}"
            seen += 1
    assert seen > 100


def test_a_question_has_its_answers_and_comments(app, content, tmp_path):
    page = write(app, tmp_path / "yard").read(f"p/0/{content}.html")
    assert "마당의 나무를 어떻게 옮기나요? 🌳 &amp; &lt;가지&gt;" in page
    assert page.index("post accepted") < page.index("Another answer")
    assert 'class="comment reply"' in page and "이 궁금해요" in page
    assert "<form" in page and page.count("<form") == 1, "the search alone"
    assert "method=" not in page and "/auth/login" not in page


def test_links_between_texts_stay_within_the_archive(app, content, tmp_path):
    app.config["SITE_URL"] = "https://yard.example"
    archive = write(app, tmp_path / "yard")
    page = archive.read(f"p/0/{content}.html")
    assert f'href="../../p/0/{content}.html"' in page and 'href="https://yard.example/messages"' in page
    assert re.search(rf'href="../../p/0/{content}.html#answer-\d+"', page)
    assert re.search(r'href="../../u/0/\d+-1.html"[^>]*>@bob', page)
    assert re.search(r'href="../../t/0/\d+-1.html"[^>]*>c\+\+', page)


def test_without_an_address_of_its_own_what_is_not_in_it_is_no_link(app, content, tmp_path):
    page = write(app, tmp_path / "yard").read(f"p/0/{content}.html")
    assert 'data-former-href="/messages"' in page and 'href="/messages"' not in page.replace("former-href", "")


def test_pictures_of_pages_are_copied(app, ann, content, tmp_path):
    unused = upload(ann, "red")
    archive = write(app, tmp_path / "yard")
    source = re.search(r'src="../../(files/[0-9a-f]{2}/[0-9a-f.a-z-]+)"', archive.read(f"p/0/{content}.html"))
    assert source and (archive.path / source[1]).is_file()
    assert unused.removeprefix("/files/") not in {path.name for path in archive.path.rglob("*")}


def test_nothing_that_is_not_public_is_in_it(app, ann, bob, eve, dan, content, tmp_path):
    answer = bob.answer(content, f"A deleted answer: {SECRET}.")
    bob.post(f"/posts/{answer}/delete")
    comment = eve.comment(content, f"A deleted comment: {SECRET}")
    dan.post(f"/comments/{comment}/delete")
    picture = upload(eve, "blue")
    deleted = eve.ask(f"A deleted question {SECRET}", f"With {SECRET} and ![a picture]({picture})", tags=SECRET)
    ann.comment(bob.answer(deleted, f"An answer below it: {SECRET}."), f"A comment below it: {SECRET}")
    dan.post(f"/posts/{deleted}/delete")
    ann.post("/messages/new", to="bob", body=SECRET)
    ann.post("/todos", title=SECRET)
    ann.post(f"/posts/{content}/flags", reason="attention", note=SECRET)
    ann.post("/drafts", place="post:new", body=SECRET)
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email=f"{SECRET}@x.example", timezone=SECRET))
        session.execute(update(User).where(User.id == eve.id).values(suspended_reason=SECRET))
        session.execute(update(Post).where(Post.id == content).values(fingerprint=SECRET))
    archive = write(app, tmp_path / "yard")
    assert [name for name, data in archive.files().items() if SECRET.encode() in data] == []
    assert not (archive.path / f"p/0/{deleted}.html").exists()
    assert picture.removeprefix("/files/") not in {path.name for path in archive.path.rglob("*")}


def test_deleted_accounts_have_no_profile(app, bob, content, tmp_path):
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(deleted_at=now()))
    archive = write(app, tmp_path / "yard")
    assert not (archive.path / f"u/0/{bob.id}-1.html").exists()
    assert "deleted user" in archive.read(f"p/0/{content}.html")


def test_profiles_boards_and_tags_list_posts(app, ann, bob, content, tmp_path):
    archive = write(app, tmp_path / "yard")
    assert "마당의 나무를" in archive.read(f"u/0/{ann.id}-1.html") and "I plant trees." in archive.read(
        f"u/0/{ann.id}-1.html"
    )
    assert "#answer-" in archive.read(f"u/0/{bob.id}-1.html")
    (tag,) = [
        page for page in (archive.path / "t/0").glob("*.html") if "How are trees moved?" in page.read_text("utf-8")
    ]
    assert "마당의 나무를" in tag.read_text("utf-8")
    talk = [page for page in (archive.path / "b").rglob("*.html") if "Talk about trees" in page.read_text("utf-8")]
    assert len(talk) == 1 and "Talk about trees" in archive.read("index.html")


def test_long_lists_have_pages(app, ann, content, tmp_path, monkeypatch):
    monkeypatch.setattr("madang.archiving.operations.archive.lists.PER_PAGE", 1)
    archive = write(app, tmp_path / "yard")
    first = next(page for page in sorted((archive.path / "b").rglob("1.html")) if (page.parent / "2.html").is_file())
    assert 'rel="next"' in first.read_text("utf-8") and 'rel="prev"' in (first.parent / "2.html").read_text("utf-8")


def test_feeds_are_atom_with_the_ids_of_the_site(app, content, tmp_path):
    app.config["SITE_URL"] = "https://yard.example"
    archive = write(app, tmp_path / "yard")
    feeds = list(archive.path.rglob("*.atom"))
    assert len(feeds) > 6
    for feed in feeds:
        root = ElementTree.parse(feed).getroot()
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        for link in root.iter("{http://www.w3.org/2005/Atom}link"):
            assert (feed.parent / urldefrag(link.attrib["href"])[0]).is_file(), feed
    assert f"<id>https://yard.example/posts/{content}</id>" in archive.read("feed.atom")
    assert "나무가 있어요." in archive.read("feed.atom")


def test_a_sitemap_needs_the_address_of_the_site(app, content, tmp_path):
    assert not (write(app, tmp_path / "one").path / "sitemap.xml").exists()
    app.config["SITE_URL"] = "https://yard.example"
    archive = write(app, tmp_path / "two")
    assert f"<loc>https://yard.example/p/0/{content}.html</loc>" in archive.read("sitemap-1.xml")
    assert "sitemap-1.xml" in archive.read("sitemap.xml")


def test_the_frame_is_in_the_language_of_the_site(app, content, tmp_path):
    with app.app_context(), transaction():
        set_site(locale="ko")
    page = write(app, tmp_path / "yard").read(f"p/0/{content}.html")
    assert '<html lang="ko">' in page and "답변 2개" in page and "보관본" in page


def test_an_archive_is_updated(app, ann, content, tmp_path):
    gone = ann.ask("This one will go", "It stays only for a moment here.")
    archive = write(app, tmp_path / "yard")
    assert (archive.path / f"p/0/{gone}.html").is_file()
    ann.post(f"/posts/{gone}/delete")
    new = ann.ask("This one is new", "It was written after the first archive.")
    write(app, tmp_path / "yard")
    assert not (archive.path / f"p/0/{gone}.html").exists() and (archive.path / f"p/0/{new}.html").is_file()
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
    assert archive.with_text(SECRET) == [] and not (path / f"p/0/{question}.html").exists()


def test_what_is_deleted_while_other_removals_are_made_is_not_in_it(app, ann, content, tmp_path, monkeypatch):
    path, first, second = tmp_path / "yard", ann.ask("This goes first"), ann.ask(f"A question about a {SECRET}")
    write_search_page = frame.write_search_page

    def delete(session: ArchiveSession) -> None:
        write_search_page(session)
        if not (path / f"p/0/{first}.html").exists():
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
    assert archive.with_text(SECRET) == [] and not (path / f"u/0/{bob.id}-1.html").exists()


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


def test_the_command_says_what_to_open(madang: Command, content, tmp_path):
    result = madang("archive", tmp_path / "yard")
    assert result.exit_code == 0, result.output
    assert f"Open {tmp_path / 'yard' / 'index.html'}" in result.output


def test_numbers_are_packed_as_differences():
    assert [base36(number) for number in (0, 35, 36, 1296)] == ["0", "z", "10", "100"]
    assert packed([3, 5, 41]) == "3,2,10"


def test_every_page_is_valid_html(app, content, tmp_path):
    if not shutil.which("java") or not VNU.is_file():
        skip_missing("the HTML validator needs java and node_modules")
    archive = write(app, tmp_path / "yard")
    pages = sorted(archive.pages())
    assert len(pages) > 12
    done = subprocess.run(
        ["java", "-jar", VNU, "--format", "text", *pages], capture_output=True, text=True, timeout=2 * TIMEOUT_SECONDS
    )
    assert done.returncode == 0, done.stderr

"""`madang archive`: the public site as plain HTML, which works in any folder, without a server and without a script."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import html5lib
import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.archiving.operations.archive.paths import person_path, post_path
from madang.archiving.operations.archive.search import base36, packed
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.site import set_site
from madang.posts.models import Post

from ..conftest import skip_missing
from ..conventions import ROOT
from ..timing import TIMEOUT_SECONDS
from .archives import SECRET, upload, write
from .conftest import Command

pytestmark = pytest.mark.each_database
VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


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
    page = write(app, tmp_path / "yard").read(post_path(content))
    assert "마당의 나무를 어떻게 옮기나요? 🌳 &amp; &lt;가지&gt;" in page
    assert page.index("post accepted") < page.index("Another answer")
    assert 'class="comment reply"' in page and "이 궁금해요" in page
    assert "<form" in page and page.count("<form") == 1, "the search alone"
    assert "method=" not in page and "/auth/login" not in page


def test_links_between_texts_stay_within_the_archive(app, content, tmp_path):
    app.config["SITE_URL"] = "https://yard.example"
    archive = write(app, tmp_path / "yard")
    page = archive.read(post_path(content))
    assert f'href="../../{post_path(content)}"' in page and 'href="https://yard.example/messages"' in page
    assert re.search(rf'href="../../{post_path(content)}#answer-\d+"', page)
    assert re.search(r'href="../../u/\d+/\d+-1.html"[^>]*>@bob', page)
    assert re.search(r'href="../../t/\d+/\d+-1.html"[^>]*>c\+\+', page)


def test_without_an_address_of_its_own_what_is_not_in_it_is_no_link(app, content, tmp_path):
    page = write(app, tmp_path / "yard").read(post_path(content))
    assert 'data-former-href="/messages"' in page and 'href="/messages"' not in page.replace("former-href", "")


def test_pictures_of_pages_are_copied(app, ann, content, tmp_path):
    unused = upload(ann, "red")
    archive = write(app, tmp_path / "yard")
    source = re.search(r'src="../../(files/[0-9a-f]{2}/[0-9a-f.a-z-]+)"', archive.read(post_path(content)))
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
    assert not (archive.path / post_path(deleted)).exists()
    assert picture.removeprefix("/files/") not in {path.name for path in archive.path.rglob("*")}


def test_deleted_accounts_have_no_profile(app, bob, content, tmp_path):
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(deleted_at=now()))
    archive = write(app, tmp_path / "yard")
    assert not (archive.path / person_path(bob.id)).exists()
    assert "deleted user" in archive.read(post_path(content))


def test_profiles_boards_and_tags_list_posts(app, ann, bob, content, tmp_path):
    archive = write(app, tmp_path / "yard")
    assert "마당의 나무를" in archive.read(person_path(ann.id)) and "I plant trees." in archive.read(
        person_path(ann.id)
    )
    assert "#answer-" in archive.read(person_path(bob.id))
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
    assert f"<loc>https://yard.example/{post_path(content)}</loc>" in archive.read("sitemap-1.xml")
    assert "sitemap-1.xml" in archive.read("sitemap.xml")


def test_the_frame_is_in_the_language_of_the_site(app, content, tmp_path):
    with app.app_context(), transaction():
        set_site(locale="ko")
    page = write(app, tmp_path / "yard").read(post_path(content))
    assert '<html lang="ko">' in page and "답변 2개" in page and "보관본" in page


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

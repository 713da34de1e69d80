"""`madang export dump`: public questions and answers in the format of Stack Exchange, which the import reads back."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from madang.accounts.models import User
from madang.archiving.operations.dump import writing
from madang.archiving.operations.dump.folder import FILES, UNFINISHED
from madang.archiving.operations.dump.history import CODE_OF_CLOSE_REASON
from madang.comments.models import Comment
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.importing.operations.stackexchange import import_stackexchange
from madang.posts.models import CLOSE_REASONS, Post, PostLink, Revision
from madang.tags.models import PostTag, Tag
from madang.votes.models import PostVote

from ..people import Person
from .conftest import Command

pytestmark = pytest.mark.each_database
AWKWARD = (
    "한국어 본문 🌳 & <b>태그</b> ]]> &amp; \\backslash\\ “quotes” \"plain\" 'single'\n"
    "a second line `code\nspan` [tag:yard]\x1f\u0008 <!-- remark -->\n\n"
    "> a quote\n> goes on\n\n```\ncode & <tags>\n\tindented\n```\n\n1. 하나\n2. 둘\n\n|가|나|\n|-|-|\n|1|2|"
)
SECRET = "xylophone-in-the-cellar"
Values = dict[str, str]


def rows_of(folder: Path, name: str) -> list[Values]:
    return [dict(each.attrib) for each in ElementTree.parse(folder / f"{name}.xml").getroot()]


def write(app: Flask, folder: Path) -> Path:
    with app.app_context():
        writing.write_dump(folder)
    return folder


def read_back(scratch: Flask, folder: Path, scratch_folder: Path | None = None) -> list[str]:
    """Import a dump; returns the problems that the import found."""
    problems: list[str] = []
    with scratch.app_context():
        import_stackexchange(
            folder,
            board="qa",
            scratch_folder=scratch_folder or folder.parent,
            now=now(),
            report=lambda problem: problems.append(str(problem)),
        )
    return problems


def contents(app: Flask) -> dict[str, object]:
    """What both sites have in common, without their ids."""
    with app.app_context():
        votes = dict(db.session.execute(select(PostVote.value, func.count()).group_by(PostVote.value)).all())
        imported = db.session.execute(select(func.sum(Post.imported_up), func.sum(Post.imported_down))).one()
        posts = db.session.scalars(select(Post).where(Post.state == 0, Post.kind.in_(("question", "answer")))).all()
        accepted = {post.accepted_answer_id for post in posts} - {None}
        return {
            "people": sorted(db.session.scalars(select(User.display_name).where(User.is_account()))),
            "votes": (votes.get(1, 0) + int(imported[0] or 0), votes.get(-1, 0) + int(imported[1] or 0)),
            "posts": sorted((post.kind, post.title, _html(post.body_html), post.score) for post in posts),
            "dates": sorted((post.created_at.replace(microsecond=0), post.edited_at is None) for post in posts),
            "tags": sorted((tag.name, tag.post_count, tag.excerpt) for tag in db.session.scalars(select(Tag))),
            "tagged": db.session.scalar(select(func.count()).select_from(PostTag)),
            "accepted": sorted(_html(post.body_html) for post in posts if post.id in accepted),
            "closed": sorted((post.title, post.close_reason) for post in posts if post.closed_at),
            "counts": sorted((post.title, post.answer_count, post.comment_count, post.view_count) for post in posts),
            "comments": sorted(_html(html) for html in db.session.scalars(select(Comment.body_html))),
            "revisions": sorted(
                (row.number, row.title, row.tag_names, row.summary)
                for row in db.session.execute(
                    select(Revision.number, Revision.title, Revision.tag_names, Revision.summary)
                )
            ),
            "links": sorted(db.session.scalars(select(PostLink.kind))),
        }


def _html(html: str) -> str:
    """HTML without the random names of its footnotes, and with addresses of profiles and posts without their ends."""
    return re.sub(r"\s+", " ", re.sub(r'href="/(users|posts)/[^"]*"', r'href="/\1"', html))


@pytest.fixture
def content(app: Flask, ann: Person, bob: Person, cho: Person, dan: Person) -> int:
    """A site with all that the format holds; returns its question."""
    question = ann.ask("마당의 나무를 어떻게 옮기나요? 🌳 & <가지>", AWKWARD, tags="나무 c++")
    answer = bob.answer(question, AWKWARD + "\n\nThat is all.")
    long = cho.answer(question, "아주 긴 글이에요. " * 6_000)
    ann.post(f"/posts/{answer}/accept", value="1")
    ann.post(f"/posts/{answer}/votes", value="1")
    cho.post(f"/posts/{question}/votes", value="1")
    bob.post(f"/posts/{long}/votes", value="-1")
    cho.comment(question, "저도 궁금해요 & [tag:yard] `]]>`")
    ann.comment(answer, "Thank you!")
    duplicate = bob.ask("How are trees moved?", "I have a tree and a yard.", tags="yard")
    dan.post(f"/posts/{duplicate}/close", reason="duplicate", original=str(question))
    ann.post(
        f"/posts/{question}/edit", title="나무를 옮기는 법", body=AWKWARD, tags="나무", summary="짧게", version="1"
    )
    with app.app_context(), transaction() as session:
        session.execute(update(Tag).where(Tag.name == "c++").values(excerpt="A *language* & <more>"))
    return question


def test_the_import_reads_back_the_same(app, scratch, content, tmp_path):
    folder = write(app, tmp_path / "yard")
    assert read_back(scratch, folder) == []
    before, after = contents(app), contents(scratch)
    for name, expected in before.items():
        assert after[name] == expected, name
    assert before["closed"] and before["accepted"] and before["revisions"] and before["links"]


def test_a_dump_of_what_was_imported_is_the_same_dump(app, scratch, content, tmp_path):
    """Nothing is lost on the second way either. A line break within code becomes the space that it means."""
    first = write(app, tmp_path / "first")
    read_back(scratch, first)
    second = write(scratch, tmp_path / "second")
    assert texts_of(second) == texts_of(first)


def texts_of(folder: Path) -> list[str]:
    rows = [row for row in rows_of(folder, "PostHistory") if row["PostHistoryTypeId"] != "10"]
    return sorted(row["Text"].replace("code\nspan", "code span") for row in rows)


def test_a_dump_is_the_same_each_time(app, content, tmp_path):
    first, second = write(app, tmp_path / "first"), write(app, tmp_path / "second")
    for name in FILES:
        assert (first / f"{name}.xml").read_bytes() == (second / f"{name}.xml").read_bytes(), name


def test_what_is_written_while_a_dump_is_made_is_not_in_it(app, ann, bob, cho, dan, content, tmp_path):
    before, later = write(app, tmp_path / "before"), []

    def use_the_site() -> None:
        later.append(bob.ask(f"A question about a {SECRET}", tags=SECRET))
        cho.answer(content, f"Use a {SECRET}.")
        bob.comment(content, f"Not a {SECRET}?")
        assert ann.post(f"/posts/{later[0]}/votes", value="1").status_code == 302
        assert dan.post(f"/posts/{content}/delete").status_code == 302

    def use_once(_done: int, _total: int) -> None:
        if not later:
            with ThreadPoolExecutor(1) as thread:  # which has no application context, as requests elsewhere
                thread.submit(use_the_site).result()

    with app.app_context():
        writing.write_dump(tmp_path / "during", on_progress=use_once)
    for name in FILES:
        assert rows_of(tmp_path / "during", name) == rows_of(before, name), name
    assert SECRET in (write(app, tmp_path / "after") / "Posts.xml").read_text("utf-8")


def test_an_official_dump_comes_back_with_the_same_counts(app, shared_data, tmp_path):
    official = shared_data / "stackexchange" / "conlang.meta-2020"
    assert read_back(app, official, tmp_path) == []
    folder = write(app, tmp_path / "again")
    kinds = [[row["PostTypeId"] for row in rows_of(each, "Posts")] for each in (official, folder)]
    for kind in ("1", "2"):
        assert kinds[0].count(kind) == kinds[1].count(kind) > 0
    assert tag_counts(folder) == tag_counts(official)
    for name in ("Users", "Comments"):
        assert len(rows_of(folder, name)) == len(rows_of(official, name)), name
    assert vote_counts(folder) == vote_counts(official)
    assert sum("ClosedDate" in row for row in rows_of(folder, "Posts")) == sum(
        "ClosedDate" in row for row in rows_of(official, "Posts")
    )


def tag_counts(folder: Path) -> dict[str, str]:
    """The numbers of questions with each tag that has any."""
    return {row["TagName"]: row["Count"] for row in rows_of(folder, "Tags") if row["Count"] != "0"}


def vote_counts(folder: Path) -> Counter[str]:
    """The numbers of votes on questions and answers, by type: up, down, accepted."""
    posts = {row["Id"] for row in rows_of(folder, "Posts") if row["PostTypeId"] in ("1", "2")}
    votes = [row["VoteTypeId"] for row in rows_of(folder, "Votes") if row["PostId"] in posts]
    return Counter(kind for kind in votes if kind in ("1", "2", "3"))


def test_only_what_is_public_is_in_it(app, ann, bob, eve, dan, tmp_path):
    kept = ann.ask("Is this public?", tags="yard")
    bob.answer(kept, "Yes, it is.")
    gone = ann.answer(kept, f"A deleted answer: {SECRET}.")
    ann.post(f"/posts/{gone}/delete")
    eve.comment(kept, "A kept comment")
    comment = eve.comment(kept, f"A deleted comment: {SECRET}")
    dan.post(f"/comments/{comment}/delete")
    deleted = eve.ask(f"A deleted question {SECRET}", f"With a body {SECRET}.", tags=SECRET)
    below = bob.answer(deleted, f"An answer below it: {SECRET}.")
    ann.comment(below, f"A comment below it: {SECRET}")
    dan.post(f"/posts/{deleted}/delete")
    ann.post("/messages/new", to="bob", body=SECRET)
    ann.post("/posts/new", board="talk", title=f"Talk about {SECRET}", body=f"This is {SECRET} on a talk board.")
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email=f"{SECRET}@x.example"))
        session.execute(update(User).where(User.id == eve.id).values(suspended_reason=SECRET))
    folder = write(app, tmp_path / "yard")
    for name in FILES:
        assert SECRET not in (folder / f"{name}.xml").read_text("utf-8-sig"), name
    assert next(row["Id"] for row in rows_of(folder, "Posts")) == str(kept)
    assert len(rows_of(folder, "Posts")) == 2 and len(rows_of(folder, "Comments")) == 1


def test_votes_are_without_voters_and_times(app, content, tmp_path):
    folder = write(app, tmp_path / "yard")
    votes = rows_of(folder, "Votes")
    assert sorted(row["VoteTypeId"] for row in votes) == ["1", "2", "2", "3"]
    assert all(set(row) == {"Id", "PostId", "VoteTypeId", "CreationDate"} for row in votes)
    assert all(row["CreationDate"].endswith("T00:00:00.000") for row in votes)


def test_the_order_of_votes_does_not_tell_who_voted(app, ann, bob, cho, tmp_path):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="-1")
    cho.post(f"/posts/{question}/votes", value="1")
    assert [row["VoteTypeId"] for row in rows_of(write(app, tmp_path / "yard"), "Votes")] == ["2", "3"]


def test_people_without_an_account_are_names(app, ann, bob, tmp_path):
    question = ann.ask()
    bob.answer(question)
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(deleted_at=now()))
        session.execute(update(Post).where(Post.id != question).values(author_id=None, author_name="Wanderer"))
    folder = write(app, tmp_path / "yard")
    assert [row.get("OwnerDisplayName") for row in rows_of(folder, "Posts")] == ["deleted user", "Wanderer"]
    assert not any("OwnerUserId" in row for row in rows_of(folder, "Posts"))
    assert [row["DisplayName"] for row in rows_of(folder, "Users")] == ["bob"]


def test_addresses_in_html_are_absolute_if_the_site_knows_its_own(app, ann, tmp_path):
    ann.ask(body="See [the tags](/tags) of this place, please.")
    app.config["SITE_URL"] = "https://yard.example"
    assert 'href="https://yard.example/tags"' in rows_of(write(app, tmp_path / "yard"), "Posts")[0]["Body"]


def test_the_command_says_what_it_wrote_and_what_has_no_place(madang, content, ann, tmp_path):
    ann.post("/posts/new", board="talk", title="Only talk", body="There is no place for this in the format.")
    result = madang("export", "dump", tmp_path / "yard")
    assert result.exit_code == 0, result.output
    assert "Posts.xml: 5\n" in result.output and "(talk, notices, galleries): 1\n" in result.output
    assert sorted(path.name for path in (tmp_path / "yard").iterdir()) == sorted(f"{name}.xml" for name in FILES)


def test_a_folder_with_other_files_is_refused(madang: Command, ann, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear reader")
    result = madang("export", "dump", tmp_path)
    assert result.exit_code == 1 and "is not empty" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_finished_dump_is_not_written_over(app, madang, ann, tmp_path):
    folder = write(app, tmp_path / "yard")
    assert madang("export", "dump", folder).exit_code == 1


def test_a_stopped_dump_is_no_dump_and_is_begun_again(app, content, tmp_path, monkeypatch):
    folder = tmp_path / "yard"

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with app.app_context(), pytest.raises(KeyboardInterrupt):
        writing.write_dump(folder, on_progress=stop)
    assert [path.name for path in folder.iterdir()] == [UNFINISHED]
    assert rows_of(write(app, folder), "Posts")
    assert not (folder / UNFINISHED).exists()


def test_a_dump_that_was_stopped_while_its_files_were_moved_is_begun_again(app, content, tmp_path):
    folder = write(app, tmp_path / "yard")
    (folder / UNFINISHED).mkdir()
    (folder / "Posts.xml").rename(folder / UNFINISHED / "Posts.xml")
    assert rows_of(write(app, folder), "Posts")


def test_each_reason_for_closing_has_a_code():
    assert set(CODE_OF_CLOSE_REASON) == set(CLOSE_REASONS)

"""Imports of complete published dumps: the totals of the dump equal those of the imported rows."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Integer, cast, func, select

from madang.accounts.models import User
from madang.admin.operations.counters import differences
from madang.comments.models import Comment
from madang.core.db import Base, db
from madang.importing.models import ImportedRow
from madang.importing.operations.site_links import link_tags
from madang.posts.models import Post, PostLink, Revision
from madang.tags.models import PostTag, Tag

from ..people import Person
from .conftest import ImportRunner

SITES = {
    "conlang.meta-2020": {"posts": 177, "questions": 54, "answers": 115, "users": 272, "comments": 230},
    "coffee.meta-2020": {"posts": 234, "questions": 81, "answers": 147, "users": 411, "comments": 338},
}
LARGEST_SITE = "beer-2020"
TOTALS = {
    **SITES,
    LARGEST_SITE: {"posts": 3_471, "questions": 1_029, "answers": 2_277, "users": 6_863, "comments": 3_509},
}
# Of the 27 posts of beer whose authors have left, two are texts about tags.
DELETED_AUTHORS = {"conlang.meta-2020": (6, 14), "coffee.meta-2020": (8, 6), "beer-2020": (25, 50)}
Values = dict[str, str]


def rows_of(folder: Path, name: str) -> list[Values]:
    return [dict(each.attrib) for each in ElementTree.parse(folder / f"{name}.xml").getroot()]


def local(kind: str) -> dict[str, int]:
    known = select(ImportedRow.external_id, ImportedRow.local_id).where(ImportedRow.kind == kind)
    return dict(db.session.execute(known).all())


def count(table: type[Base], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def imported_tables() -> Iterator[tuple[str, list[str]]]:
    """The rows of every table that an import writes, for comparison."""
    for table in (User, Tag, Post, Revision, Comment, PostLink, PostTag, ImportedRow):
        columns = table.__table__.columns
        yield table.__tablename__, sorted(map(repr, db.session.execute(select(*columns)).all()))


# The largest takes a quarter of a minute.
@pytest.fixture(params=[*SITES, pytest.param(LARGEST_SITE, marks=pytest.mark.contract)])
def site(request: pytest.FixtureRequest, shared_data: Path) -> Path:
    return shared_data / "stackexchange" / request.param


def test_the_totals_of_a_site_are_imported(app: Flask, importer: ImportRunner, site: Path) -> None:
    expected = TOTALS[site.name]
    summary = importer(site)
    assert importer.problems == []
    assert len(rows_of(site, "Posts")) == expected["posts"]
    with app.app_context():
        assert count(User) == expected["users"] == summary.new["user"]
        assert count(Post, Post.kind == "question") == expected["questions"]
        assert count(Post, Post.kind == "answer") == expected["answers"]
        assert count(Comment) == expected["comments"]
        check_posts(site)
        check_tags(site)
        check_deleted_authors(site)
        check_links(site)
        assert list(differences()) == []
        before = dict(imported_tables())
        again = importer(site)
        assert not any(again.new.values())
        assert dict(imported_tables()) == before


def check_posts(site: Path) -> None:
    """Compare scores, counts, accepted answers, views and dates of every post."""
    votes = Counter((vote["PostId"], vote["VoteTypeId"]) for vote in rows_of(site, "Votes"))
    ids, here = local("post"), {post.id: post for post in db.session.scalars(select(Post))}
    comments = Counter(comment["PostId"] for comment in rows_of(site, "Comments"))
    posts = [row for row in rows_of(site, "Posts") if row["PostTypeId"] in ("1", "2")]
    answers = Counter(row.get("ParentId") for row in posts)
    assert len(posts) == len(here)
    for row in posts:
        post, number = here[ids[row["Id"]]], row["Id"]
        assert post.score == int(row["Score"]) == post.imported_up - post.imported_down
        assert (post.imported_up, post.imported_down) == (votes[number, "2"], votes[number, "3"])
        assert post.comment_count == int(row.get("CommentCount", 0)) == comments[number]
        assert post.created_at == datetime.fromisoformat(row["CreationDate"] + "+00:00")
        if row["PostTypeId"] == "1":
            assert post.answer_count == int(row["AnswerCount"]) == answers[number]
            assert post.accepted_answer_id == ids.get(row.get("AcceptedAnswerId", ""))
            assert post.view_count == int(row["ViewCount"])
            assert (post.closed_at is not None) == ("ClosedDate" in row)
            assert post.title and post.tag_names


def check_tags(site: Path) -> None:
    counts = {row["TagName"]: int(row["Count"]) for row in rows_of(site, "Tags")}
    assert dict(db.session.execute(select(Tag.name, Tag.post_count)).all()) == counts
    described = sum("WikiPostId" in row for row in rows_of(site, "Tags"))
    assert 0 < count(Tag, Tag.excerpt != "") <= described


def check_deleted_authors(site: Path) -> None:
    posts, comments = DELETED_AUTHORS[site.name]
    assert count(Post, Post.author_id.is_(None), Post.author_name.is_not(None)) == posts
    assert count(Comment, Comment.author_id.is_(None), Comment.author_name.is_not(None)) == comments


def check_links(site: Path) -> None:
    posts = local("post")
    links = [row for row in rows_of(site, "PostLinks") if row["PostId"] in posts and row["RelatedPostId"] in posts]
    assert count(PostLink) == len(links)
    assert count(PostLink, PostLink.kind == "duplicate") == sum(row["LinkTypeId"] == "3" for row in links)


def without_line_starts(body: str) -> str:
    """The body without spaces and marks of quotes, which lines lose when they are joined."""
    return re.sub(r"[>\s]", "", body)


def test_bodies_are_the_newest_markdown(app: Flask, importer: ImportRunner, shared_data: Path) -> None:
    site = shared_data / "stackexchange" / "coffee.meta-2020"
    importer(site)
    newest: dict[str, str] = {}
    for row in rows_of(site, "PostHistory"):
        if row["PostHistoryTypeId"] in ("2", "5", "8"):
            newest[row["PostId"]] = row["Text"]
    with app.app_context():
        bodies = dict(db.session.execute(select(Post.id, Post.body)).all())
        for number, post_id in local("post").items():
            if "](/posts/" not in bodies[post_id]:  # a link with the title of a question
                assert without_line_starts(bodies[post_id]) == without_line_starts(link_tags(newest[number]))


def test_revisions_are_numbered_and_end_with_the_present_text(
    app: Flask, importer: ImportRunner, shared_data: Path
) -> None:
    importer(shared_data / "stackexchange" / "coffee.meta-2020")
    with app.app_context():
        posts = {post.id: post for post in db.session.scalars(select(Post))}
        numbers = select(
            Revision.post_id, func.count(), cast(func.max(Revision.number), Integer), func.min(Revision.number)
        )
        edited = db.session.execute(numbers.group_by(Revision.post_id)).all()
        assert {post_id for post_id, *_ in edited} == {post.id for post in posts.values() if post.version > 1}
        assert all(
            (total, last, first) == (posts[key].version, posts[key].version, 1) for key, total, last, first in edited
        )
        newest = select(Revision).join(Post, (Post.id == Revision.post_id) & (Post.version == Revision.number))
        for revision in db.session.scalars(newest):
            post = posts[revision.post_id]
            assert (revision.title, revision.body, revision.tag_names) == (post.title, post.body, post.tag_names)


def test_a_page_shows_an_imported_question(
    app: Flask, importer: ImportRunner, shared_data: Path, visitor: Person
) -> None:
    importer(shared_data / "stackexchange" / "conlang.meta-2020")
    with app.app_context():
        question = db.session.scalars(
            select(Post).where(Post.kind == "question", Post.answer_count > 1).order_by(Post.id)
        ).first()
        answers = db.session.scalars(select(Post).where(Post.parent_id == question.id)).all()
    page = visitor.get(f"/posts/{question.id}", follow_redirects=True).text
    assert all(f'id="answer-{answer.id}"' in page for answer in answers)

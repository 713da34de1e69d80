"""A row that is mended in the dump is imported by the next run, with all that depends on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.operations.deletion import erase_personal_data
from madang.comments.models import Comment
from madang.core.clock import now
from madang.core.db import transaction
from madang.posts.models import Post, PostLink, Revision
from madang.tags.models import Tag

from ..people import Person
from .conftest import TIME, ImportRunner, answer, change, question, row, user

pytestmark = pytest.mark.each_database

Dump = Callable[..., Path]
Rows = dict[str, list[str]]


def whole() -> Rows:
    return {
        "Users": [user(1), user(2, "Bob Ray")],
        "Tags": [row(Id=1, TagName="hops", Count=1, ExcerptPostId=8)],
        "Votes": [row(Id=number, PostId=1, VoteTypeId=2 + number % 2, CreationDate=TIME) for number in range(5)],
        "Posts": [
            question(1, OwnerUserId=1, Score=1, AcceptedAnswerId=3, LastEditorUserId=1, LastEditDate=TIME),
            answer(3, 1, OwnerUserId=2),
            question(2, OwnerUserId=2),
            row(Id=8, PostTypeId=4, Body="About hops", CreationDate=TIME),
        ],
        "PostHistory": [
            change(1, 1, 2, "First", "a", UserId=1),
            change(2, 1, 5, "Second", "b", UserId=2),
            change(3, 3, 2, "Answer", "c", UserId=2),
        ],
        "Comments": [
            row(Id=number, PostId=post, Text="Really?", CreationDate=TIME, UserId=1 + number)
            for number, post in enumerate((1, 3))
        ],
        "PostLinks": [row(Id=1, PostId=2, RelatedPostId=1, LinkTypeId=1, CreationDate=TIME)],
    }


def imported(importer: ImportRunner) -> dict[str, object]:
    """What a page would show of everything that was imported, without local ids."""
    people = {person.id: person.username for person in importer.all(select(User))}
    posts = {post.id: post.title or post.body for post in importer.all(select(Post))}
    return {
        "posts": {
            posts[post.id]: (
                *(people.get(post.author_id or 0), post.author_name, people.get(post.editor_id or 0), post.body),
                *(post.score, post.imported_up, post.imported_down, post.answer_count, post.comment_count),
                posts.get(post.accepted_answer_id or 0),
            )
            for post in importer.all(select(Post))
        },
        "comments": sorted(
            (posts[each.post_id], people.get(each.author_id or 0), each.author_name)
            for each in importer.all(select(Comment))
        ),
        "revisions": sorted((each.number, people.get(each.author_id or 0)) for each in importer.all(select(Revision))),
        "links": [(posts[each.post_id], posts[each.related_post_id]) for each in importer.all(select(PostLink))],
        "tags": sorted((tag.name, tag.excerpt, tag.post_count) for tag in importer.all(select(Tag))),
        "people": sorted(
            (each.username, each.question_count, each.answer_count) for each in importer.all(select(User))
        ),
    }


EXPECTED = {
    "posts": {
        "How does 1 work?": ("AnnLee", None, "AnnLee", "Second", 1, 3, 2, 1, 1, "Answer"),
        "How does 2 work?": ("BobRay", None, None, "I wonder how.", 0, 0, 0, 0, 0, None),
        "Answer": ("BobRay", None, None, "Answer", 0, 0, 0, 0, 1, None),
    },
    "comments": [("Answer", "BobRay", None), ("How does 1 work?", "AnnLee", None)],
    "revisions": [(1, "AnnLee"), (2, "BobRay")],
    "links": [("How does 2 work?", "How does 1 work?")],
    "tags": [("hops", "About hops", 2)],
    "people": [("AnnLee", 1, 0), ("BobRay", 1, 1)],
}


@pytest.mark.parametrize(
    ("file", "position"),
    [
        *(("Users", 0), ("Users", 1), ("Tags", 0), ("Posts", 0), ("Posts", 1), ("Posts", 2), ("Posts", 3)),
        *(("Comments", 0), ("PostLinks", 0)),
    ],
)
@pytest.mark.parametrize("breakage", ["unreadable", "value", "missing"])
def test_what_depends_on_a_mended_row_is_as_if_it_had_never_been_broken(
    importer: ImportRunner, dump: Dump, file: str, position: int, breakage: str
) -> None:
    broken = whole()
    if breakage == "unreadable":
        broken[file][position] = broken[file][position].replace("<row ", "<row =bad ")
    elif breakage == "value":
        broken[file][position] = broken[file][position].replace(' Id="', ' Id="x')
    else:
        del broken[file][position]
    importer(dump(**broken))
    assert imported(importer) != EXPECTED
    importer(dump(**whole()))
    assert importer.problems == []
    assert imported(importer) == EXPECTED
    assert importer.wrong_counters() == []


def test_a_broken_mark_of_an_accepted_answer_breaks_its_question(importer: ImportRunner, dump: Dump) -> None:
    broken = whole()
    broken["Posts"][0] = broken["Posts"][0].replace('AcceptedAnswerId="3"', 'AcceptedAnswerId="three"')
    importer(dump(**broken))
    assert importer.problems[0].startswith("Posts.xml:3: AcceptedAnswerId must be a whole number")
    importer(dump(**whole()))
    assert imported(importer) == EXPECTED


def test_a_deleted_account_gets_no_posts_back(app: Flask, importer: ImportRunner, dump: Dump, root: Person) -> None:
    importer(dump(**whole()))
    with app.app_context(), transaction() as session:
        ann = session.scalars(select(User).where(User.username == "AnnLee")).one()
        erase_personal_data(ann, now())
    before = imported(importer)
    importer(dump(**whole()))
    assert imported(importer) == before != EXPECTED


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Http://example.org/Ann", "http://example.org/Ann"),
        ("HTTPS://example.org", "https://example.org"),
        ("  http://example.org ", "http://example.org"),
        ("http://", ""),
        ("javascript:alert('http://')", ""),
        ("JavaScript://http://example.org", ""),
        ("ftp://example.org", ""),
        ("http://example.org/" + "a" * 200, ""),
    ],
)
def test_websites_are_kept_in_any_case(importer: ImportRunner, dump: Dump, written: str, kept: str) -> None:
    importer(dump(Users=[user(1, WebsiteUrl=written)], Posts=[question(1)]))
    assert importer.one(User).website == kept

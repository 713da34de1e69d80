"""How each kind of row of a dump is imported."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.boards.models import Board
from madang.comments.models import Comment
from madang.core.errors import InvalidInput
from madang.posts.models import Post, PostLink, Revision
from madang.tags.models import Tag

from ..people import Person
from .conftest import TIME, ImportRunner, answer, change, question, row, user

pytestmark = pytest.mark.each_database

Dump = Callable[..., Path]


def test_people_get_valid_and_unique_names(importer: ImportRunner, dump: Dump) -> None:
    names = [
        "John",
        "John",
        "john",
        "J0hn",
        "Ed'",
        "",
        "admin",
        "w͏̢in̡͢g͘ed",
        "조 은별",
        "Anna-Maria von und zu Hohenfels-Langenburg",
    ]
    importer(dump(Posts=[question(1)], Users=[user(number, name) for number, name in enumerate(names, start=10)]))
    people = {person.display_name: person for person in importer.all(select(User))}
    johns = [person.username for person in importer.all(select(User).order_by(User.id))[:4]]
    assert johns == ["John", "John-11", "john-12", "J0hn-13"]
    assert people["Ed'"].username == "Ed-14"
    assert people["user-15"].username == "user-15"
    assert people["user-16"].username == "user-16", "an imported admin"
    assert people["조 은별"].username == "조은별"
    assert importer.count(User) == len(names)


def test_profiles_are_sanitised(importer: ImportRunner, dump: Dump, visitor: Person) -> None:
    about = '<p>I <b>brew</b>.</p><script>alert(1)</script><a href="javascript:alert(1)">me</a>'
    importer(
        dump(
            Posts=[question(1)],
            Users=[
                user(1, AboutMe=about, WebsiteUrl="javascript:alert(1)", Location="Jeju", Reputation=77),
                user(2, "Bob Ray", WebsiteUrl="https://example.org/bob"),
            ],
        )
    )
    ann, bob = importer.one(User, username="AnnLee"), importer.one(User, username="BobRay")
    assert "**brew**" in ann.bio and "<strong>brew</strong>" in ann.bio_html
    assert "script" not in ann.bio + ann.bio_html
    assert (ann.website, bob.website) == ("", "https://example.org/bob")
    assert (ann.location, ann.reputation, ann.imported_reputation, ann.password_hash, ann.email) == (
        "Jeju",
        77,
        77,
        None,
        None,
    )
    assert visitor.post("/auth/login", username="AnnLee", password="").status_code == 422


def test_posts_of_the_community_user_and_of_deleted_users_keep_their_authors(
    importer: ImportRunner, dump: Dump
) -> None:
    importer(
        dump(
            Users=[user(-1, "Community")],
            Posts=[question(1, OwnerUserId=-1), question(2, OwnerDisplayName="user99"), answer(3, 2)],
            Comments=[row(Id=1, PostId=2, Text="Hm.", CreationDate=TIME, UserDisplayName="user42")],
        )
    )
    assert importer.question(1).author_id == importer.one(User, username="Community").id
    orphan = importer.question(2)
    assert (orphan.author_id, orphan.author_name) == (None, "user99")
    assert importer.one(Comment).author_name == "user42"


def test_scores_come_from_votes_and_from_the_score_where_votes_are_missing(importer: ImportRunner, dump: Dump) -> None:
    votes = [*[2] * 5, *[3] * 2, 1, 5]
    importer(
        dump(
            Votes=[row(Id=number, PostId=1, VoteTypeId=kind, CreationDate=TIME) for number, kind in enumerate(votes)],
            Posts=[question(1, Score=3), question(2, Score=4), question(3, Score=-2), question(4, Score=0)],
        )
    )
    tallies = {each.title[9]: (each.score, each.imported_up, each.imported_down) for each in importer.all(select(Post))}
    assert tallies == {"1": (3, 5, 2), "2": (4, 4, 0), "3": (-2, 0, 2), "4": (0, 0, 0)}


def test_the_body_is_the_newest_markdown_or_else_converted_html(importer: ImportRunner, dump: Dump) -> None:
    history = [
        change(1, 1, 2, "Old *words*", "a"),
        change(2, 1, 1, "How does 1 work?", "a"),
        change(3, 1, 5, "New **words**", "b", Comment="said better"),
    ]
    importer(
        dump(Posts=[question(1), question(2, Body="<h2>Head</h2><p>Some <em>words</em></p>")], PostHistory=history)
    )
    assert importer.question(1).body == "New **words**"
    assert importer.question(1).body_html == "<p>New <strong>words</strong></p>\n"
    assert importer.question(2).body == "## Head\n\nSome *words*"


def test_only_edited_posts_have_revisions(importer: ImportRunner, dump: Dump) -> None:
    history = [
        change(1, 1, 2, "First", "a", UserId=1),
        change(2, 1, 1, "A first title", "a", UserId=1),
        change(3, 1, 3, "<hops>", "a", UserId=1),
        change(4, 2, 2, "Never touched", "x"),
        change(5, 1, 10, "{}", "c", Comment="102"),
        change(6, 1, 5, "Second", "b", UserId=2, Comment="clearer"),
        change(7, 1, 7, "How does 1 work?", "d"),
    ]
    importer(
        dump(
            Users=[user(1), user(2, "Bob Ray")],
            Posts=[question(1, LastEditDate=TIME), question(2)],
            PostHistory=history,
        )
    )
    edited = importer.question(1)
    revisions = select(Revision).where(Revision.post_id == edited.id).order_by(Revision.number)
    texts = [(each.number, each.title, each.body, each.tag_names, each.summary) for each in importer.all(revisions)]
    assert texts == [
        (1, "A first title", "First", "hops", ""),
        (2, "A first title", "Second", "hops", "clearer"),
        (3, "How does 1 work?", "Second", "hops", ""),
    ]
    assert (edited.version, importer.question(2).version, importer.count(Revision)) == (3, 1, 3)


def test_the_next_edit_continues_the_revision_numbers(importer: ImportRunner, dump: Dump, dan: Person) -> None:
    importer(dump(Posts=[question(1)], PostHistory=[change(1, 1, 2, "One", "a"), change(2, 1, 5, "Two", "b")]))
    imported = importer.question(1)
    answer = dan.post(
        f"/posts/{imported.id}/edit", title="How does 1 work?", body="Three, and longer now.", tags="hops", version="2"
    )
    assert answer.status_code == 302
    assert importer.all(select(Revision.number).order_by(Revision.number)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1", "duplicate"),
        ("101", "duplicate"),
        ("102", "off_topic"),
        ("103", "unclear"),
        ("105", "opinion"),
        ("99", "off_topic"),
    ],
)
def test_a_closed_question_keeps_its_reason(
    importer: ImportRunner, dump: Dump, visitor: Person, code: str, reason: str
) -> None:
    history = [change(1, 1, 2, "Why?", "a"), change(2, 1, 10, "{}", "b", Comment=code)]
    importer(
        dump(Users=[user(1)], Posts=[question(1, OwnerUserId=1, ClosedDate=TIME), question(2)], PostHistory=history)
    )
    closed = importer.question(1)
    assert (closed.closed_at.year, closed.close_reason) == (2020, reason)
    assert importer.question(2).closed_at is None
    assert visitor.get(f"/posts/{closed.id}", follow_redirects=True).status_code == 200


def test_an_answer_may_stand_before_its_question(importer: ImportRunner, dump: Dump) -> None:
    importer(dump(Posts=[answer(1, 5), question(5, AcceptedAnswerId=1)]))
    imported = importer.question(5)
    assert imported.answer_count == 1
    assert imported.accepted_answer_id == importer.one(Post, parent_id=imported.id).id


def test_an_answer_is_accepted_by_its_own_question_only(importer: ImportRunner, dump: Dump) -> None:
    importer(dump(Posts=[question(1, AcceptedAnswerId=9), question(2), answer(9, 2)]))
    assert importer.question(1).accepted_answer_id is None
    assert importer.question(2).accepted_answer_id is None


def test_tags_are_read_in_both_forms_and_described(importer: ImportRunner, dump: Dump, visitor: Person) -> None:
    importer(
        dump(
            Tags=[row(Id=1, TagName="hops", Count=1, ExcerptPostId=8, WikiPostId=9)],
            Posts=[
                question(1, Tags="<hops><c++>"),
                question(2, Tags="|malt|very_odd tag|"),
                row(Id=8, PostTypeId=4, Body="<p>About <b>hops</b></p>", CreationDate=TIME),
                row(Id=9, PostTypeId=5, Body="<p>All about hops</p>", CreationDate=TIME),
                row(Id=10, PostTypeId=4, Body="<p>About nothing</p>", CreationDate=TIME),
                row(Id=11, PostTypeId=7, Body="<p>A placeholder</p>", CreationDate=TIME),
            ],
        )
    )
    assert (importer.question(1).tag_names, importer.question(2).tag_names) == ("hops c++", "malt very-odd-tag")
    hops = importer.one(Tag, name="hops")
    assert (hops.excerpt, hops.description, hops.post_count) == ("About hops", "All about hops", 1)
    assert "How does 1 work?" in visitor.page("/questions?tag=hops")


def test_links_and_duplicates(importer: ImportRunner, dump: Dump, visitor: Person) -> None:
    links = [(1, 2, 3), (1, 2, 1), (1, 2, 1), (1, 1, 1), (1, 77, 1), (1, 3, 9)]
    summary = importer(
        dump(
            Users=[user(1)],
            Posts=[question(1, OwnerUserId=1, ClosedDate=TIME), question(2), question(3)],
            PostHistory=[change(1, 1, 2, "Why?", "a"), change(2, 1, 10, "{}", "b", Comment="101")],
            PostLinks=[
                row(Id=number, PostId=post, RelatedPostId=related, LinkTypeId=kind, CreationDate=TIME)
                for number, (post, related, kind) in enumerate(links)
            ],
        )
    )
    kinds = importer.all(select(PostLink.kind).order_by(PostLink.kind))
    assert (kinds, summary.skipped["link"], importer.problems) == (["duplicate", "link"], 4, [])
    page = visitor.get(f"/posts/{importer.question(1).id}", follow_redirects=True).text
    assert "How does 2 work?" in page


def test_comments_are_rendered_with_mentions(importer: ImportRunner, dump: Dump) -> None:
    text = "@AnnLee see *this* <script>alert(1)</script>"
    importer(
        dump(
            Users=[user(1)],
            Posts=[question(1)],
            Comments=[row(Id=1, PostId=1, Text=text, Score=4, CreationDate=TIME, UserId=1)],
        )
    )
    comment = importer.one(Comment)
    assert "<em>this</em>" in comment.body_html and 'class="mention"' in comment.body_html
    assert "<script" not in comment.body_html
    assert (comment.score, comment.imported_up, importer.question(1).comment_count) == (4, 4, 1)


def test_the_board_is_created_and_one_of_another_kind_is_refused(importer: ImportRunner, dump: Dump) -> None:
    folder = dump(Posts=[question(1)])
    importer(folder, board="brewing")
    board = importer.one(Board, slug="brewing")
    assert (board.kind, board.post_count, board.unanswered_count) == ("qa", 1, 1)
    with pytest.raises(InvalidInput, match="talk"):
        importer(folder, board="talk")


def test_names_of_files_ignore_case_and_only_posts_are_required(importer: ImportRunner, dump: Dump) -> None:
    folder = dump(Posts=[question(1, OwnerUserId=5)])
    shutil.move(folder / "Posts.xml", folder / "posts.xml")
    importer(folder)
    assert importer.problems == []
    assert importer.question(1).author_id is None


def test_two_sites_may_have_the_same_ids(importer: ImportRunner, dump: Dump, tmp_path: Path) -> None:
    folder = dump(Users=[user(1)], Posts=[question(1, OwnerUserId=1)])
    other = shutil.copytree(folder, tmp_path / "other.example")
    importer(folder)
    importer(other)
    assert (importer.count(Post), importer.count(User)) == (2, 2)
    assert importer.wrong_counters() == []


def test_imported_content_can_be_searched(importer: ImportRunner, dump: Dump, visitor: Person) -> None:
    importer(
        dump(
            Users=[user(1, "Wilma Alder")],
            Posts=[question(1, OwnerUserId=1, Body="<p>A pelican asks.</p>"), answer(2, 1, OwnerUserId=1)],
            Comments=[row(Id=1, PostId=2, UserId=1, Text="Ask the heron.", CreationDate=TIME)],
        )
    )
    for word in ("pelican", "heron"):
        assert "How does 1 work?" in visitor.page(f"/search?q={word}").replace("<mark>", "").replace("</mark>", "")
    assert "How does 1 work?" not in visitor.page("/search?q=stork")

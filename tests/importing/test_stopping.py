"""Stopped and repeated imports, and broken rows."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from madang.accounts.models import User
from madang.comments.models import Comment
from madang.core.errors import InvalidInput
from madang.importing.operations import rows as importing_rows
from madang.importing.operations.source import ImportSource
from madang.posts.models import Post, PostLink
from madang.tags.models import Tag

from ..people import Person
from .conftest import TIME, ImportRunner, answer, change, question, row, user

Dump = Callable[..., Path]


@pytest.mark.parametrize("stop_at", range(1, 12))
def test_an_import_that_is_stopped_can_be_completed(
    importer: ImportRunner, dump: Dump, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    folder = dump(
        Users=[user(number) for number in range(1, 6)],
        Tags=[row(Id=1, TagName="hops", Count=4)],
        Votes=[row(Id=number, PostId=1, VoteTypeId=2, CreationDate=TIME) for number in range(3)],
        Posts=[
            *(question(number, OwnerUserId=1, Score=3 if number == 1 else 0) for number in range(1, 5)),
            *(answer(number, 1, OwnerUserId=2) for number in range(10, 14)),
        ],
        Comments=[row(Id=number, PostId=1, Score=0, Text="Really?", CreationDate=TIME) for number in range(5)],
        PostLinks=[row(Id=1, PostId=1, RelatedPostId=2, LinkTypeId=1, CreationDate=TIME)],
    )
    monkeypatch.setattr(importing_rows, "BATCH_ROWS", 2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ImportSource, "record", interrupt_after(stop_at))
        importer(folder)
    importer(folder)
    assert (
        importer.count(User),
        importer.count(Tag),
        importer.count(Post),
        importer.count(Comment),
        importer.count(PostLink),
    ) == (
        5,
        1,
        8,
        5,
        1,
    )
    assert importer.question(1).answer_count == 4
    assert importer.wrong_counters() == []


def interrupt_after(nth: int) -> Callable[..., None]:
    """A `record` that raises after the rows of the n-th batch are written, as if the process were killed."""
    write, calls = ImportSource.record, iter(range(1, nth + 1))

    def record(source: ImportSource, kind: str, ids: Iterable[tuple[str, int]]) -> None:
        write(source, kind, ids)
        if next(calls) == nth:
            raise KeyboardInterrupt

    return record


def test_a_repeated_import_does_not_overwrite_edits(importer: ImportRunner, dump: Dump, dan: Person) -> None:
    folder = dump(Users=[user(1)], Posts=[question(1, OwnerUserId=1)])
    importer(folder)
    imported = importer.question(1)
    dan.post(
        f"/posts/{imported.id}/edit",
        title="How does it really work?",
        body="I do wonder about it.",
        tags="",
        version="1",
    )
    summary = importer(folder)
    assert importer.one(Post, title="How does it really work?").body == "I do wonder about it."
    assert (summary.new["question"], summary.known["question"]) == (0, 1)


def test_broken_rows_are_reported_with_their_lines_and_the_others_imported(importer: ImportRunner, dump: Dump) -> None:
    folder = dump(
        Users=[user(1), '  <row Id="2" DisplayName="Half', user(3)],
        Posts=[
            question(1, OwnerUserId=1),
            question(2).replace("<row ", "<row =bad "),
            row(PostTypeId=1, Title="Nobody numbered me", Body="x", CreationDate=TIME),
            question(4, CreationDate="yesterday"),
            question(5, Score="many"),
            question(6, Title=""),
            question("1" * 40),
            answer(7, 1),
            answer(8, 999),
        ],
        Comments=[row(Id=1, PostId=999, Text="Where?", CreationDate=TIME), row(Id=2, PostId=1, CreationDate=TIME)],
        Votes=[row(Id=1, VoteTypeId=2)],
        PostHistory=[change(1, 1, 2, "Body", "a", CreationDate="never")],
        PostLinks=[row(Id=1, PostId=1, CreationDate=TIME)],
    )
    summary = importer(folder)
    places = [problem.split(": ")[0] for problem in importer.problems]
    assert places == [
        "Users.xml:4",
        "Votes.xml:3",
        "PostHistory.xml:3",
        "Posts.xml:4",
        "Posts.xml:5",
        "Posts.xml:9",
        "Posts.xml:6",
        "Posts.xml:7",
        "Posts.xml:8",
        "Posts.xml:11",
        "Comments.xml:3",
        "Comments.xml:4",
        "PostLinks.xml:3",
    ]
    assert summary.broken == len(places)
    assert (importer.count(User), importer.count(Post), importer.count(Comment)) == (2, 2, 0)
    assert "post 999" in next(problem for problem in importer.problems if "Posts.xml:11" in problem)


def test_characters_that_xml_forbids_are_dropped(importer: ImportRunner, dump: Dump) -> None:
    importer(dump(Posts=[question(1, Title="A bell&#7; rings").replace("&amp;#", "&#")]))
    assert importer.problems == []
    assert importer.one(Post, title="A bell rings")


def test_a_row_over_several_lines_is_one_row(importer: ImportRunner, dump: Dump) -> None:
    written = question(1).replace(" Body=", "\n    Body=")
    importer(dump(Posts=[written, question(2)]))
    assert importer.problems == []
    assert importer.count(Post) == 2


def test_a_folder_without_a_dump_is_refused(importer: ImportRunner, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(InvalidInput, match=r"Posts\.xml"):
            importer(folder)

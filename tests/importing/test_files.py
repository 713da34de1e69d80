"""Files of a dump in other encodings and forms, without rows, incomplete, and with a huge row."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from madang import cli
from madang.cli import importing
from madang.core.errors import InvalidInput
from madang.importing.operations import encodings, row_sources
from madang.posts.models import Post
from madang.tags.models import Tag
from tests.timing import TIMEOUT_SECONDS

from ..people import Person
from .conftest import ImportRunner, answer, change, question, row
from .sessions import ReadFile

pytestmark = pytest.mark.each_database

ROOT = Path(__file__).parents[2]
Dump = Callable[..., Path]
DECLARATION = '<?xml version="1.0" encoding="utf-16"?>'


@pytest.fixture(params=[5, 64, encodings.CHUNK_BYTES])
def chunk_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in pieces so small that marks are divided, and in one piece."""
    monkeypatch.setattr(encodings, "CHUNK_BYTES", request.param)


@pytest.mark.usefixtures("chunk_bytes")
@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('<tags><row Id="1"/><row Id="2" /></tags>', [1, 1]),
        ('<tags>\n<row Id="1"/><row Id="2"/>\n</tags>', [2, 2]),
        ('<tags>\r\n<row Id="1"/>\r\n<row\r\nId="2"/>\r\n</tags>\r\n', [2, 3]),
        ('<row Id="1"></row><row Id="2"></row>', [1, 1]),
        ('<tags><row Id="1"/><!-- one --><row Id="2"/></tags><!-- end -->', [1, 1]),
        ('<tags><rows/><row-count n="9"/><row Id="1"/><row\tId="2"/></tags>', [1, 1]),
        ('\ufeff<?xml version="1.0"?><tags><row Id="1" T="a > b"/>\n\n<row Id="2"/>', [1, 3]),
        ('<tags><row Id="1" T="&lt;row Id=3/>"/><row Id="2"/></tags>', [1, 1]),
    ],
)
def test_rows_are_read_on_however_many_lines_they_are(tmp_path: Path, source: str, lines: list[int]) -> None:
    path = tmp_path / "Tags.xml"
    path.write_bytes(source.encode())
    read = ReadFile(path)
    rows = [each for each in read.file.rows() if each.values.get("Id")]
    assert [(each.id, each.line) for each in rows] == [("1", lines[0]), ("2", lines[1])]
    assert read.bytes_read == path.stat().st_size
    again = read.file.rows_at([(each.offset, each.length) for each in rows])
    assert [each.values for each in again] == [each.values for each in rows]


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("utf-16", DECLARATION),
        ("utf-16", ""),
        ("utf-16-le", DECLARATION),
        ("utf-16-be", DECLARATION),
        ("utf-32", DECLARATION.replace("16", "32")),
        ("utf-8", DECLARATION),  # which a program wrote that holds its texts in UTF-16
        ("utf-8-sig", ""),
        ("cp949", DECLARATION.replace("utf-16", "EUC-KR")),
        ("cp949", DECLARATION.replace("utf-16", "cp949").replace('"', "'")),
    ],
)
def test_files_in_any_encoding_are_read(importer: ImportRunner, dump: Dump, encoding: str, declaration: str) -> None:
    folder = dump(Posts=[question(1, Title="맥주는 어떻게 되나요?")], PostHistory=[change(1, 1, 2, "*맥주*", "a")])
    for name in ("Posts", "PostHistory"):
        path = folder / f"{name}.xml"
        rows = path.read_text("utf-8-sig").partition("\n")[2]
        path.write_bytes(f"{declaration}{rows}".encode(encoding))
    importer(folder)
    assert importer.problems == []
    assert importer.one(Post, title="맥주는 어떻게 되나요?").body == "*맥주*"
    assert list(importer.scratch_folder.iterdir()) == []


@pytest.mark.parametrize("encoding", ["klingon", "zip", "hex", "rot13", "idna", "cp037"])
def test_an_unknown_encoding_is_named(importer: ImportRunner, dump: Dump, encoding: str) -> None:
    folder = dump(Posts=[question(1)])
    path = folder / "Posts.xml"
    path.write_text(path.read_text("utf-8-sig").replace("utf-8", encoding), "utf-8")
    with pytest.raises(InvalidInput, match=rf"Posts\.xml is in the encoding {encoding}"):
        importer(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n" * 10_000,
        b"\0" * 10_000,
        b"<posts></posts>",
        b"<posts/>",
        '<?xml version="1.0" encoding="utf-16"?><posts></posts>'.encode("utf-16"),
        b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 40,
        b"<!DOCTYPE html><p>Not found</p>",
        b"<pos",
        b"<posts><rows/><ro",
    ],
)
def test_posts_without_rows_are_one_sentence_and_a_failure(
    app: Flask, dump: Dump, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    folder = dump(Posts=[])
    (folder / "Posts.xml").write_bytes(content)
    monkeypatch.setattr(importing, "bring_up_to_date", lambda: None)
    result = CliRunner().invoke(
        cli.cli, ["import", "stackexchange", str(folder)], obj=ScriptInfo(create_app=lambda: app)
    )
    assert result.exit_code == 1
    assert isinstance(result.exception, InvalidInput) and "No rows found" in result.exception.message


def test_posts_of_which_no_row_can_be_read_are_a_failure(
    app: Flask, dump: Dump, root: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dump(Posts=[question(1, CreationDate="never"), answer(2, 1)])
    monkeypatch.setattr(importing, "bring_up_to_date", lambda: None)
    result = CliRunner().invoke(
        cli.cli, ["import", "stackexchange", str(folder)], obj=ScriptInfo(create_app=lambda: app)
    )
    assert "Posts.xml:3: " in result.stderr and "Posts.xml:4: " in result.stderr
    assert isinstance(result.exception, InvalidInput)


@pytest.mark.parametrize("length", [0, 10, 300])
def test_a_file_that_ends_too_early_is_named_and_its_rows_are_read(
    importer: ImportRunner, dump: Dump, length: int
) -> None:
    folder = dump(Posts=[question(1), question(2)], Tags=[row(Id=1, TagName="hops")])
    posts, tags = folder / "Posts.xml", folder / "Tags.xml"
    posts.write_bytes(posts.read_bytes().removesuffix(b"</posts>\n"))
    tags.write_bytes(tags.read_bytes()[:length])
    importer(folder)
    assert importer.count(Post) == 2
    assert [problem for problem in importer.problems if "ends too early" in problem] == (
        ["Tags.xml: The file ends too early. It may be incomplete."] * (length < 300)
        + ["Posts.xml: The file ends too early. It may be incomplete."]
    )


@pytest.mark.parametrize(
    "written",
    [
        *("9999-12-31T23:59:59.999", "0001-01-01T00:00:00", "2020-02-30", "0000-00-00", "2100-01-01", "1969-12-31"),
        *(
            "2020-02-01T25:00",
            "9999-12-31T23:59:59-12:00",
            "0001-01-01T00:00:00+12:00",
            "10000-01-01",
            "\u0662020-01-01",
        ),
        *("", "1", "2020", "\u0662020-01-01"),
    ],
)
def test_a_date_that_no_site_has_is_a_broken_row(importer: ImportRunner, dump: Dump, written: str) -> None:
    dates = ["CreationDate", "LastActivityDate", "LastEditDate", "ClosedDate"]
    broken = [question(number, **{name: written}) for number, name in enumerate(dates, start=2)]
    history = [change(1, 1, 2, "Body", "a", CreationDate=written), change(2, 1, 2, "Body", "a")]
    summary = importer(dump(Posts=[question(1), *broken], PostHistory=history))
    assert [problem.split(": ")[0] for problem in importer.problems] == [
        "PostHistory.xml:3",
        *(f"Posts.xml:{line}" for line in range(4, 8)),
    ]
    assert summary.broken == 5
    assert importer.all(select(Post.title)) == ["How does 1 work?"]


@pytest.mark.parametrize("written", ["2147483648", "-2147483648", "1_0", "１２", "9" * 5_000, "0x10", "1.0"])
def test_a_number_that_no_column_holds_is_a_broken_row(importer: ImportRunner, dump: Dump, written: str) -> None:
    summary = importer(dump(Posts=[question(1), question(2, Score=written), question(3, ViewCount=written)]))
    assert (summary.broken, importer.count(Post)) == (2, 1)


def test_a_tag_of_fifty_letters_is_kept(importer: ImportRunner, dump: Dump) -> None:
    names = [letter * 50 for letter in "abcde"]
    folder = dump(Posts=[question(1, Tags="".join(f"<{name}>" for name in names)), question(2, Tags=f"<{'f' * 51}>")])
    importer(folder)
    assert importer.all(select(Tag.name).order_by(Tag.name)) == [*names, "f" * 50]
    assert importer.question(1).tag_names == " ".join(names)


IMPORT_A_HUGE_ROW = """
import resource, sys
from pathlib import Path
from madang import application
from madang.importing.operations import stackexchange, posts, people, comments
from madang.importing.operations.rows import DumpFile
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 100 * 1024**2, -1))
problems = []
file = DumpFile(Path(sys.argv[1]), advance=lambda count: None, report=problems.append)
print([row.id for batch in file.batches() for row in batch], [str(problem) for problem in problems])
# The peak of this program alone: ru_maxrss begins with that of the process that started it.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("separator", ["\n", ""])
@pytest.mark.parametrize("huge", ['<row Id="2" Body="{}" />', '<row Id="2" {}/>', "{}", '<row Id="2" Body="{}'])
def test_a_row_of_100_mb_is_refused_in_little_memory(tmp_path: Path, huge: str, separator: str) -> None:
    """Also tried: a row without an end, text outside of rows, white space inside of a row."""
    path = tmp_path / "Posts.xml"
    filling = " " * 1024**2 if "{}/>" in huge else "x" * 1024**2
    before, after = huge.split("{}")
    with path.open("w") as file:
        file.write(f'<posts>{separator}<row Id="1"/>{separator}{before}')
        for _piece in range(100):
            file.write(filling)
        file.write(f'{after}{separator}<row Id="3"/>{separator}</posts>')
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_A_HUGE_ROW, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert result.returncode == 0, result.stderr
    read, megabytes = result.stdout.splitlines()
    # What is no row belongs to the row before it.
    number, line = ("2", 3) if "row" in huge else ("1", 2)
    others = [each for each in ("1", "3") if each != number]
    assert read == f"{others} ['Posts.xml:{line if separator else 1}: The row is larger than 4 MB.']"
    assert int(megabytes) < 300


def test_the_largest_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Posts.xml"
    text = "x" * (row_sources.MAX_ROW_BYTES - 100)
    path.write_text(f'<posts><row Id="1" Body="{text}"/></posts>')
    assert [each.text("Body") for each in ReadFile(path).file.rows()] == [text]

"""The streaming reader of a dump's files."""

from datetime import UTC, datetime

import pytest

from madang.importing.operations.rows import BATCH_ROWS, BrokenRow, parse_row
from tests.importing.sessions import ReadFile, dump_row, write_file

from .conftest import row

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("written", "number"), [("7", 7), ("-1", -1), ("0", 0), ("9007199254740992", 2**53), (None, None)]
)
def test_a_number_is_a_whole_number_or_missing(written, number):
    assert dump_row(**({} if written is None else {"Score": written})).number("Score") == number


@pytest.mark.parametrize("written", ["", "x", "1.5", "1e3", "9007199254740993", "9" * 5_000])
def test_an_invalid_number_breaks_the_row(written):
    with pytest.raises(BrokenRow, match=r"^Score must be a whole number; it is “"):
        dump_row(Score=written).number("Score")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2020-02-01T10:00:00.123", datetime(2020, 2, 1, 10, 0, 0, 123_000, tzinfo=UTC)),
        ("2020-02-01T10:00:00", datetime(2020, 2, 1, 10, tzinfo=UTC)),
        ("2020-02-01", datetime(2020, 2, 1, tzinfo=UTC)),
        ("2020-02-01T10:00:00+09:00", datetime(2020, 2, 1, 1, tzinfo=UTC)),
        ("2020-02-01T10:00:00Z", datetime(2020, 2, 1, 10, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment_is_in_utc_or_missing(written, moment):
    assert dump_row(**({} if written is None else {"ClosedDate": written})).moment("ClosedDate") == moment


@pytest.mark.parametrize("written", ["", "yesterday", "2020-13-01", "1580551200"])
def test_an_invalid_time_breaks_the_row(written):
    with pytest.raises(BrokenRow, match=r"^ClosedDate must be a time; it is “"):
        dump_row(ClosedDate=written).moment("ClosedDate")


@pytest.mark.parametrize("read", ["required_text", "required_number", "required_moment"])
@pytest.mark.parametrize("values", [{}, {"Id": ""}, {"Id": "  "}])
def test_a_missing_required_value_breaks_the_row(read, values):
    with pytest.raises(BrokenRow, match=r"^The row has no Id\.$"):
        getattr(dump_row(**values), read)("Id")


@pytest.mark.parametrize(("written", "number"), [("7", "7"), ("007", "7"), ("+7", "7"), (" 7 ", "7"), ("-1", "-1")])
def test_ids_are_normalised(written, number):
    parsed = dump_row(Id=written)
    assert parsed.id == parsed.reference("Id") == number


def test_a_reference_may_be_missing():
    assert dump_row().reference("OwnerUserId") is None
    assert dump_row().text("OwnerDisplayName") == ""


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (b'<row Id="1" Title="a &lt; b &amp; c" />', {"Id": "1", "Title": "a < b & c"}),
        ('<row Title="마당" />'.encode(), {"Title": "마당"}),
        (b'<row Title="one&#xA;two" />', {"Title": "one\ntwo"}),
        (b'<row Title="a&#x0;b&#x1F;c&#8;d&#xFFFE;e" />', {"Title": "abcde"}),
        (b'<row Title="&#xD83D;" />', {"Title": ""}),
        (b"<row />", {}),
    ],
)
def test_a_row_is_parsed_without_the_characters_that_xml_forbids(written, values):
    assert parse_row(written) == values


@pytest.mark.parametrize("written", [b'<row Id="1"', b"<row Id=1 />", b'<row Id="1" Id="2" />', b'<row a="&x;" />'])
def test_a_row_that_is_not_well_formed_is_broken(written):
    with pytest.raises(BrokenRow, match=r"^The row is not well-formed XML"):
        parse_row(written)


def test_a_broken_row_is_reported_with_its_line_and_the_others_are_read(tmp_path):
    read = ReadFile(write_file(tmp_path / "Tags.xml", row(Id=1), '  <row Id="2" <', row(Id=3)))
    assert [(each.id, each.line) for each in read.file.rows()] == [("1", 3), ("3", 5)]
    (problem,) = read.problems
    assert problem.startswith("Tags.xml:4: The row is not well-formed XML")


def test_a_row_over_several_lines_is_one_row(tmp_path):
    read = ReadFile(write_file(tmp_path / "Tags.xml", '<row Id="1"', 'TagName="hops"', "/>", row(Id=2)))
    assert [(each.id, each.line) for each in read.file.rows()] == [("1", 3), ("2", 6)]


def test_a_file_that_ends_within_a_row_reports_it(tmp_path):
    path = tmp_path / "Tags.xml"
    path.write_bytes(b'<tags>\n<row Id="1" />\n<row Id="2" ')
    read = ReadFile(path)
    assert [each.id for each in read.file.rows()] == ["1"]
    assert len(read.problems) == 1


def test_all_bytes_of_the_file_are_counted_as_read(tmp_path):
    path = write_file(tmp_path / "Tags.xml", row(Id=1, TagName="맥주"), row(Id=2))
    read = ReadFile(path)
    list(read.file.rows())
    assert read.bytes_read == path.stat().st_size


def test_rows_that_are_not_selected_are_not_parsed(tmp_path):
    read = ReadFile(write_file(tmp_path / "Tags.xml", '<row Id="1" <', row(Id=2)))
    assert [each.id for each in read.file.rows(lambda written: b'"2"' in written)] == ["2"]
    assert read.problems == []


def test_rows_are_read_again_by_their_positions(tmp_path):
    lines = [row(Id=1, Text="처음"), '<row Id="2"', 'Text="over two lines" />', row(Id=3, Text="last")]
    read = ReadFile(write_file(tmp_path / "PostHistory.xml", *lines))
    rows = list(read.file.rows())
    again = list(read.file.rows_at([(each.offset, each.length) for each in reversed(rows)]))
    assert [each.values for each in again] == [each.values for each in reversed(rows)]


def test_batches_hold_a_thousand_rows_and_the_last_one_the_rest(tmp_path):
    read = ReadFile(write_file(tmp_path / "Tags.xml", *(row(Id=number) for number in range(BATCH_ROWS + 2))))
    assert [len(batch) for batch in read.file.batches()] == [BATCH_ROWS, 2]


def test_batches_of_long_rows_hold_fewer(tmp_path):
    long = "x" * (1024 * 1024)
    read = ReadFile(write_file(tmp_path / "Tags.xml", *(row(Id=number, Text=long) for number in range(5))))
    assert [len(batch) for batch in read.file.batches()] == [2, 2, 1]

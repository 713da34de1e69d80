"""Documentation: the files and headings that it names exist, tables are complete, the glossary is in order."""

import re

import pytest

from .conventions import PACKAGE, ROOT

DOCS = ROOT / "docs"
# A folder or a file; `posts/views/writing.py#answer` names a function in the file.
PATH = re.compile(r"`([\w./-]*\w(?:/|\.(?:py|md|json|toml|po|js|scss|html)))(?:#\w+)?`")
TEST_IN_COMMAND = re.compile(r"`[^`\n]* (tests/[\w/]+\.py)\b[^`\n]*`")
# Paths in the docs that are made by a script, lie outside the repository, or are an example.
ELSEWHERE = {"screenshots/", "data/", "madang/migrations/versions/20261203_0915_add_polls.py"}
CODE_BLOCK = re.compile(r"^```.*?^```$", re.M | re.S)


def named_paths(page: str) -> list[str]:
    """The paths in backticks outside of code blocks, and those of tests within a command in backticks."""
    text = CODE_BLOCK.sub("", (DOCS / page).read_text(encoding="utf-8"))
    return PATH.findall(text) + TEST_IN_COMMAND.findall(text)


def glossary_rows() -> list[tuple[str, ...]]:
    lines = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("| ")][1:]


ARCHITECTURE = sorted(str(path.relative_to(DOCS)) for path in (DOCS / "architecture").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)


@pytest.mark.parametrize(
    ("page", "count"),
    [*((page, 4) for page in ARCHITECTURE), ("development.md", 40), ("glossary.md", 50), ("security.md", 150)],
)
def test_every_file_that_a_page_names_exists(page: str, count: int):
    paths = named_paths(page)
    assert len(paths) >= count
    missing = [path for path in paths if not ((ROOT / path).exists() or (PACKAGE / path).exists())]
    missing = sorted(set(missing) - ELSEWHERE)
    assert missing == [], "no such file below the root of the repository or madang/"


def test_each_page_of_the_architecture_has_one_diagram_and_stands_in_the_index():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert len(ARCHITECTURE) == 6
    for page in ARCHITECTURE:
        assert (DOCS / page).read_text(encoding="utf-8").count("```mermaid\n") == 1, page
        assert f"]({page})" in index, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page):
    for link in LINK.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("/"):
            continue
        file, _hash, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{link}: no such file"
        assert not anchor or anchor in _anchors(target), f"{link}: no such heading"


def _anchors(page) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = HEADING.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_term_of_the_glossary_has_a_meaning_and_a_file():
    rows = glossary_rows()
    assert len(rows) > 50
    assert [row[0] for row in rows if len(row) != 3] == [], "a row has three cells: term, meaning, file"
    wrong = [term for term, meaning, _file in rows if not meaning.endswith(".")]
    assert wrong == [], "the second cell is a sentence with a full stop"
    wrong = [term for term, _meaning, file in rows if not re.fullmatch(PATH, file)]
    assert wrong == [], "the third cell is one path in backticks, from the root of the repository"


def test_the_glossary_is_in_alphabetical_order():
    terms = [row[0].lower() for row in glossary_rows()]
    misplaced = [term for term, expected in zip(terms, sorted(terms), strict=True) if term != expected]
    assert misplaced == [], "the terms are in alphabetical order, without regard to capitals"


# The requirements of ASVS 4.0.3 at levels 1 and 2: chapter and section, then the numbers in it.
REQUIREMENTS = """
1.1.1-7 1.2.1-4 1.4.1,4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2 1.14.1-6 2.1.1-12
2.2.1-3 2.3.1-3 2.4.1-5 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4 3.1.1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3
3.7.1 4.1.1-3,5 4.2.1-2 4.3.1-3 5.1.1-5 5.2.1-8 5.3.1-10 5.4.1-3 5.5.1-4 6.1.1-3 6.2.1-6 6.3.1-2 6.4.1-2 7.1.1-4
7.2.1-2 7.3.1,3-4 7.4.1-3 8.1.1-4 8.2.1-3 8.3.1-8 9.1.1-3 9.2.1-4 10.2.1-2 10.3.1-3 11.1.1-8 12.1.1-3 12.2.1
12.3.1-6 12.4.1-2 12.5.1-2 12.6.1 13.1.1,3-5 13.2.1-3,5-6 13.3.1-2 13.4.1-2 14.1.1-4 14.2.1-6 14.3.2-3 14.4.1-7
14.5.1-4
"""


def _numbers(text: str) -> list[str]:
    """The numbers in "2.1.1-2.1.4, 3.2.1" or "2.1.1-4,6", one by one."""
    found = []
    for section, ends in re.findall(r"(\d+\.\d+)\.([\d,-]+)", re.sub(r"-\d+\.\d+\.", "-", text)):
        for each in ends.strip(",").split(","):
            first, _dash, last = each.partition("-")
            found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_each_requirement_of_the_standard_has_one_row_with_an_answer():
    page = (DOCS / "security.md").read_text(encoding="utf-8")
    rows = [row.strip("|").split("|") for row in re.findall(r"^\| \d.*\|$", page, re.M)]
    assert [row[0] for row in rows if len(row) != 4] == [], "a row has four cells"
    given = [number for row in rows for number in _numbers(row[0])]
    assert len(_numbers(REQUIREMENTS)) == 259
    assert sorted(given) == sorted(_numbers(REQUIREMENTS))
    answers = ("`tests/", "by design", "no test", "not applicable", "**open**")
    assert [row[0] for row in rows if not row[3].strip().startswith(answers)] == []

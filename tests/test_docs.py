"""Documentation: the files and headings that it names exist, and the glossary is in alphabetical order."""

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
    ("page", "count"), [*((page, 4) for page in ARCHITECTURE), ("development.md", 40), ("glossary.md", 50)]
)
def test_every_file_that_a_page_names_exists(page: str, count: int):
    paths = named_paths(page)
    assert len(paths) >= count
    missing = [path for path in paths if not ((ROOT / path).exists() or (PACKAGE / path).exists())]
    missing = sorted(set(missing) - ELSEWHERE)
    assert missing == [], "no such file below the root of the repository or madang/"


def test_each_page_of_the_architecture_has_one_diagram_and_stands_in_the_index():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert len(ARCHITECTURE) == 5
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

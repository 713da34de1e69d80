"""Documentation that names files of the repository: the files exist, and the glossary is in alphabetical order."""

import re

import pytest

from .conventions import PACKAGE, ROOT

DOCS = ROOT / "docs"
# A folder or a file; `posts/views/writing.py#answer` names a function in the file.
PATH = re.compile(r"`([\w./-]*\w(?:/|\.(?:py|md|json|toml|po|js|scss|html)))(?:#\w+)?`")
# Paths in the docs that are made by a script, lie outside the repository, or are an example.
ELSEWHERE = {"screenshots/", "data/", "madang/migrations/versions/20261203_0915_add_polls.py"}
CODE_BLOCK = re.compile(r"^```.*?^```$", re.M | re.S)


def named_paths(page: str) -> list[str]:
    """The paths in backticks outside of code blocks."""
    text = CODE_BLOCK.sub("", (DOCS / page).read_text(encoding="utf-8"))
    return PATH.findall(text)


def glossary_rows() -> list[tuple[str, ...]]:
    lines = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("| ")][1:]


@pytest.mark.parametrize("page", ["architecture.md", "development.md", "glossary.md"])
def test_every_file_that_a_page_names_exists(page: str):
    paths = named_paths(page)
    assert len(paths) > 40
    missing = [path for path in paths if not ((ROOT / path).exists() or (PACKAGE / path).exists())]
    missing = sorted(set(missing) - ELSEWHERE)
    assert missing == [], "no such file below the root of the repository or madang/"


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

"""Decide whether a site uses mathematics: some of its posts have formulas in TeX."""

import re
from collections.abc import Iterator
from itertools import islice

from madang.boards.models import Board
from madang.core.db import db, transaction
from madang.posts.operations.clearing_boards import has_posts

from .session import ImportSession

SAMPLE = 2_000  # posts at the beginning of the dump
LEAST_SHARE = 0.05
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]*\\[A-Za-z]{2}[^$\n]*\$")


def decide_on_mathematics(run: ImportSession) -> None:
    """Let the board of an import use mathematics if it has no posts yet and those of the site have formulas."""
    board = db.session.get_one(Board, run.board_id)
    if not board.uses_math and not has_posts(board) and uses_formulas(run):
        with transaction():
            db.session.get_one(Board, run.board_id).uses_math = True
        run.summary.begins_math = True


def uses_formulas(run: ImportSession) -> bool:
    """Whether enough of the first posts of the dump have a formula."""
    marks = [has_formula(body) for body in islice(_bodies(run), SAMPLE)]
    return sum(marks) > LEAST_SHARE * len(marks)


def _bodies(run: ImportSession) -> Iterator[str]:
    file = run.file("Posts.xml")
    if file is None:
        return
    file.report, file.advance = (lambda _problem: None), (lambda _bytes: None)  # it is read again
    for batch in file.batches():
        yield from (row.text("Body") for row in batch)


def has_formula(body: str) -> bool:
    """Whether the HTML of a post has a formula outside of code."""
    return "$" in body and FORMULA.search(CODE.sub("", body)) is not None

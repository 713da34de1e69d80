"""Progress bars and summaries of the import commands in a terminal."""

from pathlib import Path

import click

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _, number

from .operations.demo.making import Demonstration
from .operations.rows import Problem
from .operations.session import Summary
from .operations.stackexchange import board_for_questions, bytes_to_read, import_stackexchange

BYTES_PER_STEP = 256 * 1024


def show_import(folder: Path, *, board: str, scratch_folder: Path) -> None:
    """Import the dump in `folder` with a progress bar, then print a summary."""
    with click.progressbar(
        length=bytes_to_read(folder),
        label=_("Importing %(folder)s", folder=folder.resolve().name),
        update_min_steps=BYTES_PER_STEP,
    ) as bar:
        summary = import_stackexchange(
            folder, board=board, scratch_folder=scratch_folder, now=now(), advance=bar.update, report=_print_problem
        )
    _print_summary(summary)
    if not summary.has_posts:
        raise InvalidInput(_("No row of Posts.xml could be read."))


def show_demonstration(questions: int, *, board: str, seed: int) -> None:
    """Generate demonstration content with a progress bar."""
    moment = now()
    demonstration = Demonstration(board_for_questions(board, moment), seed=seed, now=moment)
    with click.progressbar(length=questions, label=_("Writing %(count)s questions", count=number(questions))) as bar:
        demonstration.generate(questions, bar.update)


def _print_problem(problem: Problem) -> None:
    click.echo(problem, err=True)


def _print_summary(summary: Summary) -> None:
    names = {
        "user": _("People"),
        "tag": _("Tags"),
        "question": _("Questions"),
        "answer": _("Answers"),
        "comment": _("Comments"),
        "revision": _("Revisions"),
        "link": _("Links between questions"),
        "tag_text": _("Tag descriptions"),
    }
    for kind, name in names.items():
        new, known = summary.new[kind], summary.known[kind]
        line = _("%(name)s: %(new)s new", name=name, new=number(new))
        click.echo(line + (", " + _("%(known)s already here", known=number(known)) if known else ""))
    if summary.begins_math:
        click.echo(_("Its posts contain formulas, so mathematics has been turned on for the board."))
    if skipped := sum(summary.skipped.values()):
        click.echo(_("Rows with no place here: %(count)s", count=number(skipped)))
    if summary.broken:
        click.echo(_("Broken rows, each listed above: %(count)s", count=number(summary.broken)))

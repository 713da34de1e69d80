"""Progress bars and summaries of the commands that write public content."""

from pathlib import Path

import click
from jinja2 import Environment

from madang.core.clock import now
from madang.core.i18n import _, number

from .operations.archive.writing import write_archive
from .operations.dump.writing import DumpSummary, write_dump

STEPS = 2_000  # rows between two movements of a progress bar


def show_dump(folder: Path) -> None:
    """Write a dump with a progress bar, then print what is in it."""
    with click.progressbar(length=1, label=_("Writing %(folder)s", folder=folder)) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            if done - bar.pos >= STEPS or done == total:
                bar.update(done - bar.pos)

        summary = write_dump(folder, on_progress=show)
    _print_summary(summary)


def _print_summary(summary: DumpSummary) -> None:
    for name, count in summary.rows.items():
        click.echo(f"{name}.xml: {number(count)}")
    if summary.left_out:
        click.echo(
            _(
                "Posts that the format has no place for (talk, notices, galleries): %(count)s",
                count=number(summary.left_out),
            )
        )


def show_archive(folder: Path, templates: Environment) -> None:
    """Write the archive with a progress bar."""
    with click.progressbar(length=1, label=_("Writing %(folder)s", folder=folder), show_eta=True) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        is_resumed = write_archive(folder, templates, now=now(), on_progress=show)
    if is_resumed:
        click.echo(_("It went on where it had been stopped."))
    click.echo(_("Open %(file)s in a browser, or copy the folder to any web server.", file=folder / "index.html"))

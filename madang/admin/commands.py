"""The output of `madang check` in a terminal."""

from collections.abc import Mapping
from itertools import chain

import click

from madang.core.i18n import _

from .operations.counters import differences, repair_counters
from .operations.installation_checks import findings
from .operations.network_checks import network_findings


def show_findings(settings: Mapping[str, object], environment: Mapping[str, str]) -> bool:
    """Print what is misconfigured; return whether something is wrong."""
    has_errors = False
    for is_wrong, sentence in chain(findings(settings, environment), network_findings(settings)):
        kind = _("Problem") if is_wrong else _("Note")  # messages in f-strings are not extracted
        click.echo(f"{kind}: {sentence}")
        has_errors = has_errors or is_wrong
    if not has_errors:
        click.echo(_("No problems found."))
    return has_errors


def show_counters(*, mend: bool) -> bool:
    """Count everything and print which counters are wrong; return whether some still are."""
    count = 0
    for difference in differences():
        click.echo(difference)
        count += 1
    if not count:
        click.echo(_("All counters are correct."))
    elif mend:
        click.echo(_("Counters repaired: %(count)s.", count=repair_counters()))
    else:
        click.echo(_("Wrong counters: %(count)s. “madang check --counts --mend” repairs them.", count=count))
    return bool(count) and not mend

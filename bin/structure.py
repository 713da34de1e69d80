"""`python -m bin.structure`: compare the structure of madang/ (lengths of functions and files, `Any`) with bounds.

Migrations are not measured: each is a record of the tables at one time.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from .lib.source import Module, any_count, functions, library_names, read_modules

ROOT = Path(__file__).resolve().parents[1]
MAX_ANY = 40
# Figures that exceed their bounds today. They are printed, but do not fail the run while they are listed here.
PENDING = {
    "share of core, %",
}
FORM = "each argument is a field of one form"
MANY_PARAMETERS = {  # function: why it takes more than six parameters
    "madang.accounts.operations.staff_actions.record_staff_action_on": "each argument is a column of the staff log",
    "madang.importing.operations.session.ImportSession.__init__": "each argument is a field of the session",
    "madang.accounts.operations.managing.add_account": FORM,
    "madang.accounts.operations.managing.edit_account": FORM,
    "madang.accounts.operations.sessions.open_session": "each argument is a column of the session",
    "madang.accounts.operations.signing_up.sign_up": FORM,
    "madang.admin.operations.setup.set_up_site": FORM,
    "madang.boards.operations.managing.create_board": FORM,
    "madang.boards.operations.managing.edit_board": FORM,
    "madang.posts.operations.editing.edit_post": FORM,
}
DOCUMENTED = {  # names with an underscore that are documented by their library
    "_asdict": "rows of SQLAlchemy",
    "_deserialize": "a field of marshmallow",
    "_exit": "os",
    "_get_current_object": "the proxies of Werkzeug",
    "_serialize": "a field of marshmallow",
    "madang.core.rest.serialisation._fields": "rows of SQLAlchemy; those of WTForms are not documented",
}
TOP = {"application", "asgi", "cli", "config", "core", "migrations", "shell", "slices", "subscriptions", "translations"}
ROLES = {
    "models", "events", "policies", "kinds", "queries", "counters", "sentences", "operations", "jobs", "subscribers",
    "commands", "views", "forms", "fragments", "api", "schemas", "ownership", "slice",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A measured value. The bound is met when `now` is at most `bound`; `offenders` are the places that exceed it."""

    name: str
    bound: float
    now: float
    offenders: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.now <= self.bound


def outside_layers(modules: Iterable[Module]) -> list[str]:
    """The modules that belong to no layer: neither a top-level package nor a role of a slice."""
    names = [module.name.split(".") for module in modules]
    slices = {parts[1] for parts in names if len(parts) > 2} - TOP
    return [".".join(parts) for parts in names if not has_layer(parts, slices)]


def has_layer(parts: list[str], slices: set[str]) -> bool:
    if len(parts) == 1 or parts[1] in TOP:
        return True
    return parts[1] in slices if len(parts) == 2 else parts[2] in ROLES


def measure(modules: list[Module]) -> list[Figure]:
    """All figures, in the order of the table."""
    measured = [function for module in modules for function in functions(module.tree, module.name)]
    lengths = [function.length for function in measured]
    files = [module.length for module in modules if module.length]
    long_functions = [function for function in measured if function.length > 40]
    long_files = [module for module in modules if module.length > 300]
    many = {function.name: function.parameters for function in measured if function.parameters > 6}
    unexplained = [f"{name} ({count})" for name, count in many.items() if name not in MANY_PARAMETERS]
    any_counts = Counter({module.name: any_count(module) for module in modules})
    private, outside = library_names(modules, DOCUMENTED), outside_layers(modules)
    core = sum(module.length for module in modules if f"{module.name}.".startswith("madang.core."))
    names = [module.name for module in modules]
    packages = {name.rpartition(".")[0] for name in names}
    flat = [name for name in names if name.rpartition(".")[0] == "madang.core" and name not in packages]
    return [
        Figure("function, median", 6, median(lengths)),
        Figure("function, 90 %", 14, quantiles(lengths, n=10, method="inclusive")[-1]),
        Figure("function, longest", 40, max(lengths), tuple(f"{each.name} ({each.length})" for each in long_functions)),
        Figure("file, median", 80, median(files)),
        Figure("file, longest", 300, max(files), tuple(f"{each.name} ({each.length})" for each in long_files)),
        Figure("functions of over 6 parameters", 0, len(unexplained), tuple(unexplained)),
        Figure("private names of libraries", 0, len(private), tuple(private)),
        Figure(
            "places of Any",
            MAX_ANY,
            any_counts.total(),
            tuple(f"{name} ({count})" for name, count in any_counts.most_common(10)),
        ),
        Figure("share of core, %", 20, round(100 * core / sum(files), 1)),
        Figure("flat modules in core", 20, len(flat), tuple(flat)),
        Figure("modules outside the layers", 0, len(outside), tuple(outside)),
    ]


def verdict(figure: Figure) -> str:
    """The last column of a figure: empty when its bound is met."""
    if figure.name in PENDING:
        return "met: remove it from PENDING" if figure.is_met else "pending"
    return "" if figure.is_met else "MISSED"


def report(figures: Iterable[Figure], *, everything: bool) -> list[str]:
    """Print the table; return the names of the figures that fail. `everything` also prints the pending offenders."""
    missed = []
    print(f"{'figure':32}{'bound':>7}{'now':>7}")
    for figure in figures:
        mark = verdict(figure)
        print(f"{figure.name:32}{figure.bound:>7g}{figure.now:>7g}  {mark}".rstrip())
        if mark == "MISSED":
            missed.append(figure.name)
        if mark == "MISSED" or everything:
            print("".join(f"    {offender}\n" for offender in figure.offenders), end="")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bin.structure", description="Measure the structure of madang/.")
    parser.add_argument("--report", action="store_true", help="list all offenders, and do not fail")
    is_report = parser.parse_args().report
    missed = report(measure(read_modules(ROOT / "madang")), everything=is_report)
    if missed and not is_report:
        sys.exit(f"Bounds missed: {', '.join(missed)}.")


if __name__ == "__main__":
    main()

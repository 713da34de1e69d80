"""What to say to an author whose text passes a bound of the renderer."""

from madang.core.i18n import _, number

from .limits import MAX_LINES, Budget
from .mathml import MAX_FORMULA
from .tables import MAX_COLUMNS


def excess_message(excess: dict[str, int]) -> str:
    """A sentence about the first of the bounds that a text passes, by `Budget.excess`."""
    if cells := excess.get("cells"):
        return _(
            "The tables in this text have %(has)s cells; the limit is %(count)s. Please shorten them.",
            has=number(cells),
            count=number(Budget.cells),
        )
    if columns := excess.get("columns"):
        return _(
            "A table in this text has %(has)s columns; the limit is %(count)s. Please split it.",
            has=number(columns),
            count=number(MAX_COLUMNS),
        )
    if lines := excess.get("lines"):
        return _(
            "This text has %(has)s lines; the limit is %(count)s. Please shorten it.",
            has=number(lines),
            count=number(MAX_LINES),
        )
    if "quote_lines" in excess:
        return _("Too many lines of this text may belong to its quotes. Please leave an empty line after each quote.")
    if formula := excess.get("formula"):
        return _(
            "A formula in this text has %(has)s characters; the limit is %(count)s. Please split it.",
            has=number(formula),
            count=number(MAX_FORMULA),
        )
    if "formulas" in excess:
        return _("The formulas in this text are too many or too long. Please shorten them, or split the text.")
    if "level" in excess:
        return _("The quotes and lists in this text are nested too deeply. Please remove some levels.")
    return _("This text has far more formatting than words. Please use less of it.")

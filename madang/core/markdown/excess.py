"""What to say to an author whose text passes a bound of the renderer."""

from madang.core.i18n import _, number

from .limits import MAX_LINES, Budget
from .mathml import MAX_FORMULA
from .tables import MAX_COLUMNS


def excess_message(excess: dict[str, int]) -> str:
    """A sentence about the first of the bounds that a text passes, by `Budget.excess`."""
    if cells := excess.get("cells"):
        return _(
            "The tables of this text have %(has)s cells; %(count)s is the most. Please shorten them.",
            has=number(cells),
            count=number(Budget.cells),
        )
    if columns := excess.get("columns"):
        return _(
            "A table of this text has %(has)s columns; %(count)s is the most. Please divide it.",
            has=number(columns),
            count=number(MAX_COLUMNS),
        )
    if lines := excess.get("lines"):
        return _(
            "This text has %(has)s lines; %(count)s is the most. Please shorten it.",
            has=number(lines),
            count=number(MAX_LINES),
        )
    if "quote_lines" in excess:
        return _("Too many lines of this text may belong to its quotes. Please leave an empty line after each quote.")
    if formula := excess.get("formula"):
        return _(
            "A formula of this text has %(has)s characters; %(count)s is the most. Please divide it.",
            has=number(formula),
            count=number(MAX_FORMULA),
        )
    if "formulas" in excess:
        return _("This text has too many formulas, or too long ones. Please shorten them, or divide the text.")
    if "level" in excess:
        return _("The quotes and lists of this text are nested too deeply. Please remove some levels.")
    return _("The marks of this text take far more room than its words. Please use fewer of them.")

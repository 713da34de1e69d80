"""Texts of the definitions that have translations; who shows them translates them."""


def gettext_noop(text: str) -> str:
    """Return `text`. The name `_` marks it for the translations (`translations/extract.py`)."""
    return text

"""Translated texts of pages, for tests in both languages."""

from madang.core.i18n import gettext, load_catalogues, use_locale
from madang.translations import compile_catalogues

load_catalogues(compile_catalogues())


class Words:
    """The texts of one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, message: str, *, context: str | None = None, **values: object) -> str:
        with use_locale(self.locale):
            text = gettext(message, context)
        return text % values if values else text


ko = Words("ko")

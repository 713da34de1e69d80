"""Renders a page of the gallery as the application would, with invented people and no database."""

import gettext
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from babel.dates import format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from frontend.build import MANIFEST, ROOT
from frontend.gallery import content
from madang.core.text import slugify

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TEMPLATES = ROOT / "madang" / "templates"
DRAWN = Path(__file__).parent / "templates"
PAGES = sorted(path.stem for path in DRAWN.glob("*.html"))


def render(name: str, *, locale: str = "ko", theme: str | None = None, actor: Any = None, **values: Any) -> str:
    """The HTML of one page; `actor` is a member unless the page is one for visitors."""
    environment = make_environment(locale)
    page = environment.get_template(f"{name}.html")
    member = content.VISITOR if name in content.VISITORS_PAGES else content.MEMBER
    return page.render(**content.values(NOW), **frame(locale, theme, actor or member, name), **values)


def make_environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, DRAWN]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
    )
    catalogue = translations(locale)
    environment.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)
    environment.filters |= filters(locale)
    environment.globals |= {
        "asset": lambda name: f"/static/dist/{manifest()[name]}",
        "csrf_token": lambda: "a-token",
        "get_flashed_messages": lambda with_categories=False: [],
    }
    return environment


def frame(locale: str, theme: str | None, actor: Any, name: str) -> dict[str, Any]:
    request = SimpleNamespace(path=content.PATHS.get(name, f"/{name}"), full_path="/", query_string=b"", args={})
    return {
        "actor": actor,
        "site": SimpleNamespace(name="마당" if locale == "ko" else "Madang", description="A yard to meet in."),
        "csp_nonce": "nonce",
        "has_flashes": False,
        "theme": theme,
        "locale": locale,
        "request": request,
    }


def translations(locale: str) -> gettext.NullTranslations:
    if locale == "en":
        return gettext.NullTranslations()
    with (ROOT / "madang" / "translations" / locale / "layout.po").open("rb") as source:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def filters(locale: str) -> dict[str, Callable[[Any], str]]:
    return {
        "ago": lambda when: format_timedelta(when - NOW, add_direction=True, locale=locale),
        "exact": lambda when: format_datetime(when, "yyyy-MM-dd HH:mm", locale=locale),
        "number": lambda value: format_decimal(value, locale=locale),
        "compact": lambda value: compact(value, locale),
        "author": lambda row: content.PEOPLE[row.author],
        "slug": slugify,
    }


def compact(value: int, locale: str) -> str:
    if abs(value) < 10_000:
        return format_decimal(value, locale=locale)
    return format_compact_decimal(value, locale=locale, fraction_digits=1)


def manifest() -> dict[str, str]:
    return json.loads(MANIFEST.read_text(encoding="utf-8"))

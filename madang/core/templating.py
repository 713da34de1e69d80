"""What templates may use: words, dates, numbers, the site, the actor, and the addresses of built files."""

import json
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, session, url_for

from . import i18n
from .clock import now
from .fragments import token_place
from .headers import csp_nonce
from .site import site
from .text import slugify
from .web import THEME_COOKIE, current_actor


def init_app(app: Flask) -> None:
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(i18n.gettext, i18n.ngettext_open, newstyle=True)  # type: ignore[attr-defined]
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        ago=lambda moment: i18n.ago(moment, now()),
        exact=i18n.exact,
        date=i18n.date,
        number=i18n.number,
        compact=i18n.compact,
        slug=slugify,
    )
    env.globals.update(asset=asset, csrf_token=token_place, language_names=i18n.LANGUAGE_NAMES, now=now)
    app.context_processor(_page_values)
    app.extensions["assets"] = _read_manifest(Path(app.static_folder or "") / "dist" / "manifest.json")


def _read_manifest(path: Path) -> dict[str, str]:
    return json.loads(path.read_text()) if path.is_file() else {}


def asset(name: str) -> str:
    """The address of a built file, which changes with its content."""
    return url_for("static", filename=f"dist/{current_app.extensions['assets'].get(name, name)}")


def theme() -> str | None:
    """The theme that was chosen on this browser; None lets the system decide."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in ("light", "dark") else None


def _page_values() -> dict[str, Any]:
    return {
        "actor": current_actor(),
        "site": site(),
        "csp_nonce": csp_nonce(),
        "theme": theme(),
        "locale": i18n.current_locale(),
        "has_flashes": "_flashes" in session,
    }

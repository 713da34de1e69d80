"""What templates may use: words, dates, numbers, the site, the actor, and the addresses of built files."""

import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, session
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.runtime import Macro
from markupsafe import Markup

from madang.core import i18n
from madang.core.clock import now
from madang.core.site import site
from madang.core.text import initial, slugify

from .actor import current_actor
from .constants import THEME_COOKIE
from .fragment_cache import fragment, here_place, token_place
from .headers import csp_nonce
from .suspension import suspension_sentence


def init_app(app: Flask) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.bytecode_cache = template_cache(Path(app.instance_path) / "templates")
    env.filters.update(
        ago=lambda moment: i18n.ago(moment, now()),
        exact=i18n.exact,
        moment=i18n.moment,
        date=i18n.date,
        number=i18n.number,
        compact=i18n.compact,
        initial=initial,
        slug=slugify,
    )
    env.globals.update(
        _=_sentence,
        fragment=fragment,
        ngettext=_plural,
        asset=asset,
        csrf_token=token_place,
        here=here_place,
        spoken=i18n.current_locale,
        language_names=i18n.LANGUAGE_NAMES,
        now=now,
        suspension_sentence=suspension_sentence,
    )
    app.context_processor(_page_values)
    app.extensions["assets"] = _read_manifest(Path(app.static_folder or "") / "dist" / "manifest.json")


class TemplateCache(FileSystemBytecodeCache):
    """Compiled templates in a folder. What cannot be written is compiled again by the next start."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template_cache(folder: Path) -> TemplateCache | None:
    """The cache in `folder`, which only the site's own user may enter, since what lies there is run.

    None where such a folder cannot be had; compiling all templates takes about a fourth of a start.
    """
    try:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    except OSError:
        return None
    return TemplateCache(str(folder))


def register_components(app: Flask) -> None:
    """Let templates use every macro of `components/` by its name: an import costs 30 us a page."""
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("components/"))
    with app.app_context():
        modules = [app.jinja_env.get_template(name).module for name in names]
    macros = [value for module in modules for value in vars(module).values() if isinstance(value, Macro)]
    app.jinja_env.globals.update({macro.name: macro for macro in macros})


@lru_cache(maxsize=4096)
def _marked(message: str, _locale: str) -> Markup:
    return Markup(i18n.gettext(message))  # noqa: S704  (our own sentences)


def _sentence(message: str, **values: Any) -> Markup:
    """The sentence in the reader's language; what is filled in is escaped."""
    text = _marked(message, i18n.current_locale())
    return text % values if values else text


def _plural(singular: str, plural: str, num: int, **values: Any) -> Markup:
    text = Markup(i18n.ngettext_open(singular, plural, num))  # noqa: S704
    return text % {"num": i18n.number(num), **values}


def _read_manifest(path: Path) -> dict[str, str]:
    return json.loads(path.read_text()) if path.is_file() else {}


def asset(name: str) -> str:
    """The address of a built file, which changes with its content."""
    return f"/static/dist/{current_app.extensions['assets'].get(name, name)}"


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

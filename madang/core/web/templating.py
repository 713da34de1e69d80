"""The Jinja environment: filters, globals, components, page variables, and the cache of compiled templates."""

import json
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request, session
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.runtime import Macro
from markupsafe import Markup

from madang.core import i18n
from madang.core.clock import now
from madang.core.settings import setting
from madang.core.site import offered_locales, site
from madang.core.text import initial, slugify

from .actor import current_actor
from .constants import THEME_COOKIE, THEMES
from .features import is_on
from .fragment_cache import fragment, next_placeholder, path_placeholder, token_placeholder
from .header import header_tools
from .headers import csp_nonce
from .page_metadata import breadcrumb_list, canonical_url, structured_data
from .suspension import suspension_sentence
from .urls import absolute_url


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
        _=_translate,
        fragment=fragment,
        has_feature=is_on,
        header_tools=header_tools,
        ngettext=_translate_plural,
        offered_locales=offered_locales,
        setting=setting,
        asset=asset,
        csrf_token=token_placeholder,
        here=path_placeholder,
        after_login=next_placeholder,
        spoken=i18n.current_locale,
        absolute_url=absolute_url,
        canonical_url=canonical_url,
        breadcrumb_list=breadcrumb_list,
        structured_data=structured_data,
        language_names=i18n.LANGUAGE_NAMES,
        now=now,
        suspension_sentence=suspension_sentence,
    )
    app.context_processor(_page_variables)
    app.extensions["assets"] = _read_manifest(Path(app.static_folder or "") / "dist" / "manifest.json")


class TemplateCache(FileSystemBytecodeCache):
    """Compiled templates in a folder. A template that cannot be written is compiled again at the next start."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template_cache(folder: Path) -> TemplateCache | None:
    """Return the cache in `folder`, made private to the site's own user (0700), since its files are executed.

    None if the folder cannot be created. Compiling all templates takes about a quarter of the start-up time.
    """
    try:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    except OSError:
        return None
    return TemplateCache(str(folder))


def register_components(app: Flask) -> None:
    """Make every macro of `components/` a global of the templates: a template import costs 30 us a page."""
    names = app.jinja_env.list_templates(filter_func=lambda name: name.startswith("components/"))
    with app.app_context():
        modules = [app.jinja_env.get_template(name).module for name in names]
    macros = [value for module in modules for value in vars(module).values() if isinstance(value, Macro)]
    app.jinja_env.globals.update({macro.name: macro for macro in macros})


@lru_cache(maxsize=4096)
def _translated_markup(message: str, _locale: str, context: str | None) -> Markup:
    return Markup(i18n.gettext(message, context))  # noqa: S704  (Madang's own sentences)


def _translate(message: str, *, context: str | None = None, **values: object) -> Markup:
    """Translate `message` to the current locale; the interpolated values are escaped. For `context` see `i18n._`."""
    text = _translated_markup(message, i18n.current_locale(), context)
    return text % values if values else text


def _translate_plural(singular: str, plural: str, num: int, *, context: str | None = None, **values: object) -> Markup:
    text = Markup(i18n.ngettext_open(singular, plural, num, context))  # noqa: S704
    return text % {"num": i18n.number(num), **values}


def _read_manifest(path: Path) -> dict[str, str]:
    return json.loads(path.read_text()) if path.is_file() else {}


def asset(name: str) -> str:
    """Return the URL of a built file, which contains a hash of its content."""
    return f"/static/dist/{current_app.extensions['assets'].get(name, name)}"


def theme() -> str | None:
    """Return the theme from the cookie; None if none is chosen, so that the operating system decides."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else None


def _page_variables() -> dict[str, object]:
    return {
        "actor": current_actor(),
        "site": site(),
        "csp_nonce": csp_nonce(),
        "theme": theme(),
        "locale": i18n.current_locale(),
        "has_flashes": "_flashes" in session,
    }

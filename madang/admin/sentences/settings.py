"""Settings in words: what they mean, where their values come from, why one cannot be changed."""

from collections.abc import Mapping
from typing import Protocol

from madang.config import SETTINGS, Setting, automatic_settings, source_of
from madang.core.i18n import LANGUAGE_NAMES, _, gettext
from madang.core.settings import settings_of_start


def group_words(title: str) -> str:
    """The title of a group of settings."""
    return gettext(title)


def meaning_words(definition: Setting) -> str:
    """What a setting is for."""
    return gettext(definition.meaning)


def allowed_words(definition: Setting) -> str:
    """What the value of a setting must be, to complete a sentence."""
    limits = {key: str(value) for key, value in definition.kind.limits.items()}
    template = gettext(definition.kind.allowed_template)
    return template % limits if limits else template


def choice_words(word: str) -> str:
    """A word that a setting can have, as a form offers it."""
    labels = {
        "yes": _("Yes"),
        "no": _("No"),
        "auto": _("Automatic", context="setting"),
        "starttls": "STARTTLS",
        "ssl": "TLS",
        "none": _("None", context="encryption"),
    }
    names = [LANGUAGE_NAMES.get(part, "") for part in word.split()]
    return labels.get(word) or (", ".join(names) if all(names) else word)


def setting_text(definition: Setting, values: Mapping[str, object]) -> str:
    """The value of a setting as it is typed."""
    if definition.name in automatic_settings(values):
        return definition.default
    value = values[definition.name]
    return "" if value is None else definition.kind.show(value)


def fixed_words(definition: Setting) -> str:
    """Why a setting cannot be changed in the browser, and where it is set; empty if it can."""
    variable = definition.variable
    if not definition.in_browser:
        return _(
            "Read when a process starts. Set %(variable)s in the environment or the settings file, and restart.",
            variable=variable,
        )
    source = source_of(definition.name, settings_of_start())
    if source is None:
        return ""
    if source:
        return _("The file %(file)s sets %(variable)s. Change it there, and restart.", file=source, variable=variable)
    return _("The environment sets %(variable)s. Change it there, and restart.", variable=variable)


def shown_text(definition: Setting, text: str | None) -> str:
    """A text of a change as the list of changes shows it; never that of a secret."""
    if text is None:
        return _("the default")
    if definition.secret:
        return _("(hidden)")
    return choice_words(text) if definition.kind.words else text


class Change(Protocol):
    """What `change_words` reads of a row of `setting_changes`."""

    name: str
    former: str | None
    value: str | None


def change_words(change: Change) -> str:
    """A change in words: the text before and after."""
    definition = SETTINGS.get(change.name)
    if definition is None:
        return f"{change.former} → {change.value}"
    return f"{shown_text(definition, change.former)} → {shown_text(definition, change.value)}"

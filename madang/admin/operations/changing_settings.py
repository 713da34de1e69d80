"""Change settings in the browser, put them back to their defaults, and set back what was changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from madang.accounts.operations.staff_actions import record_staff_action
from madang.accounts.policies.accounts import require_administrator
from madang.config import SETTINGS, Setting, chosen_values, contradictions, parse_chosen
from madang.core.actor import Actor
from madang.core.db import add_if_new, db, find
from madang.core.db.dedup import digest
from madang.core.errors import Conflict, InvalidInput, NotFound
from madang.core.i18n import _, gettext
from madang.core.settings import settings_of_start
from madang.core.site import choose, lock_chosen, readable_rows
from madang.core.text import clean_body

from ..models import SettingChange
from ..sentences.settings import allowed_words, fixed_words, setting_text

TEXT_MAX = 100_000  # of any setting, before it is looked at


class SettingChanged(Conflict):
    """Somebody else has changed a setting since the form was shown."""

    code = "setting_changed"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Somebody has changed this meanwhile. Save again to replace it."), fields=fields)


def fingerprint(text: str) -> str:
    """What a form says about the text of a setting that it has shown."""
    return digest(text)[:16]


def change_settings(
    texts: Mapping[str, str], *, actor: Actor, now: datetime, seen: Mapping[str, str] | None = None
) -> list[int]:
    """Change settings, all or none, and return the ids of the changes; a text that changes nothing is passed over.

    `seen` has the fingerprints of the texts that a form has shown: what its person has not touched stays as it is, a
    secret whose field is empty too. An empty text where the default is empty puts a setting back. Raises `Forbidden`,
    `NotFound` for an unknown name, `Conflict` for a setting that cannot be changed here, `SettingChanged`, and
    `InvalidInput` with the names of the settings as fields.
    """
    rows = lock_chosen()
    require_administrator(actor)
    touched, errors, changed = {}, {}, {}
    for name, typed in texts.items():
        definition, text = require_changeable(name), clean_body(typed[: TEXT_MAX + 1]).strip()
        former = _text_of(definition, rows)
        if seen is not None and (text == "" if definition.secret else fingerprint(text) == seen.get(name)):
            continue
        text, error = _checked(definition, text)
        if error:
            errors[name] = error
        elif not definition.secret and text == former:
            continue
        elif seen is not None and seen.get(name) != fingerprint(former):
            changed[name] = _changed_words(definition, former)
        else:
            touched[name] = text or None
    errors = errors or _contradictions(touched, rows)
    if errors:
        raise InvalidInput(fields=errors)
    if changed:
        raise SettingChanged(changed)
    return [_write(SETTINGS[name], rows, text, actor, now) for name, text in touched.items()]


def change_setting(name: str, text: str, *, actor: Actor, now: datetime) -> None:
    """Change one setting. Raises as `change_settings` does; the field of `InvalidInput` is `value`."""
    try:
        change_settings({name: text}, actor=actor, now=now)
    except InvalidInput as error:
        raise InvalidInput(error.fields[name], field="value") from None


def reset_setting(name: str, *, actor: Actor, now: datetime) -> int | None:
    """Put a setting back to its default; returns the id of the change, if it is one.

    Raises as `change_settings` does, but `Conflict` if the default contradicts other settings.
    """
    rows = lock_chosen()
    require_administrator(actor)
    definition = require_changeable(name)
    if definition.row_name not in rows:
        return None
    if errors := _contradictions({name: None}, rows):
        raise Conflict(errors[name])
    return _write(definition, rows, None, actor, now)


def undo_setting_change(change_id: int, *, actor: Actor, now: datetime) -> None:
    """Give a setting the value again that it had before a change.

    Raises `NotFound`, and `Conflict` for a secret, whose former value is not kept, and for a value that is not allowed
    now; else as `change_settings`.
    """
    require_administrator(actor)
    change = find(SettingChange, change_id)
    if change is None:
        raise NotFound
    definition = require_changeable(change.name)
    if definition.secret:
        raise Conflict(_("The former value of a secret is not kept. Please type it again."))
    if change.former is None:
        reset_setting(change.name, actor=actor, now=now)
        return
    try:
        change_settings({change.name: change.former}, actor=actor, now=now)
    except InvalidInput as error:
        raise Conflict(error.fields[change.name]) from None


def require_changeable(name: str) -> Setting:
    """The definition of a setting. Raises `NotFound`, and `Conflict` for one that cannot be changed here."""
    definition = SETTINGS.get(name)
    if definition is None:
        raise NotFound(_("There is no setting of this name."))
    if words := fixed_words(definition):
        raise Conflict(words)
    return definition


def default_text(definition: Setting) -> str:
    """The text of a setting that nobody has changed in the browser."""
    return setting_text(definition, settings_of_start())


def _text_of(definition: Setting, rows: Mapping[str, str]) -> str:
    return rows.get(definition.row_name) or default_text(definition)


def _checked(definition: Setting, text: str) -> tuple[str, str | None]:
    """The text as it is stored, and the error message of a wrong one."""
    if not text and not definition.default:
        return "", None
    try:
        value = parse_chosen(definition, text if len(text) <= TEXT_MAX else "")
    except ValueError:
        return "", _("This must be %(allowed)s.", allowed=allowed_words(definition))
    return "auto" if value is None else definition.kind.show(value), None


def _contradictions(texts: Mapping[str, str | None], rows: Mapping[str, str]) -> dict[str, str]:
    """The errors of texts that are right by themselves, but contradict other settings; None is the default."""
    changed = readable_rows(rows)
    for name, text in texts.items():
        changed.pop(SETTINGS[name].row_name, None)
        if text is not None:
            changed[SETTINGS[name].row_name] = text
    start = settings_of_start()
    values = {**start, **chosen_values(changed, start)}
    if texts.get("MAIL_SERVER") and values["MAIL_PASSWORD"] and "MAIL_PASSWORD" not in texts:
        # Or whoever may change settings could read the password, on a server of their own.
        return {"MAIL_SERVER": _("This server would get the password that is set. Type it too, or remove it first.")}
    found = contradictions(values)
    return {name: gettext(words) for names, words in found for name in names if name in texts}


def _changed_words(definition: Setting, former: str) -> str:
    if definition.secret:
        return _("Somebody has changed this meanwhile. Save again to replace it.")
    return _("Somebody has changed this to “%(text)s” meanwhile. Save again to replace it.", text=former[:100])


def _write(definition: Setting, rows: Mapping[str, str], text: str | None, actor: Actor, now: datetime) -> int:
    name, former = definition.name, rows.get(definition.row_name)
    latest = db.session.scalar(select(func.max(SettingChange.number)).where(SettingChange.name == name))
    number = (latest or 0) + 1
    shown = {"former": former, "value": text}
    if definition.secret:
        shown = {key: None if value is None else "" for key, value in shown.items()}
    if not add_if_new(SettingChange, name=name, number=number, actor_id=actor.id, created_at=now, **shown):
        raise SettingChanged({name: _changed_words(definition, "…")})
    choose(definition, text)
    if text is None:
        record_staff_action("reset_setting", "site", None, actor=actor, setting=name)
    else:
        record_staff_action("change_setting", "site", None, actor=actor, setting=name)
    is_this = (SettingChange.name == name) & (SettingChange.number == number)
    return db.session.scalars(select(SettingChange.id).where(is_this)).one()

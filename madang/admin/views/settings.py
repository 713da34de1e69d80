"""Staff pages: the settings of the site, and their changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.config import BROWSER_SETTINGS, GROUPS
from madang.core.clock import now
from madang.core.errors import Conflict, NotFound
from madang.core.i18n import _
from madang.core.mail import NoMailServer
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import Form, flash_with_undo
from madang.core.web.request_limits import limit_rate
from madang.posts.fragments.authors import Author

from ..forms import TestMailForm, settings_form
from ..operations.changing_settings import (
    change_settings,
    fingerprint,
    reset_setting,
    undo_setting_change,
)
from ..operations.reading_settings import SettingState, setting_states
from ..operations.test_mails import MailNotAccepted, send_test_mail
from ..queries import PER_PAGE, setting_changes
from ..sentences.settings import change_words, choice_words, group_words, meaning_words
from .access import admin_required, paginate

bp = Blueprint("settings_of_site", __name__, url_prefix="/admin/settings")
SEARCH_MAX = 60
WAS = "was_"


@dataclass(frozen=True, slots=True)
class GroupOnPage:
    """A group of settings as the page prints it: those that can be changed, in a form, and the others."""

    key: str
    title: str
    form: Form
    changeable: list[SettingState]
    fixed: list[SettingState]


@bp.get("")
@admin_required
def show_settings() -> str:
    return _settings_page(request.args.get("q", "")[:SEARCH_MAX])


def _settings_page(
    search: str = "", submitted: Mapping[str, Form] | None = None, mail: TestMailForm | None = None
) -> str:
    """The page; `submitted` are forms of groups that are shown again, `mail` is that of the test mail."""
    states = setting_states(current_actor(), search)
    groups = [
        _group(title, list(members), (submitted or {}).get(title))
        for title, members in groupby(states, lambda state: state.group)
    ]
    return render_template(
        "admin/settings.html",
        choice_words=choice_words,
        groups=groups,
        search=search,
        mail=(mail or TestMailForm(formdata=None)).set_labels(),
    )


def _group(title: str, states: list[SettingState], submitted: Form | None) -> GroupOnPage:
    changeable = [state for state in states if not state.fixed_because]
    form = submitted or settings_form([state.definition for state in changeable])(
        data={state.name: state.text for state in changeable}, formdata=None
    )
    for state in changeable:
        if submitted and state.name not in request.form:  # a form of found settings has sent only those
            form[state.name].data = state.text
        form[state.name].label.text = state.meaning
        form[WAS + state.name].data = fingerprint(state.stored)
    return GroupOnPage(title.lower(), group_words(title), form, changeable, [s for s in states if s.fixed_because])


@bp.post("/groups/<group>")
@api_twin("PATCH /admin/settings/<name>")
@admin_required
def save_settings(group: str) -> AnyResponse | tuple[str, int]:
    title = group.capitalize()
    if title not in GROUPS:
        raise NotFound
    definitions = [each for each in GROUPS[title] if each.name in BROWSER_SETTINGS]
    form = settings_form(definitions)()
    texts = {each.name: form.text(each.name) for each in definitions if each.name in request.form}
    with form.submitted():
        seen = {name: request.form.get(WAS + name, "") for name in texts}
        changes = change_settings(texts, actor=current_actor(), now=now(), seen=seen)
        _flash_saved(changes)
        return redirect(f"/admin/settings#{group}")
    return _settings_page(submitted={title: form}), form.status


def _flash_saved(changes: list[int]) -> None:
    if len(changes) == 1:
        flash_with_undo(_("The setting has been saved."), f"/admin/settings/changes/{changes[0]}/undo")
    elif changes:
        flash(_("The settings have been saved."), "success")
    else:
        flash(_("Nothing was changed."), "info")


@bp.post("/<name>/reset")
@api_twin("DELETE /admin/settings/<name>")
@admin_required
def reset(name: str) -> AnyResponse:
    try:
        change_id = reset_setting(name, actor=current_actor(), now=now())
    except Conflict as error:
        flash(error.message, "info")
    else:
        if change_id:
            flash_with_undo(_("The setting has its default again."), f"/admin/settings/changes/{change_id}/undo")
    group = next(title for title, members in GROUPS.items() if any(each.name == name for each in members))
    return redirect(f"/admin/settings#{group.lower()}")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a setting as the page prints it."""

    id: int
    variable: str
    meaning: str
    words: str
    who: Author | None
    is_command: bool
    row: Row
    is_undoable: bool


@bp.get("/changes")
@admin_required
def show_changes() -> str:
    before = request.args.get("before", type=int)
    name = request.args.get("name", "")[:SEARCH_MAX]
    page = paginate(setting_changes(before, PER_PAGE + 1, name), PER_PAGE, "before")
    return render_template("admin/setting_changes.html", lines=[_line(row) for row in page.rows], **page.links)


def _line(row: Row) -> ChangeLine:
    has_actor = row.actor_username is not None and row.actor_deleted_at is None
    definition = BROWSER_SETTINGS.get(row.name)
    return ChangeLine(
        id=row.id,
        variable=f"MADANG_{row.name}",
        meaning=meaning_words(definition) if definition else "",
        words=change_words(row),
        who=Author(row.actor_username, row.actor_display_name, None, row.actor_role) if has_actor else None,
        is_command=row.actor_id is None,
        row=row,
        is_undoable=definition is not None and not definition.secret,
    )


@bp.post("/changes/<int:change_id>/undo")
@api_twin("POST /admin/setting-changes/<int:change_id>/undo")
@admin_required
def undo(change_id: int) -> AnyResponse:
    try:
        undo_setting_change(change_id, actor=current_actor(), now=now())
    except Conflict as error:
        flash(error.message, "info")
    else:
        flash(_("The setting has its former value again."), "success")
    return redirect("/admin/settings/changes")


@bp.post("/test-mail")
@api_twin("POST /admin/test-mail")
@admin_required
def test_mail() -> AnyResponse | tuple[str, int]:
    form = TestMailForm()
    try:
        with form.submitted():
            limit_rate("mail")
            send_test_mail(form.text("address"))
            words = _("The mail server has accepted the mail. Please see whether it arrives, and not among spam.")
            flash(words, "success")
            return redirect("/admin/settings#mail")
    except (NoMailServer, MailNotAccepted) as error:
        form.take(error)
    return _settings_page(mail=form), form.status

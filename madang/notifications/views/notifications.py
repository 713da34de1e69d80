"""The bell: its list, what one has read, what one wants to be told, and the link at a mail's end."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.constants import is_htmx
from madang.core.web.csrf import csrf
from madang.core.web.forms import Form, choices
from madang.core.web.ids import parse_id
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import safe_path

from ..models.kinds import KINDS, WHERE
from ..models.tables import DIGESTS
from ..operations.mails import read_unsubscribe_token
from ..operations.notifying import mark_post_read, mark_read, set_preferences, stop_mails
from ..queries import activity_of, chosen_of, get_notification, lines
from ..sentences import icon_of, kind_label, sentence

bp = Blueprint("notifications", __name__)
PER_PAGE = 30
IN_MENU = 8


@bp.app_template_filter("sentence")
def _sentence(line: Any) -> str:
    return sentence(line)


@bp.app_template_filter("kind_icon")
def _icon(name: str) -> str:
    return icon_of(name)


@bp.get("/notifications")
@identity_required
def index() -> str:
    is_unread = request.args.get("unread") == "1"
    before = parse_id(request.args["before"]) if request.args.get("before") else None
    rows = activity_of(current_actor(), before=before, limit=PER_PAGE + 1, is_unread=is_unread)
    older = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None
    listed = {"lines": lines(rows[:PER_PAGE]), "older": older, "is_unread": is_unread, "is_first": before is None}
    return render_template("notifications/list.html", **listed)


@bp.get("/notifications/recent")
@identity_required
def recent() -> str:
    """What the bell shows."""
    return render_template(
        "notifications/recent.html", lines=lines(activity_of(current_actor(), before=None, limit=IN_MENU))
    )


@bp.get("/notifications/<int:notification_id>")
@identity_required
def show(notification_id: int) -> AnyResponse:
    """Lead to what one is told of; who goes there has read it."""
    found = get_notification(notification_id, current_actor())
    mark_read([found.id], actor=current_actor(), now=now())
    return redirect(safe_path(found.payload.get("url")) or url_for("notifications.index"))


@bp.post("/notifications/read")
@identity_required
@allowed_while_suspended
def read() -> AnyResponse | Response:
    """Mark one notification, those about a post, or all as read."""
    actor = current_actor()
    if post := request.form.get("post"):
        mark_post_read([parse_id(post)], user_id=actor.id or 0, now=now())
    else:
        one = request.form.get("id")
        mark_read([parse_id(one)] if one else None, actor=actor, now=now())
    if is_htmx():
        return Response(status=204)
    return redirect(url_for("notifications.index"))


class PreferencesForm(Form):
    """A choice for each kind, named as the kind is."""

    digest = SelectField(validate_choice=False)


for _kind in KINDS:
    setattr(PreferencesForm, _kind, SelectField(validate_choice=False))


def _prepared(form: PreferencesForm) -> PreferencesForm:
    where = {"web": _("On the site"), "email": _("By e-mail"), "both": _("Both"), "none": _("Not at all")}
    often = {"none": _("Never"), "daily": _("Every day"), "weekly": _("Every week")}
    for kind in KINDS:
        form[kind].label.text = kind_label(kind)
        form[kind].choices = choices([(name, where[name]) for name in WHERE])
    form.digest.label.text = _("A summary by e-mail")
    form.digest.choices = choices([(name, often[name]) for name in DIGESTS])
    return form


@bp.get("/settings/notifications")
@login_required
def preferences() -> str:
    return _preferences_page(PreferencesForm(data=chosen_of(current_actor().id or 0), formdata=None))


def _preferences_page(form: PreferencesForm) -> str:
    return render_template("notifications/preferences.html", form=_prepared(form), kinds=list(KINDS))


@bp.post("/settings/notifications", endpoint="save_preferences")
@login_required
@allowed_while_suspended
def save() -> AnyResponse | tuple[str, int]:
    form = PreferencesForm()
    with form.submitted():
        chosen = {kind: form.text(kind) for kind in KINDS if kind in request.form}
        digest = form.text("digest") or "none"
        set_preferences(chosen, digest, actor=current_actor(), now=now())
        flash(_("Your choices are saved."), "success")
        return redirect(url_for("notifications.preferences"))
    return _preferences_page(form), form.status


@bp.get("/unsubscribe/<token>")
def ask_unsubscribe(token: str) -> str:
    """Asks first: what looks at mails before their reader does opens every link in them."""
    _user, kind = read_unsubscribe_token(token)
    return _unsubscribe_page(kind, is_done=False)


@csrf.exempt
@bp.post("/unsubscribe/<token>")
@allowed_while_suspended
def unsubscribe(token: str) -> str:
    """Ends the mails of a kind; mail programs send this by themselves (RFC 8058), so the token alone opens it."""
    user, kind = read_unsubscribe_token(token)
    stop_mails(user.id, kind)
    return _unsubscribe_page(kind, is_done=True)


def _unsubscribe_page(kind: str, *, is_done: bool) -> str:
    label = _("A summary by e-mail") if kind == "digest" else kind_label(kind)
    return render_template("notifications/unsubscribe.html", label=label, is_done=is_done)

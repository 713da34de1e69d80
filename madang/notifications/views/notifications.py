"""Pages of the notification list, read marks, preferences and the unsubscribe link."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin, without_api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.csrf import csrf
from madang.core.web.forms import Form, choices
from madang.core.web.ids import parse_id
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import safe_path

from ..kinds import CHANNELS, KINDS
from ..models.tables import DIGESTS
from ..operations.mails import read_unsubscribe_token
from ..operations.notifying import mark_post_read, mark_read, set_preferences, stop_mails
from ..queries import NotificationLine, activity_of, effective_preferences, get_notification, notification_lines
from ..sentences import sentence_around_badge

bp = Blueprint("notifications", __name__)
PER_PAGE = 30
MENU_SIZE = 8


@bp.app_template_filter("sentence_around_badge")
def _sentence_around_badge(line: NotificationLine) -> tuple[str, str, str]:
    return sentence_around_badge(line)


@bp.app_template_filter("kind_icon")
def _icon(name: str) -> str:
    return KINDS[name].icon


@bp.get("/notifications")
@identity_required
def index() -> str:
    is_unread = request.args.get("unread") == "1"
    before = parse_id(request.args["before"]) if request.args.get("before") else None
    rows = activity_of(current_actor(), before=before, limit=PER_PAGE + 1, is_unread=is_unread)
    older = rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None
    context = {
        "lines": notification_lines(rows[:PER_PAGE]),
        "older": older,
        "is_unread": is_unread,
        "is_first": before is None,
    }
    return render_template("notifications/list.html", **context)


@bp.get("/notifications/recent")
@identity_required
def recent() -> str:
    """Render the menu of the bell."""
    return render_template(
        "notifications/recent.html",
        lines=notification_lines(activity_of(current_actor(), before=None, limit=MENU_SIZE)),
    )


@bp.get("/notifications/<int:notification_id>")
@identity_required
def show(notification_id: int) -> AnyResponse:
    """Mark a notification as read and redirect to what it is about."""
    notification = get_notification(notification_id, current_actor())
    mark_read([notification.id], actor=current_actor(), now=now())
    return redirect(safe_path(notification.payload.get("url")) or url_for("notifications.index"))


@bp.post("/notifications/read")
@api_twin("PUT /notifications/read", "PUT /notifications/<int:notification_id>/read")
@identity_required
@allowed_while_suspended
def read() -> AnyResponse | Response:
    """Mark one notification, those about a post, or all as read."""
    actor = current_actor()
    if post := request.form.get("post"):
        mark_post_read([parse_id(post)], user_id=actor.id or 0, now=now())
    else:
        notification_id = request.form.get("id")
        mark_read([parse_id(notification_id)] if notification_id else None, actor=actor, now=now())
    if is_htmx():
        return Response(status=204)
    return redirect(url_for("notifications.index"))


class PreferencesForm(Form):
    """The channel of each kind, in a field named like the kind, and the digest."""

    digest = SelectField(validate_choice=False)


for _kind in KINDS:
    setattr(PreferencesForm, _kind, SelectField(validate_choice=False))


def _with_labels(form: PreferencesForm) -> PreferencesForm:
    channel_labels = {
        "web": _("On the site"),
        "email": _("By e-mail"),
        "both": _("On the site and by e-mail"),
        "none": _("Not at all"),
    }
    frequency_labels = {"none": _("Never"), "daily": _("Every day"), "weekly": _("Every week")}
    for name, kind in KINDS.items():
        form[name].label.text = kind.label()
        form[name].choices = choices([(channel, channel_labels[channel]) for channel in CHANNELS])
    form.digest.label.text = _("E-mail summary")
    form.digest.choices = choices([(name, frequency_labels[name]) for name in DIGESTS])
    return form


@bp.get("/settings/notifications")
@login_required
def preferences() -> str:
    return _preferences_page(PreferencesForm(data=effective_preferences(current_actor().id or 0), formdata=None))


def _preferences_page(form: PreferencesForm) -> str:
    kinds = [name for name, kind in KINDS.items() if current_actor().is_staff or not kind.is_for_staff]
    return render_template("notifications/preferences.html", form=_with_labels(form), kinds=kinds)


@bp.post("/settings/notifications", endpoint="save_preferences")
@api_twin("PUT /notifications/preferences")
@login_required
@allowed_while_suspended
def save() -> AnyResponse | tuple[str, int]:
    form = PreferencesForm()
    with form.submitted():
        channels = {kind: form.text(kind) for kind in KINDS if kind in request.form}
        digest = form.text("digest") or "none"
        set_preferences(channels, digest, actor=current_actor(), now=now())
        flash(_("Your settings have been saved."), "success")
        return redirect(url_for("notifications.preferences"))
    return _preferences_page(form), form.status


@bp.get("/unsubscribe/<token>")
def ask_unsubscribe(token: str) -> str:
    """Ask for confirmation: mail scanners open every link of a mail."""
    _user, kind = read_unsubscribe_token(token)
    return _unsubscribe_page(kind, is_done=False)


@csrf.exempt
@bp.post("/unsubscribe/<token>")
@without_api_twin("the address in a mail, which mail programs call by RFC 8058")
@allowed_while_suspended
def unsubscribe(token: str) -> str:
    """Stop the mails of a kind. Mail programs post this without a session (RFC 8058), so the token suffices."""
    user, kind = read_unsubscribe_token(token)
    stop_mails(user.id, kind)
    return _unsubscribe_page(kind, is_done=True)


def _unsubscribe_page(kind: str, *, is_done: bool) -> str:
    label = _("E-mail summary") if kind == "digest" else KINDS[kind].label()
    return render_template("notifications/unsubscribe.html", label=label, is_done=is_done)

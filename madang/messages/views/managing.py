"""Pages to leave and mute conversations, block people, and report messages."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.models import User
from madang.accounts.queries.users import shown_name
from madang.core.clock import now
from madang.core.errors import require
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import submitted_toggle
from madang.core.web.pagination import list_page
from madang.core.web.request_limits import limited_rate
from madang.posts.fragments.authors import author_of

from ..forms import ReportForm
from ..fragments import reports_with_people
from ..models import Message
from ..operations.blocking import block_person, unblock_person
from ..operations.leaving import leave_conversation
from ..operations.reading import mute_conversation, unmute_conversation
from ..operations.reporting import report_message
from ..policies import can_block_person, can_report_message
from ..queries.conversations import PER_PAGE, get_conversation
from ..queries.messages import get_message
from ..queries.people import blocked_people, get_person
from ..queries.reports import report_count
from .conversations import inbox_required, message_path

bp = Blueprint("conversations", __name__, url_prefix="/messages")


@bp.post("/<int:conversation_id>/mute")
@api_twin("PUT /conversations/<int:conversation_id>/mute", "DELETE /conversations/<int:conversation_id>/mute")
@inbox_required
def mute(conversation_id: int) -> AnyResponse:
    _conversation, me = get_conversation(conversation_id, current_actor())
    if submitted_toggle():
        mute_conversation(me)
    else:
        unmute_conversation(me)
    return redirect(url_for("messages.show", conversation_id=conversation_id))


@bp.get("/<int:conversation_id>/leave")
@inbox_required
def ask_leave(conversation_id: int) -> str:
    conversation, _me = get_conversation(conversation_id, current_actor())
    return render_template("messages/leave.html", conversation=conversation)


@bp.post("/<int:conversation_id>/leave")
@api_twin("DELETE /conversations/<int:conversation_id>")
@inbox_required
def leave(conversation_id: int) -> AnyResponse:
    _conversation, me = get_conversation(conversation_id, current_actor())
    leave_conversation(me, now=now())
    flash(_("You have left the conversation."), "success")
    return redirect(url_for("messages.inbox"))


@bp.get("/<int:conversation_id>/<int:message_id>/report")
@inbox_required
def ask_report(conversation_id: int, message_id: int) -> str:
    message = get_message(conversation_id, message_id, current_actor())
    require(can_report_message(current_actor(), message), _("You can only report what others wrote."))
    return _report_page(message, ReportForm(formdata=None))


def _report_page(message: Message, form: ReportForm) -> str:
    return render_template("messages/report.html", message=message, form=form.set_labels(), back=message_path(message))


@bp.post("/<int:conversation_id>/<int:message_id>/report")
@api_twin("PUT /conversations/<int:conversation_id>/messages/<int:message_id>/report")
@inbox_required
def report(conversation_id: int, message_id: int) -> AnyResponse | tuple[str, int]:
    message, form = get_message(conversation_id, message_id, current_actor()), ReportForm()
    with form.submitted(), limited_rate("message"):
        report_message(message, actor=current_actor(), reason=form.text("reason"), now=now())
        flash(_("Thank you. The moderators will look at this message and no other."), "success")
        return redirect(message_path(message))
    return _report_page(message, form), form.status


@bp.get("/reports")
@inbox_required
def reports() -> str:
    page = list_page(report_count(current_actor()), PER_PAGE)
    return render_template("messages/reports.html", page=page, reports=reports_with_people(page))


@bp.get("/blocks")
@inbox_required
def blocks() -> str:
    people = [(row, author_of(row)) for row in blocked_people(current_actor().id or 0)]
    return render_template("messages/blocks.html", people=people)


@bp.get("/blocks/<username>")
@inbox_required
def ask_block(username: str) -> str:
    user = get_person(username)
    require(can_block_person(current_actor(), user), _("You cannot block yourself or moderators."))
    return render_template("messages/block.html", person=user, name=_display_name(user))


def _display_name(user: User) -> str:
    return shown_name(user.username, user.display_name, user.role)


@bp.post("/blocks/<username>")
@api_twin("PUT /users/<username>/block")
@inbox_required
@limited_rate("message")
def block(username: str) -> AnyResponse:
    user = get_person(username)
    block_person(user, actor=current_actor(), now=now())
    flash(_("You will no longer get messages from %(name)s.", name=_display_name(user)), "success")
    return redirect(url_for("conversations.blocks"))


@bp.post("/blocks/<username>/delete")
@api_twin("DELETE /users/<username>/block")
@inbox_required
def unblock(username: str) -> AnyResponse:
    user = get_person(username)
    unblock_person(user.id, actor=current_actor())
    flash(_("You get messages from %(name)s again.", name=_display_name(user)), "success")
    return redirect(url_for("conversations.blocks"))

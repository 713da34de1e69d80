"""Pages of the inbox and of conversations, and forms that post messages."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.db.pagination import parse_cursor
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.ids import parse_id
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import allowed_while_suspended, readable_while_suspended

from ..forms import TO_MAX, MessageForm, NewConversationForm
from ..fragments import inbox_context, load_message_details, thread_context
from ..models import Conversation, ConversationMember, Message
from ..operations.reading import mark_all_read, mark_read
from ..operations.writing import post_message, require_can_start, start_conversation
from ..policies import can_see_reports, can_start_conversation
from ..queries.conversations import PER_PAGE, get_conversation, members_of
from ..queries.messages import get_message, newer_count, newer_rows

bp = Blueprint("messages", __name__, url_prefix="/messages")
inbox_required = identity_required  # guests have an inbox too


def message_path(message: Message) -> str:
    return url_for("messages.show", conversation_id=message.conversation_id, _anchor=f"message-{message.id}")


@bp.get("")
@inbox_required
def inbox() -> str:
    actor = current_actor()
    return render_template(
        "messages/inbox.html",
        can_start=can_start_conversation(actor),
        can_see_reports=can_see_reports(actor),
        **inbox_context(actor, parse_cursor(request.args.get("before", ""))),
    )


@bp.post("/read")
@api_twin("POST /conversations/read")
@inbox_required
@allowed_while_suspended
def read_all() -> AnyResponse:
    mark_all_read(current_actor().id or 0, now=now())
    return redirect(url_for("messages.inbox"))


@bp.get("/new")
@login_required  # guests can only answer: they need an account as visitors do
def new() -> str:
    require_can_start(current_actor())
    return _new_page(NewConversationForm(data={"to": request.args.get("to", "")[:TO_MAX]}, formdata=None))


def _new_page(form: NewConversationForm) -> str:
    return render_template(
        "messages/new.html", form=form.set_labels(), can_send=can_start_conversation(current_actor())
    )


@bp.post("/new", endpoint="start")
@api_twin("POST /conversations")
@inbox_required
def start() -> AnyResponse | tuple[str, int]:
    form = NewConversationForm()
    with form.submitted():
        fields = {name: form.text(name) for name in ("to", "title", "body")}
        with limited_rate("message"):
            message = start_conversation(**fields, actor=current_actor(), now=now())
        return redirect(message_path(message))
    return _new_page(form), form.status


@bp.get("/<int:conversation_id>")
@inbox_required
@readable_while_suspended
def show(conversation_id: int) -> str:
    """Show a conversation and mark it as read, so that this page's top bar has the new unread count."""
    before = request.args.get("before")
    start = parse_id(before) if before else None
    conversation, me = get_conversation(conversation_id, current_actor())
    unread_message_count = _mark_read(me)
    page = thread_context(conversation, me, current_actor(), MessageForm(formdata=None), before=start)
    return render_template("messages/show.html", **page, unread_message_count=unread_message_count)


def _mark_read(me: ConversationMember) -> int:
    """Mark the conversation as read and return the unread count left.

    Call before querying the messages: one that arrives in between stays unread.
    """
    return max(0, current_actor().unread_message_count - mark_read(me, now=now()))


@bp.post("/<int:conversation_id>", endpoint="post")
@api_twin("POST /conversations/<int:conversation_id>/messages")
@inbox_required
def post(conversation_id: int) -> AnyResponse | str | tuple[str, int]:
    conversation, me = get_conversation(conversation_id, current_actor(), include_left=True)
    if me.has_left:
        return _offer_new_conversation(conversation)
    form = MessageForm()
    if is_htmx():
        _post(conversation, form)
        return _render_thread(*get_conversation(conversation_id, current_actor()), MessageForm(formdata=None))
    with form.submitted():
        return redirect(message_path(_post(conversation, form)))
    return render_template("messages/show.html", **thread_context(conversation, me, current_actor(), form)), form.status


def _post(conversation: Conversation, form: MessageForm) -> Message:
    with limited_rate("message"):
        return post_message(conversation, actor=current_actor(), body=form.text("body"), now=now())


def _render_thread(conversation: Conversation, me: ConversationMember, form: MessageForm) -> str:
    """Render the composer and the newest messages after one was posted."""
    mark_read(me, now=now())
    return render_template("messages/thread.html", **thread_context(conversation, me, current_actor(), form))


def _offer_new_conversation(conversation: Conversation) -> tuple[str, int]:
    """Answer 404 to a member who has left, with the text in a form for a new conversation with the same people."""
    if is_htmx():
        raise NotFound(_("You have left this conversation."))
    others = [row for row in members_of([conversation.id])[conversation.id] if row.user_id != current_actor().id]
    names = [row.author_username for row in others if not row.left_at and not row.author_is_deleted]
    form = NewConversationForm(data={"to": ", ".join(names), "body": MessageForm().text("body")}, formdata=None)
    form.problem = _("You have left this conversation. You can start a new one with the same people.")
    if not can_start_conversation(current_actor()):
        form.problem = _("You have left this conversation. What you typed is below.")
    return _new_page(form), 404


@bp.get("/<int:conversation_id>/<int:message_id>")
@inbox_required
def find(conversation_id: int, message_id: int) -> AnyResponse:
    """Redirect to a message on the right page of its conversation."""
    message = get_message(conversation_id, message_id, current_actor())
    _conversation, me = get_conversation(conversation_id, current_actor())
    if newer_count(me, message.id) < PER_PAGE:
        return redirect(message_path(message))
    anchor = f"message-{message.id}"
    return redirect(url_for("messages.show", conversation_id=conversation_id, before=message.id + 1, _anchor=anchor))


@bp.get("/<int:conversation_id>/new")
@inbox_required
def newer(conversation_id: int) -> str:
    """Render the messages after `after` as an HTML fragment and mark the conversation as read."""
    conversation, me = get_conversation(conversation_id, current_actor())
    after = parse_id(request.args.get("after", "0"))
    mark_read(me, now=now())
    rows = newer_rows(me, after)
    return render_template("messages/newer.html", messages=load_message_details(rows, conversation, current_actor()))

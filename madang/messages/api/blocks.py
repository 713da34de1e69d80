"""JSON API of blocks and message reports."""

from madang.core.clock import now
from madang.core.rest.access import ADMIN, MESSAGES
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate

from ..operations.blocking import block_person, unblock_person
from ..operations.reporting import report_message
from ..queries.messages import get_message
from ..queries.people import blocked_people, get_person
from ..queries.reports import reports_before
from ..schemas import BlockSchema, MessageReportSchema, NewMessageReportSchema

bp = ApiBlueprint("blocks", description="Blocking people, and reporting messages to the moderators.")


@bp.get("/me/blocks", guests=True, scope=MESSAGES)
@bp.paginated(BlockSchema)
def list_blocks(page: Page) -> PageResult:
    """List the people whom the caller has blocked, the latest block first."""
    return page.whole(blocked_people(current_actor().id or 0))


@bp.put("/users/<username>/block", guests=True, scope=MESSAGES)
@bp.response(None)
@limited_rate("message")
def block_user(username: str) -> None:
    """Block somebody: an account, or a guest by the handle."""
    block_person(get_person(username), actor=current_actor(), now=now())


@bp.delete("/users/<username>/block", guests=True, scope=MESSAGES)
@bp.response(None)
def unblock_user(username: str) -> None:
    """Unblock somebody."""
    unblock_person(get_person(username).id, actor=current_actor())


@bp.put("/conversations/<int:conversation_id>/messages/<int:message_id>/report", guests=True, scope=MESSAGES)
@bp.body(NewMessageReportSchema)
@bp.response(None)
@limited_rate("message")
def report_one_message(payload: dict[str, str], conversation_id: int, message_id: int) -> None:
    """Report a message to the moderators, who see this message and nothing else of the conversation."""
    message = get_message(conversation_id, message_id, current_actor())
    report_message(message, actor=current_actor(), reason=payload["reason"], now=now())


@bp.get("/admin/reports", scope=ADMIN)
@bp.alt_response(404)
@bp.paginated(MessageReportSchema)
def list_message_reports(page: Page) -> PageResult:
    """List the messages that were reported to the moderators, the latest report first."""
    rows = reports_before(current_actor(), page.after_id, page.more)
    return page.of(rows, lambda row: (row.id,))

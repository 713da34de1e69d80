"""JSON API of the caller's flags on posts and comments, and requests to have their own questions deleted."""

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.posts.queries.posts import get_post

from .models import Flag
from .operations.deletion_requests import request_deletion, withdraw_deletion_request
from .operations.flagging import flag_content, withdraw_flag
from .queries import Flaggable, get_deletion_request, get_open_flag
from .schemas import DeletionRequestSchema, FlagSchema, NewDeletionRequestSchema, NewFlagSchema

bp = ApiBlueprint("flags", description="Flagging posts and comments for the moderators.")
FlagPayload = dict[str, str]


@bp.get("/posts/<int:post_id>/flag")
@bp.response(FlagSchema)
def get_post_flag(post_id: int) -> Flag:
    """Get the caller's open flag on a post."""
    return get_open_flag(get_post(post_id, current_actor()), current_actor())


@bp.put("/posts/<int:post_id>/flag")
@bp.body(NewFlagSchema)
@bp.response(FlagSchema)
def set_post_flag(payload: FlagPayload, post_id: int) -> Flag:
    """Flag a post. Repeating it changes the one open flag."""
    return _flag(get_post(post_id, current_actor()), payload)


@bp.delete("/posts/<int:post_id>/flag")
@bp.response(None)
def delete_post_flag(post_id: int) -> None:
    """Withdraw the caller's open flag on a post."""
    withdraw_flag(get_post(post_id, current_actor()), actor=current_actor())


@bp.get("/comments/<int:comment_id>/flag")
@bp.response(FlagSchema)
def get_comment_flag(comment_id: int) -> Flag:
    """Get the caller's open flag on a comment."""
    return get_open_flag(get_comment(comment_id, current_actor()), current_actor())


@bp.put("/comments/<int:comment_id>/flag")
@bp.body(NewFlagSchema)
@bp.response(FlagSchema)
def set_comment_flag(payload: FlagPayload, comment_id: int) -> Flag:
    """Flag a comment. Repeating it changes the one open flag."""
    return _flag(get_comment(comment_id, current_actor()), payload)


@bp.delete("/comments/<int:comment_id>/flag")
@bp.response(None)
def delete_comment_flag(comment_id: int) -> None:
    """Withdraw the caller's open flag on a comment."""
    withdraw_flag(get_comment(comment_id, current_actor()), actor=current_actor())


@limited_rate("flag")
def _flag(subject: Flaggable, payload: FlagPayload) -> Flag:
    return flag_content(subject, actor=current_actor(), **payload, now=now())


@bp.get("/posts/<int:post_id>/deletion-request")
@bp.response(DeletionRequestSchema)
def get_one_deletion_request(post_id: int) -> Flag:
    """Get the caller's latest request to have a question deleted, with the moderators' decision."""
    return get_deletion_request(get_post(post_id, current_actor()), current_actor())


@bp.put("/posts/<int:post_id>/deletion-request")
@bp.body(NewDeletionRequestSchema)
@bp.response(DeletionRequestSchema)
@limited_rate("flag")
def set_one_deletion_request(payload: FlagPayload, post_id: int) -> Flag:
    """Ask the moderators to delete your question, which others have answered. Repeating it changes the open request."""
    return request_deletion(get_post(post_id, current_actor()), actor=current_actor(), **payload, now=now())


@bp.delete("/posts/<int:post_id>/deletion-request")
@bp.response(None)
def delete_one_deletion_request(post_id: int) -> None:
    """Withdraw the caller's open request to have a question deleted."""
    withdraw_deletion_request(get_post(post_id, current_actor()), actor=current_actor())

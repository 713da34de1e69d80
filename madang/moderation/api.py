"""Flags for programs: one's own, on posts and on comments."""

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.posts.queries.posts import get_post

from .models import Flag
from .operations.flagging import flag_thing, take_flag_back
from .queries import Thing, get_open_flag
from .schemas import FlagSchema, NewFlagSchema

bp = ApiBlueprint("flags", description="Asking the moderators to look at posts and comments.")
Wanted = dict[str, str]


@bp.get("/posts/<int:post_id>/flag")
@bp.response(FlagSchema)
def get_post_flag(post_id: int) -> Flag:
    """One's flag on a post, while nobody has decided about it."""
    return get_open_flag(get_post(post_id, current_actor()), current_actor())


@bp.put("/posts/<int:post_id>/flag")
@bp.body(NewFlagSchema)
@bp.response(FlagSchema)
def set_post_flag(wanted: Wanted, post_id: int) -> Flag:
    """Flag a post. However often it is sent, it is one flag."""
    return _flag(get_post(post_id, current_actor()), wanted)


@bp.delete("/posts/<int:post_id>/flag")
@bp.response(None)
def delete_post_flag(post_id: int) -> None:
    """Take one's flag on a post back."""
    take_flag_back(get_post(post_id, current_actor()), actor=current_actor())


@bp.get("/comments/<int:comment_id>/flag")
@bp.response(FlagSchema)
def get_comment_flag(comment_id: int) -> Flag:
    """One's flag on a comment, while nobody has decided about it."""
    return get_open_flag(get_comment(comment_id, current_actor()), current_actor())


@bp.put("/comments/<int:comment_id>/flag")
@bp.body(NewFlagSchema)
@bp.response(FlagSchema)
def set_comment_flag(wanted: Wanted, comment_id: int) -> Flag:
    """Flag a comment. However often it is sent, it is one flag."""
    return _flag(get_comment(comment_id, current_actor()), wanted)


@bp.delete("/comments/<int:comment_id>/flag")
@bp.response(None)
def delete_comment_flag(comment_id: int) -> None:
    """Take one's flag on a comment back."""
    take_flag_back(get_comment(comment_id, current_actor()), actor=current_actor())


def _flag(thing: Thing, wanted: Wanted) -> Flag:
    limit_rate("flag")
    return flag_thing(thing, actor=current_actor(), **wanted, now=now())

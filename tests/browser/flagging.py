"""What people have flagged on the site that the browser looks at: waiting, settled, deleted by its author."""

from collections.abc import Callable
from datetime import datetime

from madang.comments.models import Comment
from madang.comments.operations.writing import delete_comment, post_comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.moderation.models import UPHELD
from madang.moderation.operations.flagging import flag_thing
from madang.moderation.operations.resolving import resolve_flags
from madang.posts.models import Post

from .content import MEMBER, MODERATOR

Acting = Callable[[str], Actor]
NOTE = "같은 글이 다른 게시판에도 올라와 있어요.\n글쓴이에게 한번 물어봐 주세요. " + "w" * 90


def flag_things(actor: Acting, places: dict[str, int], moment: datetime) -> None:
    """Let people flag posts and comments, and a moderator decide about one of them."""
    talk = db.session.get_one(Post, places["talk"])
    answer = db.session.get_one(Post, places["answer"])
    remark = db.session.get_one(Comment, places["comment"])
    said = post_comment(talk, actor=actor("tomas"), body="여기서만 **반값**이에요!", now=moment)
    regretted = post_comment(talk, actor=actor("tomas"), body="말이 지나쳤어요.", now=moment)
    for thing, who, reason, note in (
        (regretted, "gaon", "rude", ""),
        (remark, "w" * 30, "off_topic", ""),
        (answer, "gaon", "spam", ""),
        (answer, "noor", "spam", "광고 같아요."),
        (talk, "gaon", "attention", NOTE),
        (said, MEMBER, "spam", ""),
    ):
        flag_thing(thing, actor=actor(who), reason=reason, note=note, now=moment)
    delete_comment(regretted, actor=actor("tomas"), now=moment)
    resolve_flags(said, verdict=UPHELD, is_deleted=True, actor=actor(MODERATOR), now=moment)

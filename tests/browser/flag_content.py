"""Flags of the browser tests' site: open, resolved, on a comment that its author deleted; and requests for deletion."""

from collections.abc import Callable
from datetime import datetime

from madang.comments.models import Comment
from madang.comments.operations.writing import delete_comment, post_comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.moderation.models import DECLINED, UPHELD
from madang.moderation.operations.deletion_requests import request_deletion, resolve_deletion_request
from madang.moderation.operations.flagging import flag_content
from madang.moderation.operations.resolving import resolve_flags
from madang.posts.models import Post
from tests.browser.content import MEMBER, MODERATOR

GetActor = Callable[[str], Actor]
NOTE = "같은 글이 다른 게시판에도 올라와 있어요.\n글쓴이에게 한번 물어봐 주세요. " + "w" * 90


def add_flags(actor: GetActor, places: dict[str, int], moment: datetime) -> None:
    """Flag posts and comments as several people, and resolve one of the flags."""
    talk = db.session.get_one(Post, places["talk"])
    answer = db.session.get_one(Post, places["answer"])
    comment = db.session.get_one(Comment, places["comment"])
    spam = post_comment(talk, actor=actor("tomas"), body="여기서만 **반값**이에요!", now=moment)
    regretted = post_comment(talk, actor=actor("tomas"), body="말이 지나쳤어요.", now=moment)
    for subject, who, reason, note in (
        (regretted, "gaon", "rude", ""),
        (comment, "w" * 30, "off_topic", ""),
        (answer, "gaon", "spam", ""),
        (answer, "noor", "spam", "광고 같아요."),
        (talk, "gaon", "attention", NOTE),
        (spam, MEMBER, "spam", ""),
    ):
        flag_content(subject, actor=actor(who), reason=reason, note=note, now=moment)
    delete_comment(regretted, actor=actor("tomas"), now=moment)
    _add_requests(actor, places, moment)
    resolve_flags(spam, verdict=UPHELD, is_deleted=True, actor=actor(MODERATOR), now=moment)


def _add_requests(actor: GetActor, places: dict[str, int], moment: datetime) -> None:
    """Ask for the deletion of two questions, one of them flagged too, and decline one of the requests."""
    edited, locked = (db.session.get_one(Post, places[name]) for name in ("edited", "locked"))
    flag_content(edited, actor=actor("noor"), reason="off_topic", note="", now=moment)
    request_deletion(edited, actor=actor(MEMBER), note="회사 이름이 들어가서 지우고 싶어요. " + "w" * 90, now=moment)
    request_deletion(locked, actor=actor("mina"), note="I settled it with my colleagues.", now=moment)
    words = {"verdict": DECLINED, "reply": "다른 분들이 쓴 답이 도움이 되고 있어요."}
    resolve_deletion_request(locked, **words, actor=actor(MODERATOR), now=moment)

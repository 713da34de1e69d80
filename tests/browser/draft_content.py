"""Unfinished texts of each kind, of one person."""

from collections.abc import Mapping
from datetime import datetime

from madang.core.actor import Actor
from madang.posts.operations.drafting import save_draft

NEW_POST = "post:0123456789abcdef"


def save_drafts(actor: Actor, places: Mapping[str, int], moment: datetime) -> None:
    words = {"title": "아직 쓰는 중인 글", "body": "w" * 120}
    save_draft(actor, NEW_POST, {"board": "talk", **words}, now=moment)
    save_draft(actor, "post:fedcba9876543210", {"board": "album", "title": "사진첩에 올릴 글"}, now=moment)
    save_draft(actor, f"answer:{places['unanswered']}", {"body": "반쯤 쓴 답변"}, now=moment)
    save_draft(actor, f"answer:{places['closed']}", {"body": "늦은 답변"}, now=moment)
    save_draft(actor, f"edit:{places['answer']}:1", {"body": "고쳐 쓰는 중인 답변이에요."}, now=moment)

"""Notices to deliver, of any kind."""

from madang.notifications.kinds import Notice


def notice_of(user_id: int, kind: str, payload: dict[str, object], *, dedupe_key: str = "t") -> Notice:
    """A notice of a kind for one person."""
    return Notice(kind=kind, recipients=[user_id], dedupe_key=dedupe_key, group_key="g", payload=payload)

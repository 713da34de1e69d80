"""The payload of a row that stands for several notifications of one group: put together, and taken apart again."""

from collections.abc import Callable, Iterable

from ..models.tables import MAX_ACTORS, MAX_PARTS, Payload

Part = Payload  # one notification of a row: its `key` (of the receipt), `actor_id`, and the details of its kind
_OF_GROUP = ("actor_ids", "count", "earlier")


def combine(key: str, payload: Payload, earlier: Payload | None) -> Payload:
    """The payload of a row for a notice with that receipt, and for the unread notifications `earlier` of its group."""
    new = {"key": key, **payload}
    if earlier is None:
        return _payload([new], 1, [])
    return _payload([new, *parts_of(earlier)], earlier["count"] + 1, earlier["actor_ids"])


def parts_of(payload: Payload) -> list[Part]:
    """The notifications that a row stands for, the latest first; of many only `MAX_PARTS`, the others are counted."""
    latest = {name: value for name, value in payload.items() if name not in _OF_GROUP}
    if actor_ids := payload.get("actor_ids"):
        latest["actor_id"] = actor_ids[0]
    return [latest, *payload.get("earlier", ())]


def without(payload: Payload, is_gone: Callable[[Part], bool]) -> Payload | None:
    """The payload of the row without the notifications that `is_gone`; None if none is left."""
    parts = parts_of(payload)
    left = [part for part in parts if not is_gone(part)]
    if not left:
        return None
    gone_ids = {part.get("actor_id") for part in parts} - {part.get("actor_id") for part in left}
    others = [actor_id for actor_id in payload["actor_ids"] if actor_id not in gone_ids]
    return _payload(left, payload["count"] - (len(parts) - len(left)), others)


def _payload(parts: list[Part], count: int, actor_ids: Iterable[int]) -> Payload:
    """`actor_ids` are people of the row besides those of `parts`."""
    latest, *earlier = parts[:MAX_PARTS]
    people = dict.fromkeys(part["actor_id"] for part in parts if part.get("actor_id"))
    details = {name: value for name, value in latest.items() if name != "actor_id"}
    grouped = {"actor_ids": [*dict.fromkeys([*people, *actor_ids])][:MAX_ACTORS], "count": count}
    return {**details, **grouped, **({"earlier": earlier} if earlier else {})}

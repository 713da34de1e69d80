"""What happens to tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRenamed:
    """The tag has another name; the old one is a synonym of it."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class TagsMerged:
    """What had the tag `gone_id` has `kept_id` now. Both still stand; the gone one is deleted next."""

    kept_id: int
    gone_id: int


@dataclass(frozen=True, slots=True)
class TagDeleted:
    """A tag that no post had is gone."""

    tag_id: int

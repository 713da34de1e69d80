"""Events of tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRenamed:
    """A tag was renamed; its old name is a synonym now."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class TagsMerged:
    """The tag `gone_id` is being merged into `kept_id`. Both rows still exist; `gone_id` is deleted next."""

    kept_id: int
    gone_id: int


@dataclass(frozen=True, slots=True)
class TagDeleted:
    """A tag without posts was deleted."""

    tag_id: int

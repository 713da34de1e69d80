"""Events of tags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagRenamed:
    """A tag was renamed; its old name is a synonym now."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class TagsMerged:
    """The tag `source_id` is being merged into `target_id`. Both rows still exist; `source_id` is deleted next."""

    target_id: int
    source_id: int


@dataclass(frozen=True, slots=True)
class TagDeleted:
    """A tag without posts was deleted."""

    tag_id: int

"""What belongs to a person: each slice declares its columns that hold a person's id, and what is done with their rows.

The declarations drive the export of personal data, the merging of two accounts, the deletion of accounts and guests,
and the removal of what a person wrote. A slice declares in its module `ownership`; the application connects them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from .actor import Actor
from .db import db
from .db.reassign import reassign_rows


class Archive(Protocol):
    """The file of a person's data that exports add to (`accounts/operations/archive.py`)."""

    def add_rows(self, name: str, rows: Select) -> None: ...

    def add_picture(self, name: str) -> None: ...


@dataclass(frozen=True, eq=False)
class Rows:
    """Export these columns of the person's rows as the list `file`, in the order of the primary key or `order_by`."""

    file: str
    columns: tuple[InstrumentedAttribute, ...]
    where: ColumnElement[bool] | None = None
    order_by: InstrumentedAttribute | None = None


@dataclass(frozen=True)
class Query:
    """Export the rows of `select_of(user_id)` as the list `file`; a tuple of queries exports several lists."""

    file: str
    select_of: Callable[[int], Select]

    def __call__(self, user_id: int, archive: Archive) -> None:
        archive.add_rows(self.file, self.select_of(user_id))


@dataclass(frozen=True)
class NotExported:
    """Others wrote it, it is a secret, or it is in another file: `reason` says which."""

    reason: str


@dataclass(frozen=True, eq=False)
class Move:
    """The rows of the merged account get the id of the remaining one (`reassign_rows` explains the options)."""

    once_for: InstrumentedAttribute | None = None
    clear: InstrumentedAttribute | None = None


@dataclass(frozen=True)
class Drop:
    """The rows of the merged account are deleted."""

    reason: str


@dataclass(frozen=True)
class Stays:
    """The rows keep the id of the account that is merged or deleted."""

    reason: str


@dataclass(frozen=True)
class DeleteRows:
    """The rows are deleted with the account."""


@dataclass(frozen=True)
class NothingMore:
    """What the deletion of the account did is enough."""


@dataclass(frozen=True)
class ByForeignKey:
    """The foreign key deletes the rows, or sets the column to null, with the row of the guest."""


@dataclass(frozen=True)
class NoRowsOfGuests:
    """A guest cannot have such rows."""

    reason: str


@dataclass(frozen=True)
class Removal:
    """What a person wrote, removed when their account is deleted with its content.

    `name` is its name in the API, `label` the translated count that pages print. `remove_next(user_id, actor, now,
    limit)` removes up to `limit` of each kind and returns how many; 0 when nothing is left.
    """

    name: str
    label: Callable[[int], str]
    count: Callable[[int], int]
    remove_next: Callable[[int, Actor, datetime, int], int]


DELETE_ROWS, NOTHING_MORE, BY_FOREIGN_KEY = DeleteRows(), NothingMore(), ByForeignKey()


@dataclass(frozen=True, eq=False, kw_only=True)
class Owned:
    """What is done with the rows whose `column` holds the id of a person.

    `where` selects the rows whose column holds the id of a person and not of something else. A rule may be a function
    of the person's id (`on_merge`: of `target_id, source_id`). If several declarations name one function, it handles
    all their rows, and is called once, in the place of the first of them.
    """

    column: InstrumentedAttribute
    where: ColumnElement[bool] | None = None
    export: Rows | NotExported | tuple[Query, ...] | Callable[[int, Archive], None]
    on_merge: Move | Drop | Stays | Callable[[int, int], None]
    on_delete: DeleteRows | Stays | Callable[[int], None]
    on_removal: Removal | NothingMore
    on_guest_delete: ByForeignKey | NoRowsOfGuests | Callable[[int], None]

    def is_of(self, user_id: int) -> ColumnElement[bool]:
        """The SQL condition for the rows of a person."""
        is_theirs = self.column == user_id
        return is_theirs if self.where is None else is_theirs & self.where


_declarations: list[Owned] = []
Rule = TypeVar("Rule")


def connect(declarations: Iterable[Owned]) -> None:
    """Replace all declarations by these, in the order in which their rules are run: that of the slices."""
    _declarations[:] = declarations


def declarations() -> tuple[Owned, ...]:
    return tuple(_declarations)


def _each(rule_of: Callable[[Owned], Rule]) -> Iterator[tuple[Owned, Rule]]:
    """Each declaration with its rule, without those whose rule is a function that an earlier one named."""
    called: set[Rule] = set()
    for owned in _declarations:
        rule = rule_of(owned)
        if rule not in called:
            yield owned, rule
        if callable(rule):
            called.add(rule)


def export_rows(user_id: int, archive: Archive) -> None:
    """Add what belongs to a person to the archive of their data."""
    for owned, rule in _each(lambda owned: owned.export):
        if isinstance(rule, Rows):
            archive.add_rows(rule.file, _exported(owned, rule, user_id))
        elif isinstance(rule, tuple):
            for query in rule:
                query(user_id, archive)
        elif not isinstance(rule, NotExported):
            rule(user_id, archive)


def _exported(owned: Owned, rule: Rows, user_id: int) -> Select:
    rows = select(*rule.columns).where(owned.is_of(user_id))
    if rule.where is not None:
        rows = rows.where(rule.where)
    order = owned.column.parent.primary_key if rule.order_by is None else (rule.order_by,)
    return rows.order_by(*order)


def merge_rows(target_id: int, source_id: int) -> None:
    """Give what belongs to the account `source_id` to `target_id`."""
    for owned, rule in _each(lambda owned: owned.on_merge):
        if isinstance(rule, Move):
            reassign_rows(
                owned.column,
                source_id=source_id,
                target_id=target_id,
                once_for=rule.once_for,
                clear=rule.clear,
                where=owned.where,
            )
        elif isinstance(rule, Drop):
            _delete(owned, source_id)
        elif not isinstance(rule, Stays):
            rule(target_id, source_id)


def delete_rows(user_id: int) -> None:
    """Delete what does not outlive an account. What the person wrote stays; `removals` removes it."""
    for owned, rule in _each(lambda owned: owned.on_delete):
        if isinstance(rule, DeleteRows):
            _delete(owned, user_id)
        elif not isinstance(rule, Stays):
            rule(user_id)


def delete_guest_rows(user_id: int) -> None:
    """Delete what belongs to a guest and what no foreign key deletes with the row of the guest."""
    for _owned, rule in _each(lambda owned: owned.on_guest_delete):
        if not isinstance(rule, ByForeignKey | NoRowsOfGuests):
            rule(user_id)


def removals() -> list[Removal]:
    """What can be removed with an account, in the order in which it is removed."""
    rules = (owned.on_removal for owned in _declarations)
    return list(dict.fromkeys(rule for rule in rules if isinstance(rule, Removal)))


def _delete(owned: Owned, user_id: int) -> None:
    db.write(delete(owned.column.class_).where(owned.is_of(user_id)))

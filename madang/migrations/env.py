"""Runs migrations on the application's engine. Called by Flask-Migrate (`flask --app madang db ...`)."""

import importlib
from typing import Any, Literal

from alembic import context

from madang.core.db import Base, BigId, LongText, UtcDateTime, db

SLICES = (
    "core.site",
    "core.jobs",
    *(f"{name}.models" for name in ("accounts", "boards", "posts", "comments", "votes", "tags", "search", "importing")),
)
for name in SLICES:
    importlib.import_module(f"madang.{name}")


def include(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Full-text indexes belong to their migration, not to the models."""
    return not (name or "").startswith(("search_index", "ft_", "alembic_"))


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own types by their names."""
    names = {id(BigId): "BigId", id(LongText): "LongText"}
    name = names.get(id(item)) or ("UtcDateTime()" if isinstance(item, UtcDateTime) else None)
    if kind != "type" or name is None:
        return False
    autogen_context.imports.add(f"from madang.core.db import {name.removesuffix('()')}")
    return name


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            include_object=include,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()

"""Import of the tags of a dump and their descriptions."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from madang.core.db import db
from madang.core.markdown.renderer import excerpt, render
from madang.core.text import clean_body
from madang.tags.models import DESCRIPTION_MAX, Tag

from .conversion import html_to_markdown, tag_name
from .history import History
from .rows import Row
from .session import ImportSession
from .site_links import link_tags_in_html
from .source import insert_rows

TAG_EXCERPT_MAX = 600
EXCERPT, DESCRIPTION = 4, 5


def import_tags(run: ImportSession) -> None:
    """Import Tags.xml, and stage which posts of the dump describe the tags."""
    if file := run.file("Tags.xml"):
        for batch in file.batches():
            run.write_new("tag", batch, lambda rows: _write(run, rows))
            _stage_tag_texts(run, batch)


def _write(run: ImportSession, rows: list[Row]) -> None:
    names = {row.id: name for row, name in run.convert_rows(rows, _name) if name}
    ids = tag_ids(names.values(), run.now)
    run.source.record("tag", ((external_id, ids[name]) for external_id, name in names.items()))
    run.summary.new["tag"] += len(names)


def _name(row: Row) -> str | None:
    return tag_name(row.required_text("TagName"))


def tag_ids(names: Iterable[str], now: datetime) -> dict[str, int]:
    """The ids of these tags by name; creates the missing ones."""
    unique = list(dict.fromkeys(names))
    rows = db.session.execute(select(Tag.id, Tag.name).where(Tag.name.in_(unique)))
    existing = {name: tag_id for tag_id, name in rows}
    missing = [name for name in unique if name not in existing]
    new = insert_rows(Tag, [{"name": name, "created_at": now} for name in missing])
    return existing | dict(zip(missing, new, strict=True))


def _stage_tag_texts(run: ImportSession, rows: list[Row]) -> None:
    ids = run.source.local_ids("tag", (row.values.get("Id") for row in rows))
    texts = [
        (post_id, ids[row.values["Id"]])
        for row in rows
        for name in ("ExcerptPostId", "WikiPostId")
        if row.values.get("Id") in ids and (post_id := _number(row, name)) is not None
    ]
    run.staging.add_tag_texts(texts)


def _number(row: Row, name: str) -> int | None:
    value = row.text(name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def write_tag_texts(run: ImportSession, rows: list[Row], histories: dict[str, History]) -> None:
    """Copy the texts of these posts to their tags; keeps texts that were written on this site."""
    tags = run.staging.tag_texts(row.id for row in rows)
    for row in rows:
        if row.id not in tags:
            run.summary.skipped["tag_text"] += 1
            continue
        history = histories.get(row.id)
        _describe(
            tags[row.id],
            row,
            (history and history.body) or _converted(row),
        )
        run.summary.new["tag_text"] += 1
    run.source.record("tag_text", tags.items())


def _converted(row: Row) -> str:
    return html_to_markdown(link_tags_in_html(row.text("Body")), DESCRIPTION_MAX)


def _describe(tag_id: int, row: Row, words: str) -> None:
    words = clean_body(words)[:DESCRIPTION_MAX]
    values: dict[str, str] = {"excerpt": excerpt(render(words), TAG_EXCERPT_MAX)}
    column = Tag.excerpt
    if row.number("PostTypeId") == DESCRIPTION:
        values, column = {"description": words, "description_html": render(words)}, Tag.description
    db.session.execute(update(Tag.__table__).where(Tag.id == tag_id, column == "").values(**values))

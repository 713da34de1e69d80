"""Authors, votes and history of a batch of posts, read from the other files of the dump."""

from collections.abc import Iterable

from sqlalchemy import insert

from madang.core.db import db
from madang.core.markdown.renderer import RENDERER_VERSION, excerpt
from madang.posts.models import AUTHOR_NAME_MAX, EXCERPT_LENGTH, Revision
from madang.posts.operations.rendering import render_body

from .conversion import html_to_markdown, single_line
from .history import DEFAULT_CLOSE_REASON, History, Text, histories_by_post
from .rows import DumpFile, Row
from .session import ImportSession
from .site_links import link_tags_in_html
from .source import Columns


def read_histories(run: ImportSession, rows: list[Row], file: DumpFile | None) -> dict[str, History]:
    """The histories of these posts by their ids in the dump; empty if the dump has no PostHistory.xml."""
    return histories_by_post(file.rows_at(run.staging.history(row.id for row in rows))) if file else {}


def deleted_author_name(row: Row, number: str, name: str) -> str:
    """The name of an author without an account: the dump's, else `user<id>`, as Stack Exchange shows it."""
    return single_line(row.text(name), AUTHOR_NAME_MAX) or f"user{row.reference(number) or ''}"


def body_of(row: Row, history: History | None, *, uses_math: bool) -> str:
    """The Markdown that the author wrote, or the HTML converted to Markdown if the history has none."""
    source = history.body if history else None
    if source is not None:
        return source
    return html_to_markdown(link_tags_in_html(row.text("Body")), uses_math=uses_math)


class RelatedRows:
    """Votes, histories and authors of the posts `rows`, read in a few queries for the whole batch."""

    def __init__(self, run: ImportSession, rows: list[Row], file: DumpFile | None) -> None:
        self.tallies = run.staging.tallies(row.id for row in rows)
        self.histories = read_histories(run, rows, file)
        self.authors = run.source.local_ids("user", self._people(rows))

    def _people(self, rows: list[Row]) -> Iterable[str | None]:
        for row in rows:
            yield from (row.values.get("OwnerUserId"), row.values.get("LastEditorUserId"))
        for history in self.histories.values():
            yield from (text.author for text in history.texts)

    def columns(self, row: Row, *, uses_math: bool) -> Columns:
        """The columns that questions and answers share. Raises `BrokenRow`."""
        created_at = row.required_moment("CreationDate")
        texts = self._edits(row)
        body = body_of(row, self.histories.get(row.id), uses_math=uses_math)
        html = render_body(body, uses_math=uses_math)
        return {
            **self._author(row),
            **self._score(row),
            "body": body,
            "body_html": html,
            "renderer_version": RENDERER_VERSION,
            "excerpt": excerpt(html, EXCERPT_LENGTH),
            "version": max(1, len(texts)),
            "created_at": created_at,
            "edited_at": row.moment("LastEditDate"),
            "editor_id": self.authors.get(row.reference("LastEditorUserId") or ""),
            "last_activity_at": row.moment("LastActivityDate") or created_at,
        }

    def _author(self, row: Row) -> Columns:
        author_id = self.authors.get(row.reference("OwnerUserId") or "")
        name = None if author_id else deleted_author_name(row, "OwnerUserId", "OwnerDisplayName")
        return {"author_id": author_id, "author_name": name}

    def _score(self, row: Row) -> dict[str, int]:
        """The dump's score as up and down votes; adds votes that are missing in the dump."""
        up, down = self.tallies.get(row.id, (0, 0))
        score = row.count("Score")
        score = up - down if score is None else score
        up = max(up, score)
        return {"score": score, "imported_up": up, "imported_down": up - score}

    def close_reason(self, row: Row) -> str:
        history = self.histories.get(row.id)
        return history.close_reason if history else DEFAULT_CLOSE_REASON

    def _edits(self, row: Row) -> list[Text]:
        """The texts of an edited post, oldest first; empty if it was never edited."""
        history = self.histories.get(row.id)
        return history.texts if history and len(history.texts) > 1 else []

    def write_revisions(self, posts: Iterable[tuple[int, tuple[Row, Columns]]]) -> int:
        """Write the revisions of the edited posts. Returns how many."""
        revisions = [
            revision for post_id, (row, post) in posts for revision in self._revisions(post_id, post, self._edits(row))
        ]
        if revisions:
            db.session.execute(insert(Revision), revisions)
        return len(revisions)

    def _revisions(self, post_id: int, post: Columns, texts: list[Text]) -> Iterable[Columns]:
        """The columns of each revision; the newest, and fields missing in the history, have the post's own text."""
        title, tags = post.get("title", ""), post.get("tag_names", "")
        for number, text in enumerate(texts, start=1):
            is_newest = number == len(texts)
            yield {
                "post_id": post_id,
                "number": number,
                "author_id": self.authors.get(text.author or ""),
                "title": title if is_newest or text.title is None else text.title,
                "body": post["body"] if is_newest or text.body is None else text.body,
                "tag_names": tags if is_newest or text.tags is None else " ".join(text.tags),
                "summary": text.summary,
                "created_at": text.created_at,
            }

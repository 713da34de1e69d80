"""Posts for programs: read, write, edit, delete; answers; the mark of the one that helped."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from madang.accounts.queries.users import get_user
from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.parsing import named
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.tags.queries.tags import get_tag

from ..models import KIND_ON_BOARD, Post
from ..operations.accepting import accept_answer, unaccept_answer
from ..operations.answering import post_answer
from ..operations.deleting import delete_post
from ..operations.editing import edit_post
from ..operations.publishing import publish_post
from ..queries.answers import answers_after
from ..queries.keyset import KeysetOrder, rows_after
from ..queries.links import linked_posts
from ..queries.posts import get_counts, get_full_row, get_post
from ..schemas.posts import (
    AnswerQuery,
    EditedPostSchema,
    LinkedPostSchema,
    NewAnswerSchema,
    NewPostSchema,
    PatchedPostSchema,
    PostQuery,
    PostSchema,
    PostSummarySchema,
)

bp = ApiBlueprint("posts", description="Questions, answers and everything else that stands by itself.")


@bp.get("/posts", public=True)
@bp.paginated(PostSummarySchema, PostQuery)
def list_posts(page: Page) -> PageResult:
    """Posts of every board, or of one, by one person, with one tag."""
    order = _keyset_order(page)
    return page.of(rows_after(order, page.after, page.more), order.key)


def _keyset_order(page: Page) -> KeysetOrder:
    """The list that a query means. Raises `InvalidInput` for a board, tag or person that is not there."""
    actor, criteria = current_actor(), page.asked
    board = _find_named("board", criteria["board"], get_board)
    tag = _find_named("tag", criteria["tag"], get_tag)
    author = _find_named("author", criteria["author"], lambda name: get_user(name, actor))
    sort = criteria["sort"] if tag is None and author is None else "newest"
    return KeysetOrder(
        kind=criteria["kind"] or (KIND_ON_BOARD[board.kind] if board else None),
        board_id=board and board.id,
        tag_id=tag and tag.id,
        author_id=author and author.id,
        sort=sort,
    )


def _find_named(field: str, name: str | None, get: Callable[[str], Any]) -> Any:
    return None if name is None else named(field, name, get)


@bp.post("/posts")
@bp.body(NewPostSchema)
@bp.response(PostSchema, 201)
def create_post(payload: dict[str, Any]) -> Created:
    """Write a post on a board: a question where the board takes questions."""
    limit_rate("post")
    board = named("board", payload["board"], get_board)
    words = {"title": payload["title"], "body": payload["body"], "tags": _join_tags(payload["tags"])}
    return _created(publish_post(board, actor=current_actor(), **words, now=now()))


def _join_tags(tags: list[str]) -> str:
    """Tags as people type them; a comma within one would make two of it."""
    if any("," in tag or len(tag.split()) != 1 for tag in tags):
        raise InvalidInput(_("A tag has neither spaces nor commas."), field="tags")
    return ", ".join(tags)


def _created(post: Post) -> Created:
    return Created(get_full_row(post.id, current_actor()), f"{PREFIX}/posts/{post.id}")


@bp.get("/posts/<int:post_id>", public=True)
@bp.response(PostSchema)
def read_post(post_id: int) -> Row:
    """A post, or an answer."""
    return get_full_row(post_id, current_actor())


@bp.put("/posts/<int:post_id>", if_match=True)
@bp.body(EditedPostSchema)
@bp.response(PostSchema)
def replace_post(payload: dict[str, Any], post_id: int) -> Row:
    """Give a post new words. The old ones are kept as a revision."""
    return _edit(post_id, payload)


@bp.patch("/posts/<int:post_id>", if_match=True)
@bp.body(PatchedPostSchema)
@bp.response(PostSchema)
def update_post(payload: dict[str, Any], post_id: int) -> Row:
    """Give a post some new words; what is left out stays."""
    return _edit(post_id, payload)


def _edit(post_id: int, payload: dict[str, Any]) -> Row:
    actor = current_actor()
    require_unchanged(PostSchema, get_full_row(post_id, actor))
    limit_rate("post")
    post = get_post(post_id, actor)
    edit_post(
        post,
        actor=actor,
        title=payload.get("title", post.title),
        body=payload.get("body", post.body),
        tags=_join_tags(payload["tags"]) if "tags" in payload else post.tag_names.replace(" ", ", "),
        summary=payload.get("summary", ""),
        version=post.version,
        now=now(),
    )
    return get_full_row(post_id, actor)


@bp.delete("/posts/<int:post_id>", if_match=True)
@bp.response(None)
def remove_post(post_id: int) -> None:
    """Delete a post. Moderators can restore it."""
    actor = current_actor()
    require_unchanged(PostSchema, get_full_row(post_id, actor))
    delete_post(get_post(post_id, actor), actor=actor, now=now())


@bp.get("/posts/<int:post_id>/answers", public=True)
@bp.paginated(PostSchema, AnswerQuery)
def list_answers(page: Page, post_id: int) -> PageResult:
    """The answers of a question, the accepted one first when they are sorted by votes."""
    question = get_full_row(post_id, current_actor())
    rows, key = answers_after(question, current_actor(), sort=page["sort"], after=page.after, limit=page.more)
    return page.of(rows, key)


@bp.post("/posts/<int:post_id>/answers")
@bp.body(NewAnswerSchema)
@bp.response(PostSchema, 201)
def create_answer(payload: dict[str, str], post_id: int) -> Created:
    """Answer a question."""
    limit_rate("post")
    question = get_post(post_id, current_actor())
    return _created(post_answer(question, actor=current_actor(), body=payload["body"], now=now()))


@bp.get("/posts/<int:post_id>/links", public=True)
@bp.paginated(LinkedPostSchema)
def list_links(page: Page, post_id: int) -> PageResult:
    """The posts that link to this one or that it links to, at most ten: those that it repeats first, then the best."""
    get_counts(post_id, current_actor())
    return PageResult(linked_posts(post_id), None)


@bp.put("/posts/<int:post_id>/accept")
@bp.response(PostSchema)
def mark_accepted(post_id: int) -> Row:
    """Mark an answer as the one that helped. Gives the question."""
    answer = get_post(post_id, current_actor())
    accept_answer(answer, actor=current_actor(), now=now())
    return get_full_row(answer.parent_id or 0, current_actor())


@bp.delete("/posts/<int:post_id>/accept")
@bp.response(None)
def unmark_accepted(post_id: int) -> None:
    """Take the mark back."""
    unaccept_answer(get_post(post_id, current_actor()), actor=current_actor())

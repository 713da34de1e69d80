"""Posts and answers in the JSON API: list, read, write, edit, delete, accept."""

from collections.abc import Callable
from typing import TypedDict, TypeVar

from sqlalchemy import Row

from madang.accounts.queries.users import get_user
from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.db.ordering import Key
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.parsing import find_named
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.tags.queries.tags import get_tag

from ..models import POST_KIND_BY_BOARD_KIND, Post
from ..operations.accepting import accept_answer, unaccept_answer
from ..operations.answering import post_answer
from ..operations.deleting import delete_post
from ..operations.editing import edit_post
from ..operations.publishing import publish_post
from ..queries.answers import answer_keyset, answers_after
from ..queries.keyset import KeysetOrder, posts_after
from ..queries.links import linked_posts
from ..queries.posts import get_full_row, get_post, require_visible_post
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

bp = ApiBlueprint("posts", description="Questions, answers and other posts.")
T = TypeVar("T")


class NewPostPayload(TypedDict):
    board: str
    title: str
    body: str
    tags: list[str]


class EditPayload(TypedDict, total=False):
    title: str
    body: str
    tags: list[str]
    summary: str


@bp.get("/posts", public=True)
@bp.paginated(PostSummarySchema, PostQuery)
def list_posts(page: Page) -> PageResult:
    """List posts of every board, or of one board, by one person, or with one tag."""
    order = _keyset_order(page)
    return page.of(posts_after(order, page.after(order.keyset.types), page.more), order.keyset.key_of)


def _keyset_order(page: Page) -> KeysetOrder:
    """Filters and order of the requested list. Raises `InvalidInput` for an unknown board, tag or person."""
    actor, criteria = current_actor(), page.asked
    board = _find_named("board", criteria["board"], lambda slug: get_board(slug, actor))
    tag = _find_named("tag", criteria["tag"], lambda name: get_tag(name, actor))
    author = _find_named("author", criteria["author"], lambda name: get_user(name, actor))
    sort = criteria["sort"] if tag is None and author is None else "newest"
    return KeysetOrder(
        actor,
        kind=criteria["kind"] or (POST_KIND_BY_BOARD_KIND[board.kind] if board else None),
        board_id=board.id if board else None,
        tag_id=tag.id if tag else None,
        author_id=author.id if author else None,
        sort=sort,
    )


def _find_named(field: str, name: str | None, get: Callable[[str], T]) -> T | None:
    """Look up an optional filter by name. Raises `InvalidInput` (field) for an unknown name."""
    return None if name is None else find_named(field, name, get)


@bp.post("/posts")
@bp.body(NewPostSchema)
@bp.response(PostSchema, 201)
@limited_rate("post")
def create_post(payload: NewPostPayload) -> Created:
    """Publish a post on a board; on a board of questions it is a question."""
    board = find_named("board", payload["board"], lambda slug: get_board(slug, current_actor()))
    title, body, tags = payload["title"], payload["body"], _join_tags(payload["tags"])
    return _created(publish_post(board, actor=current_actor(), title=title, body=body, tags=tags, now=now()))


def _join_tags(tags: list[str]) -> str:
    """Join tags for `parse_tags`. Raises `InvalidInput` (tags) for a tag that it would split."""
    if any("," in tag or len(tag.split()) != 1 for tag in tags):
        raise InvalidInput(_("Tags cannot contain spaces or commas."), field="tags")
    return ", ".join(tags)


def _created(post: Post) -> Created:
    return Created(get_full_row(post.id, current_actor()), f"{PREFIX}/posts/{post.id}")


@bp.get("/posts/<int:post_id>", public=True)
@bp.response(PostSchema)
def read_post(post_id: int) -> Row:
    """Read a post or an answer."""
    return get_full_row(post_id, current_actor())


@bp.put("/posts/<int:post_id>", if_match=True)
@bp.body(EditedPostSchema)
@bp.response(PostSchema)
def replace_post(payload: EditPayload, post_id: int) -> Row:
    """Replace the text of a post. The previous text is stored as a revision."""
    return _edit(post_id, payload)


@bp.patch("/posts/<int:post_id>", if_match=True)
@bp.body(PatchedPostSchema)
@bp.response(PostSchema)
def update_post(payload: EditPayload, post_id: int) -> Row:
    """Change some fields of a post; fields left out stay as they are."""
    return _edit(post_id, payload)


def _get_unchanged_post(post_id: int) -> Post:
    """Get the post if it still matches the `If-Match` header of the request."""
    require_unchanged(PostSchema, get_full_row(post_id, current_actor()))
    return get_post(post_id, current_actor())


@limited_rate("post")
def _edit(post_id: int, payload: EditPayload) -> Row:
    actor, post = current_actor(), _get_unchanged_post(post_id)
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
    """Delete a post. Moderators can restore it, its author for ten minutes: `PUT /posts/{post_id}/restore`.

    A question that others have answered is refused with 409: `PUT /posts/{post_id}/deletion-request` asks for it.
    """
    delete_post(_get_unchanged_post(post_id), actor=current_actor(), now=now())


@bp.get("/posts/<int:post_id>/answers", public=True)
@bp.paginated(PostSchema, AnswerQuery)
def list_answers(page: Page, post_id: int) -> PageResult:
    """List the answers of a question; sorted by votes, the accepted answer comes first."""
    question = get_full_row(post_id, current_actor())
    keyset, actor = answer_keyset(question, page["sort"]), current_actor()

    def read(after: Key | None, limit: int) -> list[Row]:
        return answers_after(question, actor, keyset=keyset, after=after, limit=limit)

    return page.of_texts(read, keyset.key_of, keyset.types, lambda row: len(row.body) + len(row.body_html))


@bp.post("/posts/<int:post_id>/answers")
@bp.body(NewAnswerSchema)
@bp.response(PostSchema, 201)
@limited_rate("post")
def create_answer(payload: dict[str, str], post_id: int) -> Created:
    """Answer a question."""
    question = get_post(post_id, current_actor())
    return _created(post_answer(question, actor=current_actor(), body=payload["body"], now=now()))


@bp.get("/posts/<int:post_id>/links", public=True)
@bp.paginated(LinkedPostSchema)
def list_links(page: Page, post_id: int) -> PageResult:
    """List at most ten posts linked with this one: first those that it duplicates, then by score."""
    require_visible_post(post_id, current_actor())
    return page.whole(linked_posts(post_id, current_actor()))


@bp.put("/posts/<int:post_id>/accept", if_match=True)
@bp.response(PostSchema)
def mark_accepted(post_id: int) -> Row:
    """Accept an answer. Returns its question."""
    answer = _get_unchanged_post(post_id)
    accept_answer(answer, actor=current_actor(), now=now())
    return get_full_row(answer.parent_id or 0, current_actor())


@bp.delete("/posts/<int:post_id>/accept", if_match=True)
@bp.response(None)
def unmark_accepted(post_id: int) -> None:
    """Withdraw the acceptance of an answer."""
    unaccept_answer(_get_unchanged_post(post_id), actor=current_actor())

"""The places in the pages of posts that other slices fill."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Protocol, TypeVar

from markupsafe import Markup

from madang.core.actor import Actor
from madang.core.web.forms import Form
from madang.core.web.slots import Slot

from ..models import Post
from .addresses import DiscussedPost


class PostPart(Protocol):
    """Fields that another slice adds to the form of a post other than an answer, and what becomes of them.

    Each field is a text, empty unless somebody filled it in, so that drafts keep it; its name begins with that of the
    slice. A form may be old when it is sent: a hidden field says with what it began, so that `save` changes nothing
    that the person has not changed, and overwrites nothing that somebody else has changed meanwhile.
    """

    fields: type[Form]

    def suits(self, kind: str) -> bool:
        """Whether posts of `kind` have this part; it is not saved with others."""
        ...

    def values(self, post: Post | None, draft: Mapping[str, str]) -> Mapping[str, str]:
        """The values of the fields with which the form begins: those of `post`, or of the person's `draft`."""
        ...

    def render(self, form: Form, post: Post | None) -> Markup:
        """The HTML of the fields, for the edit of `post` or for a new post, whose board may not be chosen yet."""
        ...

    def errors(self, form: Form, kind: str) -> Mapping[str, str]:
        """What is wrong with the fields, by name, for a post of `kind`, also of one that this part does not suit."""
        ...

    def save(self, form: Form, post: Post, *, actor: Actor, now: datetime) -> None:
        """Save the fields with `post`, in the transaction that saves it. Raises `InvalidInput` by fields."""
        ...


POST_PARTS: Slot[PostPart] = Slot("post_parts")
QUESTION_SEARCH: Slot[Callable[[str, Actor], list[int]]] = Slot("question_search")  # ids by title, the best first
BELOW_TEXT: Slot[Callable[[DiscussedPost, Actor], Markup]] = Slot("below_text")
F = TypeVar("F", bound=Form)


def with_parts(form_class: type[F]) -> type[F]:
    """`form_class` with the fields that other slices add."""
    fields = tuple(part.fields for part in POST_PARTS.fillings())
    return _with_fields(form_class, fields)  # type: ignore[arg-type]  # mypy takes `__hash__` of an instance for the class's


@cache
def _with_fields(form_class: type[F], parts: tuple[type[Form], ...]) -> type[F]:
    return type(form_class.__name__, (form_class, *parts), {})


def part_names() -> list[str]:
    """The names of the fields that other slices add."""
    return [name for part in POST_PARTS.fillings() for name in part.fields(formdata=None).data]


def parts_of(kind: str) -> list[PostPart]:
    """What other slices add to the form of a post of `kind`."""
    return [part for part in POST_PARTS.fillings() if part.suits(kind)]


def part_values(post: Post | None, draft: Mapping[str, str]) -> dict[str, str]:
    """The values with which the fields of other slices begin, in the form of a new post or of the edit of `post`."""
    parts = parts_of(post.kind) if post else POST_PARTS.fillings()
    return {name: value for part in parts for name, value in part.values(post, draft).items()}


def part_errors(form: Form, kind: str) -> dict[str, str]:
    """What is wrong with the fields that other slices added, for a post of `kind`."""
    return {name: error for part in POST_PARTS.fillings() for name, error in part.errors(form, kind).items()}


def below_text(post: DiscussedPost, actor: Actor) -> Markup:
    """What other slices show below the text of a post other than an answer, to this reader."""
    return Markup().join(show(post, actor) for show in BELOW_TEXT.fillings())

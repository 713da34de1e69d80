"""Events of posts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostPublished:
    """A post other than an answer was published on a board."""

    post_id: int
    author_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerPosted:
    post_id: int
    question_id: int
    author_id: int | None


@dataclass(frozen=True, slots=True)
class PostEdited:
    post_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class PostDeleted:
    post_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class PostRestored:
    post_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerAccepted:
    answer_id: int
    question_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerUnaccepted:
    answer_id: int
    question_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class PostMoved:
    post_id: int
    actor_id: int | None

"""Questions with titles similar to a title, found and weighed in the same way on every database.

Each word of the title has a weight: the fewer titles have it, the more. A question is similar if the words that it
shares have at least `LEAST_SHARE` of the weight of all. Filler words say nothing about a subject and are left out.
"""

from collections import defaultdict
from functools import lru_cache
from itertools import islice
from math import log
from time import monotonic
from typing import Protocol

from sqlalchemy import Row, Select, func, literal, select, union_all

from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.posts.models import VISIBLE, Post
from madang.posts.queries.visibility import on_visible_boards

from ..models import SearchDocument
from .filler import FILLER
from .fulltext import SearchCriteria, best_hits, dialect, matching_ids
from .search import KINDS
from .terms import MAX_QUERY_LENGTH, SearchQuery, Term, parse_name
from .tokenizer import CJK_START, tokens

MAX_SIMILAR, MAX_NAMED = 5, 8
MAX_WORDS = 12
MAX_COUNTED = 1_000  # of the newest titles with a word: one in so many titles says little about any of them
LEAST_SHARE = 0.38
LEAST_UNKNOWN, MOST_UNKNOWN = 1.2, 3.5  # the weight of a word that no title has
SIMILAR_TTL = 600
SHORTEST_STEM = 3
Hidden = tuple[int, ...]  # the ids of boards that the reader may not see


class TitledPost(Protocol):
    """A post, or a row of one, with its id and title."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...


def similar_questions(title: str, actor: Actor) -> list[Row]:
    """The questions that share the most weight of words with `title`, at most `MAX_SIMILAR` that the actor may see."""
    return _questions(_similar_ids(title, hidden_board_ids(actor)), actor)


def questions_named(text: str, actor: Actor) -> list[int]:
    """The ids of questions whose titles have all the words, the last one maybe incomplete, then of similar ones."""
    query = parse_name(text)
    if query.is_empty:
        return []
    hidden = hidden_board_ids(actor)
    criteria = SearchCriteria(query, hidden, kinds=KINDS["question"], is_title_only=True)
    return list(dict.fromkeys([*_best(criteria, MAX_NAMED), *_similar_ids(text, hidden)]))


def similar_to(question: TitledPost, actor: Actor) -> list[Row]:
    """The questions similar to this one that the actor may see; their ids are cached for `SIMILAR_TTL` seconds."""
    period = int(monotonic() // SIMILAR_TTL)
    return _questions(_cached_similar_ids(question.id, question.title, hidden_board_ids(actor), period), actor)


@lru_cache(maxsize=8192)
def _cached_similar_ids(question_id: int, title: str, hidden: Hidden, _period: int) -> tuple[int, ...]:
    return _similar_ids(title, hidden, question_id)


def _similar_ids(title: str, hidden: Hidden, excluded_id: int | None = None) -> tuple[int, ...]:
    words = _words_of(title)
    if not words:
        return ()
    posts = [*_with_all(words, hidden), *_by_weight(words, hidden, excluded_id)]
    return tuple(islice((each for each in dict.fromkeys(posts) if each != excluded_id), MAX_SIMILAR))


def _words_of(title: str) -> list[str]:
    """The distinct words of a title that say something about its subject."""
    words = (word for word in dict.fromkeys(tokens(title[:MAX_QUERY_LENGTH])) if word not in FILLER)
    return list(islice(words, MAX_WORDS))


def _with_all(words: list[str], hidden: Hidden) -> list[int]:
    """The questions with all words, of any age: of common words only the newest titles are counted."""
    query = SearchQuery("", tuple(Term((word,)) for word in words))
    criteria = SearchCriteria(query, hidden, kinds=KINDS["question"], is_title_only=True)
    return _best(criteria, MAX_SIMILAR + 1)


def _best(criteria: SearchCriteria, limit: int) -> list[int]:
    hits = best_hits(criteria, dialect(), limit, ranked=MAX_COUNTED).subquery()
    posts = select(SearchDocument.post_id).join(hits, hits.c.id == SearchDocument.id)
    ordered = db.session.scalars(posts.order_by(hits.c.score.desc(), hits.c.id.desc()))
    return [post_id for post_id in ordered if post_id is not None]


def _by_weight(words: list[str], hidden: Hidden, excluded_id: int | None) -> list[int]:
    """The questions that share enough of the weight of the words, those that share the most first, then the newest."""
    found = {word: posts - {excluded_id} for word, posts in _posts_by_word(words, hidden).items()}
    titles = _count_titles(hidden)
    weights = {word: _weight(word, len(found[word]), titles) for word in words}
    shared: defaultdict[int, float] = defaultdict(float)
    for word, posts in found.items():
        for post_id in posts:
            shared[post_id] += weights[word]
    least = LEAST_SHARE * sum(weights.values())
    return sorted((each for each, weight in shared.items() if weight >= least), key=lambda each: (-shared[each], -each))


def _posts_by_word(words: list[str], hidden: Hidden) -> dict[str, set[int]]:
    """The newest questions with each of the words in their titles, at most `MAX_COUNTED` of each, in one query."""
    found: dict[str, set[int]] = {word: set() for word in words}
    for row in db.session.execute(union_all(*(_with_word(index, word, hidden) for index, word in enumerate(words)))):
        found[words[row.word]].add(row.post_id)
    return found


def _with_word(index: int, word: str, hidden: Hidden) -> Select:
    query = SearchQuery("", tuple(Term((form,)) for form in _forms_of(word)))
    criteria = SearchCriteria(query, hidden, kinds=KINDS["question"], is_title_only=True, matches_any=True)
    hits = matching_ids(criteria, dialect(), MAX_COUNTED).subquery()
    posts = select(literal(index).label("word"), SearchDocument.post_id)
    return posts.join(hits, hits.c.id == SearchDocument.id)


def _forms_of(word: str) -> list[str]:
    """An English word with and without the ending of a plural; any other word alone."""
    if not word.isascii() or not word.isalpha() or len(word) <= SHORTEST_STEM:
        return [word]
    return [word, word[:-1] if word.endswith("s") else f"{word}s"]


def _count_titles(hidden: Hidden) -> int:
    """The number of questions, at most `MAX_COUNTED`."""
    counted = select(literal(1).label("one")).where(Post.kind == "question", Post.state == VISIBLE)
    counted = (counted.where(Post.board_id.not_in(hidden)) if hidden else counted).limit(MAX_COUNTED)
    return db.session.scalar(select(func.count()).select_from(counted.subquery())) or 0


def _weight(word: str, count: int, titles: int) -> float:
    """The weight of a word that `count` of so many titles have. One that none has may be a slip, so it has a limit.

    Of Korean, Chinese and Japanese every two characters are a word; those that none has are mostly endings.
    """
    if count:
        return log(1 + max(titles, count) / count)
    return 0 if CJK_START.match(word) else max(LEAST_UNKNOWN, min(MOST_UNKNOWN, log(1 + titles)))


def _questions(ids: tuple[int, ...], actor: Actor) -> list[Row]:
    columns = select(Post.id, Post.title, Post.score, Post.answer_count, Post.accepted_answer_id)
    visible = on_visible_boards(columns.where(Post.id.in_(ids), Post.state == VISIBLE), actor)
    rows = {row.id: row for row in db.rows(visible)}
    return [rows[number] for number in ids if number in rows]

"""Sentences out of word lists: titles, paragraphs and comments, each paragraph rendered once."""

import random
import re
from dataclasses import dataclass
from string import Formatter
from types import ModuleType
from typing import Any, NamedTuple

from madang.core.markdown.renderer import render, render_inline

from . import english, korean

ARTICLE = re.compile(r"\b([Aa])(?= [aeiou])")
FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = 0xAC00, 0xD7A3, 28
FINAL_RIEUL = 8


def has_final(word: str) -> bool:
    """Whether a Korean word ends in a consonant, as its particles want to know."""
    return FIRST_SYLLABLE <= ord(word[-1]) <= LAST_SYLLABLE and (ord(word[-1]) - FIRST_SYLLABLE) % FINALS > 0


def with_particle(word: str, pair: str) -> str:
    """A word with the one of two particles ("을/를": after a consonant, after a vowel) that fits."""
    after_consonant, after_vowel = pair.split("/")
    return word + (after_consonant if has_final(word) else after_vowel)


def join_rieul(text: str) -> str:
    """`고치ㄹ` as one syllable: `고칠`."""
    head, *tails = text.split("ㄹ ")
    for tail in tails:
        head = head[:-1] + chr(ord(head[-1]) + FINAL_RIEUL) + " " + tail
    return head


class Filler(Formatter):
    """Fills templates: `{thing:을/를}` adds a particle, `{thing!c}` begins a sentence."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return with_particle(value, format_spec) if "/" in format_spec else value

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return value[:1].upper() + value[1:] if conversion == "c" else value


fill = Filler().format


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a body: what was written and what the page shows. Pieces are joined without rendering again."""

    markdown: str
    html: str


def body_of(pieces: list[Paragraph]) -> tuple[str, str]:
    """The Markdown and the HTML of a body of these pieces."""
    return "\n\n".join(piece.markdown for piece in pieces), "".join(piece.html for piece in pieces)


class Plight(NamedTuple):
    """What happens to whose thing, and when: a question, its title and its answers speak of the same."""

    subject: int
    trouble: int
    occasion: int


class Language:
    """One language of the demonstration. Everything is drawn from `chance`."""

    def __init__(self, words: ModuleType, chance: random.Random) -> None:
        self.words, self.chance = words, chance
        self._weights = [1 / (rank + 3) for rank in range(len(words.THINGS))]
        self._details = [_rendered(text) for text in words.DETAILS]
        self._closings = [_rendered(text) for text in words.CLOSINGS]
        self._advice = [_rendered(text) for text in words.ADVICE]
        self.comments = [(text, render_inline(text)) for text in words.COMMENTS]
        self._openings: dict[Plight, Paragraph] = {}
        self._replies: dict[tuple[Plight, str], Paragraph] = {}

    def plight(self) -> Plight:
        """Something that happened to somebody; the first things happen more often."""
        subject = self.chance.choices(range(len(self.words.THINGS)), self._weights)[0]
        number = self.chance.randrange
        return Plight(subject, number(len(self.words.TROUBLES)), number(len(self.words.OCCASIONS)))

    def tags(self, plight: Plight) -> list[str]:
        """The tag of its thing, and at times one or two others."""
        others = self.chance.choices(range(len(self.words.THINGS)), self._weights, k=self.chance.choice((0, 0, 1, 2)))
        return list(dict.fromkeys(self.words.THINGS[subject][0] for subject in (plight.subject, *others)))

    def title(self, plight: Plight) -> str:
        return self._filled(self.chance.choice(self.words.TITLES), plight)

    def question(self, plight: Plight) -> tuple[str, str]:
        """Markdown and HTML of a question."""
        if plight not in self._openings:
            self._openings[plight] = _rendered(self._filled(self.chance.choice(self.words.QUESTIONS), plight))
        details = self.chance.sample(self._details, self.chance.randint(0, 3))
        return body_of([self._openings[plight], *details, self.chance.choice(self._closings)])

    def answer(self, plight: Plight) -> tuple[str, str]:
        """Markdown and HTML of an answer."""
        template = self.chance.choice(self.words.ANSWERS)
        if "{occasion}" not in template:
            plight = plight._replace(occasion=0)  # the same reply, rendered once
        if (plight, template) not in self._replies:
            self._replies[plight, template] = _rendered(self._filled(template, plight))
        return body_of([self._replies[plight, template], *self.chance.sample(self._advice, self.chance.randint(0, 2))])

    def _filled(self, template: str, plight: Plight) -> str:
        words = self.words
        trouble = dict(zip(words.TROUBLE_FORMS, words.TROUBLES[plight.trouble], strict=True))
        text = fill(
            template,
            thing=words.THINGS[plight.subject][1],
            occasion=words.OCCASIONS[plight.occasion],
            action=self.chance.choice(words.ACTIONS),
            **trouble,
        )
        return ARTICLE.sub(r"\1n", text) if words is english else join_rieul(text)


def _rendered(text: str) -> Paragraph:
    return Paragraph(text, render(text))


def languages(chance: random.Random) -> list[Language]:
    return [Language(korean, chance), Language(english, chance)]

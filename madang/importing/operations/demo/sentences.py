"""Titles, paragraphs and comments of a demonstration, generated from word lists; each paragraph is rendered once."""

import random
import re
from dataclasses import dataclass
from string import Formatter
from types import ModuleType
from typing import NamedTuple

from madang.core.markdown.renderer import render, render_inline

from . import english, korean

ARTICLE = re.compile(r"\b([Aa])(?= [aeiou])")
FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = 0xAC00, 0xD7A3, 28
FINAL_RIEUL = 8


def ends_in_consonant(word: str) -> bool:
    """Whether a Korean word ends in a consonant, on which the form of its particles depends."""
    return FIRST_SYLLABLE <= ord(word[-1]) <= LAST_SYLLABLE and (ord(word[-1]) - FIRST_SYLLABLE) % FINALS > 0


def add_particle(word: str, pair: str) -> str:
    """Append the particle of `pair` ("을/를": after a consonant, after a vowel) that fits `word`."""
    after_consonant, after_vowel = pair.split("/")
    return word + (after_consonant if ends_in_consonant(word) else after_vowel)


def join_rieul(text: str) -> str:
    """Join a final ㄹ with the syllable before it: `고치ㄹ` becomes `고칠`."""
    head, *tails = text.split("ㄹ ")
    for tail in tails:
        head = head[:-1] + chr(ord(head[-1]) + FINAL_RIEUL) + " " + tail
    return head


class TemplateFormatter(Formatter):
    """Formatter of the templates: `{subject:을/를}` adds a particle, `{subject!c}` capitalises."""

    def format_field(self, value: str, format_spec: str) -> str:
        return add_particle(value, format_spec) if "/" in format_spec else value

    def convert_field(self, value: str, conversion: str | None) -> str:
        return value[:1].upper() + value[1:] if conversion == "c" else value


fill_template = TemplateFormatter().format


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a body as Markdown and as HTML, so that paragraphs are joined without rendering them again."""

    markdown: str
    html: str


def join_paragraphs(paragraphs: list[Paragraph]) -> tuple[str, str]:
    """The Markdown and the HTML of a body of these paragraphs."""
    return "\n\n".join(each.markdown for each in paragraphs), "".join(each.html for each in paragraphs)


class Scenario(NamedTuple):
    """What goes wrong with what, and when, as indexes into the word lists; shared by a question and its answers."""

    subject: int
    problem: int
    occasion: int


class Language:
    """Generator of the texts of one language; all choices are drawn from `rng`."""

    def __init__(self, words: ModuleType, rng: random.Random) -> None:
        self.words, self.rng = words, rng
        self._weights = [1 / (rank + 3) for rank in range(len(words.SUBJECTS))]
        self._details = [_render_paragraph(text) for text in words.DETAILS]
        self._closings = [_render_paragraph(text) for text in words.CLOSINGS]
        self._advice = [_render_paragraph(text) for text in words.ADVICE]
        self.comments = [(text, render_inline(text)) for text in words.COMMENTS]
        self._openings: dict[Scenario, Paragraph] = {}
        self._replies: dict[tuple[Scenario, str], Paragraph] = {}

    def scenario(self) -> Scenario:
        """Draw a scenario; the first subjects come up more often."""
        subject = self.rng.choices(range(len(self.words.SUBJECTS)), self._weights)[0]
        number = self.rng.randrange
        return Scenario(subject, number(len(self.words.PROBLEMS)), number(len(self.words.OCCASIONS)))

    def tags(self, scenario: Scenario) -> list[str]:
        """The tag of the scenario's subject, and sometimes one or two others."""
        others = self.rng.choices(range(len(self.words.SUBJECTS)), self._weights, k=self.rng.choice((0, 0, 1, 2)))
        return list(dict.fromkeys(self.words.SUBJECTS[subject][0] for subject in (scenario.subject, *others)))

    def title(self, scenario: Scenario) -> str:
        return self._fill(self.rng.choice(self.words.TITLES), scenario)

    def question(self, scenario: Scenario) -> tuple[str, str]:
        """Markdown and HTML of a question."""
        if scenario not in self._openings:
            self._openings[scenario] = _render_paragraph(self._fill(self.rng.choice(self.words.QUESTIONS), scenario))
        details = self.rng.sample(self._details, self.rng.randint(0, 3))
        return join_paragraphs([self._openings[scenario], *details, self.rng.choice(self._closings)])

    def answer(self, scenario: Scenario) -> tuple[str, str]:
        """Markdown and HTML of an answer."""
        template = self.rng.choice(self.words.ANSWERS)
        if "{occasion}" not in template:
            scenario = scenario._replace(occasion=0)  # the same reply, rendered once
        if (scenario, template) not in self._replies:
            self._replies[scenario, template] = _render_paragraph(self._fill(template, scenario))
        return join_paragraphs(
            [self._replies[scenario, template], *self.rng.sample(self._advice, self.rng.randint(0, 2))]
        )

    def _fill(self, template: str, scenario: Scenario) -> str:
        words = self.words
        problem = dict(zip(words.PROBLEM_FORMS, words.PROBLEMS[scenario.problem], strict=True))
        text = fill_template(
            template,
            subject=words.SUBJECTS[scenario.subject][1],
            occasion=words.OCCASIONS[scenario.occasion],
            action=self.rng.choice(words.ACTIONS),
            **problem,
        )
        return ARTICLE.sub(r"\1n", text) if words is english else join_rieul(text)


def _render_paragraph(text: str) -> Paragraph:
    return Paragraph(text, render(text))


def languages(rng: random.Random) -> list[Language]:
    return [Language(korean, rng), Language(english, rng)]

"""The navigation at the side marks where one is."""

import re

import pytest

MARKED = re.compile(r'<nav class="side".*?</nav>', re.DOTALL)
PLACES = {
    "/boards/qa": "/boards/qa",
    "/boards/qa?sort=votes": "/boards/qa",
    "/posts/{question}": "/boards/qa",
    "/posts/{question}/edit": "/boards/qa",
    "/posts/{unanswered}/delete": "/boards/qa",
    "/posts/{question}/revisions": "/boards/qa",
    "/posts/{answer}/edit": "/boards/qa",
    "/posts/{talk}": "/boards/talk",
    "/posts/new?board=talk": "/boards/talk",
    "/questions": "/questions",
    "/questions?sort=unanswered": "/questions",
    "/tags": "/tags",
    "/tags?q=x": "/tags",
    "/tags/rare": "/tags/rare",
    "/tags/%EB%A7%88%EB%8B%B9": "/tags/%EB%A7%88%EB%8B%B9",
    "/users": "/users",
    "/users/ann": "/users",
    "/users/ann?tab=answers": "/users",
    "/users/ann/followers": "/users",
    "/": None,
    "/boards": None,
    "/search?q=yard": None,
    "/settings": None,
}


def marked_entries(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)" aria-current="page"', MARKED.search(page)[0])


@pytest.mark.parametrize("path", PLACES)
def test_one_entry_is_marked_or_none(ann, bob, path):
    question = ann.ask(tags="rare, 마당")
    answer = bob.answer(question)
    unanswered = ann.ask("How do I water a yard?")
    talk = ann.ask("Tea or coffee?", board="talk")
    who = bob if "{answer}" in path else ann
    page = who.page(path.format(question=question, answer=answer, unanswered=unanswered, talk=talk))
    assert marked_entries(page) == ([PLACES[path]] if PLACES[path] else [])


def test_a_tag_that_the_navigation_does_not_show_lies_under_the_tags(ann):
    for number in range(0, 12, 4):
        for verb in ("plant", "water"):
            tags = ", ".join(f"plant{number + step}" for step in range(4))
            ann.ask(f"How do I {verb} number {number}?", tags=tags)
    ann.ask(tags="seldom")
    page = ann.page("/tags/seldom")
    assert marked_entries(page) == ["/tags"]

"""Tags and bare addresses of questions of the imported site become links."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from madang.comments.models import Comment
from madang.importing.operations.site_links import QuestionLinks, link_tags, link_tags_in_html, site_hosts
from madang.posts.models import Post, Revision

from ..people import Person
from .conftest import TIME, ImportRunner, answer, change, question, row

pytestmark = pytest.mark.each_database

Dump = Callable[..., Path]
QUESTIONS = QuestionLinks(["b.kr", "meta.b.kr"])
TITLES = {"1": (7, "Why [so] *big*?")}
LINK = r"[Why \[so\] \*big\*?](/posts/7)"


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("[tag:hops]", "[hops](/tags/hops)"),
        ("Use [tag:c++], [meta-tag:a_b].", r"Use [c++](/tags/c%2B%2B), [a_b](/tags/a-b)."),
        ("[tag:맥주]", "[맥주](/tags/%EB%A7%A5%EC%A3%BC)"),
        ("`[tag:hops]` and [tag:hops]", "`[tag:hops]` and [hops](/tags/hops)"),
        ("``a ` [tag:hops]`` `", "``a ` [tag:hops]`` `"),
        ("```\n[tag:hops]\n```\n[tag:hops]", "```\n[tag:hops]\n```\n[hops](/tags/hops)"),
        ("~~~\n[tag:hops]", "~~~\n[tag:hops]"),
        ("a\n\n    [tag:hops]", "a\n\n    [tag:hops]"),
        (r"\[tag:hops]", r"\[tag:hops]"),
        ("[tag:hops](https://b.kr) [tag:hops][1] [tag:] [tag:?!]",) * 2,
        (
            "a " + "`" * 50_000 + " [tag:hops] " + "x" * 40_000,
            "a " + "`" * 50_000 + " [hops](/tags/hops) " + "x" * 40_000,
        ),
        ("[tag:" + "[tag:" * 40_000, "[tag:" + "[tag:" * 40_000),
    ],
)
def test_tags_outside_of_code_become_links(source: str, linked: str) -> None:
    assert link_tags(source) == linked


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ('<a href="https://b.kr/t/hops" class="post-tag" rel="tag">hops</a>', '<a href="/tags/hops">hops</a>'),
        ('<a class="post-tag required-tag" href="https://b.kr/t/C">C</a>', '<a href="/tags/c">C</a>'),
        ('<a href="https://b.kr/t/hops">hops</a>',) * 2,
    ],
)
def test_links_to_tags_lead_to_the_tags_here(html: str, linked: str) -> None:
    assert link_tags_in_html(html) == linked


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("See https://b.kr/questions/1/why-so-big.", f"See {LINK}."),
        ("http://www.B.kr/q/1, HTTPS://meta.b.kr/questions/1?a=b#c", f"{LINK}, {LINK}"),
        ("<https://b.kr/questions/1> (https://b.kr/q/1/42)", f"{LINK} ({LINK})"),
        ("* https://b.kr/questions/1/한국어입니다", f"* {LINK}"),
        ("[a](https://b.kr/q/1) [b](<https://b.kr/q/1>) [https://b.kr/q/1](https://c.kr)",) * 2,
        ('[1]: https://b.kr/q/1\n<a href="https://b.kr/q/1">https://b.kr/q/1</a>',) * 2,
        ("`https://b.kr/q/1`\n\n    https://b.kr/q/1",) * 2,
        ("https://b.kr/questions/2 https://c.kr/questions/1 https://b.kr/questions/1x https://b.kr/a/1",) * 2,
        ("https://b.kr.example.org/q/1 https://xb.kr/q/1 https://b.kr/questions/tagged/1",) * 2,
    ],
)
def test_bare_addresses_of_questions_become_links_with_titles(source: str, linked: str) -> None:
    assert QUESTIONS.link(source, lambda numbers: {each: TITLES[each] for each in numbers & TITLES.keys()}) == linked


@pytest.mark.parametrize(
    ("folder", "hosts"),
    [
        ("beer.stackexchange.com", ["beer.stackexchange.com", "beer.stackexchange.com.stackexchange.com"]),
        ("beer-2020", ["beer.stackexchange.com"]),
        ("Coffee.meta-2020", ["coffee.meta", "coffee.meta.stackexchange.com", "meta.coffee.stackexchange.com"]),
        ("stackoverflow.com", ["stackoverflow.com", "stackoverflow.com.stackexchange.com"]),
        ("my dump", []),
    ],
)
def test_the_hosts_of_a_site_come_from_the_name_of_the_folder(folder: str, hosts: list[str]) -> None:
    assert site_hosts(folder) == hosts
    assert (
        QuestionLinks(hosts).link("https:///questions/1 /q/1", lambda _numbers: TITLES) == "https:///questions/1 /q/1"
    )


def test_posts_and_comments_link_to_tags_and_to_later_questions(
    importer: ImportRunner, dump: Dump, visitor: Person, dan: Person
) -> None:
    address = "https://small.example/questions/2/slug"
    folder = dump(
        Posts=[
            question(1, Body=f'<p>As in <a href="{address}">{address}</a></p>'),
            answer(3, 1, Body=f'<p><a href="{address}" class="post-tag">hops</a>, {address}</p>'),
            question(2, Body=f"<p>{address}</p>"),
            question(4, Body=f"<p>{address}, edited</p>"),
        ],
        PostHistory=[
            change(1, 2, 2, "First", "a"),
            change(2, 2, 5, f"[tag:hops], http://small.example/q/1 and {address}", "b"),
        ],
        Comments=[row(Id=1, PostId=1, Text=f"[tag:hops] {address}", CreationDate=TIME)],
    )
    importer(folder)
    first, second = importer.question(1), importer.question(2)
    link = f"[How does 2 work?](/posts/{second.id})"
    assert first.body == f"As in {link}"
    assert f'<a href="/posts/{second.id}"' in first.body_html and first.excerpt == "As in How does 2 work?"
    assert second.body == f"[hops](/tags/hops), [How does 1 work?](/posts/{first.id}) and {link}"
    assert importer.all(select(Revision.body).order_by(Revision.number)) == ["First", second.body]
    assert importer.one(Post, kind="answer").body.startswith("[hops](/tags/hops), ")
    assert importer.one(Comment).body == f"[hops](/tags/hops) {link}"
    assert visitor.get(f"/posts/{second.id}", follow_redirects=True).status_code == 200
    assert visitor.get("/tags/hops").status_code == 200
    before = importer.all(select(Post.body).order_by(Post.id))
    importer(folder)
    assert importer.all(select(Post.body).order_by(Post.id)) == before
    assert importer.problems == [] and importer.wrong_counters() == []


def test_a_text_that_was_edited_here_gets_no_links(importer: ImportRunner, dump: Dump, dan: Person) -> None:
    importer(dump(Posts=[question(1, Body="<p>Only this.</p>")]))
    imported, edited = importer.question(1), "Now see https://small.example/questions/1 as well."
    form = {"title": "How does 1 work?", "body": edited, "tags": "hops", "version": "1"}
    assert dan.post(f"/posts/{imported.id}/edit", **form).status_code == 302
    address = '<p><a href="https://small.example/q/1">https://small.example/q/1</a></p>'
    importer(dump(Posts=[question(1, Body=address), question(2)]))
    assert importer.question(1).body == edited

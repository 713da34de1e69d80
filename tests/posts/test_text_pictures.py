"""Pictures in texts link to their full size."""

import re

import pytest

PICTURE = "/files/0123456789abcdef0123456789abcdef.webp"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (f"![A yard]({PICTURE})", rf'<a class="zoom" href="{PICTURE}"><img [^>]*src="{PICTURE}"[^>]*></a>'),
        (f"![]({PICTURE})", rf'<a class="zoom" href="{PICTURE}" aria-label="Full-size picture"><img [^>]*></a>'),
        (f"[![A yard]({PICTURE})](/tags)", r'<a [^>]*href="/tags"[^>]*><img [^>]*></a>'),
        (f"[a](/tags) ![A &quot;b&quot; > c]({PICTURE}) [d](/tags)", r'</a> <a class="zoom"[^>]*><img [^>]*></a> <a '),
        (f"`![A yard]({PICTURE})`", r"<code>!\[A yard\]"),
    ],
)
def test_each_but_those_within_a_link(ann, visitor, body: str, html: str):
    """With and without an alternative text, in a link, between links, with quotes and brackets, and in code."""
    question = ann.ask(body=f"{body} Is this the yard that you mean?")
    page = visitor.page(f"/posts/{question}")
    assert re.search(html, page)
    assert page.count('class="zoom"') == html.count('class="zoom"')


def test_the_text_of_the_api_stays_as_it_is(ann, visitor):
    question = ann.ask(body=f"![A yard]({PICTURE}) Is this the yard that you mean?")
    assert "zoom" not in visitor.client.get(f"/api/v1/posts/{question}").json["body_html"]

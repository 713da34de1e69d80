"""HTML that is converted to Markdown is rendered as the same HTML."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from madang.core.markdown.renderer import render
from madang.importing.operations.conversion import html_to_markdown
from madang.importing.operations.html_tree import parse, same_blocks

from .html_comparison import differences
from .made_html import made_html

TEXTS = [
    # What the words of a text would mean in Markdown
    ("<p>I live in &lt;location&gt;.</p>", r"I live in \<location>."),
    ("<p>Write &lt;b&gt; and &amp;lt; and &amp;copy;</p>", r"Write \<b> and \&lt; and \&copy;"),
    (r"<p>For $x \in \{0,1\}^n$ it is $O(n)$.</p>", r"For \$x \\in \\{0,1\\}^n\$ it is \$O(n)\$."),
    ("<p>It costs $5.</p>", "It costs $5."),
    ("<p>1) one</p>", r"1\) one"),
    ("<p>2020. It was</p>", r"2020\. It was"),
    ("<p>- one</p><p>+ two</p><p>* three</p>", "\\- one\n\n\\+ two\n\n\\* three"),
    ("<p># one</p><p>#two</p>", "\\# one\n\n#two"),
    ("<p>&gt; quoted</p>", r"\> quoted"),
    ("<p>a<br>---<br>=</p>", "a\n\\---\n\\="),
    ("<p>a | b<br>--|--<br>c | d</p>", "a | b\n\\--|--\nc | d"),
    ("<p>```<br>~~~</p>", "\\`\\`\\`\n\\~\\~\\~"),
    ("<p>*a* _b_ c_d `e` ~~f~~ [g](h) ![i](j)</p>", r"\*a\* \_b\_ c_d \`e\` \~\~f\~\~ \[g](h) !\[i](j)"),
    ("<p>[^1] and</p><p>[^1]: this, [2]: http://a.kr</p>", "\\[^1] and\n\n\\[^1]: this, \\[2]: http\\://a.kr"),
    ("<ul><li>[ ] a task</li></ul>", r"- \[ ] a task"),
    ("<p>@ann, a@b.kr, www.b.kr, https://b.kr</p>", r"\@ann, a\@b.kr, www\.b.kr, https\://b.kr"),
    ("<p>＠은별</p>", "&#65312;은별"),
    ("<p>wow!<a href='https://b.kr'>b</a></p>", r"wow\![b](https://b.kr)"),
    ("<p>&nbsp;one&nbsp; two&emsp;</p>", "&#160;one&#160; two&#8195;"),
    # What Markdown has
    ("<p>line<br>line</p>", "line\nline"),
    ("<p>a<br><br>b<br></p>", "a<br><br>b<br>"),
    ("<p>one\n  line</p>", "one line"),
    ("<p>Two words", "Two words"),
    ("<p>a</p><hr><p>b</p>", "a\n\n***\n\nb"),
    ("<h2>A #</h2><h3>B</h3>", "## A \\#\n\n### B"),
    ("<p><b>bold</b>, <em>slanted</em>, <s>struck</s></p>", "**bold**, *slanted*, ~~struck~~"),
    ("<p><strong><em>both</em></strong></p>", "**_both_**"),
    ("<p><code>a`b</code> <code> c </code> <code>``</code></p>", "``a`b`` `  c  ` ``` `` ```"),
    ("<pre><code>a\n```\n\n  b  \n</code></pre>", "````\na\n```\n\n  b  \n````"),
    ("<pre><code>\na\n\n</code></pre>", "```\n\na\n\n```"),
    ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "- a\n  1. b\n  2. c\n- d"),
    ("<ol start=9><li><p>a</p><pre><code>b\n</code></pre></li></ol>", "9. a\n\n   ```\n   b\n   ```"),
    ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
    ("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"),
    ('<a href="https://b.kr/a_(b)" title=\'say "x"\'>a ] b</a>', r'[a \] b](https://b.kr/a_\(b\) "say &#34;x&#34;")'),
    ('<a href="https://b.kr/x">https://b.kr/x</a>', "<https://b.kr/x>"),
    ('<a href="/a b?c&lt=d"></a>', "[](/a%20b?c&lt=d)"),
    ('<p>b <img src="/a.png" alt="a b" title="c"></p>', 'b ![a b](/a.png "c")'),
    (
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b|<code>c|d</code></td></tr></tbody></table>",
        "| a |\n| --- |\n| b\\|`c\\|d` |",
    ),
    # What Markdown has not
    ("<p>2<sup>10</sup> H<sub>2</sub>O <kbd>Tab</kbd></p>", "2<sup>10</sup> H<sub>2</sub>O <kbd>Tab</kbd>"),
    ("<p><b> spaced</b>x</p>", "<b> spaced</b>x"),
    ("<p><b>a</b><b>b</b></p>", "<b>a</b><b>b</b>"),
    ("<p>a<i>(b)</i>c</p>", "a<i>(b)</i>c"),
    ("<pre>a\n\n<b>b</b></pre>", "<pre>a&#10;&#10;<b>b</b></pre>"),
    ("<pre><code>a<b>b</b></code></pre>", "<pre><code>a<b>b</b></code></pre>"),
    ("<ul><li>a</li><li><p>b</p></li></ul>", "<ul><li>a</li><li><p>b</p></li></ul>"),
    ("<table><tr><td>*a*\n</td></tr></table>", "<table><tbody><tr><td>*a* </td></tr></tbody></table>"),
    ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
    ("<details><summary>a</summary><p>b\n\nc</p></details>", "<details><summary>a</summary><p>b c</p></details>"),
    ('<img src="/a.png" width="5">', '<p><img src="/a.png" width="5"></p>'),
    ('<p>b <img src="/a.png" alt="[a] *b*"></p>', 'b <img src="/a.png" alt="[a] *b*">'),
    ("<p><br></p>", "<p><br></p>"),
    ("<script>alert(1)</script><p onclick='x'>left</p>", "left"),
    ('<p><a href="javascript:alert(1)">a link</a></p>', "a link"),
]


@pytest.mark.parametrize(("html", "markdown"), TEXTS)
def test_a_text_keeps_its_html(html: str, markdown: str) -> None:
    """Texts also tried: all that `made_html` makes, and every text of three sites."""
    expected, found, source = differences(html)
    assert source == markdown
    assert found == expected


@given(made_html)
@settings(max_examples=150, derandomize=True)
def test_made_html_stays_the_same(html: str) -> None:
    expected, found, source = differences(html)
    assert found == expected, source


@pytest.mark.parametrize(
    "site", ["conlang.meta-2020", "coffee.meta-2020", pytest.param("beer-2020", marks=pytest.mark.contract)]
)
def test_the_texts_of_a_site_stay_the_same(shared_data: Path, site: str) -> None:
    folder = shared_data / "stackexchange" / site
    for file, name in (("Posts", "Body"), ("Users", "AboutMe")):
        for row in ElementTree.parse(folder / f"{file}.xml").getroot():
            expected, found, source = differences(row.get(name, ""))
            assert found == expected, source


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a</p>", "<p>b</p>"),
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a</p><p>b</p>", "<p>a<br>b</p>"),
        ("<p><b>a</b></p>", "<p>a</p>"),
        ('<p><a href="/a">a</a></p>', '<p><a href="/b">a</a></p>'),
        ("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul>"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
        ("<pre><code>a\n\nb</code></pre>", "<pre><code>a\nb</code></pre>"),
        ("<pre><code>a </code></pre>", "<pre><code>a</code></pre>"),
        ("<table><tbody><tr><td>a</td></tr></tbody></table>", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
    ],
)
def test_trees_that_differ_are_not_the_same(one: str, other: str) -> None:
    assert not same_blocks(parse(one)[0].children, parse(other)[0].children)
    assert same_blocks(parse(one)[0].children, parse(one)[0].children)


def test_html_that_is_nested_too_deeply_becomes_its_words() -> None:
    words = "<div>" * 3_000 + "# the &lt;words&gt; @ann" + "</div>" * 3_000
    assert html_to_markdown(words).strip() == r"\# the \<words> \@ann"


@pytest.mark.parametrize("limit", [5, 20, 40])
def test_a_text_that_is_too_long_ends_after_a_block(limit: int) -> None:
    source = html_to_markdown("<p>one</p><pre><code>two\nthree\n</code></pre><p>four</p><p>five</p>", limit)
    assert len(source) <= limit
    assert render(source) in {
        "<p>one</p>\n",
        '<p>one</p>\n<pre tabindex="0"><code>two\nthree\n</code></pre>\n',
        '<p>one</p>\n<pre tabindex="0"><code>two\nthree\n</code></pre>\n<p>four</p>\n<p>five</p>\n',
    }


def test_a_single_paragraph_that_is_too_long_is_cut() -> None:
    assert html_to_markdown("<p>" + "word " * 100 + "</p>", 52).startswith("word word word")
    assert html_to_markdown("<p>" + "&lt;*_" * 100 + "</p>", 51) == r"\<\*\_" * 8 + r"\<"


def test_a_text_that_is_too_long_for_the_renderer_keeps_its_words() -> None:
    words = [f"word{number}" for number in range(40_000)]
    source = html_to_markdown("".join(f"<p>{word}</p>" for word in words))
    assert source.split("\n\n") == words

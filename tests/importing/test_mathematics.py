"""Formulas of imported sites: whether the board shows them, and that they come through the conversion as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from madang.boards.models import Board
from madang.comments.models import Comment
from madang.core.markdown.renderer import as_mathml, render
from madang.importing.operations.conversion import html_to_markdown
from madang.importing.operations.mathematics import has_formula

from ..people import Person
from .conftest import TIME, ImportRunner, answer, change, question, row

Dump = Callable[..., Path]

FORMULAS = r"<p>Is $x_1 * y * z_1 \le \{a\}$ or</p><p>$$\frac{a}{b}$$</p><p>for $5 and $6?</p>"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (r"<p>For $x \in \{0,1\}^n$ it is $O(n)$.</p>", r"For $x \in \{0,1\}^n$ it is $O(n)$."),
        ("<p>$a_1 * b * c_1$, <em>d</em>*</p>", r"$a_1 * b * c_1$, *d*\*"),
        ("<p>$a &lt; b$ &lt;c&gt;</p>", r"$a < b$ \<c>"),
        ("<p>$a\nb$</p>", "$a b$"),
        ("<p>$[a](b)$ [a](b)</p>", r"$[a](b)$ \[a](b)"),
        ("<p>$$a$$</p>", "$$a$$"),
        ("<p>so $$a_1*b*c$$ and</p>", "so $$a_1*b*c$$ and"),
        ("<h2>About $x_1$ #</h2>", r"## About $x_1$ \#"),
        ("<ul><li>$x_1*y*$</li></ul>", "- $x_1*y*$"),
        ("<blockquote><p>$x_1*y*$</p></blockquote>", "> $x_1*y*$"),
        ('<p><a href="https://b.kr">$x_1*y*$</a></p>', "[$x_1*y*$](https://b.kr)"),
        ('<p><a href="https://b.kr">$[x]$</a></p>', r"[\$\[x\]\$](https://b.kr)"),
        (
            "<table><thead><tr><th>$|a|$</th></tr></thead><tbody><tr><td>$b|c$ | d</td></tr></tbody></table>",
            "| $\\|a\\|$ |\n| --- |\n| $b\\|c$ \\| d |",
        ),
        ("<p>$x$ costs $5, or $6</p>", r"$x$ costs \$5, or \$6"),
        ("<p>It costs $5, $x$ does.</p>", "It costs $5, $x$ does."),
        ("<p>$a<em>b</em>c$</p>", r"\$a*b*c\$"),
        ("<p>$a$5 and $ b$</p>", r"\$a\$5 and \$ b\$"),
        ("<p><code>$x$</code> and $y$</p>", "`$x$` and $y$"),
        ("<pre><code>$x$\n</code></pre>", "```\n$x$\n```"),
        ("<p>$a`b$</p>", r"\$a\`b\$"),
        ("<p>$a\u00a0b$</p>", r"\$a&#160;b\$"),
    ],
)
def test_formulas_come_through_the_conversion_as_they_are(html, markdown):
    assert html_to_markdown(html, uses_math=True) == markdown


@pytest.mark.parametrize("html", ["<p>$x_1*y*z$</p>", "<p>$$x$$</p>"])
def test_elsewhere_a_formula_is_text(html):
    assert "<math" not in render(html_to_markdown(html), formulas=as_mathml)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"<p>$\frac12$</p>", True),
        ("<p>$$x$$</p>", True),
        (r"<p>$O(n \log n)$</p>", True),
        ("<p>$x$</p>", False),
        ("<p>$5 and $6</p>", False),
        (r"<p>In C:\new it costs $5</p>", False),
        (r"<pre><code>echo $a \n $b</code></pre>", False),
        (r"<p><code>$a\nb$</code></p>", False),
        (r"<pre class='lang-sh'><code>$a \new $b</code></pre><p>but $\alpha$</p>", True),
    ],
)
def test_a_command_or_two_dollar_signs_outside_code_are_a_formula(body, expected):
    assert has_formula(body) is expected


@pytest.mark.each_database
def test_the_board_of_a_site_with_formulas_uses_mathematics(importer: ImportRunner, dump: Dump, visitor: Person):
    history = [change(1, 2, 2, r"So $\alpha_1 * b * c$" + "\n\n$$\na\n- b\n$$", "a")]
    remark = row(Id=1, PostId=1, Text="Is $x_1*y*$ right?", CreationDate=TIME)
    summary = importer(dump(Posts=[question(1, Body=FORMULAS), answer(2, 1)], PostHistory=history, Comments=[remark]))
    assert summary.begins_math and importer.one(Board, slug="qa").uses_math
    imported = importer.question(1)
    assert imported.body == r"Is $x_1 * y * z_1 \le \{a\}$ or" + "\n\n$$\\frac{a}{b}$$\n\nfor \\$5 and \\$6?"
    assert (imported.body_html.count("<math"), "<em>" in imported.body_html) == (2, False)
    assert imported.excerpt == r"Is $x_1 * y * z_1 \le \{a\}$ or $$\frac{a}{b}$$ for $5 and $6?"
    assert "<math" in importer.one(Comment).body_html
    assert visitor.page(f"/posts/{imported.id}").count("<math") == 5


@pytest.mark.each_database
@pytest.mark.parametrize("count", [0, 1])
def test_a_few_formulas_among_many_posts_are_not_enough(importer: ImportRunner, dump: Dump, count: int):
    posts = [question(number, Body=FORMULAS if number <= count else "<p>It costs $5.</p>") for number in range(1, 31)]
    assert not importer(dump(Posts=posts)).begins_math
    assert not importer.one(Board, slug="qa").uses_math


@pytest.mark.each_database
def test_a_board_with_posts_keeps_its_setting(importer: ImportRunner, dump: Dump, ann: Person, root: Person):
    ann.ask("A question of ours?")
    assert not importer(dump(Posts=[question(1, Body=FORMULAS)])).begins_math
    assert not importer.one(Board, slug="qa").uses_math
    assert "<math" not in importer.question(1).body_html


@pytest.mark.each_database
def test_a_second_run_does_not_switch_it_on_again(importer: ImportRunner, dump: Dump, root: Person):
    folder = dump(Posts=[question(1, Body=FORMULAS)])
    importer(folder)
    board = importer.one(Board, slug="qa")
    root.post(f"/admin/boards/{board.id}", name_en=board.names["en"], slug="qa", position=str(board.position))
    assert not importer(folder).begins_math
    assert not importer.one(Board, slug="qa").uses_math


@pytest.mark.each_database
def test_broken_rows_are_reported_once(importer: ImportRunner, dump: Dump):
    importer(dump(Posts=[question(1, Body=FORMULAS), "  <row Id=3 />", question(2, CreationDate="yesterday")]))
    assert len(importer.problems) == len(set(importer.problems)) == 2

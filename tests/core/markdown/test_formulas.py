"""Formulas in TeX: what is one, what it becomes, what it must not become, and its bounds."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.errors import InvalidInput
from madang.core.markdown.formulas import as_source
from madang.core.markdown.mathml import MAX_FORMULA, MAX_NESTING, UnreadableFormula, mathml
from madang.core.markdown.renderer import MAX_BODY, as_mathml, mentioned_names, render, render_inline
from madang.core.markdown.sanitizer import ATTRIBUTES, excerpt, plain_text
from madang.core.markdown.visible import shows
from tests.timing import assert_quick

MATH = re.compile(r"<math.*?</math>", re.DOTALL)
SECONDS = 4


def html(source: str) -> str:
    return render(source, formulas=as_mathml)


def formulas(source: str) -> list[str]:
    """The TeX of each formula of a text."""
    found = re.findall(r'<math(?: display="block")? alttext="([^"]*)"', html(source))
    return [tex.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for tex in found]


# What is a formula


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Let $x$ be", ["x"]),
        ("$x$", ["x"]),
        ("변수 $x$는 $y$보다", ["x", "y"]),
        ("($x$), $y$.", ["x", "y"]),
        ("$x_1 * y * z_1$", ["x_1 * y * z_1"]),
        ("$a<b$ and $c>d$", ["a<b", "c>d"]),
        ("$a\nb$", ["a\nb"]),
        (r"$a\$b$", [r"a\$b"]),
        (r"$\{a\}$", [r"\{a\}"]),
        (r"\\$x$", ["x"]),
        ("**$x$**", ["x"]),
        ("# $x$", ["x"]),
        ("[$x$](https://b.kr)", ["x"]),
        ("- $x$", ["x"]),
        ("| a |\n|---|\n| $x\\|y$ |", ["x|y"]),
        ("a[^1]\n\n[^1]: $x$", ["x"]),
        ("$$x$$", ["x"]),
        ("so $$x$$ and", ["x"]),
        ("$$ x $$", ["x"]),
        ("$$\nx\n$$", ["x"]),
        ("$$x$$.", ["x"]),
        (r"$$\text{if $x$}$$", [r"\text{if $x$}"]),
        # marks of Markdown at the beginning of a line
        ("$$\na\n- b\n+ c\n= d\n> e\n# f\n$$", ["a\n- b\n+ c\n= d\n> e\n# f"]),
        ("so\n$$\nx\n===\n$$\nand", ["x\n==="]),
        ("> $$\n> a\n> - b\n> $$", ["a\n- b"]),
        ("1. $$\n   a\n   - b\n   $$", ["a\n- b"]),
        # money, code and other text
        ("$5 and $6", []),
        ("$5", []),
        ("US$5–C$6", []),
        ("It costs $5, so $x$ does", ["x"]),
        ("$20,000 or $30,000", []),
        ("$ x$, $x $, $x$1", []),
        (r"\$x$", []),
        (r"\$x\$", []),
        ("`$x$`", []),
        ("```\n$x$\n```", []),
        ("    $$x$$", []),
        ("$a `b$` c$", []),
        ("$a\n\nb$", []),
        ("$$a\n\nb$$", []),
        ("$$", []),
        ("$$$", []),
        ("$$ $$", []),
        ("$$$x$$$", []),
        ("<div>$x$</div>", []),
        ("https://b.kr/?a=$x$", []),
    ],
)
def test_dollar_signs_make_a_formula_as_in_pandoc(source, found):
    assert formulas(source) == found


@pytest.mark.parametrize("source", ["$x$", "$$x$$", "$$\na\n- b\n$$", r"\$x"])
def test_without_mathematics_a_dollar_sign_is_text(source):
    assert "<math" not in render(source) + render_inline(source)


def test_formulas_as_source_are_the_text_that_was_typed():
    assert render(r"a $x_1*y*z<b$ *c*", formulas=as_source) == "<p>a $x_1*y*z&lt;b$ <em>c</em></p>\n"


def test_a_comment_has_formulas_too():
    assert "<mi>x</mi>" in render_inline("Is $x$ right?", formulas=as_mathml)


def test_nobody_is_mentioned_in_a_formula():
    assert "ann" in mentioned_names("$x_{@ann}$")
    assert mentioned_names("$x_{@ann}$, @bob", formulas=as_mathml) == {"bob"}


# What it becomes


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x", "<mi>x</mi>"),
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\alpha \le \beta", "<mi>α</mi><mo>≤</mo><mi>β</mi>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\text{만약 a}", "<mtext>만약\xa0a</mtext>".replace("\xa0", "&nbsp;")),
        (r"n \log n", '<mi>n</mi><mo lspace="0.17em" rspace="0.17em">log</mo><mi>n</mi>'),
        (r"\boxed{x}", '<mrow class="boxed"><mi>x</mi></mrow>'),
        (r"\label{eq:one}x\nonumber", "<mi>x</mi>"),
        (r"\&", "<mi>&amp;</mi>"),
    ],
)
def test_tex_becomes_mathml(tex, expected):
    assert mathml(tex, is_display=False) == f'<math alttext="{tex.replace("&", "&amp;")}">{expected}</math>'


@pytest.mark.parametrize(
    "environment",
    ["align", "align*", "aligned", "split", "cases", "dcases", "matrix", "pmatrix", "gather", "gathered", "eqnarray"],
)
def test_environments_become_tables(environment):
    tex = rf"\begin{{{environment}}} a & b \\ c & d \end{{{environment}}}"
    markup = mathml(tex, is_display=True)
    assert (markup.count("<mtr"), "(1)" in markup) == (2, False)


def test_limits_stand_below_where_they_are_displayed():
    for tex in (r"\lim_n", r"\max_n", r"\sum_n", r"\bigcup_n", r"\limsup_n", r"\arg\max_n"):
        assert "<munder>" in mathml(tex, is_display=True)
    assert "<msubsup>" in mathml(r"\int_0^1", is_display=True)


def test_what_may_be_wide_scrolls_by_itself_and_is_reached_by_keyboard():
    box = '<span class="formula-scroll" tabindex="0"><math'
    assert box in html("$$x$$") and box in html(f"${'+'.join('abcdefghijklmnop')}$")
    assert box not in html("$x$")


def test_a_line_does_not_break_between_a_formula_and_its_punctuation():
    assert 'see <span class="formula">(<math alttext="x"><mi>x</mi></math>),</span> and' in html("see ($x$), and")


@pytest.mark.parametrize(
    "tex",
    [
        *(r"\unknown{x}", "{x", "x}", "x^", r"\frac{1}", r"\left(x", r"\begin{matrix}a", r"\end{matrix}", "a & b"),
        *(r"\begin{nothing}a\end{nothing}", r"\genfrac", r"\verb", r"\middle|", "x_1_2", "%", r"\sqrt", r"\hspace"),
    ],
)
def test_what_cannot_be_read_stays_as_it_was_typed(tex):
    for sign in ("$", "$$"):
        text = html(f"See {sign}{tex}{sign} here")
        assert text.startswith("<p>See <code>") and "<math" not in text
        assert plain_text(text) == f"See {sign}{tex}{sign} here"


# What it must not become

ATTACKS = [
    r"\href{javascript:alert(1)}{x}",
    r"\href{https://evil.example}{x}",
    r"\text{<img src=x onerror=alert(1)>}",
    r"\text{</mtext></math><script>alert(1)</script>}",
    r"\mbox{<svg onload=alert(1)>}",
    r"\verb|<img src=x onerror=alert(1)>|",
    r"\tag{<b onclick=x>}x",
    r"\color{red}{x}",
    r'\color{"><img src=x onerror=alert(1)>}{x}',
    r"\textcolor{url(//evil.example)}{x}",
    r"\colorbox{red}{x}\fcolorbox{red}{blue}{x}",
    r"\class{btn primary}{x}",
    r'\class{" onmouseover="alert(1)}{x}',
    r"\style{position:fixed;inset:0}{x}",
    r"\require{html}x",
    r"\unicode{x3c}script\unicode{x3e}",
    r"\unicode{60}\unicode{xD800}\unicode{x0}\unicode{xFFFFFFFF}",
    r"\text{&lt;img src=x onerror=alert(1)&gt;}",
    r"\text{&#60;script&#62;}",
    r"\operatorname{script}<img src=x>",
    r"x'\"><script>alert(1)</script>",
    r"\hskip -99em x",
    r"\hspace{9999em}",
    r"\rule{99em}{99em}",
    r"\raise 99em {x}",
    r"<annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml>",
    r"<mglyph src=//evil.example/x><maction actiontype=statusline>x</maction>",
    r"</math><img src=x onerror=alert(1)>",
]
ELEMENTS = [
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mpadded", "mphantom", "mtable", "mtr", "mtd"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
]
NAMES = [
    *("alttext", "display", "class", "accent", "accentunder", "columnalign", "depth", "displaystyle", "fence", "form"),
    *("height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "rspace"),
    *("scriptlevel", "stretchy", "width"),
]


def is_harmless(markup: str) -> bool:
    """Whether MathML is well-formed and has no element and no attribute beyond layout."""
    tree = ElementTree.fromstring(markup.replace("&nbsp;", " "))
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert name in NAMES
            assert name in ("alttext", "class") or re.fullmatch(r"[a-z-]+|-0?\.\d+[a-z]*|\+?\d?(\.\d+)?[a-z]*", value)
            assert name != "class" or value in ("boxed", "struck")
    return all(element.tag in ELEMENTS for element in tree.iter())


@pytest.mark.parametrize("tex", ATTACKS)
@pytest.mark.parametrize("sign", ["$", "$$"])
def test_a_formula_has_no_link_no_style_and_no_html(tex, sign):
    text = html(f"a {sign}{tex}{sign} b")
    assert all(is_harmless(markup) for markup in MATH.findall(text))
    rest = re.sub(r"<code>.*?</code>", "", MATH.sub("", text))
    assert not re.search(r"<(?!/?(p|span)\b)", rest), rest


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, *"{}^_&$\\ x1'<>\"=;#%~", r"\text{", r"\frac", r"\\", r"\left(", r"\begin{matrix}"])
        | st.characters(codec="utf-8"),
        max_size=12,
    )
)
def test_any_formula_is_harmless(tex_pieces):
    tex = "".join(tex_pieces)
    try:
        assert is_harmless(mathml(tex, is_display=True))
    except UnreadableFormula:
        return
    except ElementTree.ParseError:
        # Characters that XML cannot have but HTML can.
        assert re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", tex)


@pytest.mark.parametrize(
    ("tex", "width"),
    [
        (r"\quad", '"1em"'),
        (r"\hspace{4.5em}", '"4.5em"'),
        (r"\hspace{9em}", ""),
        (r"\hspace{999em}", ""),
        (r"\hskip -0.5em", '"-0.5em"'),
        (r"\hskip -2em", ""),
        (r"\hskip -99em", ""),
    ],
)
def test_a_space_moves_nothing_far_from_its_formula(tex, width):
    assert re.findall(r'<mspace(?: width=("[^"]*"))?>', mathml(f"{tex} x", is_display=False)) == [width]


def test_the_math_of_a_body_is_removed_with_its_content():
    for source in (
        "<math><mi>x</mi></math>",
        "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<math href="javascript:alert(1)">x</math> $y$',
    ):
        text = html(f"a {source}")
        assert text.count("<math") == source.count("$") // 2 and "onerror" not in text and "javascript" not in text


def test_a_body_cannot_write_the_marks_of_the_renderer():
    """The sanitizer leaves an empty class of a span, as of old."""
    text = html('<span class="formula-scroll" tabindex="0" formula="0">a</span> $x$')
    assert text == '<p><span class="">a</span> <math alttext="x"><mi>x</mi></math></p>\n'
    assert "class" not in ATTRIBUTES.get("span", ())


# Its text


def test_the_text_of_a_formula_is_its_tex():
    text = html("Let $a<b$ & $$\\frac{1}{2}$$ be.")
    assert plain_text(text) == r"Let $a<b$ & $$\frac{1}{2}$$ be."
    assert excerpt(text, 12) == "Let $a<b$ &…"
    assert excerpt(html("$$\na\nb\n$$")) == "$$a b$$"


def test_a_formula_alone_is_something_to_see():
    assert shows(html("$x$")) and shows(html("$$x$$"))


def test_the_alternative_text_of_a_picture_has_the_tex():
    assert 'alt="the set $x$"' in html("![the set $x$](/a.png)")


# Its bounds


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"${'x' * (MAX_FORMULA + 1)}$", "A formula in this text has 4,001 characters; the limit is 4,000."),
        (f"$$\n{'x+' * MAX_FORMULA}\n$$", "A formula in this text has"),
        ("$x$ and then " * 1_001, "The formulas in this text are too many"),
        (f"${'x + ' * 900}y$ " * 9, "The formulas in this text are too many"),
    ],
)
def test_too_much_is_said_where_somebody_writes_and_stays_tex_elsewhere(source, message):
    with pytest.raises(InvalidInput) as error:
        render(source, formulas=as_mathml, field="body")
    assert message in error.value.fields["body"]
    assert "<code>$" in html(source)


def test_nesting_is_bounded():
    def nested(depth: int) -> str:
        return html(f"${'{' * depth}x{'}' * depth}$")

    assert "<math" in nested(MAX_NESTING) and "<code>" in nested(MAX_NESTING + 1)
    for tex in ("{" * 1_500, r"\sqrt" * 700 + "x", r"\left(" * 600, r"\begin{matrix}" * 200, r"\hat" * 900 + "x"):
        assert "<code>" in html(f"${tex}$")


@pytest.mark.parametrize(
    "tex",
    [
        r"\newcommand{\a}{\a\a}\a",
        r"\renewcommand{\alpha}{x}\alpha",
        r"\def\a{\a\a}\a",
        r"\def\a1{\a1\a1}\a1",
        r"\let\a\b",
        r"\DeclareMathOperator{\a}{a}\a",
        r"\newenvironment{a}{\begin{a}}{\end{a}}\begin{a}\end{a}",
        "".join(rf"\newcommand{{\{b}}}{{\{a}\{a}\{a}}}" for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + r"\i",
    ],
)
def test_definitions_are_not_read(tex):
    assert "<code>" in html(f"${tex}$")


HOSTILE = [
    *("$", "$$", "$a", "$a ", "$$\n", "$`", "$$ `", "$$a$$\n\n", "$x$. ", "> $$\n", "- $$\n", "| $a$ |\n", "[$a](b) "),
    *(
        "$a^b$ ",
        r"$\frac12$ ",
        f"${'|' * 20}$ ",
        f"${'{' * 1_500}$ ",
        f"${'&' * 2_000}$ ",
        r"$\cfrac1\cfrac1\cfrac12$ ",
    ),
    *(rf"$\begin{{align}}{'&' * 9}\\ {'&' * 900}\end{{align}}$ ", f"${'x_' * 1_000}$ ", f"""${"'" * 3_000}$ """),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_formulas_are_quick_and_not_too_large(piece):
    source = (piece * (MAX_BODY // len(piece) + 1))[:MAX_BODY]
    text = html(source)
    assert len(text) <= 20 * len(source) + 2_000
    assert_quick(lambda: html(source), SECONDS)

r"""Convert a formula in TeX to MathML, within bounds and through an allow-list of elements and attributes.

`latex2mathml` parses the TeX. Its own output is not used as HTML: it writes the text of a formula without escaping it,
and `\href`, `\class` and `\style` as attributes.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from itertools import zip_longest
from xml.etree.ElementTree import Element

import nh3
from latex2mathml.converter import Converter

MAX_FORMULA = 4_000
MAX_NESTING = 40  # of braces and environments in TeX
MAX_DEPTH = 100  # of elements in MathML

CONTAINERS = {"math", "mpadded", "mphantom", "mrow", "mstyle"}
SCRIPTS = {"mfrac", "mover", "mroot", "msqrt", "msub", "msubsup", "msup", "munder", "munderover"}
CHILDREN = dict.fromkeys(("mfrac", "mover", "mroot", "msub", "msup", "munder"), 2) | {"msubsup": 3, "munderover": 3}
LEAVES = {"mi", "mn", "mo", "mspace", "mtext"}
TABLES = {"mtable", "mtd", "mtr"}
ALLOWED = CONTAINERS | SCRIPTS | LEAVES | TABLES | {"menclose"}
ATTRIBUTES = {
    "math": {"display", "alttext"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mo": {"accent", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits", "rspace", "stretchy"},
    "mover": {"accent"},
    "mpadded": {"depth", "height", "lspace", "width"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle"},
    "mtd": {"columnalign"},
    "mtext": {"mathvariant"},
    "munder": {"accentunder"},
}
# Words, and lengths that move nothing far from its formula.
UNIT = "(?:em|ex|mu|pt|px)?"
LENGTH = rf"\+?(?:[0-4](?:\.[0-9]{{1,4}})?|\.[0-9]{{1,4}}){UNIT}|-0?\.[0-9]{{1,4}}{UNIT}"
VALUE = re.compile(rf"[a-z]{{1,12}}(?:-[a-z]{{1,12}})?|{LENGTH}")
SANITIZER = nh3.Cleaner(
    tags=CONTAINERS | SCRIPTS | LEAVES | TABLES,
    clean_content_tags=set(),
    attributes=ATTRIBUTES,
    allowed_classes={"mrow": {"boxed", "struck"}},
    url_schemes=set(),
    link_rel=None,
)

# Definitions could grow without end and are of no use to a single formula; a rule would be drawn by a style.
REFUSED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|(?:re)?newenvironment|[egx]?def|let|DeclareMathOperator|rule)(?![A-Za-z])"
)
INVISIBLE = re.compile(
    r"\\(?:label|require)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])|\\(?:begin|end)\s*\{equation\*?\}"
)
ARGUMENT = re.compile(r"\\arg(?![A-Za-z])")  # which the parser does not know
ENVIRONMENT = re.compile(r"(\\(?:begin|end)\s*\{)(align|aligned|eqnarray\*?|flalign\*?|gather\*?|gathered|dcases)\}")
SAME_ENVIRONMENT = {"aligned": "split", "dcases": "cases"} | dict.fromkeys(("gather", "gather*", "gathered"), "matrix")
MATRICES = {f"{kind}matrix{star}" for kind in ("", "p", "b", "B", "v", "V") for star in ("", "*")}
ALIGNED = {f"{name}{star}" for name in ("align", "eqnarray", "flalign", "gather", "equation") for star in ("", "*")}
ENVIRONMENTS = MATRICES | ALIGNED | SAME_ENVIRONMENT.keys() | {"array", "cases", "smallmatrix", "split"}
BEGINNING = re.compile(r"\\begin\s*\{([^{}]*)\}")
NEST = re.compile(r"\\begin(?![A-Za-z])|\\end(?![A-Za-z])|\\.|[{}]", re.DOTALL)
COMMAND = re.compile(r"\\[A-Za-z]")
# What has its limits below and above where it is displayed, and behind it in a line.
LIMITS = {*"∑∏∐⋃⋂⨁⨂⨀⨄⨆⋁⋀", "lim", "max", "min", "sup", "inf", "det", "gcd", "Pr", "lim\u2006sup", "lim\u2006inf"} | {
    "arg\u2009max",
    "arg\u2009min",
}
BELOW = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
NAME = re.compile(r"[A-Za-z]{2,}(?:\s[A-Za-z]+)?")
SAME_CHARACTER = {"\u2015": "\u203e"}  # the bar over a term, of which browsers stretch only the latter
REFERENCE = re.compile(r"&#x[0-9A-Fa-f]{1,8};")


class UnreadableFormula(ValueError):
    """TeX that cannot be shown as a formula."""


def mathml(tex: str, *, is_display: bool) -> str:
    """Sanitized MathML of a formula, with the TeX as its `alttext`. Raises `UnreadableFormula`."""
    if len(tex) > MAX_FORMULA or REFUSED.search(tex) or not is_balanced(tex):
        raise UnreadableFormula
    if not ENVIRONMENTS.issuperset(BEGINNING.findall(tex)):
        raise UnreadableFormula
    content = "".join(pieces(parse(tex, is_display=is_display), 0))
    display = ' display="block"' if is_display else ""
    return SANITIZER.clean(f'<math{display} alttext="{escape(tex.strip())}">{content}</math>')


def is_balanced(tex: str) -> bool:
    """Whether each brace and environment is closed, and none is nested too deeply."""
    depth = 0
    for mark in NEST.findall(tex):
        depth += {"{": 1, r"\begin": 1, "}": -1, r"\end": -1}.get(mark, 0)
        if not 0 <= depth <= MAX_NESTING:
            return False
    return depth == 0


def parse(tex: str, *, is_display: bool) -> Element:
    """The row of a formula's elements. Raises `UnreadableFormula`."""
    tex = ARGUMENT.sub(r"\\operatorname{arg}", tex)
    tex = ENVIRONMENT.sub(lambda found: f"{found[1]}{same_environment(found[2])}}}", INVISIBLE.sub(" ", tex))
    try:
        math = Converter(display="block" if is_display else "inline").convert_to_element(tex)
    except Exception as error:  # the parser raises whatever its steps raise: IndexError, StopIteration, RecursionError
        raise UnreadableFormula from error
    return math[0]


def same_environment(name: str) -> str:
    """The environment that the parser knows for another one; equations are not numbered, as each stands by itself."""
    return SAME_ENVIRONMENT.get(name, "align*")


def pieces(element: Element, depth: int, after: Element | None = None) -> Iterator[str]:
    """The HTML of an element, which stands before `after`. Raises `UnreadableFormula` for what is not allowed."""
    tag, text = element.tag, text_of(element)
    if depth > MAX_DEPTH or tag not in ALLOWED:
        raise UnreadableFormula
    if tag == "mi" and (element.text == "&" or COMMAND.match(text)):  # a cell outside a table, an unknown command
        raise UnreadableFormula
    if len(element) != CHILDREN.get(tag, len(element)):
        raise UnreadableFormula
    opening, closing = tags(element, text, after)
    if tag == "mrow" and (len(element) == 1 or depth == 0):
        opening = closing = ""
    yield opening + escape(SAME_CHARACTER.get(text, text), quote=False)
    children = list(element)
    for child, following in zip_longest(children, children[1:]):
        yield from pieces(child, depth + 1, following)
    yield closing


def text_of(element: Element) -> str:
    """The text of an element, in which the parser writes some characters as references."""
    return REFERENCE.sub(lambda found: unescape(found[0]), element.text or "")


def tags(element: Element, text: str, after: Element | None) -> tuple[str, str]:
    """The opening and closing tag of an element."""
    tag = element.tag
    if tag == "menclose":  # few browsers draw it
        name = "boxed" if element.get("notation") == "box" else "struck"
        return f'<mrow class="{name}">', "</mrow>"
    if tag in ("mi", "mo") and NAME.fullmatch(text):  # of a function, set apart from its argument
        space = "0" if after is not None and text_of(after) in ("(", "[") else "0.17em"
        limits = ' movablelimits="true"' if text in LIMITS else ""
        return f'<mo lspace="0.17em" rspace="{space}"{limits}>', "</mo>"
    if tag in BELOW and text_of(element[0]) in LIMITS:
        tag = BELOW[tag]
    return f"<{tag}{attributes(element)}>", f"</{tag}>"


def attributes(element: Element) -> str:
    """The allowed attributes of an element; others, such as colours, addresses and styles, are left out."""
    allowed = ATTRIBUTES.get(element.tag, set())
    pairs = ((name, value) for name, value in element.attrib.items() if name in allowed and VALUE.fullmatch(value))
    return "".join(f' {name}="{value}"' for name, value in pairs)

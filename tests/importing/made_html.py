"""Made HTML of every kind that posts have, with words that mean something in Markdown."""

from collections.abc import Callable
from html import escape

from hypothesis import strategies as st

Html = st.SearchStrategy[str]
WORDS = [
    *(
        "word",
        "two words",
        " ",
        "x ",
        " y",
        "\n",
        "é",
        "한국어는",
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u0338",
        "\ttab",
        "    four",
    ),
    *("1)", "2. a", "- ", "- b", "+ c", "# d", "#", "> e", "=", "---", "***", "___", "| a |", "a | b", ":--", "|"),
    *("a_b", "_c_", "*d*", "**", "`", "``", "```", "~~~", "~~s~~", "~", "\\", "\\(", "!", "![", "]", "[ ] t", "(", ")"),
    *("[x](y)", "[^1]", "[^1]: n", "[1]: http://x.kr", "&", "&lt;", "&amp;", "&copy;", "<b>", "<location>", "</p>"),
    *("$", "$x$", "$5", "$\\{0,1\\}^n$", "@name", "a@b.kr", "＠은별", "http", ":", "://", "www.x.kr", "https://x.kr"),
    *("http://x.kr/a_b_c", "<https://a.kr>", "<!-- -->", '"', "'", "=>"),
]
ADDRESSES = [
    *("https://example.org/a_b(c)", "http://x.kr/?a=1&copy=2&b[]=3", "/here", "#x", "https://x.kr/한국 어", ""),
    *("mailto:a@b.kr", "https://x.kr/`a|b*c*", "https://x.kr/%20%zz", "http://x.kr/a\\b"),
]
INLINE = ["b", "strong", "em", "i", "s", "del", "sub", "sup", "kbd", "u", "small", "span", "code", "mark", "q"]


def element(tag: str) -> Callable[[str], str]:
    return lambda inner: f"<{tag}>{inner}</{tag}>"


def link(address: str, title: str | None, inner: str) -> str:
    written = f' title="{escape(title)}"' if title else ""
    return f'<a href="{escape(address)}"{written}>{inner}</a>'


def picture(address: str, alt: str, title: str | None) -> str:
    written = f' title="{escape(title)}"' if title else ""
    return f'<img src="{escape(address)}" alt="{escape(alt)}"{written}>'


def table(rows: list[list[str]]) -> str:
    head, *others = ["".join(f"<{name}>{cell}</{name}>" for cell in row) for name, row in named(rows)]
    body = "".join(map(element("tr"), others))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def named(rows: list[list[str]]) -> list[tuple[str, list[str]]]:
    return [("td" if number else "th", row) for number, row in enumerate(rows)]


def listing(opening: str, items: list[str]) -> str:
    return f"<{opening}>{''.join(map(element('li'), items))}</{opening.split()[0]}>"


def several(parts: Html, joint: str = "") -> Html:
    return st.lists(parts, max_size=3).map(joint.join)


def marked(inner: Html) -> Html:
    addresses, titles = st.sampled_from(ADDRESSES), st.none() | texts
    plain = st.builds(lambda tag, content: element(tag)(content), st.sampled_from(INLINE), several(inner))
    return plain | st.builds(link, addresses, titles, several(inner)) | texts.map(lambda text: link(text, None, text))


def nested(inner: Html) -> Html:
    many = several(inner, "\n")
    items = st.lists(many, min_size=1, max_size=3)
    starts = st.integers(-1, 12).map(lambda start: f'ol start="{start}"')
    boxes = st.sampled_from(["blockquote", "details"])
    definitions = many.map(lambda content: f"<dl><dt>t</dt><dd>{content}</dd></dl>")
    in_boxes = st.builds(lambda tag, content: element(tag)(content), boxes, many)
    return in_boxes | definitions | st.builds(listing, st.just("ul") | starts, items)


printable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join)
texts = (words | printable).map(lambda text: escape(text, quote=False))
pictures = st.builds(picture, st.sampled_from(ADDRESSES), texts, st.none() | texts)
leaves = texts | texts | texts.map(element("code")) | st.sampled_from(["<br>", "<br><br>"]) | pictures
inline = st.lists(st.recursive(leaves, marked, max_leaves=6), max_size=4).map("".join)
code_blocks = st.lists(texts, min_size=1, max_size=3).map(
    lambda lines: element("pre")(element("code")("\n".join(lines)))
)
tables = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(inline, min_size=width, max_size=width), min_size=1, max_size=3).map(table)
)
headings = st.builds(lambda level, content: element(f"h{level}")(content), st.integers(1, 6), inline)
blocks = (
    inline.map(element("p")) | inline.map(element("p")) | code_blocks | inline.map(element("pre")) | headings | tables
) | (st.just("<hr>") | inline | inline.map(element("div")))
made_html = st.lists(st.recursive(blocks, nested, max_leaves=5), min_size=1, max_size=3).map("\n".join)

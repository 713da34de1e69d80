"""Rendering Markdown: CJK emphasis, outline, highlighting, links, mentions, sanitizing, excerpts."""

import re

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.markdown.languages import LANGUAGES
from madang.core.markdown.renderer import excerpt, mentioned_names, plain_text, render, render_inline
from madang.core.markdown.sanitizer import allow_list, beginning

PEOPLE = {"ann", "bob", "이안", "홍길동", "은별이", "kim.chul"}


def existing(names):
    return names & PEOPLE


def html(source, **settings):
    return render(source, **settings).strip()


def tree(page):
    """`page` with the attributes of each tag in order, which the sanitiser does not promise."""
    return html5lib.serialize(html5lib.parseFragment(page), alphabetical_attributes=True, omit_optional_tags=False)


def links(source):
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', render(source, mentions=existing))


def texts_of_links(source):
    return [text for _, text in links(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**강조(설명)**입니다", "<strong>강조(설명)</strong>입니다"),
        ("**“인용”**은", "<strong>“인용”</strong>은"),
        ("이것은**(중요)**합니다", "이것은<strong>(중요)</strong>합니다"),
        ("*`코드`*를", "<em><code>코드</code></em>를"),
        ("**[글](/a)**을", '<strong><a href="/a" rel="nofollow ugc noopener">글</a></strong>을'),
        ("~~취소(선)~~입니다", "<s>취소(선)</s>입니다"),
        ("**注意。**この", "<strong>注意。</strong>この"),
    ],
)
def test_emphasis_closes_before_a_particle(source, expected):
    assert html(source) == f"<p>{expected}</p>"


@pytest.mark.parametrize("source", ["파일_이름_목록", "snake_case_name", "2 * 3 * 4", "a **(b)**c"])
def test_marks_inside_words_and_between_spaces_stay(source):
    assert html(source) == f"<p>{source}</p>"


def test_headings_begin_below_the_page_and_skip_no_level():
    assert re.findall(r"<h(\d)>", html("# a\n### b\n# c\n")) == ["3", "4", "3"]
    assert re.findall(r"<h(\d)>", html("### a\n# b\n## c\n### d\n#### e\n##### f")) == ["3", "3", "4", "5", "6", "6"]


def test_a_table_scrolls_by_itself_and_keeps_alignment_without_style():
    page = html("|a|b|\n|:-|-:|\n|1|2|")
    assert page.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert '<td class="align-right">2</td>' in page
    assert "style" not in page


def test_a_task_is_a_disabled_box_named_by_its_line():
    page = html("- [ ] 우유 **사기**\n- [x] done\n- plain")
    box = re.search("<input[^>]*>", page).group()
    assert 'disabled=""' in box
    assert f"<label>{box} 우유 <strong>사기</strong></label>" in page
    assert page.count('checked=""') == 1
    assert re.search('<input checked=""[^>]*> done</label>', page)
    assert page.count('class="task-list-item"') == 2
    assert "<li>plain</li>" in page


def test_nested_tasks_mark_their_own_list():
    assert html("- a\n  - [ ] b").count('class="task-list"') == 1
    assert html("- a\n  - [ ] b").startswith("<ul>\n<li>a")


def test_code_is_highlighted_by_classes():
    page = html("```py\nreturn '한글'\n```")
    assert '<code class="language-py"><span class="hl-k">return</span>' in page
    assert "style" not in page
    assert html("    a < b") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>'


@pytest.mark.parametrize("info", ["", "nolanguage", "<b>", 'x" onclick="y'])
def test_code_of_an_unknown_language_is_plain(info):
    assert html(f"```{info}\n<i>return</i>\n```") == (
        '<pre tabindex="0"><code>&lt;i&gt;return&lt;/i&gt;\n</code></pre>'
    )


def test_highlighting_loses_no_character():
    code = "\n\n  def f(x):\n\treturn '<&>' + \"한글\"  # 끝\n\n"
    page = html(f"```python\n{code}```")
    assert re.sub("<[^>]*>", "", page).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_language_is_highlighted(language):
    assert f'<code class="language-{language}">' in html(f"```{language}\nreturn 1\n```")


def test_code_too_long_to_highlight_is_plain():
    assert "hl-" not in html("```python\n" + "return 1\n" * 2_000 + "```")
    assert "hl-" not in html("```python\nx = " + "1 + " * 200 + "1\n```")


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://a.kr/b입니다", "https://a.kr/b"),
        ("http://a.kr입니다.", "http://a.kr"),
        ("https://a.kr/는 좋아요", "https://a.kr/"),
        ("https://ko.wikipedia.org/wiki/한국", "https://ko.wikipedia.org/wiki/한국"),
        ("https://ko.wikipedia.org/wiki/한국_전쟁 참고", "https://ko.wikipedia.org/wiki/한국_전쟁"),
        ("https://ko.wikipedia.org/wiki/%ED%95%9C%EA%B5%AD은", "https://ko.wikipedia.org/wiki/한국"),
        ("https://a.kr/?q=서버", "https://a.kr/?q=서버"),
        ("https://a.kr/보고서.pdf를", "https://a.kr/보고서.pdf"),
        ("https://한국.한국입니다", "https://한국.한국"),
        ("https://a.jp/bです。", "https://a.jp/b"),
        ("(https://a.kr/x_(y))", "https://a.kr/x_(y)"),
        ("https://a.kr/a_b_c, 그리고", "https://a.kr/a_b_c"),
        ("링크:https://a.kr/b!", "https://a.kr/b"),
        ("http://localhost:5000/x", "http://localhost:5000/x"),
        ("www.a.kr은", "www.a.kr"),
        ("me@a.kr로", "me@a.kr"),
    ],
)
def test_a_bare_address_ends_before_particles_and_punctuation(source, address):
    assert texts_of_links(source) == [address]


@pytest.mark.parametrize(
    "source",
    ["README.md", "a.kr", "http://", "https://.", "`https://a.kr`", "ahttps://a.kr", "www.", "www.a", "a@b", "x@y.k"],
)
def test_other_text_is_not_linked(source):
    assert links(source) == []


def test_links_are_not_nested():
    assert texts_of_links("[see https://a.kr and @ann](/x)") == ["see https://a.kr and @ann"]


def test_links_are_not_followed_by_search_engines():
    for source in ("[a](/b)", "https://a.kr", "<https://a.kr>", '<a href="/b">c</a>'):
        assert 'rel="nofollow ugc noopener"' in html(source)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("@ann 안녕", ["@ann"]),
        ("@ann님께, @홍길동이 @은별이님께서는.", ["@ann", "@홍길동", "@은별이"]),
        ("@이안님 @이안 @이", ["@이안", "@이안"]),
        ("(@bob) @kim.chul.", ["@bob", "@kim.chul"]),
        ("감사해요@ann", ["@ann"]),
        ("@nobody @annie @an", []),
        ("`@ann` \\@ann ann@ann @@ann", []),
        ("참조:@ann cc:@bob", ["@ann", "@bob"]),
        ("＠ann ＠홍길동님", ["＠ann", "＠홍길동"]),
        ("요.@ann -@bob “@ann” ‘@bob’ (@ann) [@bob] 「@ann」 /@ann", ["@ann", "@bob"] * 3 + ["@ann"]),
        ("**@ann**님 ~~@bob~~ ·@ann …@bob →@ann", ["@ann", "@bob", "@ann", "@bob", "@ann"]),
        ("medium.com/@ann a.@ann a+@ann a-@ann _@ann ＠＠ann", []),
        ("> @ann 그리고\n>\n> - @bob\n\n@bob", ["@bob"]),
        ("- 글\n  > @ann\n- @bob", ["@bob"]),
        ("<blockquote>\n\n@ann\n\n</blockquote>\n\n@bob", ["@bob"]),
        ("> https://a.kr/b입니다 @ann", ["https://a.kr/b"]),
    ],
)
def test_a_mention_links_to_a_person_that_exists(source, names):
    assert texts_of_links(source) == names


def test_a_mention_carries_the_username():
    assert 'href="/users/%ED%99%8D%EA%B8%B8%EB%8F%99" class="mention" data-user="홍길동"' in html(
        "@홍길동", mentions=existing
    )


def test_without_a_lookup_no_mention_is_linked():
    assert "<a" not in html("@ann")


def test_mentions_are_looked_up_once_and_limited():
    lookups = []
    render(" ".join(f"@user{n}" for n in range(1000)), mentions=lambda names: lookups.append(names) or set())
    assert len(lookups) == 1
    assert len(lookups[0]) == 50


def test_mentioned_leaves_out_code_and_links():
    source = "@ann님 `@bob` [@bob](/x)\n\n    @bob\n"
    assert mentioned_names(source, mentions=existing) == {"ann"}
    assert mentioned_names(source) == {"ann", "ann님"}
    assert mentioned_names("nobody") == set()
    assert mentioned_names("> @ann\n\n＠bob", mentions=existing) == {"bob"}


def test_names_outside_the_lookup_are_ignored():
    assert "<a" not in html("@someone", mentions=lambda names: {"some"})


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java&#10;script:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,alert)",
        "<javascript:alert(1)>",
        "<svg><style>alert</style></svg>",
        "<iframe src=//e.x></iframe>",
        "<form action=/x><button>alert</button></form>",
        "<p style='position:fixed' id=top name=x>a</p>",
        "<a href=/x target=_top onclick=alert(1)>x</a>",
        "<meta http-equiv=refresh content=0>",
    ],
)
def test_active_content_is_removed(source):
    page = html(source)
    written = re.findall(r"<[^>]*>", page)
    assert not re.search(
        r"script|data:|style|iframe|form|button|meta|svg|\son\w+=|\sid=|\sname=|target", " ".join(written)
    )


def test_some_raw_html_is_allowed():
    assert html("H<sub>2</sub>O <kbd>Ctrl</kbd><br>") == "<p>H<sub>2</sub>O <kbd>Ctrl</kbd><br></p>"
    assert html("<blockquote>a</blockquote>") == "<blockquote>a</blockquote>"
    assert html("<details><summary>s</summary>\n\n**b**\n\n</details>").startswith("<details><summary>s</summary>")


def test_a_body_cannot_set_the_renderers_classes():
    page = html('<a class="mention btn" data-user="admin" href="/x">@admin</a> <span class="hl-k">k</span>')
    assert "mention" not in page.replace("@admin", "")
    assert "data-user" not in page
    assert "hl-k" not in page


def test_an_input_becomes_a_disabled_checkbox():
    assert tree(html("<input type=text name=password value=x>")) == tree("<input type=checkbox disabled>")


def test_an_image_is_lazy_and_has_alt_text_and_its_size():
    page = html("![뜰](/files/1.png)", image_size=lambda src: (640, 480) if src == "/files/1.png" else None)
    assert page == '<p><img src="/files/1.png" alt="뜰" width="640" height="480" loading="lazy"></p>'
    assert "width" not in html("![x](/y.png)", image_size=lambda src: None)
    assert html('<img src="/a.png" width="3" height="4">').count(' alt=""') == 1
    assert 'width="3" height="4"' in html('<img src="/a.png" width="3" height="4">')


@pytest.mark.parametrize(
    ("description", "alt"),
    [
        (r"a \[b\]", "a [b]"),
        (r"\*a\* \`b\` \\", r"*a* `b` \\".replace("\\\\", "\\")),
        (r"\"a\" 'b'", "&quot;a&quot; 'b'"),
        ("a &amp; b &copy; &#44032;", "a &amp; b © 가"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("`a < b`", "a &lt; b"),
        ("*a* **b** ~~c~~", "a b c"),
        ("a\nb", "a\nb"),
        ("a  \nb", "a\nb"),
        ("a\\\nb", "a\nb"),
        ("a<br>b", "a\nb"),
        ("<b>a</b><!-- b -->", "a"),
        ("[a](http://a.kr) https://b.kr", "a https://b.kr"),
        (r"![a \* `b`](/c.png)", "a * b"),
        ("@ann www.a.kr", "@ann www.a.kr"),
    ],
)
def test_a_description_of_a_picture_keeps_all_text(description, alt):
    assert f'alt="{alt}"' in html(f"![{description}](/a.png)")


@pytest.mark.parametrize("character", ["\ud800", "\x00", "&#xD800;", "&#0;"])
def test_invalid_characters_become_the_replacement_character(character):
    assert html(f"a{character}b") == "<p>a\ufffdb</p>"


def test_bidirectional_marks_and_emoji_stay():
    assert html("\u202eabc 🎉👨‍👩‍👧 שלום") == '<p dir="auto">\u202eabc 🎉👨‍👩‍👧 שלום</p>'


def test_a_comment_has_no_headings_pictures_tables_or_html():
    page = render_inline("# a\n![b](c)\n<b>d</b>\n\n|x|\n|-|\n\n---")
    assert not re.search("<(h|img|b>|table)", page)
    assert "# a<br>" in page


def test_a_comment_has_code_emphasis_lists_and_mentions():
    page = render_inline("**a**\n`b`\n\n- @ann님\n\n```py\nreturn\n```", mentions=existing)
    for piece in ("<strong>a</strong><br>", "<code>b</code>", "<li>", 'data-user="ann"', "hl-k"):
        assert piece in page


@pytest.mark.parametrize(
    ("length", "start"),
    [
        (1, ""),
        (3, "<p>"),
        (6, "<p>One"),
        (9, "<p>One"),
        (18, "<p>One"),
        (19, '<p>One<a href="/b">'),
        (22, '<p>One<a href="/b">two'),
        (100, '<p>One<a href="/b">two</a></p>'),
    ],
)
def test_the_beginning_of_a_text_ends_outside_of_its_tags(length: int, start: str):
    assert beginning('<p>One<a href="/b">two</a></p>', length) == start


def test_plain_text_keeps_words_apart_and_drops_tags():
    assert plain_text(render("# 제목\n\n글 **하나** &lt;b&gt;\n\n- a\n- b")) == "제목\n글 하나 <b>\na\nb"
    assert plain_text(render("|a|b|\n|-|-|\n|c|d|")) == "a\nb\nc\nd"
    assert plain_text(render('[a](/b "x > y") c')) == "a c"


def test_an_excerpt_is_one_line_cut_at_a_word():
    assert excerpt(render("짧은\n글")) == "짧은 글"
    assert excerpt("<p>하나 둘 셋 넷</p>", 7) == "하나 둘 셋…"
    assert len(excerpt(f"<p>{'가' * 500}</p>")) == 200


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None) | st.sampled_from("*_`[]()<>!|-\n#@ &\\~:/.가한"), max_size=200))
def test_any_text_renders_to_html_that_the_allow_list_leaves_alone(source):
    for page in (render(source, mentions=lambda names: names), render_inline(source)):
        assert tree(allow_list("").clean(page)) == tree(page)
        assert isinstance(excerpt(page), str)


HTML_PIECES = ["<b>", "</b>", "<a href='/x'>", "</a>", "<img src=x>", "<input>", "<p>", "<table><td>", "<li>", "<!--"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*HTML_PIECES, "-->", "\n", "\n\n", "a", "- [ ] x\n", "**", "`", "> "]), max_size=25))
def test_any_mix_with_html_is_left_alone_by_the_allow_list(pieces):
    page = render("".join(pieces))
    once = allow_list("").clean(page)
    assert tree(allow_list("").clean(once)) == tree(once)
    assert re.sub(r"<[^>]*>", "", once) == re.sub(r"<[^>]*>", "", page)

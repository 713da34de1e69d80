"""Where bare addresses end in Korean, Chinese and Japanese text."""

import re

import pytest

from madang.core.markdown.renderer import render

# Text -> its address. Particles after each part of an address, Hangul inside it, all that may close around it.
ENDS = {
    "https://a.kr은 좋다": "https://a.kr",
    "https://a.com입니다": "https://a.com",
    "https://a.kr에서는요": "https://a.kr",
    "https://a.kr그리고": "https://a.kr",
    "https://a.kr입니다.그리고": "https://a.kr",
    "https://a.kr은/는": "https://a.kr",
    "https://a.kr/은": "https://a.kr/",
    "https://a.kr/입니다": "https://a.kr/",
    "https://a.kr/b를": "https://a.kr/b",
    "https://a.kr/b입니다만": "https://a.kr/b",
    "https://a.kr/b에서도": "https://a.kr/b",
    "https://a.kr/b까지만": "https://a.kr/b",
    "https://a.kr/b이라고요?": "https://a.kr/b",
    "https://a.kr/b을(를)": "https://a.kr/b",
    "https://a.kr/b(으)로": "https://a.kr/b",
    "https://a.kr/b와/과": "https://a.kr/b",
    "https://a.kr/b입니다.그리고": "https://a.kr/b",
    "https://a.kr/b/에": "https://a.kr/b/",
    "https://a.kr/b.html로": "https://a.kr/b.html",
    "https://a.kr/?q=a는": "https://a.kr/?q=a",
    "https://a.kr/?a=1&b=2를": "https://a.kr/?a=1&b=2",
    "https://a.kr/b#top으로": "https://a.kr/b#top",
    "https://a.kr:8080에서": "https://a.kr:8080",
    "http://localhost:5000/x에": "http://localhost:5000/x",
    "http://[::1]:80/b는": "http://[::1]:80/b",
    "HTTPS://A.KR/B입니다": "HTTPS://A.KR/B",
    "https://a.kr/wiki/C언어": "https://a.kr/wiki/C언어",
    "https://a.kr/wiki/C언어, 그리고": "https://a.kr/wiki/C언어",
    "https://namu.wiki/w/LG전자": "https://namu.wiki/w/LG전자",
    "https://namu.wiki/w/2024년": "https://namu.wiki/w/2024년",
    "https://ko.wikipedia.org/wiki/대한민국은": "https://ko.wikipedia.org/wiki/대한민국은",
    "https://ko.wikipedia.org/wiki/대한민국 은": "https://ko.wikipedia.org/wiki/대한민국",
    "https://ko.wikipedia.org/wiki/은": "https://ko.wikipedia.org/wiki/은",
    "https://ko.wikipedia.org/wiki/3·1_운동": "https://ko.wikipedia.org/wiki/3·1_운동",
    "https://ko.wikipedia.org/wiki/서울_(동음이의)": "https://ko.wikipedia.org/wiki/서울_(동음이의)",
    "https://ko.wikipedia.org/wiki/서울_(동음이의)를": "https://ko.wikipedia.org/wiki/서울_(동음이의)",
    "(https://en.wikipedia.org/wiki/A_(b))을": "https://en.wikipedia.org/wiki/A_(b)",
    "https://ko.wikipedia.org/wiki/%ED%95%9C%EA%B5%AD을": "https://ko.wikipedia.org/wiki/한국",
    "https://ko.wikipedia.org/wiki/위키백과:사랑방": "https://ko.wikipedia.org/wiki/위키백과:사랑방",
    "https://a.kr/?q=서버": "https://a.kr/?q=서버",
    "https://a.kr/보고서.pdf를": "https://a.kr/보고서.pdf",
    "https://한글.kr입니다": "https://한글.kr",
    "https://한글.kr/경로": "https://한글.kr/경로",
    "https://한국.한국에서": "https://한국.한국",
    "https://e편한세상.com을": "https://e편한세상.com",
    "www.a.kr은": "www.a.kr",
    "www.a.kr/b입니다": "www.a.kr/b",
    "“www.a.kr/b”입니다": "www.a.kr/b",
    "me@a.kr로": "me@a.kr",
    "메일:me@a.co.kr입니다": "me@a.co.kr",
    "“https://a.kr/b”입니다": "https://a.kr/b",
    "‘https://a.kr/b’라고": "https://a.kr/b",
    '"https://a.kr/b"라고': "https://a.kr/b",
    "'https://a.kr/b'라고": "https://a.kr/b",
    "'https://a.kr/b'": "https://a.kr/b",
    "https://a.kr/O'Reilly": "https://a.kr/O'Reilly",
    "„https://a.kr/b“": "https://a.kr/b",
    "«https://a.kr/b»을": "https://a.kr/b",
    "‹https://a.kr/b›을": "https://a.kr/b",
    "「https://a.kr/b」는": "https://a.kr/b",
    "『https://a.kr/b』는": "https://a.kr/b",
    "《https://a.kr/b》": "https://a.kr/b",
    "〈https://a.kr/b〉": "https://a.kr/b",
    "【https://a.kr/b】": "https://a.kr/b",
    "〔https://a.kr/b〕": "https://a.kr/b",
    "（https://a.kr/b）를": "https://a.kr/b",
    "［https://a.kr/b］를": "https://a.kr/b",
    "⟨https://a.kr/b⟩를": "https://a.kr/b",
    "[https://a.kr/b]를": "https://a.kr/b",
    "{https://a.kr/b}를": "https://a.kr/b",
    "(https://a.kr/b)를": "https://a.kr/b",
    "(참고:https://a.kr/b)라고": "https://a.kr/b",
    "<https://a.kr/b>를": "https://a.kr/b",
    "https://a.kr/b(자세한 글)": "https://a.kr/b",
    "**https://a.kr/b**를": "https://a.kr/b",
    "**참고 https://a.kr/b**를": "https://a.kr/b",
    "*https://a.kr/b*를": "https://a.kr/b",
    "_https://a.kr/b_를": "https://a.kr/b",
    "__https://a.kr/a_b__입니다": "https://a.kr/a_b",
    "~~https://a.kr/b~~를": "https://a.kr/b",
    "https://a.kr/b`코드`": "https://a.kr/b",
    "https://a.kr/a→그리고": "https://a.kr/a",
    "https://a.kr/a➔b": "https://a.kr/a",
    "https://a.kr/a->그리고": "https://a.kr/a",
    "https://a.kr/a–그리고": "https://a.kr/a",
    "https://a.kr/a—그리고": "https://a.kr/a",
    "https://a.kr/a…그리고": "https://a.kr/a",
    "https://a.kr/a、그리고": "https://a.kr/a",
    "https://a.kr/a，그리고": "https://a.kr/a",
    "https://a.kr/a。": "https://a.kr/a",
    "https://a.kr/a！": "https://a.kr/a",
    "https://a.kr/a？": "https://a.kr/a",
    "https://a.kr/a：설명": "https://a.kr/a",
    "https://a.kr/a～": "https://a.kr/a",
    "https://a.kr/a,그리고": "https://a.kr/a",
    "https://a.kr/a!!!": "https://a.kr/a",
    "https://a.kr/a🎉": "https://a.kr/a",
    "https://a.kr/a👨‍👩‍👧": "https://a.kr/a",
    "https://a.kr/a❤️": "https://a.kr/a",
    "https://a.kr/a\u200b그리고": "https://a.kr/a",
    "- https://a.kr/b입니다": "https://a.kr/b",
    "> https://a.kr/b라고": "https://a.kr/b",
    "|주소|\n|-|\n|https://a.kr/b를|": "https://a.kr/b",
    "https://web.archive.org/web/2020/https://a.kr/b를": "https://web.archive.org/web/2020/https://a.kr/b",
    "https://a.jp/bです。": "https://a.jp/b",
    "https://a.jp/wiki/C言語": "https://a.jp/wiki/C言語",
    "https://a.cn/b的": "https://a.cn/b",
}
SEVERAL = {
    "https://a.kr/b와 https://a.kr/c를": ["https://a.kr/b", "https://a.kr/c"],
    "https://a.kr/b,https://a.kr/c는": ["https://a.kr/b", "https://a.kr/c"],
    "https://a.kr/b→https://a.kr/c": ["https://a.kr/b", "https://a.kr/c"],
    "https://a.kr/b,www.a.kr/c, me@a.kr.": ["https://a.kr/b", "www.a.kr/c", "me@a.kr"],
    "‘https://a.kr/b’·‘https://a.kr/c’": ["https://a.kr/b", "https://a.kr/c"],
}


def addresses(source: str) -> list[str]:
    return re.findall(r"<a [^>]*>([^<]*)</a>", render(source).replace("&amp;", "&"))


@pytest.mark.parametrize("source", ENDS)
def test_an_address_ends_where_a_reader_would_say(source):
    assert addresses(source) == [ENDS[source]]


@pytest.mark.parametrize("source", SEVERAL)
def test_several_addresses_in_a_line(source):
    assert addresses(source) == SEVERAL[source]


@pytest.mark.parametrize("mark", ["**", "*", "~~"])
def test_marks_around_an_address_still_work(mark):
    tag = {"**": "strong", "*": "em", "~~": "s"}[mark]
    page = render(f"{mark}https://a.kr/b{mark}를")
    assert re.search(f"<{tag}><a [^>]*>https://a.kr/b</a></{tag}>를", page)


def test_the_text_of_a_link_and_code_hold_no_addresses():
    assert addresses("[“https://a.kr/b”입니다](https://a.kr/c)") == ["“https://a.kr/b”입니다"]
    assert addresses("`https://a.kr/b입니다`") == []

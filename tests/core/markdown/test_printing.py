"""Links whose text is their address are marked, so that a printed page does not repeat it."""

import pytest

from madang.core.markdown.printing import mark_addresses
from madang.core.markdown.renderer import render


@pytest.mark.parametrize(
    "source",
    [
        "https://b.kr/c",
        "<https://b.kr/c>",
        "http://b.kr",
        "www.b.kr/c",
        "https://b.kr/?a=1&b=2",
        "https://b.kr/한글",
        "[b.kr/c](https://b.kr/c)",
        "[b.kr](https://b.kr/)",
    ],
)
def test_a_link_that_shows_its_address_is_marked(source):
    assert mark_addresses(render(source)).count('<a class="address" href="http') == 1


@pytest.mark.parametrize(
    "source",
    [
        "[the book](https://b.kr/c)",
        "[https://a.kr](https://b.kr)",
        "[**https://b.kr**](https://b.kr)",
        "[b.kr](https://b.kr/c)",
        "[](https://b.kr)",
        "[a](/posts/1)",
        "ann@b.kr",
        "`https://b.kr`",
        '<a href="https://b.kr" title="x">c</a>',
    ],
)
def test_others_are_not(source):
    assert mark_addresses(render(source)) == render(source)

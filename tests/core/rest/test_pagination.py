"""Keyset pagination: pages and signed cursors."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from madang.core.errors import InvalidInput
from madang.core.rest.pagination import Page, next_cursor, next_link, requested_page
from tests.core.rest.asking import asking, bare_app


def page_of(cursor: str = "", limit: int = 2, **asked: object) -> Page:
    return requested_page({"limit": limit, "cursor": cursor, **asked})


@pytest.mark.parametrize(
    ("rows", "shown", "next_key"),
    [([], [], None), ([1], [1], None), ([1, 2], [1, 2], None), ([1, 2, 3], [1, 2], (2,))],
)
def test_one_row_more_than_the_limit_means_a_next_page(rows, shown, next_key):
    page = Page(2, None, {})
    assert page.more == 3
    found = page.of(rows, lambda row: (row,))
    assert (found.rows, found.next_key) == (shown, next_key)


def test_a_page_has_its_criteria_and_the_id_after_which_it_starts():
    assert Page(2, None, {"sort": "votes"})["sort"] == "votes"
    assert Page(2, None, {}).after_id is None
    assert Page(2, [12], {}).after_id == 12


def test_the_last_page_has_no_next_cursor(bare):
    with asking(bare, "/posts"):
        assert page_of().after_id is None
        assert next_cursor(page_of(), None) is None


MOMENTS = st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)
PARTS = st.integers(-(2**53), 2**53) | MOMENTS | TEXTS | st.dates() | st.times()
KEYS = st.lists(PARTS, min_size=1, max_size=3).map(tuple)


@given(KEYS)
@settings(max_examples=60)
def test_a_cursor_is_decoded_to_its_key(key):
    with asking(bare_app(), "/posts"):
        assert page_of(next_cursor(page_of(), key)).after(tuple(map(type, key))) == key


MOMENT = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "types"),
    [
        ((12,), (int, int)),
        ((12, 13), (int,)),
        (("12",), (int,)),
        ((True,), (int,)),
        ((2**64,), (int,)),
        ((12,), (str,)),
        ((None,), (str,)),
        ((12,), (datetime,)),
        (("yard",), (datetime,)),
        (("2026-11-29T10:00:00",), (datetime,)),
        ((MOMENT,), (date,)),
        (("25:00",), (time,)),
        ((MOMENT,), ()),
    ],
)
def test_a_cursor_whose_key_has_another_shape_is_refused(bare, key, types):
    with asking(bare, "/posts"):
        page = page_of(next_cursor(page_of(), key))
        with pytest.raises(InvalidInput) as refused:
            page.after(types)
    assert refused.value.fields == {"cursor": "This cursor does not belong to this list. Please start without one."}


def test_a_list_of_one_page_has_no_cursor(bare):
    with asking(bare, "/posts"):
        assert page_of().whole([1, 2]).rows == [1, 2]
        with pytest.raises(InvalidInput):
            page_of(next_cursor(page_of(), ())).whole([1, 2])


def is_refused(cursor: str, **asked: object) -> bool:
    try:
        page_of(cursor, **asked)
    except InvalidInput as refused:
        return refused.fields == {"cursor": "This cursor does not belong to this list. Please start without one."}
    return False


@pytest.mark.parametrize("cursor", ["x", "WzEyXQ", "WzEyXQ.dGVzdA", ".", "....", "한글", "\x00", "[" * 5_000])
def test_a_forged_cursor_is_refused(bare, cursor):
    with asking(bare, "/posts"):
        assert is_refused(cursor)


def test_a_cursor_is_valid_for_one_list(bare):
    with asking(bare, "/posts"):
        cursor = next_cursor(page_of(sort="votes"), (12,))
        assert not is_refused(cursor, sort="votes")
        assert not is_refused(cursor, limit=50, sort="votes"), "another size of page is the same list"
        assert is_refused(cursor, sort="newest")
        assert is_refused(cursor, sort="votes", tag="yard")
    with asking(bare, "/comments"):
        assert is_refused(cursor, sort="votes")
    with asking(bare, "/posts?limit=2"):
        assert not is_refused(cursor, sort="votes")


def test_a_cursor_is_valid_for_one_secret_key(bare):
    with asking(bare, "/posts"):
        cursor = next_cursor(page_of(), (12,))
    bare.secret_key = "another secret"
    with asking(bare, "/posts"):
        assert is_refused(cursor)


@pytest.mark.parametrize("payload", [7, "text", None, [], {}, [None, 12], [["x"], 12]])
def test_a_signed_value_that_is_no_cursor_is_refused(bare, payload):
    with asking(bare, "/posts"):
        assert is_refused(str(URLSafeSerializer(bare.secret_key, salt="cursor").dumps(payload)))


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        ("/posts", "http://localhost/posts?cursor=abc"),
        ("/posts?sort=votes&limit=2", "http://localhost/posts?sort=votes&limit=2&cursor=abc"),
        ("/posts?cursor=old&sort=votes", "http://localhost/posts?sort=votes&cursor=abc"),
        ("/posts?tag=a&tag=b", "http://localhost/posts?tag=a&tag=b&cursor=abc"),
        ("/tags/맥주?q=%26%3D", "http://localhost/tags/%EB%A7%A5%EC%A3%BC?q=%26%3D&cursor=abc"),
    ],
)
def test_the_link_to_the_next_page_keeps_the_query(bare, asked, link):
    with asking(bare, asked):
        assert next_link("abc") == f'<{link}>; rel="next"'


def test_links_begin_with_the_site_url(english):
    with asking(bare_app(SITE_URL="https://yard.example/"), "/posts"):
        assert next_link("abc") == '<https://yard.example/posts?cursor=abc>; rel="next"'

"""Cleaning text: lines, bodies, slugs, tags, keys, initials; usernames and their skeletons."""

import re
from unicodedata import category, name

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.accounts.policies.look_alikes import skeleton
from madang.accounts.policies.usernames import username_problem
from madang.core.text import (
    PROBABLY_PRINTS,
    clean_body,
    clean_line,
    initial,
    normalize_tag,
    prints_itself,
    slugify,
)

ANY_TEXT = st.text(st.characters(codec=None), max_size=100)


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ("  두  칸\t띄움 ", "두 칸 띄움"),
        ("a\r\nb", "a b"),
        ("a\u2028b", "a b"),
        ("\u202eevil\u2066", "evil"),
        ("a\x00\x07b", "ab"),
        ("a\ud800", "a\ufffd"),
        ("\ud800", ""),
        ("\ufffc\ufffd", ""),
        ("\ue000\U000f0000", ""),
        ("\u0378\uffff\U0001ffff", ""),
        ("\U0001fae9", "\U0001fae9"),  # an emoji of Unicode 16
        ("\U00031350", "\U00031350"),  # an ideograph of Unicode 15
        ("한글", "한글"),
        ("\u200b\ufeff\u3164", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("🏃🏽‍♂️ 1️⃣ ©️", "🏃🏽‍♂️ 1️⃣ ©️"),
        ("🏴\U000e0067\U000e0062\U000e007f\U000e0041", "🏴\U000e0067\U000e0062\U000e007f"),
        ("boss\ufe0f", "boss"),
        ("bo\u200dss\u034f\u00ad\x90", "boss"),
        ("a\u3164b\u2800c", "a b c"),
        ("می\u200cخواهم\u200c", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("葛\U000e0100a\U000e0100", "葛\U000e0100a"),
        ("ᠠ\u180b", "ᠠ\u180b"),
        ("a\u034f\u0301", "á"),
        ("\u0301", ""),
    ],
)
def test_clean_line_gives_one_visible_line(sent, cleaned):
    assert clean_line(sent) == cleaned


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\n\n    code\n  \n", "    code"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\tb", "a\tb"),
        ("a\udfffb", "a\ufffdb"),
        ("e\u0301", "é"),
        ("\u202eשלום", "\u202eשלום"),
    ],
)
def test_clean_body_keeps_lines_and_removes_control_characters(sent, cleaned):
    assert clean_body(sent) == cleaned


@given(ANY_TEXT)
def test_cleaning_is_idempotent_and_encodable(text):
    for clean in (clean_line, clean_body):
        assert clean(clean(text)) == clean(text)
        clean(text).encode()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("SQLite에서 PostgreSQL로 옮기기!", "sqlite에서-postgresql로-옮기기"),
        ("  C++ & C#: what's new?  ", "c-c-what-s-new"),
        ("!?", ""),
        ("가" * 100, "가" * 80),
        ("word " * 30, "-".join(["word"] * 16)),
        ("\ud800a", "a"),
        ("हिन्दी में लिखें", "हिन्दी-में-लिखें"),
        ("ภาษาไทย น้ำ", "ภาษาไทย-น้ำ"),
        ("_a_b_", "a-b"),
        ("❤️ 1️⃣ a", "1-a"),
    ],
)
def test_a_slug_keeps_letters_of_any_script(title, slug):
    assert slugify(title) == slug


@pytest.mark.parametrize(
    ("sent", "tag"),
    [
        (" Visual  Studio ", "visual-studio"),
        ("C++", "c++"),
        ("＃파이썬", "파이썬"),
        ("##yard", "yard"),
        ("-#a", "a"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "istanbul"),
        ("ΟΔΟΣ", "οδοσ"),
        ("ｐｙｔｈｏｎ３", "python3"),
        ("ﬁsh", "fish"),
        ("py\u200bthon\ufe0f", "python"),
        ("가\u3164나", "가-나"),
        ("①", "1"),
        ("c#", "c#"),
        (".NET", ".net"),
        ("파이썬", "파이썬"),
        ("node.js", "node.js"),
        ("-a-", "a"),
        ("a" * 50, "a" * 50),
        ("a" * 51, None),
        ("", None),
        ("##", None),
        ("a/b", None),
        ("a_b", None),
        ("<b>", None),
        ("🎉", None),
        ("हिन्दी", "हिन्दी"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("தமிழ்", "தமிழ்"),
        ("\u093fक", None),
        ("1️⃣", None),
    ],
)
def test_a_tag_has_one_spelling(sent, tag):
    assert normalize_tag(sent) == tag


@given(ANY_TEXT)
def test_normalize_tag_is_idempotent(text):
    tag = normalize_tag(text)
    assert tag is None or normalize_tag(tag) == tag


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("ann", "A"),
        ("홍길동", "홍"),
        ("👨‍👩‍👧 fam", "👨‍👩‍👧"),
        ("e\u0301a", "É"),
        ("🇰🇷🇯🇵", "🇰🇷"),
        ("👍🏽", "👍🏽"),
        ("ß", "ß"),
        ("", ""),
    ],
)
def test_an_initial_is_one_whole_character(name, letter):
    assert initial(name) == letter


def test_an_initial_stays_short():
    assert len(initial("a" + "\u0323\u0301" * 500)) <= 12


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("раураl", "paypal"),  # Cyrillic
        ("PaypaI", "paypal"),
        ("b0b", "BOB"),
        ("ВОВ", "bob"),  # Cyrillic capitals
        ("l33t", "133t"),
        ("ａｎｎ", "ann"),
        ("kirn", "kim"),
        ("Ανν", "ανν"),
        ("İrem", "irem"),
        ("Маша", "маша"),
        ("한글", "한글"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ann", "bob"), ("나무", "너무"), ("nan", "van"), ("cat", "eat"), ("東", "束")]
)
def test_names_that_look_different_have_two(one, other):
    assert skeleton(one) != skeleton(other)


def test_no_two_syllables_look_alike():
    syllables = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
    assert len(set(map(skeleton, syllables))) == len(syllables)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N")), max_size=30))
def test_a_skeleton_ignores_case(name):
    assert skeleton(name.upper().lower()) == skeleton(name.upper().lower().casefold())


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("ann", None),
        ("홍길동", None),
        ("हिन्दी", None),
        ("a.b-c_d", None),
        ("a" * 30, None),
        ("an", "too_short"),
        ("가", "too_short"),
        ("조은", None),
        ("山田", None),
        ("あい", None),
        ("ｱｲ", None),
        ("한a", None),
        ("й1", "too_short"),
        ("a" * 31, "too_long"),
        ("a b", "bad_characters"),
        ("a@b", "bad_characters"),
        ("🎉🎉🎉", "bad_characters"),
        ("a\u202eb", "bad_characters"),
        ("a\u200bb", "bad_characters"),
        ("a\x00b", "bad_characters"),
        ("a\ud800b", "bad_characters"),
        ("ㅤㅤㅤ", "bad_characters"),
        (".ann", "bad_start"),
        ("_ann", "bad_start"),
        ("\u0301ann", "bad_start"),
        ("ann.", "bad_end"),
        ("a..b", "repeated_marks"),
        ("a-_b", "repeated_marks"),
        ("admin", "reserved"),
        ("ADMIN", "reserved"),
        ("аdmin", "reserved"),  # Cyrillic а
        ("관리자", "reserved"),
        ("운영자", "reserved"),
        ("deleted", "reserved"),
    ],
)
def test_username_problem_names_the_reason(name, problem):
    assert username_problem(name) == problem


@given(ANY_TEXT)
def test_any_name_is_accepted_as_input(name):
    username_problem(name)
    skeleton(name)
    initial(name)


# Characters that fonts have no picture for, by their names; these words also stand in names of signs that print.
BLANK_NAMES = re.compile(r"\b(?:BLANK|FILLER|INVISIBLE|ZERO WIDTH|NULL|NO-BREAK|JOINER|VARIATION SELECTOR)\b")
SIGNS = re.compile(r"SYMBOL|GAP FILLER|LINE FILLER|SPACE FILLER|EMPTY")
ARABIC_AND_KAITHI_SIGNS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def test_no_character_that_fonts_show_blank_prints():
    """Over all of Unicode as this Python knows it; what is unknown prints in blocks of emoji and ideographs only."""
    printing = {chr(code) for code in range(0x110000) if prints_itself(chr(code))}
    by_category = {kind: {each for each in printing if category(each) == kind} for kind in BLANK_CATEGORIES}
    assert {ord(each) for each in by_category.pop("Cf")} <= ARABIC_AND_KAITHI_SIGNS
    assert all(PROBABLY_PRINTS.match(each) for each in by_category.pop("Cn"))
    assert set().union(*by_category.values()) == set()
    named = [each for each in printing if BLANK_NAMES.search(name(each, "")) and not SIGNS.search(name(each, ""))]
    assert named == []


BLANK_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")
BLANKS_OF_LETTERS = "\u2800\u3164\uffa0\u115f\u1160\U00013441\U00013442\U0001d159\U00016fe4\u17b4\u034f\u180e\u2d7f"


@pytest.mark.parametrize("blank", BLANKS_OF_LETTERS)
def test_a_title_of_blanks_is_empty(blank: str):
    """Also where this Python takes it for a letter: 3.12 does so for two Egyptian blanks."""
    assert (clean_line(blank * 9), clean_body(blank * 9)) == ("", "")
    assert clean_line(f"a{blank}{blank}b") in ("ab", "a b")

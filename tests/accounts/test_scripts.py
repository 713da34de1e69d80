"""Which letters a username may have: of one script, or of those that are written together; none that is a twin."""

import unicodedata

import pytest

from madang.accounts.policies.scripts import RECOMMENDED, mixes_scripts, script_of
from madang.accounts.policies.usernames import username_problem
from tests.api.programs import Program
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

NARI = {"email": "nari@example.org", "password": PASSWORD}
PEOPLE = ("bobby", "carol", "hyejin", "laura", "gone")
# What looks like one of them on the screen, or nearly so.
TWINS = [
    *("ΒOBBY", "ΒΟΒΒΥ", "ЬOЬЬY", "BOΒBY", "Воbbу", "ϲarol", "СΑRΟL", "ⅽarol", "ⲥarol", "Ϲarol", "ꮯarol", "car០l"),
    *(
        "carоl",
        "cаrol",
        "ᴄarol",
        "carօl",
        "hyejiп",
        "hyejiη",
        "hyejiᥒ",
        "hyejiո",
        "hyejiռ",
        "НYEJIΝ",
        "ΗYEJIN",
        "ΗΥΕJΙΝ",
    ),
    *(
        "hyejɪn",
        "hуejin",
        "ｈyejiп",
        "ㅣaura",
        "lauгa",
        "ⅼaura",
        "GΟΝΕ",
        "GOΝE",
        "ɡone",
        "gонe",
        "g໐ne",
        "g᧐ne",
        "ɢᴏɴᴇ",
    ),
    *("bㅇbby", "bob゙by", "boּbby", "bob〮by", "bo̱̱bby", "bobbу", "bo𝖻by", "𝐛obby", "ᵇobby", "bоbby님", "ΒΟΒΒΥ님", "bobb৭"),
]
HONEST = [
    *(
        "홍길동",
        "홍길동bob",
        "bob홍길동",
        "金민수",
        "山田たろう",
        "ヤマダ太郎",
        "ラーメン",
        "佐々木",
        "ｱｲ",
        "ㅋㅋ맨",
        "ㅇㅇ",
        "ㅇㅇ2",
    ),
    *("José", "ñandú", "Đặng", "nguyễn", "Łukasz", "Ægir", "straße", "İpek", "ılgaz", "əli", "ẹ́kọ́", "ɓala", "Ŋande"),
    *("Антон", "антон", "Марʼяна", "Ελένη", "Ωmega"[1:], "محمد", "محمّد", "محمد٥", "आशा", "हिन्दी", "สมชาย", "๕สมชาย"),
    *("שלום", "שָׁלוֹם", "தமிழ்", "മലയാളം", "မြန်မာ", "বাংলা", "ਪੰਜਾਬੀ", "ኢትዮጵያ", "ქართული", "Հայկ", "ខ្មែរ", "ລາວເຊ"),
    *("ann", "bora12", "a.b-c_d", "ㄅㄆㄇ", "王小明Wang", "ｂｏｂ", "김_bob.2"),
]
MIXED = [
    *("김иван", "김さくら", "ivanиван", "αβγabc", "abcกขค", "अaभ", "abc٥", "김٥٥", "ab०c", "محمد५", "a٥۵", "가а"),
    *("ⲱang", "ժan", "ᏟᎪᎡ", "ꓐꓳꓐ", "ᚠᚢᚦ", "𐌀𐌁𐌂", "ᠮᠣᠩ", "ߊߋߌ", "ⰀⰁⰂ", "𐐀𐐁𐐂", "ᐁᐂᐃ", "ᜀᜁᜂ", "ℓucy", "ɑnn"),
    *(
        "김〮민",
        "か̂な",
        "漢゙字",
        "가́나",
        "가゙나",
        "an়n",
        "อั́น",
        "a゙bc",
        "añ̃n",
        "a̠̠bc",
        "a̧̧̧̧̧bc",
        "ʇom",
        "ᴛom",
        "ꜱam",
        "ꞵob",
        "ⱥnn",
    ),
]


@pytest.mark.parametrize("name", HONEST)
def test_names_of_many_languages_are_names(name: str):
    assert username_problem(unicodedata.normalize("NFC", name)) in (None, "too_short")


@pytest.mark.parametrize("name", MIXED)
def test_letters_that_are_not_written_together_are_no_name(name: str):
    assert username_problem(unicodedata.normalize("NFC", name)) in ("mixed_scripts", "bad_characters", "like_ascii")


@pytest.fixture
def named(app, root):
    """A site with people whose names are worth a twin."""
    program = Program(app)
    for name in PEOPLE:
        sent = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        assert program.post("/auth/register", sent).status_code == 201
    return program


def test_nobody_has_a_name_that_is_another_on_the_screen(named):
    answers = {name: named.post("/auth/register", {**NARI, "username": name}).json for name in TWINS}
    assert [name for name, answer in answers.items() if [*answer.get("errors", answer)] != ["username"]] == []


@pytest.mark.parametrize("name", ["bobby", "eve", "dan"])
def test_a_capital_of_every_script_is_compared_as_it_looks(name: str):
    """Each letter as each capital that looks like it: the script is mixed, or the whole name looks like ASCII."""
    greek = str.maketrans("abehikmnoptxyz", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
    cyrillic = str.maketrans("abcehikmoptxys", "АВСЕНІКМОРТХУЅ")
    for table in (greek, cyrillic):
        for position, letter in enumerate(name):
            twin = f"{name[:position]}{letter.translate(table)}{name[position + 1 :]}".upper()
            assert twin.isascii() or username_problem(twin) == "mixed_scripts"
        assert username_problem(name.translate(table).upper()) is not None or not name.translate(table).isascii()


def test_no_letter_of_a_script_that_is_not_recommended_is_in_a_name():
    letters = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code))[0] == "L"]
    scripts = {script_of(each) for each in letters if not mixes_scripts(each)}
    assert scripts <= RECOMMENDED | {"COMMON"}
    assert all(mixes_scripts(f"a{each}") for each in letters if script_of(each) in RECOMMENDED - TOGETHER_WITH_LATIN)


TOGETHER_WITH_LATIN = {"LATIN", "HAN", "HANGUL", "HIRAGANA", "KATAKANA", "BOPOMOFO"}


def test_a_mark_stands_on_letters_that_have_it_only():
    marks = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code))[0] == "M"]
    accents = [mark for mark in marks if not mixes_scripts(f"a{mark}a")]
    assert all("\u0300" <= mark <= "\u036f" for mark in accents) and accents
    assert not [mark for mark in marks if not mixes_scripts(f"가{mark}나") or not mixes_scripts(f"金{mark}字")]
    assert [mark for mark in marks if not mixes_scripts(f"た{mark}ろ")] == ["\u3099", "\u309a"]


def test_what_the_error_says(named):
    for name, words in (("hyejiп", "the letters of one script"), ("ϲοϲο", "looks like one in the letters A to Z"),
                        ("ΒΟΒΒΥ", "This name is taken")):  # fmt: skip
        response = named.post("/auth/register", {**NARI, "username": name})
        assert words in str(response.json)


def test_a_former_and_a_deleted_name_have_no_twin_either(app, root, named):
    api = named
    for name in ("gone", "carol"):
        token = api.post("/auth/login", {"username": name, "password": PASSWORD}).json["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        if name == "gone":
            app.test_client().delete("/api/v1/me", json={"current_password": PASSWORD}, headers=headers)
        else:
            sent = {"username": "carla", "current_password": PASSWORD}
            app.test_client().patch("/api/v1/me", json=sent, headers=headers)
    for twin in ("GOΝE", "gоne", "ɢone", "ϲarol", "СΑRΟL", "carоl"):
        assert [*api.post("/auth/register", {**NARI, "username": twin}).json["errors"]] == ["username"]

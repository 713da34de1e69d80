"""Which names claim to be staff, the site or a guest, and which honest names do not."""

import unicodedata

import pytest
from hypothesis import given as given_text
from hypothesis import strategies as st

from madang.accounts.policies.claims import claims_role, joined_jamo
from madang.accounts.policies.look_alikes import name_keys
from madang.accounts.policies.usernames import username_problem
from tests.accounts.legacy import set_username
from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import Program, program_of

KEPT = frozenset(key for name in ("Yard", "dan", "Big Boss") for key in name_keys(name))  # the site and staff
PROFILE = {"bio": "", "website": "", "location": ""}


def names(table: str) -> list[str]:
    return [name.strip() for line in table.splitlines() for name in line.split("|") if name.strip()]


FORMS_OF_LETTERS = names(
    """
    ᴀᴅᴍɪɴ | ꜱᴛᴀꜰꜰ | ADΜIΝ | Ádmîn | Ţheadmin | ȘTAFF | ỞFFICIAL | đan | dän | Đan | ａｄｍｉｎ | 𝐚𝐝𝐦𝐢𝐧
    ѕтаff | 🅐dmin | 🅰🅳🅼🅸🅽 | 🇦🇩🇲🇮🇳 | ⒜dmin | adⓜin | Ⓐⓓⓜⓘⓝ | 🄰🄳🄼🄸🄽 | adm➊n | adm①n | d🇦n | 🅓🅐🅝 | adـmin
    a\u07fadmin | adʼmin | aʻdmin | a\u0336d\u0336min | ad\u20ddmin | 4dm1n | @dmin | m0d3r4t0r | $taff
    0fficial | officia1 | adm!n | r00t | аԁміп | Λdmin | ᗪᗩᑎ | ㅇㅜㄴㅇㅕㅇㅈㅏ | 관리ㅈㅏ | ㄱㅗㅏㄴㄹㅣㅈㅏ
    """
)
WORDS = names(
    """
    theadmin | SiteAdmin | adminteam | admin_team | realadmin | the.real.admin | IamAdmin | TheMods | modteam
    adminkim | bobadmin | AdminKim | Admin 김 | admin님 | 관리자admin | admin123 | 007admin
    Site Moderator 2 | Bob a.d.m.i.n | ad min | mode rator | s t a f f | Official Account | Support Team
    security_team | Madang Official | Madang Team | madangteam | Yard Team | yard_support | The Yard
    Official Yard Account | Dan official | the real Dan | Dan Team | Team Big Boss | big_boss_official
    운영 | 관리 | 마당 공식 | 마당공식 | 공식계정 | 공식 계정 | 스태프1 | 스태프 | 운영담당 | 운영 담당자 | 사이트운영
    관리팀 | 운영팀 | 마당지기 | 마당 운영 | 운영.자 | 운_영_자 | 마당 관리 | 공식 채널 | 고객센터
    고객지원팀 | 운영총괄 | 스탭 | 어드민1 | 管理员小王 | 官方 | 官方客服 | 公式 | 運営チーム | スタッフ
    админ | модератор | kradmin | Madang Korea | MadangKR | 운영국장 | 카페지기 | 官方账号 | 시스템 알림
    System Message | Customer Support | deleteduser1 | 탈퇴회원 | admin👑 | Community Manager | ㄴadminㄱ
    """
)
BARS = ["| dan |", "| mod |", "|dan|", "dan |"]
DECORATED = names(
    """
    dan™ | Dan Ⓥ | Yard™ | mod™ | Mod Ⓜ️ | dan℠ | № mod | ᴬadmin | ×mod× | mod① | ❶ dan ❷ | dan✓ | ✔︎dan
    ꟸdan | danᵀᴹ | dan®
    danⒸ | 운영팀ⓥ | 공식™ | Big Boss™ | ✦ Yard ✦ | ÷staff÷ | 스탭™ | 管理员™ | staff² | ¹staff
    """
)
SPELLED_OTHERWISE = names(
    """
    운영1팀 | 관리2팀 | 운영 3 팀 | 제1운영팀 | 運營者 | 運營陣 | 运营 | 运营团队 | 运营组 | 管理组 | 管理組
    管理团队 | 系统消息 | 系統通知
    すたっふ | かんりにん | サポートセンター | さぽーとせんたー | もでれーたー | うんえい | あどみん | 운영⾃
    운영自 | 관리者 | 운영팀長
    시스템 메시지 | 시스템메세지 | moderater | Moderatrice | administratrice | Moderatore | Администрация | Модератор
    администратор сайта | Адміністратор | ㄱㅗㅇㅅㅣㄱ | 마ㄷㅏㅇ 운영 | 스ㅌㅐㅂ | ㅅㅡㅌㅐㅂ | 고ㅇ식
    우ㄴ영 | 관ㄹㅣ | 운여ㅇ | 스태ㅂ
    """
)
GUESTS = names(
    """
    guest_abcdef | Guest-7KM2QX | guest7km2qx | GuestABCDEF | Guest #7KM2QX | Guеst 7KM2QX | ɢuest 7KM2QX
    손님_7KM2QX | 손님 7KM2QX | 손님_abcdef | 손님7KM2QX님 | 게스트 7KM2QX | 7KM2QX guest | the guest 7KM2QX
    Guest 7KM2Q
    """
)
HONEST = names(
    """
    badminton | Teamo | official_fan | Official BTS | support_dog | owner_of_cats | rootbeer | systematic
    Adam | Administer | Padmini | Staffan | Stafford | Modesta | Modi | Amod | Modern Ann | Minister | Iman
    이운영 | 최운영 | 관희 | 관우 | 공식이 | 공식팬 | 지우개 | 마당쇠 | 마당발 | 보안관 | 팀쿡 | 모드
    담당자 | 대표님 | 하나님 | 손님맞이 | guesthouse | guestbook | Gusto | Dana | Danny | Jordan
    dan77 | yarden | Bigbossa | Kim 🇰🇷 | helper | newton | real_madrid | theodore | Webber | user-4711
    Bond007 | bora12 | ＢＯＢ | İrem | Søren | Łukasz | Müller | Mария | 山田太郎 | नमस्ते | สมชาย | José
    O'Brien | ann-marie | J. Lo | ㅋㅋ운영 | 김ㅇㅇ | 위원장 | 국장 | Korea Kim | Staf | McDan | Степан
    Λευτέρης | 위관리 | 위마당 | Ann™ | bob|kim | 수학① | 이모지ㅠㅠ | 민수ㅎㅎ | 3학년2반 | 지은이2반 | 部長
    員外 | 王方 | 中心
    系统工程师 | すし | すたじお | かんな | Moderate Mike | moderate | 통지 | 센터 | 소식통 | C++ fan
    ㅂㅏㄴㅏㄴㅏ | 김민수²
    """
)


@pytest.mark.parametrize("name", FORMS_OF_LETTERS + WORDS + BARS + DECORATED + SPELLED_OTHERWISE + GUESTS)
def test_these_names_claim_a_role(name):
    assert claims_role(name, KEPT)


@pytest.mark.parametrize("name", HONEST)
def test_these_names_claim_none(name):
    assert not claims_role(name, KEPT)


@pytest.mark.parametrize(
    "name", ["박혜진", "바ㄱ혜진", "ㅂㅏㄱㅎㅖㅈㅣㄴ", "박ㅎㅖ진", "ㅂㅏㄱ혜진 공식", "박혜지ㄴ", "박혜진™", "①박혜진"]
)
def test_a_korean_name_of_staff_is_read_from_its_letters(name):
    assert claims_role(name, name_keys("박혜진"))
    assert not claims_role(name.replace("공식", ""), name_keys("박혜정"))


@given_text(st.text(st.characters(min_codepoint=0x1100, max_codepoint=0x11FF) | st.sampled_from("ㄱㅏㄴㅘㅄ가각넋a1 ")))
def test_letters_of_hangul_are_joined_whatever_they_are(name):
    joined = joined_jamo(name)
    assert len(joined) <= 2 * len(unicodedata.normalize("NFKD", name))
    claims_role(name, KEPT)


def test_a_short_name_of_the_site_is_found_as_a_whole_only():
    kept = frozenset(key for name in ("Go", "X", "뜰", "마루") for key in name_keys(name))
    assert [claims_role(name, kept) for name in ("go", "G.O.", "x", "뜰", "마루", "마루지기")] == [True] * 6
    assert not any(claims_role(name, kept) for name in ("gogo", "xxx", "Go Team Go", "뜰지기", "마루치"))


@pytest.mark.each_database
@pytest.mark.parametrize(
    "name", ["ꜱᴛᴀꜰꜰ", "ỞFFICIAL", "theadmin", "SiteAdmin", "스태프1", "마당지기", "guest_abcdef", "손님_7KM2QX"]
)
def test_no_page_and_no_route_of_the_api_takes_such_a_name(app, ann, ruth, visitor, name):
    assert visitor.post("/auth/signup", **REGISTRATION | {"username": name}).status_code == 422
    assert Program(app).post("/auth/register", {**REGISTRATION, "username": name}).status_code == 422
    assert ann.post("/settings", display_name=name, **PROFILE).status_code == 422
    assert program_of(ann).patch("/me", {"display_name": name}).status_code == 422
    for given in ({"username": name, "display_name": ""}, {"username": "newbie", "display_name": name}):
        fields = {**given, "email": "newbie@example.org", "role": "member"}
        assert ruth.post("/admin/users/add", **fields).status_code == 422
        assert program_of(ruth).post("/admin/users", fields).status_code == 422
        assert program_of(ruth).patch("/admin/users/ann", given).status_code == 422
    assert ruth.post("/settings", display_name=name, **PROFILE).status_code == 302


@pytest.mark.each_database
def test_a_display_name_is_no_handle_of_a_guest(ann):
    """Handles of today begin with a digit; `7KM2QX` in Cyrillic letters looks the same."""
    for name in ("7KM2QX", "7km2qx", "7КМ2QX", "７ＫＭ２ＱＸ"):
        assert ann.post("/settings", display_name=name, **PROFILE).status_code == 422
    assert ann.post("/settings", display_name="KM2QX7", **PROFILE).status_code == 302


ADDRESSES = names(
    """
    login.evil.com | a.kr | evil.co.kr | www.evil | WWW.Evil | evil.COM | evil.com_login | evil.com-1
    a.kr님 | 예시.한국 | пример.рф | evil.io | evil.xyz | a.com.evil
    """
)
NO_ADDRESSES = names(
    """
    john.doe | kim.minsu | node.js | j.smith | minsu.kim | evil.comma | a-com | 3.1.4 | wwwolf | com
    """
)


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_username_looks_like_no_web_address(name):
    assert username_problem(name) == "like_address"


@pytest.mark.parametrize("name", NO_ADDRESSES)
def test_a_dot_alone_makes_no_web_address(name):
    assert username_problem(name) is None


@pytest.mark.each_database
def test_a_web_address_is_refused_with_a_sentence(app, visitor, ruth):
    refused = visitor.post("/auth/signup", **REGISTRATION | {"username": "login.evil.com"})
    assert refused.status_code == 422 and "cannot look like a web address" in refused.text
    fields = {"username": "a.kr", "email": "newbie@example.org", "role": "member"}
    assert set(program_of(ruth).post("/admin/users", fields).json["errors"]) == {"username"}


@pytest.mark.each_database
def test_an_account_from_before_keeps_a_web_address_as_name(ann, bob, ruth):
    set_username(ann, "login.evil.com")
    fields = {"username": "login.evil.com", "display_name": "Ann", "email": "ann@example.org", "role": "member"}
    assert ruth.post(f"/admin/users/{ann.id}", **fields, confirmed="1").status_code == 302
    assert bob.page("/users/login.evil.com")

"""Names that claim a role: staff, the site itself, a guest or a deleted account.

A name claims a role if, in one of its spellings (`look_alikes.spellings`, digits also read as letters: `4dm1n`),

1. the whole of it is reserved, or holds one of `ROLE_PARTS`, or reads as a guest's;
2. one of its words, without digits around it, is one of `ROLE_WORDS`, alone or joined to accompanying words
   (`siteadmin`), or begins or ends with `admin`;
3. the whole of it is made of claims (role words, `OFFICES`, the names of the site and of staff) and accompanying words
   only: `Madang Team`, `공식 계정`. So `official_fan` and `이운영` are no claims.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from madang.core.text import normalized

from .look_alikes import letter_key, spellings

RESERVED = frozenset(
    {"about", "account", "accounts", "admin", "administrator", "anonymous", "api", "auth", "boards", "bot"}
    | {"complete", "deleted"}
    | {"everyone", "feed", "guest", "help", "here", "info", "login", "logout", "madang", "mail", "mailer-daemon", "me"}
    | {"messages", "mod", "moderator", "moderators", "new", "nobody", "noreply", "no-reply", "notifications", "null"}
    | {"official", "operator", "owner", "postmaster", "root", "security", "settings", "setup", "signup", "staff"}
    | {"superuser", "support", "sysop", "system", "undefined", "unknown", "user", "users", "webmaster", "www"}
    | {"deleted-user", "guest-user"}
    | {"공식", "관리자", "마당", "손님", "스태프", "운영자", "운영진", "탈퇴한회원"}
)
ROLE_WORDS = frozenset(
    {"admin", "admins", "administrator", "administrators", "moderator", "moderators", "mod", "mods", "sysop", "sysops"}
    | {
        "moderater",
        "moderaters",
        "administrater",
        "webmaster",
        "staff",
        "staffs",
        "superuser",
        "sysadmin",
        "superadmin",
        "supermod",
    }
    | {"админ", "модер", "administrador", "moderador", "administrateur", "moderateur"}
    | {"스탭", "스탶", "운영위", "운영담당", "관리담당", "사이트운영", "사이트관리", "시삽", "시샵", "부운영", "부관리"}
    | {"마당지기", "사이트지기", "카페지기", "카페매니저"}
)
# Role words that no other word contains.
ROLE_PARTS = frozenset(
    {"administrator", "moderator", "webmaster", "sysadmin", "superuser"}
    | {"moderateur", "moderatric", "moderatore", "moderadora", "administratric"}
    | {"administrateur", "administratore", "администрат", "администрац", "адміністрат", "адміністрац", "модератор"}
    | {"운영자", "관리자", "운영진", "관리진", "운영팀", "관리팀", "운영담당", "관리담당", "운영위원", "관리위원"}
    | {"어드민", "모더레이터", "오퍼레이터", "스태프", "웹마스터", "공식계정"}
    | {
        "管理组",
        "管理組",
        "管理团队",
        "管理團隊",
        "管理层",
        "运营团队",
        "運營團隊",
        "运营者",
        "運營者",
        "運營陣",
        "运营方",
    }
    | {
        "運營方",
        "运营组",
        "運營組",
        "运营人员",
        "運營人員",
        "カンリニン",
        "カンリシャ",
        "ウンエイシャ",
        "ウンエイチーム",
    }
    | {"管理员", "管理員", "管理者", "管理人", "運営", "版主", "站长", "站長", "スタッフ", "アドミン", "モデレーター"}
)
# What only staff are, if nothing but accompanying words stands beside it.
OFFICES = frozenset(
    {"official", "support", "operator", "operators", "owner", "security", "system", "root", "helpdesk", "help"}
    | {"management", "moderation", "administration", "madang", "noreply", "rootuser", "deleteduser", "deletedaccount"}
    | {"communitymanager", "communityteam", "customerservice", "trustandsafety"}
    | {"공식", "운영", "관리", "마당", "고객센터", "고객지원", "시스템", "공지", "알림", "탈퇴회원", "탈퇴한회원"}
    | {"官方", "公式", "客服", "管理", "系统", "系統", "运营", "運營", "サポート", "システム", "ウンエイ", "カンリ"}
)
ACCOMPANYING = frozenset(
    {"the", "real", "true", "iam", "im", "of", "for", "at", "and", "by", "korea", "kr", "english"}
    | {"site", "forum", "web", "website", "community", "page", "board", "account", "team", "crew", "desk", "center"}
    | {"centre", "service", "manager", "head", "chief", "lead", "super", "senior", "bot", "info", "news", "notice"}
    | {"notices", "announcement", "announcements", "alert", "alerts", "contact", "global", "general", "verified"}
    | {"customer", "message", "messages", "notification", "notifications", "founder", "ceo"}
    | {"팀", "담당", "담당자", "사이트", "계정", "님", "씨", "실", "부", "센터", "지기", "지원", "안내"}
    | {"도우미", "보조", "대행", "팀장", "부장", "국장", "실장", "과장", "본부장", "이사", "코리아", "매니저"}
    | {"총괄", "책임", "책임자", "직원", "대표", "홈페이지", "홈피", "카페", "게시판", "커뮤니티", "진짜", "인증"}
    | {"메시지", "메세지", "쪽지", "소식", "채널", "봇", "위원", "위원회", "본부", "사무국", "사무실"}
    | {"チーム", "担当", "さん", "アカウント", "团队", "團隊", "センター", "メッセージ", "账号", "帐号", "社区"}
    | {"消息", "訊息", "通知", "公告", "中心", "小组", "小組", "组", "組", "部", "员", "員", "人员", "人員", "方", "者"}
)
CLAIMS = ROLE_WORDS | OFFICES
BESIDE_NAMES = CLAIMS | ACCOMPANYING  # beside the name of the site or of staff
HONEST_WORDS = frozenset({"administer", "badmin", "padmin", "chadmin", "radmin"})
ADMIN = "admin"
LEAST_ASCII, LEAST_OTHER = 3, 2  # letters of a name that is recognised beside accompanying words
DIGITS_AROUND = re.compile(r"^\d+|\d+$")
SPELLED_OUT = re.compile(r"(?<!\S)\S(?: \S(?!\S))+")
CASE_OR_SCRIPT_CHANGES = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[ㄱ-ㅣ가-힣])|(?<=[ㄱ-ㅣ가-힣])(?=[A-Za-z])")
JAMO = re.compile("[\u1100-\u11ff\u3131-\u318e\uffa1-\uffdc]")  # single letters of Hangul
DIGITS_AS_LETTERS = str.maketrans("0134578@$!+€", "oieastbasite")
COMPOUND_VOWELS = {"WA": "O A", "WAE": "O AE", "OE": "O I", "WEO": "U EO", "WE": "U E", "WI": "U I", "YI": "EU I"}
VOWELS_OF_TWO = {two: one for one, two in COMPOUND_VOWELS.items()}
VOWEL = "JUNGSEONG"
HANGUL_LETTER = re.compile(f"HANGUL (CHOSEONG|{VOWEL}|JONGSEONG) (.+)")
DIGITS_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])\d+(?=[^\x00-\x7f])")  # 운영1팀
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
HANGUL = re.compile("[가-힣]")
GUEST = "(?:guests?|손님|게스트|방문자|비회원)"
HANDLE = "(?:[a-z0-9]{6}|[0-9][a-z0-9]{4,7})"
# A guest's name as pages print it, also in the other order; within a longer name only with a handle of today.
GUEST_NAME = re.compile(f"{GUEST}{HANDLE}(?:님|씨)?|{HANDLE}{GUEST}(?:님|씨)?")
GUEST_WITHIN = re.compile(f"(?<!\\S){GUEST} ?[0-9](?: ?[a-z0-9]){{5}}(?!\\S)")


def claims_role(name: str, names: Collection[str] = ()) -> bool:
    """Whether a name says that its owner is staff, the site, a guest or a deleted account.

    `names` are the `name_keys` of the site and of staff.
    """
    if is_spelled_in_jamo(name):
        return True
    texts = (name, joined_jamo(name)) if JAMO.search(name) else (name,)
    return any(_text_claims_role(text, names) for text in texts)


def _text_claims_role(name: str, names: Collection[str]) -> bool:
    split = CASE_OR_SCRIPT_CHANGES.sub(" ", name)
    typed = spellings(name) | spellings(split)
    if any(reads_as_guest(each) or is_made_of_names(letter_key(each), names) for each in typed):
        return True
    readings = typed | spellings(name.translate(DIGITS_AS_LETTERS)) | spellings(split.translate(DIGITS_AS_LETTERS))
    return any(_claims_role(reading) for reading in readings)


def reads_as_guest(spelling: str) -> bool:
    """Whether a spelling reads as the name that pages show for a guest."""
    return bool(GUEST_NAME.fullmatch(spelling.replace(" ", "")) or GUEST_WITHIN.search(spelling))


def is_spelled_in_jamo(name: str) -> bool:
    """Whether a name writes a role's word with single letters of Hangul: `ㅇㅜㄴㅇㅕㅇㅈㅏ`, `관리ㅈㅏ`."""
    return JAMO.search(name) is not None and any(jamo in jamo_of(name) for jamo in map(jamo_of, ROLE_PARTS) if jamo)


def joined_jamo(text: str) -> str:
    """`text` with single letters of Hangul joined to syllables, also with the letters of syllables beside them:
    `바ㄱ혜진` -> `박혜진`.
    """
    letters = normalized(text, "NFKD")
    kinds = [HANGUL_LETTER.fullmatch(unicodedata.name(each, "")) for each in letters]
    consonants = [kind[2] if kind and kind[1] != VOWEL else "" for kind in kinds] + ["", ""]
    vowels = [kind[2] if kind and kind[1] == VOWEL else "" for kind in kinds] + ["", ""]
    joined, position = "", 0
    while position < len(letters):
        if not (consonants[position] and vowels[position + 1]):
            joined += letters[position]
            position += 1
            continue
        consonant, vowel = consonants[position], vowels[position + 1]
        position += 2
        if two := VOWELS_OF_TWO.get(f"{vowel} {vowels[position]}"):
            vowel, position = two, position + 1
        joined += _jamo("CHOSEONG", consonant) + _jamo(VOWEL, vowel)
        if consonants[position] and not vowels[position + 1] and (final := _jamo("JONGSEONG", consonants[position])):
            joined, position = joined + final, position + 1
    return normalized(joined)


def _jamo(kind: str, name: str) -> str:
    try:
        return unicodedata.lookup(f"HANGUL {kind} {name}")
    except KeyError:
        return ""


def jamo_of(text: str) -> str:
    """The letters of Hangul in a text, the final ones written as initial ones and compound vowels as two."""
    names = (unicodedata.name(each, "") for each in normalized(text, "NFKD"))
    letters = (name.rpartition(" ")[2] for name in names if name.startswith("HANGUL "))
    return " ".join(COMPOUND_VOWELS.get(letter, letter) for letter in letters)


def _claims_role(spelling: str) -> bool:
    together = SPELLED_OUT.sub(lambda found: found[0].replace(" ", ""), spelling)
    words = [letter_key(DIGITS_BETWEEN.sub("", DIGITS_AROUND.sub("", word))) for word in together.split()]
    whole = "".join(words)
    if HANGUL.search(whole) and HAN.search(whole) and _claims_role(HAN.sub("", whole)):  # 운영自
        return True
    if letter_key(spelling) in keys(RESERVED) or any(part in whole for part in keys(ROLE_PARTS)):
        return True
    return is_made_of(whole, keys(CLAIMS), ACCOMPANYING) or any(map(is_role_word, words))


def is_role_word(word: str) -> bool:
    """Whether the key of one word claims a role by itself, whatever stands beside it."""
    if is_made_of(word, keys(ROLE_WORDS), ACCOMPANYING):
        return True
    admin = letter_key(ADMIN)
    if any(word.startswith(honest) for honest in keys(HONEST_WORDS)):
        return False
    return word.startswith(admin) or word.endswith(admin)


def is_made_of_names(text: str, names: Collection[str]) -> bool:
    """Whether a key is one of `names`, or names that are long enough to be recognised and accompanying words."""
    long = {name for name in names if len(name) >= (LEAST_ASCII if name.isascii() else LEAST_OTHER)}
    return text in names or is_made_of(text, long, BESIDE_NAMES)


def is_made_of(text: str, claims: Collection[str], accompanying: frozenset[str]) -> bool:
    """Whether a key is nothing but claims (keys) and accompanying words, with one claim or more."""
    beside = keys(accompanying)
    reached = {(0, False)}
    for start in range(len(text)):
        for has_claim in [flag for end, flag in reached if end == start]:
            ends = range(start + 1, len(text) + 1)
            reached |= {(end, True) for end in ends if text[start:end] in claims}
            reached |= {(end, has_claim) for end in ends if text[start:end] in beside}
    return (len(text), True) in reached


@cache
def keys(words: frozenset[str]) -> frozenset[str]:
    """The keys of words."""
    return frozenset(letter_key(spelling) for word in words for spelling in spellings(word))

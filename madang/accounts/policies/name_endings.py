"""Names that are another name with an ending: `@bobby님` mentions bobby, so nobody may be called `bobby님`."""

import re

from madang.core.markdown.addresses import CASES, FORMS, JAPANESE, TOPICS
from madang.core.markdown.cjk import CJK_LETTERS
from madang.core.markdown.mentions import MAX_SUFFIX
from madang.core.names import NAME_MARKS

HONORIFICS = (
    "선생|씨|군|양|샘|쌤|형|누나|오빠|언니|동생|선배|후배|아저씨|아줌마|여사|삼촌|이모|고모|할머니|할아버지|어머니|아버지"
    "|さん|さま|様|殿|氏|君|くん|ちゃん|先生|先輩|部長|課長|社長|教授|博士|老师|老師|同学|女士|小姐"
)
TITLES = (
    "팀장|과장|차장|부장|실장|국장|소장|원장|점장|반장|조장|총장|학장|회장|의장|본부장|센터장|지점장|사장|부사장|이사|상무"
    "|전무|대표|대리|주임|계장|수석|책임|선임|사원|직원|매니저|교수|박사|석사|강사|조교|코치|감독|작가|기자|피디|의사|약사"
    "|간호사|변호사|판사|검사|목사|신부|수녀|스님|전도사|장로|집사|권사|선교사|의원|장관|시장|개발자|디자이너|연구원|학생"
)
ADDRESSED = r"[가-힣]{0,5}님"  # every title can have it
SHORT = "은|는|이|가|을|를|도|아|야|여|나|요|네|들|께|와|과|로|만|에|의|랑"


def _of_two_letters_or_more(words: str) -> str:
    """The alternatives without those of one letter: many names end in 인, 다 or 란."""
    return "|".join(word for word in words.split("|") if len(word) > 1)


LONG = _of_two_letters_or_more(f"{CASES}|{TOPICS}|{FORMS}|{JAPANESE}") + "|이여|이야"
PARTICLES = f"(?:{CASES}|한테|만)(?:{CASES}|만)?(?:{TOPICS}|서)?(?:{_of_two_letters_or_more(FORMS)}|요)?|{LONG}|{SHORT}"
ENDING = re.compile(f"(?:(?:{ADDRESSED}|{TITLES}|{HONORIFICS})(?:들)?(?:{PARTICLES})?|{PARTICLES})")
AFTER_OTHER_SCRIPT = re.compile(rf"(?<=[^{CJK_LETTERS}])[{CJK_LETTERS}]{{1,{MAX_SUFFIX}}}$")
MIN_BASE, MAX_ENDING = 2, MAX_SUFFIX


def bases_of(name: str) -> list[str]:
    """The names of which `name` may be a form, longest first: `bobby님께` -> `bobby`, `bobby님`."""
    ends = range(len(name) - 1, max(MIN_BASE, len(name) - MAX_ENDING) - 1, -1)
    return [name[:end].rstrip(NAME_MARKS) for end in ends if ENDING.fullmatch(name, end)]


def readings_of(name: str) -> list[str]:
    """The shorter names that a mention of `name` may mean: its bases, and what stands before Hangul, Han or Kana.

    Not every shorter name: `홍길동` is a name of its own where somebody is called `홍길`.
    """
    tail = AFTER_OTHER_SCRIPT.search(name)
    return [*bases_of(name), *([name[: tail.start()].rstrip(NAME_MARKS)] if tail else [])]

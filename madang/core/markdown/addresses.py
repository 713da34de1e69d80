"""Where a bare web address ends in running text.

The rules follow GitHub's autolinks (trailing punctuation and an unmatched bracket stay outside) and add what Korean,
Chinese and Japanese need: quotes, arrows and particles follow an address directly (`“https://a.kr/b”입니다`).
"""

import re

from .cjk import CJK_LETTERS

MAX_ADDRESS = 2_000
CJK_PUNCTUATION = (
    "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufe10-\ufe19\ufe30-\ufe6f\ufd3e\ufd3f"
)
# Quotes, dashes, spaces and invisible marks; arrows, mathematical and technical signs, brackets, shapes, pictograms.
QUOTES_AND_DASHES = (
    "\u00ab\u00ad\u00bb\u0f3a-\u0f3d\u169b\u169c\u200b\u200e\u200f\u2012-\u206f\u207d\u207e\u208d\u208e\ufeff"
)
SIGNS = "\u2190-\u2bff\u2e00-\u2e5d\ufe0f\U0001f000-\U0001faff"
STOPS = f"{CJK_PUNCTUATION}{QUOTES_AND_DASHES}{SIGNS}"
REST = re.compile(
    rf"""(?:[^\s\x00-\x20<>"`|\\'*~,;!{STOPS}]
    | '(?=[A-Za-z0-9])                                     # O'Reilly, but not '...'라고
    | \*(?![*{CJK_LETTERS}]) | ~(?!~)
    | [,;!](?!https?://|www\.|(?<=[A-Za-z0-9/)].)[{CJK_LETTERS}])
    )+""",
    re.IGNORECASE | re.VERBOSE,
)
OPENED = re.compile(r"([*_~'(\[{]{1,8})(?:https?://)?$", re.IGNORECASE)
HOST_IS_POSSIBLE = re.compile(r"(?:[^\W_]|\[[0-9a-fA-F:.]+\])")
HOST = re.compile(r"[^/?#]+")
TRAILING_ENTITIES = re.compile(r"(?:&[A-Za-z0-9]{1,32};)+$")
TRAILING_MARKS = "?!.,:;*_~'\"([{·・ㆍ"
BRACKET = re.compile(r"[()\[\]{}]")
CLOSING = {")": "(", "]": "[", "}": "{"}
LONGEST_PARTICLE = 24

KOREAN_TLDS = "한국|닷컴|닷넷|삼성"
HOST_END = re.compile(rf"(?:(?<=\.)(?:{KOREAN_TLDS})|[A-Za-z0-9])(?=[{CJK_LETTERS}]+$)")

# Particles and those that may follow them (`에서는`, `까지만`), forms of `이다`, and both choices at once (`을(를)`).
CASES = (
    "에서|에게서|에게|에다가|에다|에|의|으로부터|로부터|으로서|로서|으로써|로써|으로|로|와|과|이랑|랑|하고|한테서|한테"
    "|께서|께|더러|보고|까지|부터|처럼|같이|보다|만큼|마다|대로|밖에|조차|마저|뿐|들"
)
TOPICS = (
    "은|는|이|가|을|를|도|만|이나|나|이라도|라도|이든지|든지|이든|든|이야|야|이란|란|요|까지|부터|의|처럼|보다|조차|마저"
    "|밖에|만은|만이|만을|만의|로|으로|에|에서"
)
FORMS = (
    "입니다만|입니다|입니까|이에요|이예요|예요|에요|이다|다|인데요|인데|인가요|인가|인지|인|이고요|이고|고|이며|며|이지만"
    "|지만|이지요|지요|이죠|죠|이네요|네요|이네|이군요|군요|이라면|라면|이면|이니까|이니|이거든요|거든요|이었습니다|였습니다"
    "|이었어요|였어요|이었다|였다|일까요|일까|이라서|라서|이라고는|라고는|이라고도|라고도|이라고요|라고요|이라고|라고"
    "|이라는데요|라는데요|이라는데|라는데|이라는|라는|이라며|라며|이랍니다|랍니다|이래요|래요|이래|래|같은|말고|듯"
)
CHOICES = (
    r"은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|와\(과\)|과\(와\)|\(으\)로|\(이\)라고|\(이\)나"
    "|은/는|이/가|을/를|와/과|과/와"
)
JAPANESE = (
    "ですか|ですね|ですよ|でした|です|だ|には|では|とは|にも|でも|は|が|を|に|で|と|も|の|へ|や|から|まで|より|って"
)
CHINESE = "的|是|了|吗|呢|吧"
PARTICLE = rf"(?:{CHOICES}|(?:{CASES})(?:{TOPICS})?|{TOPICS}|{FORMS}|{JAPANESE}|{CHINESE})"
# A part that is all Hangul belongs to the address (`/wiki/한국은`), unless it is only a particle (`a.kr/는`).
TRAILING_PARTICLE = re.compile(rf"(?:(?<=[A-Za-z0-9)])['*~]*|(?<=/)(?<!/wiki/)(?<!/w/)){PARTICLE}$")
TAIL = re.compile(rf"['*~_]*[{CJK_LETTERS}()/]+$")
MARKED_PARTICLE = re.compile(rf"(?<=[A-Za-z0-9)/])_+{PARTICLE}$")
NO_SPACE = re.compile(rf"[.?:][{CJK_LETTERS}]")
SENTENCE_END = re.compile(rf"(?<=[A-Za-z0-9)]){PARTICLE}(?=[.?:]+[{CJK_LETTERS}])")


def address_rest(source: str, start: int, end: int) -> str:
    """The part of an address after `https://`, which begins at `start`; empty if there is none."""
    match = REST.match(source, start, min(end, start + MAX_ADDRESS))
    if not match:
        return ""
    opened = OPENED.search(source[max(0, start - 16) : start])
    is_arrow = source.startswith(">", match.end())
    rest = trim_address(match[0].rstrip("-=") if is_arrow else match[0], opened[1] if opened else "")
    return rest if HOST_IS_POSSIBLE.match(rest) else ""


def trim_address(rest: str, opened: str) -> str:
    """Cut what follows an address (without its scheme): closing quotes and brackets, punctuation, particles.

    `opened` are the quotes and marks directly before the address: it ends where they close.
    """
    if "'" in opened:
        rest = rest.partition("'")[0]
    rest = cut_at_bracket(rest)
    if not rest.isascii():
        rest = cut_at_sentence(cut_at_host(rest))
    before = None
    while before != rest:
        before = rest
        rest = TRAILING_ENTITIES.sub("", rest) if rest.endswith(";") else rest
        rest = rest.rstrip(TRAILING_MARKS)
        if not rest.isascii():
            rest = trim_particle(rest, MARKED_PARTICLE if "_" in opened else TRAILING_PARTICLE)
    return rest


def cut_at_bracket(rest: str) -> str:
    """Cut where a bracket closes that the address does not open, else at the first one that it does not close.

    The choice of a particle (`을(를)`) is cut later.
    """
    opened: list[re.Match[str]] = []
    for bracket in BRACKET.finditer(rest):
        if bracket[0] not in CLOSING:
            opened.append(bracket)
        elif not opened or opened.pop()[0] != CLOSING[bracket[0]]:
            return rest[: bracket.start()]
    return rest[: opened[0].start()] if opened else rest


def cut_at_host(rest: str) -> str:
    """Cut after a host that Hangul follows directly: no top-level domain mixes scripts."""
    host = HOST.match(rest)
    end = host and HOST_END.search(host[0])
    return rest[: end.end()] if end else rest


def cut_at_sentence(rest: str) -> str:
    """Cut where a sentence ends without a space: `b입니다.그리고`."""
    end = NO_SPACE.search(rest) and SENTENCE_END.search(rest)
    return rest[: end.start()] if end else rest


def trim_particle(rest: str, particle: re.Pattern[str]) -> str:
    """Cut a particle that follows directly on an ASCII letter, digit, bracket or slash: `b입니다` -> `b`."""
    tail = TAIL.search(rest, max(0, len(rest) - LONGEST_PARTICLE))
    match = tail and (TRAILING_PARTICLE.search(rest, tail.start()) or particle.search(rest, tail.start()))
    return rest[: match.start()] if match else rest

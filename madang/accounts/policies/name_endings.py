"""Names that are another name with an ending: `@bobby님` mentions bobby, so nobody may be called `bobby님`."""

import re

HONORIFICS = "선생님|선생|님|씨|군|양|샘|쌤|형님|형|누나|오빠|언니|선배님|선배|후배|さん|さま|様|君|くん|ちゃん"
PARTICLES = (
    "(?:에게서|에게|한테서|한테|께서|께|이랑|랑|하고|와|과|으로|로|처럼|보다|까지|부터|마저|조차|만|에|의)(?:는|도|만|요|서|의)?"
    "|은|는|이|가|을|를|도|아|야|이야|여|이여|나|이나|요|라고|이라고|라는|이라는|입니다|이에요|예요|네|들"
)
ENDING = re.compile(f"(?:(?:{HONORIFICS})(?:들)?(?:{PARTICLES})?|{PARTICLES})")
MIN_BASE, MAX_ENDING = 2, 8


def bases_of(name: str) -> list[str]:
    """The names of which `name` may be a form, longest first: `bobby님께` -> `bobby`, `bobby님`."""
    ends = range(len(name) - 1, max(MIN_BASE, len(name) - MAX_ENDING) - 1, -1)
    return [name[:end].rstrip("._-") for end in ends if ENDING.fullmatch(name, end)]

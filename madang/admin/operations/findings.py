"""What a check of the installation finds: sentences that say what is wrong and what to do."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Config = Mapping[str, Any]


class Finding(NamedTuple):
    """An error to repair (`is_wrong`) or a notice, with a translated sentence that says what to do."""

    is_wrong: bool
    sentence: str


Findings = Iterator[Finding]


def error(sentence: str) -> Finding:
    return Finding(True, sentence)


def notice(sentence: str) -> Finding:
    return Finding(False, sentence)

"""Keep the log short and free of private data: exceptions of one place once a second, addresses and tokens replaced."""

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from types import TracebackType

PACKAGE = str(Path(__file__).parents[2])
SECONDS = 1.0
MAX_PLACES = 1_000
Place = tuple[str, str]
CallLater = Callable[[float, Callable[[], None]], None]

MAIL_ADDRESS = re.compile(r"""[^\s@<>"'()\[\]{},;:=|/\\]+@[^\s@<>"'()\[\]{},;:=|/\\]+""")
LINK = re.compile(r"\bhttps?://(?!sqlalche\.me/)[^\s\"'<>]+", re.IGNORECASE)
# A signed text (itsdangerous, JWT), or the random part of a personal access token.
SIGNED = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{27,}")
RANDOM = re.compile(r"\b(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{32,}")
NETWORK_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)"
    r"|(?<![\w.:])[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?![\w:])"
)


def without_private_data(text: str) -> str:
    """`text` with e-mail addresses, links, tokens and network addresses but those of this machine replaced."""
    text = LINK.sub("[link]", text)
    if "@" in text:
        text = MAIL_ADDRESS.sub("[e-mail]", text)
    text = RANDOM.sub("[token]", SIGNED.sub("[token]", text))
    return NETWORK_ADDRESS.sub(_address, text)


def _address(match: re.Match[str]) -> str:
    text = match[0]
    try:
        address = ip_address(text.rstrip(".:") if "::" not in text[-2:] else text)
    except ValueError:  # a time, or a number of a version
        return text
    return text if address.is_loopback or address.is_unspecified else "[address]"


def _start_timer(seconds: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


class OncePerSecond(logging.Filter):
    """Lets an exception of one place pass at most once a second; those left out are counted in one line afterwards.

    A place is the type of the exception and the innermost line of this package that it came through.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, call_later: CallLater = _start_timer) -> None:
        super().__init__()
        self._clock, self._call_later = clock, call_later
        self._lock = threading.Lock()
        self._passed_at: dict[Place, float] = {}
        self._left_out: Counter[Place] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info or record.exc_info[0] is None:
            return True
        decision: bool | None = getattr(record, "is_passed", None)  # of another handler with this filter
        if decision is None:
            decision = self._decide((record.exc_info[0].__qualname__, _own_line(record.exc_info[2])))
            vars(record)["is_passed"] = decision
        return decision

    def _decide(self, place: Place) -> bool:
        moment = self._clock()
        with self._lock:
            if moment - self._passed_at.get(place, float("-inf")) >= SECONDS:
                if len(self._passed_at) >= MAX_PLACES:
                    self._passed_at.clear()
                self._passed_at[place] = moment
                return True
            self._left_out[place] += 1
            is_first = self._left_out[place] == 1
        if is_first:
            self._call_later(SECONDS, lambda: self._tell(place))
        return False

    def _tell(self, place: Place) -> None:
        with self._lock:
            count = self._left_out.pop(place, 0)
        error, line = place
        fields = {"error": error, "place": line, "left_out": count}
        logging.getLogger("madang.errors").error("exceptions_left_out", extra={"fields": fields})


def _own_line(trace: TracebackType | None) -> str:
    """The innermost line of this package in a traceback: "core/web/urls.py:12"; empty if there is none."""
    line = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith(PACKAGE):
            line = f"{name.removeprefix(PACKAGE)[1:]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return line

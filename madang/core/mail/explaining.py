"""What the answer of a mail server means, and what to do about it, in words."""

import smtplib
import socket
import ssl
from typing import NamedTuple

from ..errors import MadangError, Unavailable
from ..i18n import _
from ..logs.filters import without_private_data
from ..mail_outcomes import FAILED, REFUSED
from ..settings import setting
from .smtp import Interrupted, NotEncrypted

PERMANENT = 500  # replies from here on are final (RFC 5321, 4.2.1)
TOO_LARGE = (552, 523)
UNAVAILABLE = (450, 451, 452)
MAX_REPLY = 300


class MailDelayed(Unavailable):
    """The mail server does not take a mail now; its job tries again. The message says why, and what was answered."""

    code = "mail_delayed"


class MailRefused(MadangError):
    """The mail server has refused this mail permanently."""

    code = "mail_refused"
    status = 422


class Explanation(NamedTuple):
    """`outcome` is the one to count; `reply` is what the server said, with its code, empty if it said nothing."""

    outcome: str
    sentence: str
    reply: str = ""


def explain(error: Exception, *, is_whole: bool = False) -> Explanation:
    """Explain why a mail was not accepted: an error of `smtp_connection` or of sending.

    Servers quote addresses, and links of the mail. The reply is without them, since `madang check` writes it to the
    journal, unless it `is_whole`: for whoever has typed the address.
    """
    explanation = _explain(error)
    reply = explanation.reply if is_whole else without_private_data(explanation.reply)
    return explanation._replace(reply=reply[:MAX_REPLY])


def _explain(error: Exception) -> Explanation:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
        return _of_reply(code, words, _recipient_sentence(code))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _of_reply(error.smtp_code, error.smtp_error, _sender_sentence(error.smtp_code))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        sentence = _(
            "The mail server refuses the log-in. Please correct MADANG_MAIL_USERNAME and MADANG_MAIL_PASSWORD."
        )
        return Explanation(FAILED, sentence, _reply(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_reply(error.smtp_code, error.smtp_error, _data_sentence(error.smtp_code))
    return Explanation(FAILED, _connection_sentence(error))


def as_job_error(error: Exception) -> MadangError:
    """What a job raises for an error of sending: `MailRefused` if trying again is of no use, else `MailDelayed`.

    A sender or a password that is refused is the operator's to correct: what waits is sent then.
    """
    explanation = explain(error)
    answer = _("It answered: %(reply)s", reply=explanation.reply) if explanation.reply else ""
    words = f"{explanation.sentence} {answer}".strip()
    return MailRefused(words) if is_refused(error) else MailDelayed(words)


def is_refused(error: Exception) -> bool:
    """Whether the mail server will never take this mail to this address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= PERMANENT


def _of_reply(code: int, words: bytes | str, sentence: str) -> Explanation:
    return Explanation(REFUSED if code >= PERMANENT else FAILED, sentence, _reply(code, words))


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def _recipient_sentence(code: int) -> str:
    if code in UNAVAILABLE:
        return _(
            "The mail server does not take a mail to this address yet, perhaps because it does not know the sender "
            "(greylisting). Madang tries again by itself; please try later."
        )
    return _("The mail server accepts no mail to this address. Please check the address, or ask its provider.")


def _sender_sentence(code: int) -> str:
    if code in TOO_LARGE:
        return _too_large()
    return _(
        "The mail server does not accept the sender %(sender)s. Set MADANG_MAIL_FROM to an address that the account on "
        "the mail server may use.",
        sender=setting("MAIL_FROM"),
    )


def _data_sentence(code: int) -> str:
    if code in TOO_LARGE:
        return _too_large()
    if code in UNAVAILABLE or code == 421:
        return _("The mail server is busy or asks to try again later. Madang does so by itself.")
    return _("The mail server refused this e-mail. Its answer says why; its provider can help.")


def _too_large() -> str:
    return _("The e-mail is larger than the mail server accepts. Please ask its provider for the limit.")


def _connection_sentence(error: Exception) -> str:
    place = {"host": setting("MAIL_SERVER"), "port": setting("MAIL_PORT")}
    if isinstance(error, ssl.SSLCertVerificationError):
        return _(
            "The certificate of %(host)s is not valid for it (%(reason)s). Set MADANG_MAIL_SERVER to the name in the "
            "certificate, or renew the certificate.",
            host=place["host"],
            reason=error.verify_message,
        )
    if isinstance(error, Interrupted):
        return _(
            "%(host)s ended the connection in the middle of an e-mail. Madang tries again by itself; if it stays so, "
            "look at the log of the mail server.",
            host=place["host"],
        )
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides some
        return _(
            "%(host)s does not answer at port %(port)s in time. Check MADANG_MAIL_SERVER and MADANG_MAIL_PORT, and "
            "whether a firewall blocks the port; many providers block 25.",
            **place,
        )
    if isinstance(error, ssl.SSLError | NotEncrypted | smtplib.SMTPServerDisconnected | smtplib.SMTPNotSupportedError):
        return _(
            "The encryption does not fit port %(port)s of %(host)s. MADANG_MAIL_TLS=starttls belongs to port 587, "
            "ssl to 465, none to 25.",
            **place,
        )
    if isinstance(error, ConnectionRefusedError):
        return _(
            "Nothing listens at port %(port)s of %(host)s. Please correct MADANG_MAIL_SERVER or MADANG_MAIL_PORT.",
            **place,
        )
    if isinstance(error, socket.gaierror):
        return _("No server is named %(host)s. Please correct MADANG_MAIL_SERVER.", host=place["host"])
    return _("%(host)s cannot be reached at port %(port)s (%(error)s).", error=_short(error), **place)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MAX_REPLY]

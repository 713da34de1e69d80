"""Send a mail to see whether the mail server takes it."""

import smtplib

from madang.core.email_addresses import is_plain_address, sendable_address
from madang.core.errors import InvalidInput, MadangError
from madang.core.i18n import _
from madang.core.mail import NoMailServer, can_mail, send_mail
from madang.core.mail.explaining import explain
from madang.core.site import site


class MailNotAccepted(MadangError):
    """The mail server was not reached, or has not accepted the mail; the message says why and what to do."""

    code = "mail_not_accepted"
    status = 503


def send_test_mail(address: str) -> None:
    """Send a mail that says that it is a test. Raises `InvalidInput`, `NoMailServer` and `MailNotAccepted`."""
    if not is_plain_address(sendable_address(address)):
        raise InvalidInput(_("This does not look like an e-mail address. Please check it."))
    if not can_mail():
        raise NoMailServer(_("This site has no mail server, so the e-mail was not sent. Set MADANG_MAIL_SERVER."))
    subject = _("Test of %(site)s", site=site().name)
    try:
        send_mail(to=address, subject=subject, body=_("The mail server of this site works.") + "\n")
    except (smtplib.SMTPException, OSError) as error:
        explanation = explain(error, is_whole=True)
        answer = _("It answered: %(reply)s", reply=explanation.reply) if explanation.reply else ""
        raise MailNotAccepted(f"{explanation.sentence} {answer}".strip()) from error

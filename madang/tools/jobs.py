"""Background jobs of the tools."""

import smtplib

from madang.accounts.models import User
from madang.core.db import db
from madang.core.i18n import _, number
from madang.core.mail import MAIL_TRIES, UnsendableAddress, send_mail
from madang.core.mail.explaining import MailDelayed, MailRefused, is_refused
from madang.core.queue import Report, checkpoint, job, of_feature, progress
from madang.core.queue.context import current_job
from madang.core.queue.functions import JsonObject
from madang.core.site import site

from .operations import counting
from .operations.fetching import fetch_page

ABOUT_MAX = 60
TEXT_STORED = 4 * ABOUT_MAX
FETCHED_PERCENT = 50


def _about_count(arguments: JsonObject) -> str:
    subject = " ".join((arguments.get("url") or arguments["text"][:TEXT_STORED]).split())
    return subject if len(subject) <= ABOUT_MAX else f"{subject[:ABOUT_MAX]}…"


def _count_report(result: JsonObject) -> Report:
    facts = [
        (_("Words"), number(result["words"])),
        (_("Different words"), number(result["different"])),
        (_("Characters"), number(result["characters"])),
        (_("Characters without spaces"), number(result["characters_without_spaces"])),
        (_("Hangul syllables"), number(result["hangul"])),
    ]
    if url := result.get("url"):
        facts.insert(0, (_("Page"), url))
    rows = [(word, number(times)) for word, times in result["top"]]
    return Report(facts, _("Most common words"), (_("Word"), _("Occurrences")), rows)


@of_feature("FEATURE_TOOLS")
@job("tools.count_words", title=lambda: _("Count words"), about=_about_count, report=_count_report)
def count_words(text: str = "", url: str = "") -> JsonObject:
    """Count the words of a text, or of the page at an address."""
    if not url:
        counts = counting.count_words(text)
        checkpoint(100, text=text[:TEXT_STORED])  # once counted, only the beginning is needed, for the list of jobs
        return counts
    progress(1)
    page = fetch_page(url)
    progress(FETCHED_PERCENT)
    text = counting.extract_text(page.text) if page.is_html else page.text
    return {"url": page.url, **counting.count_words(text, from_percent=FETCHED_PERCENT)}


@of_feature("FEATURE_TOOLS")
@job(
    "tools.send_an_email", title=lambda: _("Send an e-mail"), about=lambda arguments: arguments["to"], tries=MAIL_TRIES
)
def send_an_email(to: str, subject: str, body: str) -> None:
    """Send a person's e-mail; if a worker dies and it is sent again, the Message-ID is the same."""
    present = current_job.get()
    sender = db.session.get(User, present.claim.owner_id) if present and present.claim.owner_id else None
    if present is None or sender is None or sender.is_deleted:
        return
    progress(10)
    signed = _("%(name)s sent you this through %(site)s.", name=sender.username, site=site().name)
    reply_to = sender.email if sender.email_confirmed_at else None
    name = f"job-{present.claim.id}.{int(sender.created_at.timestamp())}"
    try:
        send_mail(to=to, subject=subject, body=f"{body}\n\n-- \n{signed}\n", reply_to=reply_to, name=name)
    except UnsendableAddress:
        raise MailRefused(_("This does not look like an e-mail address. Please check it.")) from None
    except smtplib.SMTPNotSupportedError:
        raise MailRefused(_("The mail server cannot send to addresses with such letters.")) from None
    except (smtplib.SMTPException, OSError) as error:
        if not is_refused(error):
            raise MailDelayed(_("The mail server takes no e-mail at the moment.")) from error
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            raise MailRefused(_("The mail server accepts no mail for %(address)s.", address=to)) from None
        raise MailRefused(_("The mail server refused this e-mail.")) from None

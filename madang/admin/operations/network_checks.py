"""Check what other machines say: the mail server, the certificate of the site, the names of the mail's domain."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from urllib.parse import urlsplit

from madang.core.clock import now
from madang.core.email_addresses import ascii_domain
from madang.core.i18n import _, ngettext
from madang.core.mail.explaining import explain
from madang.core.mail.smtp import smtp_connection

from .findings import Config, Findings, error, notice

SECONDS = 3.0
CERTIFICATE_DAYS = 14
LOCAL = re.compile(r"localhost|.*\.localhost|127\..*|::1")


def network_findings(config: Config) -> Findings:
    """Ask the other machines that the settings name, each for a few seconds. Sends no mail."""
    yield from _check_mail_server(config)
    yield from _check_certificate(config["SITE_URL"] or "")
    if config["MAIL_SERVER"]:
        yield from _check_mail_domain(ascii_domain(config["MAIL_FROM"].rpartition("@")[2].strip(" >")) or "")


def _check_mail_server(config: Config) -> Findings:
    """Connect, encrypt and log in."""
    if not config["MAIL_SERVER"]:
        return
    try:
        with smtp_connection(timeout_seconds=SECONDS):
            return
    except (smtplib.SMTPException, OSError) as problem:
        explanation = explain(problem)
    reply = " " + _("It answered: %(reply)s", reply=explanation.reply) if explanation.reply else ""
    yield error(_("Mail cannot be sent.") + f" {explanation.sentence}{reply}")


def _check_certificate(site_url: str) -> Findings:
    address = urlsplit(site_url)
    host = address.hostname or ""
    if address.scheme != "https" or LOCAL.fullmatch(host):
        return
    try:
        ends_at = _end_of_certificate(host, address.port or 443)
    except ssl.SSLCertVerificationError as problem:
        reason = problem.verify_message
        yield error(_("Browsers refuse the certificate of %(host)s (%(reason)s). Renew it.", host=host, reason=reason))
    except OSError as problem:
        yield notice(
            _(
                "%(host)s does not answer from here (%(error)s), so its certificate was not checked.",
                host=host,
                error=type(problem).__name__,
            )
        )
    else:
        days = (ends_at - now()).days
        if days < CERTIFICATE_DAYS:
            yield error(
                ngettext(
                    "The certificate of %(host)s ends in %(num)s day. Renew it, and see why nothing renews it.",
                    "The certificate of %(host)s ends in %(num)s days. Renew it, and see why nothing renews it.",
                    days,
                    host=host,
                )
            )


def _end_of_certificate(host: str, port: int) -> datetime:
    """Until when the certificate is valid. Raises `ssl.SSLCertVerificationError` and `OSError`."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as tls,
    ):
        ends = (tls.getpeercert() or {})["notAfter"]
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC)


def _check_mail_domain(domain: str) -> Findings:
    """Whether the records by which other servers recognise our mails are there: SPF (RFC 7208), DMARC (RFC 7489).

    DKIM's record has a name that only the mail server knows, so it is not looked for. Says nothing without an answer.
    """
    if not domain or LOCAL.fullmatch(domain):
        return
    with suppress(TimeoutError):
        if not any(text.startswith("v=spf1") for text in texts_of(domain)):
            yield notice(
                _(
                    "%(domain)s has no SPF record, so other servers may take our mails for spam. Add a TXT record "
                    "such as “v=spf1 mx -all” that names your mail server.",
                    domain=domain,
                )
            )
        if not any(text.startswith("v=DMARC1") for text in texts_of(f"_dmarc.{domain}")):
            yield notice(
                _(
                    "%(domain)s has no DMARC record. Add a TXT record for _dmarc.%(domain)s such as "
                    "“v=DMARC1; p=none”.",
                    domain=domain,
                )
            )


@cache
def _resolver() -> ModuleType:
    """The DNS library, imported on first use: it takes 13 MB of memory."""
    return import_module("dns.resolver")


def texts_of(name: str) -> list[str]:
    """The TXT records of a name; none if it has none. Raises `TimeoutError` if no server answers."""
    resolver = _resolver()
    try:
        answers = resolver.resolve(name, "TXT", lifetime=SECONDS)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except Exception as problem:  # no resolver is configured, or none answers
        raise TimeoutError(name) from problem
    return [b"".join(answer.strings).decode("utf-8", "replace") for answer in answers]

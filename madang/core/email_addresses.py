"""E-mail addresses: the key that they are compared by, and the form in which mail is sent.

The part behind the @ is a domain name, whose Unicode and ASCII forms are one (IDNA2008, mapped as UTS #46 says without
its transitional rules, so that `straße.de` and `strasse.de` are two). Before it mail ignores only the case of ASCII
letters (RFC 5321 leaves even that to the receiver).
"""

import re
from string import ascii_lowercase, ascii_uppercase
from unicodedata import category

import idna

DOMAIN_MAX = 253
LOCAL_PART_MAX = 64
# What stands before and behind the @ without quotes, comments and spaces (RFC 5322, 3.4.1; RFC 6532 beyond ASCII).
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
PLAIN_LOCAL_PART = re.compile(rf"{ATOM}(?:\.{ATOM})*")
PLAIN_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\[[A-Za-z0-9:.]+\]")
ENCODED_WORD = "=?"  # what an encoded word begins with (RFC 2047)
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def email_key(address: str) -> str:
    """The key by which mail addresses are compared. A text without @ has a key that no address has."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.translate(LOWER)}{at}{ascii_domain(domain)}"


def sendable_address(address: str) -> str:
    """The address with its domain in ASCII, as mail servers look it up; the rest as it was given."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else ascii_domain(domain)}"


def is_plain_address(address: str) -> bool:
    """Whether an address in the form for sending can be read as itself only.

    Mail programs decode `=?utf-8?q?ann?=@example.org` to the address of somebody else, and drop quotes and comments.
    """
    local, at, domain = address.rpartition("@")
    is_plain = at and PLAIN_LOCAL_PART.fullmatch(local) and PLAIN_DOMAIN.fullmatch(domain)
    return bool(is_plain) and ENCODED_WORD not in local and not any(category(each)[0] in "CZ" for each in local)


def ascii_domain(domain: str) -> str:
    """A domain in lower-case ASCII (`xn--...`); one that is not valid only in lower case."""
    if len(domain) > DOMAIN_MAX:
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True, std3_rules=False, transitional=False).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return domain.lower()


def local_part(address: str) -> str:
    """The part before the @."""
    return address.strip().rpartition("@")[0]

"""E-mail addresses: the key that they are compared by, and the form in which mail is sent.

The part behind the @ is a domain name, whose Unicode and ASCII forms are one (IDNA2008, mapped as UTS #46 says without
its transitional rules, so that `straße.de` and `strasse.de` are two). Before it mail ignores only the case of ASCII
letters (RFC 5321 leaves even that to the receiver).
"""

from string import ascii_lowercase, ascii_uppercase

import idna

DOMAIN_MAX = 253
LOCAL_PART_MAX = 64
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def email_key(address: str) -> str:
    """The key by which mail addresses are compared. A text without @ has a key that no address has."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.translate(LOWER)}{at}{ascii_domain(domain)}"


def sendable_address(address: str) -> str:
    """The address with its domain in ASCII, as mail servers look it up; the rest as it was given."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else ascii_domain(domain)}"


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

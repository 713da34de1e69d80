"""Secrets that administrators type in the browser are stored encrypted, in the format age, by the library of backups.

The key follows from the secret key of the site, which is in no database and no backup.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from importlib import import_module

from ..settings import setting

PURPOSE = b"settings that are secrets"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
HUMAN_PART = "age-secret-key-"


class UnreadableSecret(ValueError):
    """A secret that was encrypted with another secret key."""


def encrypt(text: str) -> str:
    """`text` as only a process with the site's secret key can read it."""
    library = import_module("pyrage")  # of 1 MB, which a site without such a secret never needs
    identity = library.x25519.Identity.from_str(_identity())
    return b64encode(library.encrypt(text.encode(), [identity.to_public()])).decode()


def decrypt(stored: str) -> str:
    """The secret of `encrypt`. Raises `UnreadableSecret`."""
    library = import_module("pyrage")
    try:
        identity = library.x25519.Identity.from_str(_identity())
        return str(library.decrypt(b64decode(stored), [identity]).decode())
    except (library.DecryptError, ValueError) as error:
        raise UnreadableSecret("encrypted with another secret key") from error


def _identity() -> str:
    """The key of the site for its secrets, as age writes one (Bech32, BIP 173)."""
    key = hmac.new(str(setting("SECRET_KEY")).encode(), PURPOSE, hashlib.sha256).digest()
    data = _five_bit_groups(key)
    expanded = [ord(letter) >> 5 for letter in HUMAN_PART] + [0] + [ord(letter) & 31 for letter in HUMAN_PART]
    checksum = _polymod([*expanded, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [checksum >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{HUMAN_PART}1{''.join(BECH32[value] for value in data)}".upper()


def _five_bit_groups(key: bytes) -> list[int]:
    number, length = int.from_bytes(key) << 4, (len(key) * 8 + 4) // 5  # 256 bits and 4 of padding
    return [number >> 5 * (length - 1 - place) & 31 for place in range(length)]


def _polymod(values: list[int]) -> int:
    """The checksum of BIP 173."""
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if top >> place & 1 else 0
    return checksum

"""Encryption of backups with a passphrase, in the format age (https://age-encryption.org/v1), by the library pyrage.

An encrypted backup is a ZIP file of two parts, so that gigabytes are encrypted as a stream: `backup.age` is encrypted
for a key made for this backup alone, and `key.age` is that key, encrypted with the passphrase (scrypt).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import pyrage

from madang.core.errors import InvalidInput
from madang.core.i18n import _

KEY = "key.age"
CONTENT = "backup.age"


@contextmanager
def encrypting(file: IO[bytes], passphrase: str) -> Iterator[IO[bytes]]:
    """A file to write a backup to; what is written is encrypted into `file` meanwhile. Without a passphrase: `file`."""
    if not passphrase:
        yield file
        return
    identity = pyrage.x25519.Identity.generate()
    reader, writer = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    with ZipFile(file, "w", ZIP_STORED) as container:
        container.writestr(KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
        errors: list[BaseException] = []
        with container.open(CONTENT, "w", force_zip64=True) as content:
            thread = Thread(target=_encrypt, args=(reader, content, identity, errors), name="backup encryption")
            thread.start()
            try:
                yield writer
            finally:
                writer.close()
                thread.join()
        if errors:
            raise errors[0]


def _encrypt(
    reader: IO[bytes], content: IO[bytes], identity: pyrage.x25519.Identity, errors: list[BaseException]
) -> None:
    try:
        pyrage.encrypt_io(reader, content, [identity.to_public()])
    except BaseException as error:  # raised again by the thread that writes
        errors.append(error)
    finally:
        reader.close()


@contextmanager
def decrypting(file: IO[bytes], passphrase: str, scratch: Path) -> Iterator[IO[bytes]]:
    """The file of a backup to read from; an encrypted one is decrypted into a file without a name in `scratch`.

    Raises `InvalidInput` if it is encrypted with another passphrase.
    """
    if not _is_encrypted(file):
        yield file
        return
    with ZipFile(file) as container, TemporaryFile(dir=scratch) as decrypted:
        identity = _identity_of(container, passphrase)
        with container.open(CONTENT) as content:
            pyrage.decrypt_io(content, decrypted, [identity])
        decrypted.seek(0)
        yield decrypted


def _is_encrypted(file: IO[bytes]) -> bool:
    try:
        return KEY in ZipFile(file).namelist()
    except BadZipFile:
        return False
    finally:
        file.seek(0)


def _identity_of(container: ZipFile, passphrase: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(container.read(KEY), passphrase).decode())
    except pyrage.DecryptError as error:
        raise InvalidInput(
            _("This backup is encrypted with another passphrase. Please set MADANG_BACKUP_PASSPHRASE to it.")
        ) from error

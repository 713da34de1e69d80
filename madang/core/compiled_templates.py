"""Templates as compiled code, kept between two starts: to compile them anew took a fourth of a start."""

import hmac
import secrets
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

SIGNATURE_BYTES = 32


class CompiledTemplates(BytecodeCache):
    """Compiled templates in a folder of the site.

    Jinja sees to it that a template that has changed is compiled anew. A file is signed with the site's key: what was
    made by another Jinja or Python, what was cut off by a power failure, and what somebody else has put there is never
    run. All of it may be deleted at any time.
    """

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder = folder
        self._key = hmac.digest(secret.encode(), f"templates {jinja2.__version__}".encode() + MAGIC_NUMBER, "sha256")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            kept = (self._folder / bucket.key).read_bytes()
        except OSError:
            return
        signature, code = kept[:SIGNATURE_BYTES], kept[SIGNATURE_BYTES:]
        if hmac.compare_digest(signature, self._sign(bucket, code)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        draft = self._folder / f"{bucket.key}.{secrets.token_hex(4)}"
        with suppress(OSError):  # the folder cannot be written, or the disk is full: the next start takes longer
            self._folder.mkdir(exist_ok=True)
            draft.write_bytes(self._sign(bucket, code) + code)
            draft.replace(self._folder / bucket.key)

    def _sign(self, bucket: Bucket, code: bytes) -> bytes:
        return hmac.digest(self._key, bucket.key.encode() + code, "sha256")

"""Certificates for tests, made by openssl on this machine."""

import shutil
import ssl
import subprocess
from pathlib import Path

from tests.conftest import skip_missing


def make_certificate(folder: Path, *, host: str = "localhost", days: int = 5) -> Path:
    """A file with a certificate for `host` that signs itself, and its key."""
    program = shutil.which("openssl")
    if program is None:
        skip_missing("no openssl on this machine")
    path = folder / f"{host}-{days}.pem"
    command = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{path}.key", "-out", path]
    command += ["-days", str(days), "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.key").read_text())
    return path


def server_context(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context

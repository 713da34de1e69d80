"""nginx with the files of deploy/nginx, in which only paths, ports and the certificate are replaced."""

import os
import pwd
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.faults.site import free_port, soon
from tests.timing import TIMEOUT_SECONDS

NAME = "board.example.org"
BROTLI = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{modules}
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/madang.conf;
}}
"""


def trusting() -> ssl.SSLContext:
    """TLS with any certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Nginx:
    """nginx in `folder`; `places` replaces paths of its configuration."""

    def __init__(self, folder: Path, places: Mapping[str, str]) -> None:
        self.folder = folder
        self.program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if self.program is None or shutil.which("openssl") is None:
            skip_missing("no nginx with openssl on this machine")
        self.port, self.plain_port = free_port(), free_port()
        self.has_brotli = Path(BROTLI).exists()
        self._write(places)

    def _write(self, places: Mapping[str, str]) -> None:
        folder = self.folder
        certificate = folder / "live" / NAME
        certificate.mkdir(parents=True)
        more = folder / "madang.d"
        more.mkdir()
        if self.has_brotli:
            shutil.copy(ROOT / "deploy" / "nginx" / "brotli.conf", more)
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(certificate / "privkey.pem")]
        request = ["openssl", "req", "-x509", *key, "-out", str(certificate / "fullchain.pem"), "-subj", f"/CN={NAME}"]
        subprocess.run(request, check=True, capture_output=True)
        text = (ROOT / "deploy" / "nginx" / "madang.conf").read_text(encoding="utf-8")
        own = {
            "/etc/letsencrypt": str(folder),
            "/var/log/nginx": str(folder),
            "/var/lib/nginx": str(folder),
            "/etc/nginx/madang.d": str(more),
        }
        for path, other in {**own, **places}.items():
            text = text.replace(path, other)
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.plain_port};")
        text = text.replace("listen 443 ", f"listen 127.0.0.1:{self.port} ")
        (folder / "madang.conf").write_text(text, encoding="utf-8")
        user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
        modules = f"load_module {BROTLI};" if self.has_brotli else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user, modules=modules), encoding="utf-8")

    def check(self) -> str:
        """The output of `nginx -t`."""
        done = subprocess.run(self._command("-t"), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def connect(self) -> HTTPSConnection:
        return HTTPSConnection("127.0.0.1", self.port, context=trusting(), timeout=TIMEOUT_SECONDS)

    def connect_plain(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.plain_port, timeout=TIMEOUT_SECONDS)

    def get(self, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
        """The response, whose body has been read into `body`."""
        connection = self.connect()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": NAME, **named})
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    def _command(self, *options: str) -> list[str]:
        return [self.program or "", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *options]

    def is_up(self) -> bool:
        try:
            self.connect().connect()
        except OSError:
            return False
        return True

    @contextmanager
    def running(self) -> Iterator["Nginx"]:
        process = subprocess.Popen(self._command(), stderr=subprocess.DEVNULL)
        try:
            assert soon(self.is_up), (self.folder / "error.log").read_text()
            yield self
        finally:
            process.terminate()
            process.wait(TIMEOUT_SECONDS)

"""gunicorn for Madang: several processes behind a web server.

    gunicorn --config deploy/gunicorn.conf.py

systemd hands over the listening socket (systemd/madang-web.socket); without it, BIND names the address.
WEB_CONCURRENCY is the number of processes. Under systemd it stands in /etc/madang/web.env, which a reload reads again.
"""

import os
import shutil
import tempfile
from pathlib import Path

# Each process writes its metrics to a file in this folder, and the one that answers /metrics adds them up. The library
# reads the variable when it is imported. Each master has a folder of its own, unless it is given one.
has_own_folder = not os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if has_own_folder:
    runtime_folder = os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0] or None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="metrics-", dir=runtime_folder)
metrics = os.environ["PROMETHEUS_MULTIPROC_DIR"]

from gunicorn.arbiter import Arbiter  # noqa: E402
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402

from madang.core.server.handover import prepare_new_master  # noqa: E402

ENVIRONMENT_FILE = Path(os.environ.get("ENVIRONMENT_FILE", "/etc/madang/web.env"))

wsgi_app = "madang.asgi:app"
worker_class = "madang.core.server.gunicorn_worker.ServerWorker"
bind = os.environ.get("BIND", "unix:/run/madang/web.sock")
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)

# The group may use the socket; the web server is a member of it.
umask = 0o007
backlog = 4096

# Seconds for which an idle connection stays open.
keepalive = 75

# A process without a sign of life for this long is replaced; one that is stopped may finish its requests.
timeout = 60
graceful_timeout = 25

# The files of the signs of life are in memory, so that a busy disk does not stop a process.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# The web server writes the access log; errors and Madang's log go to standard error, for systemd or the container.
accesslog = None
errorlog = "-"


def child_exit(server, worker):
    """Take a process that has ended out of the gauges."""
    mark_process_dead(worker.pid, metrics)


def on_exit(server):
    """Remove the folder that was made here."""
    if has_own_folder:
        shutil.rmtree(metrics, ignore_errors=True)


# Signals are enough to control it.
control_socket_disable = True


def pre_exec(server: Arbiter) -> None:
    """Called at a reload, in the process that becomes the new master."""
    prepare_new_master(server, ENVIRONMENT_FILE)

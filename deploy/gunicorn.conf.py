"""gunicorn for Madang: several processes on a unix socket behind a web server.

    gunicorn --config deploy/gunicorn.conf.py

BIND and WEB_CONCURRENCY (the number of processes) may be given as variables.
"""

import os
import shutil
import tempfile

# Each process writes its metrics to a file in this folder, and the one that answers /metrics adds them up. The library
# reads the variable when it is imported. A master that is reloaded or replaces another one finds it set.
metrics = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(
    prefix="metrics-", dir=os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0] or None
)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics

from prometheus_client.multiprocess import mark_process_dead  # noqa: E402

wsgi_app = "madang.asgi:app"
worker_class = "asgi"
bind = os.environ.get("BIND", "unix:/run/madang/web.sock")
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)

# The group may use the socket; the web server is a member of it.
umask = 0o007

# Each open tab keeps one connection for its event stream.
worker_connections = 10_000
keepalive = 75

# A worker without a heartbeat for this long is replaced; a worker that is stopped may finish its requests.
timeout = 60
graceful_timeout = 20

# The heartbeat file is in memory, so that a busy disk does not stop a worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# The web server writes the access log; errors and Madang's log go to standard error, for systemd or the container.
accesslog = None
errorlog = "-"


def child_exit(server, worker):
    """Take a process that has ended out of the gauges."""
    mark_process_dead(worker.pid, metrics)


def on_exit(server):
    """Remove the folder, unless a master that replaces this one uses it."""
    if not server.reexec_pid:
        shutil.rmtree(metrics, ignore_errors=True)


# Signals are enough to control it.
control_socket_disable = True

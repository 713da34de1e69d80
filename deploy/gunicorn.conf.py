"""gunicorn for Madang: several processes on a unix socket behind a web server.

    gunicorn --config deploy/gunicorn.conf.py

BIND and WEB_CONCURRENCY (the number of processes) may be given as variables.
"""

import os

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

# Signals are enough to control it.
control_socket_disable = True

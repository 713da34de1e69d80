"""gunicorn for Madang: several processes on a unix socket behind a web server.

    gunicorn --config deploy/gunicorn.conf.py

BIND and WEB_CONCURRENCY (the number of processes) may be given as variables.
"""

import os

wsgi_app = "madang.asgi:app"
worker_class = "asgi"
bind = os.environ.get("BIND", "unix:/run/madang/web.sock")
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)

# The socket is for the group, which the web server joins.
umask = 0o007

# Each open tab listens on one connection for as long as it is open.
worker_connections = 10_000
keepalive = 75

# A worker that says nothing for this long is replaced; one that shall stop may finish what it is doing.
timeout = 60
graceful_timeout = 20

# The sign of life is a file: in memory, so that a busy disk stops no worker.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# The web server writes the access log; errors and the log of Madang go to where systemd or the container keeps them.
accesslog = None
errorlog = "-"

# Signals are enough to steer it.
control_socket_disable = True

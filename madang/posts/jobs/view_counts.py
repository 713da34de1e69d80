"""View counts of posts, collected in memory and saved every few seconds instead of at every view."""

import threading
from collections import Counter
from time import monotonic

from flask import Flask

from madang.core.db import add_to, transaction

from ..models import Post

FLUSH_SECONDS = 5.0
REPEAT_VIEW_SECONDS = 600
MAX_REMEMBERED_READERS = 50_000


class ViewCounter:
    """Views counted by this process and not saved yet. A reader counts once per post in ten minutes."""

    def __init__(self) -> None:
        self._views: Counter[int] = Counter()
        self._seen: dict[tuple[str, int], float] = {}
        self._lock = threading.Lock()

    def count(self, post_id: int, reader: str) -> None:
        """Count a view of a post by `reader` (an IP address)."""
        key, moment = (reader, post_id), monotonic()
        with self._lock:
            if self._seen.get(key, -REPEAT_VIEW_SECONDS) + REPEAT_VIEW_SECONDS > moment:
                return
            if len(self._seen) >= MAX_REMEMBERED_READERS:
                self._seen.clear()
            self._seen[key] = moment
            self._views[post_id] += 1

    def flush(self) -> None:
        """Add the collected views to the posts in one transaction."""
        with self._lock:
            views, self._views = self._views, Counter()
        if not views:
            return
        with transaction():
            for post_id, count in sorted(views.items()):
                add_to(Post, post_id, view_count=count)


view_counter = ViewCounter()


class ViewFlusher:
    """A thread that saves the collected views every `FLUSH_SECONDS`, and once more when it stops."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="views", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stopped.wait(FLUSH_SECONDS)
            with self.app.app_context():
                try:
                    view_counter.flush()
                except Exception:
                    self.app.logger.exception("views could not be saved")

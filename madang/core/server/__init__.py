"""The ASGI server: page cache and event streams in the event loop, Flask behind a WSGI adapter."""

"""The ASGI server: the page cache and the event stream in the event loop, Flask behind a WSGI adapter."""

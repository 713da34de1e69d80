"""HTML pages of messages."""

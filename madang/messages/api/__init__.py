"""The JSON API of messages."""

"""The JSON API of posts."""

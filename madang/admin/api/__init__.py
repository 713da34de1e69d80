"""The JSON API of administration."""

"""Fetching the search index, with permission."""

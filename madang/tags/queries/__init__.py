"""Fetching tags, with permission."""

"""Fetching posts, with permission."""

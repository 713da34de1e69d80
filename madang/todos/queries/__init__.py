"""Fetching todos, with permission."""

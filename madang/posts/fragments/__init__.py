"""Cached HTML of posts, their addresses and authors."""

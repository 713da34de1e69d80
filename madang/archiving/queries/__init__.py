"""Queries of what is public."""

"""Queries of to-dos."""

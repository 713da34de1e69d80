"""Queries of the search index."""

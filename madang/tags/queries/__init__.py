"""Queries for tags."""

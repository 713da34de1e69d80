"""Fetching accounts, with permission."""

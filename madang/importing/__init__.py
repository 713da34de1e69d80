"""Importing: other sites' dumps become posts here."""

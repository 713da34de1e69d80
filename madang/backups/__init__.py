"""Backups of the whole site in a form that every database can read: made while it runs, verified, restored."""

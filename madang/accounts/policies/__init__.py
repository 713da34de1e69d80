"""Permissions of accounts, and rules of usernames."""

"""Accounts: sign-up, log-in, sessions, guests, profiles, personal tokens."""

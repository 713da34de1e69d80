"""People: accounts, sessions, profiles."""

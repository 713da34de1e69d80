"""Fetching conversations and messages: of those who take part alone."""

"""Moderation: what people flag for the moderators, and what those decide about it."""

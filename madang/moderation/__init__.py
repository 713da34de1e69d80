"""Moderation: flags on posts and comments, and the moderators' verdicts."""

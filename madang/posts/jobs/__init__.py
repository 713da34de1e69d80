"""The background jobs of posts."""

"""API schemas of administration."""

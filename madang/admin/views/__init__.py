"""HTML pages of administration."""

"""HTML fragments of accounts."""

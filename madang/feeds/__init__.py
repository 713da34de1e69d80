"""Atom feeds, sitemaps and other machine-readable descriptions of the site, and the page about it."""

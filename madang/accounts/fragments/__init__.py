"""Pieces of HTML about accounts."""

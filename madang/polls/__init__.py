"""Polls: a question with choices on a post of a talk board."""

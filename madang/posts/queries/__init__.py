"""Queries for posts; those that take an actor check permission."""

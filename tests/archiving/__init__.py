"""Tests of archiving."""

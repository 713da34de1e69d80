"""Boards: the places where posts stand."""

"""Boards, each for posts of one kind."""

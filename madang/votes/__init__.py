"""Votes: what people think of a post or a comment, and the reputation that follows."""

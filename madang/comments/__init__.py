"""Comments: short remarks under a post, and replies to them."""

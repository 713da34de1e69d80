"""Full-text search of posts, comments and people."""

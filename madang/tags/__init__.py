"""Tags of posts, and their synonyms."""

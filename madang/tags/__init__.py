"""Tags: the words on posts."""

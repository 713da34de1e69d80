"""Search: one box over everything that was written."""

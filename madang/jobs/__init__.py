"""A person's background work: how far it is, what came of it, and doing it again."""

"""Messages: private conversations of two or more people."""

"""Tables and kinds of notifications."""

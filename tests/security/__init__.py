"""What strangers must not learn."""

"""Import of dumps of other sites as posts, and generation of demonstration content."""

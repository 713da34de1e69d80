"""What can be done with the search index: one function a verb."""

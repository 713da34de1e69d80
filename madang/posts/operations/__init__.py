"""What can be done with posts: one function a verb."""

"""What can be done with votes: one function a verb."""

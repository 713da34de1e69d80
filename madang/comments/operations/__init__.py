"""What can be done with comments: one function a verb."""

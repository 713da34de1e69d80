"""What can be done with tags: one function a verb."""

"""What can be done with boards: one function a verb."""

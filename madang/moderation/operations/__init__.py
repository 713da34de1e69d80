"""What can be done with flags: one function a verb."""

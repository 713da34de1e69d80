"""What can be done with messages: one function a verb."""

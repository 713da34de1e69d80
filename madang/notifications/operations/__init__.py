"""What can be done with notifications: one function a verb."""

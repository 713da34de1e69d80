"""What can be done with administration: one function a verb."""

"""What can be done with imports: one function a verb."""

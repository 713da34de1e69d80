"""What can be done with the tools: one function a verb."""

"""What can be done with todos: one function a verb."""

"""The pages of todos."""

"""The JSON API of todos."""

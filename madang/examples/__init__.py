"""Pages that show how a page uses the API with JSON Web Tokens."""

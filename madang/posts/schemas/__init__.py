"""The shapes of posts in the API."""

"""The shapes of administration in the API."""

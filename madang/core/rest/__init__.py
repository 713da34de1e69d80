"""What all routes of the API share: access control, JSON input and output, pagination, OpenAPI."""

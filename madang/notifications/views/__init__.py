"""HTML pages of notifications and the endpoint of the event stream."""

"""The archive of a site as plain HTML."""
